"""What the pages of a sheet are made of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.models import Erasure
from alongside.keepsakes.models.erasure import ErasureQuerySet
from alongside.keepsakes.paper import Paper, as_base64, local_key, not_agreed, nothing_written, too_long, writer_mark
from alongside.keepsakes.said import TooLong
from alongside.keepsakes.writing import Kept, LetGo, Text, Version, WrittenMeanwhile
from alongside.sheets.device import Device
from alongside.sheets.keeping import NotAgreed


def paper_of(account: Account | None, device: Device | None, pk: uuid.UUID) -> Paper:
    """Return blank paper for a sheet of whoever writes."""
    address = reverse("sheets:sheet", args=[pk])
    paper = Paper.blank(address, f"sheet:{ids.show(pk)}")
    key = ""
    if account:
        key = local_key(pk, account.vault)
    elif device:
        key = as_base64(device.key(pk, b"copy on a device"))
    return replace(
        paper,
        local_key=key,
        device=account is None,
        signed_in=account is not None,
        writer=writer_mark(account.pk, pk) if account else "",
        let_go=reverse("sheets:let_go", args=[pk]),
        beside=reverse("sheets:beside", args=[pk]),
        sign_in=f"{reverse('account_login')}?{urlencode({'next': address})}",
    )


def answer_of(kept: Kept, paper: Paper, *, signed_out: bool) -> dict[str, object]:
    """Return what a page's script is told."""
    return {
        "kept": True,
        "base": kept.number,
        "beside": kept.beside,
        "signed_out": signed_out,
        "local_key": paper.local_key,
    }


def why(problem: Exception) -> str:
    if isinstance(problem, TooLong):
        return too_long(problem)
    if isinstance(problem, LetGo):
        return gettext("This sheet was let go of in another place. Your words are on this page.")
    return not_agreed() if isinstance(problem, NotAgreed) else nothing_written()


def numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def let_go_of(account: Account, now: datetime) -> ErasureQuerySet:
    """Return what is to become of the sheets that this writer let go of and can still bring back."""
    waiting = Erasure.objects.filter(kind=Erasure.Kind.SHEET, viewer=account.pk, done_at=None, due_at__gt=now)
    return waiting.order_by("asked_at")


def settle(text: Text, by: Account | None, chosen: Iterable[str], heads: Iterable[str], now: datetime) -> str:
    """Let a text go on as was chosen; return "" or, where it stays as it is, why: "none", "long", "meanwhile"."""
    picked = numbers(chosen)
    if not picked:
        return "none"
    try:
        text.settle(by, picked, numbers(heads), now)
    except TooLong:
        return "long"
    except WrittenMeanwhile:
        return "meanwhile"
    return ""


def versions(rows: Iterable[Version], *, mine: bool) -> list[dict[str, Any]]:
    """Return what the pages about versions show of each."""
    return [
        {"number": row.number, "at": row.at, "said": row.said, "followed_at": row.followed_at, "mine": mine}
        for row in rows
    ]
