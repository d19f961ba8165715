"""Writing a keepsake: the paper it is written on, and keeping what was sent. A new one begins with its first word."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext

from alongside import ids
from alongside.accounts.models import Account, may_keep
from alongside.families.models import NotAParent
from alongside.keepsakes import days
from alongside.keepsakes.erasing import that_can_come_back
from alongside.keepsakes.models import FILED, Erasure, KeepsakeBox, Memory
from alongside.keepsakes.paper import Paper, Sent, local_key, not_agreed, nothing_written, too_long, writer_mark
from alongside.keepsakes.said import TooLong
from alongside.keepsakes.writing import Kept, LetGo
from alongside.visibility.reader import Reader

LINES_FIRST = (Memory.Kind.OBJECT, Memory.Kind.DATE, Memory.Kind.PHOTO)
"""Kinds whose short lines say it; words are welcome and not needed."""


class NotHere(Exception):
    """There is nothing here that they may write in."""


class NothingWritten(Exception):
    """A keepsake begins with a word."""


class NotAgreed(Exception):
    """The account has not said yes to keeping what it writes, or has taken that back (H5)."""


@dataclass(frozen=True, slots=True)
class Begins:
    """What a page that begins something new says of it: in which box, and what kind of thing. Nothing is trusted yet."""

    box: str
    kind: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Begins:
        """Read it from an address or a form; strange values count as none."""
        kind = form.get("kind", "")
        return cls(form.get("box", ""), kind if kind in Memory.Kind.values else Memory.Kind.TEXT.value)

    def find_box(self, reader: Reader) -> KeepsakeBox | None:
        """Return the box if this reader may begin such a thing in it: a parent any but a tribute, a relative that alone."""
        try:
            pk = ids.read(self.box)
        except ValueError:
            return None
        if self.kind in FILED:
            return None  # they begin with a file
        box = KeepsakeBox.objects.visible_to(reader).select_related("family").filter(pk=pk).first()
        if box is None or (box.family_id in reader.families) == (self.kind == Memory.Kind.TRIBUTE):
            return None
        return box


def writable(reader: Reader, pk: uuid.UUID) -> Memory | None:
    """Return the keepsake if this reader may write in it."""
    memory = Memory.objects.visible_to(reader).select_related("box__family").filter(pk=pk).first()
    if memory is None or reader.account is None or not memory.may_be_written_by(reader.account):
        return None
    return memory


def begin(by: Account, box: KeepsakeBox, begins: Begins, pk: uuid.UUID, now: datetime) -> Memory:
    """Put a new keepsake under the id that its page chose, or find it there; raise NotHere.

    Also under an id of what was erased: whether somebody else's thing still stands is not theirs to find out (V3).
    """
    if Erasure.objects.filter(kind=Erasure.Kind.MEMORY, subject=pk, done_at__isnull=False).exists():
        raise NotHere
    try:
        with transaction.atomic():
            return Memory.put(by, box, begins.kind, now=now, pk=pk)
    except (NotAParent, IntegrityError, KeepsakeBox.DoesNotExist) as error:
        raise NotHere from error


@transaction.atomic
def keep(by: Account, reader: Reader, pk: uuid.UUID, begins: Begins, sent: Sent, now: datetime) -> Kept:
    """Keep what was sent; raise NotHere, NothingWritten, NotAgreed, TooLong, LetGo."""
    said = sent.said()
    if not may_keep(by):
        raise NotAgreed
    memory = writable(reader, pk)
    if memory is None and that_can_come_back(by.pk, now).filter(subject=pk).exists():
        raise LetGo(ids.show(pk))
    if memory is None:
        box = begins.find_box(reader)
        if box is None:
            raise NotHere
        if said.is_empty:
            raise NothingWritten
        memory = begin(by, box, begins, pk, now)
    return memory.keep(by, said, base=sent.base, tab=sent.tab, stroke=sent.stroke, now=now)


def read_sent(form: Mapping[str, str]) -> Sent:
    """Read what a page sent, its three fields of a day as one."""
    return Sent.of({**{name: form[name] for name in form}, "day": days.typed(form)})


def blank(pk: uuid.UUID, begins: Begins, account: Account | None) -> Paper:
    """Return paper for a keepsake that may not be there yet."""
    address = reverse("keepsakes:write", args=[pk])
    back = f"{address}?{urlencode({'box': begins.box, 'kind': begins.kind})}" if begins.box else address
    paper = Paper.blank(address, f"keepsake:{ids.show(pk)}")
    if begins.kind == Memory.Kind.VOICE:
        paper = replace(paper, label=gettext("What is said in it, or words of yours beside it"))
    elif begins.kind in LINES_FIRST:
        paper = replace(paper, label=gettext("Words for it, if there are any"))
    return replace(
        paper,
        local_key=local_key(pk, account.vault) if account else "",
        signed_in=True,
        writer=writer_mark(account.pk, pk) if account else "",
        beside=reverse("keepsakes:beside", args=[pk]),
        sign_in=f"{reverse('account_login')}?{urlencode({'next': back})}",
    )


def fields(paper: Paper, begins: Begins, *, sent: bool) -> dict[str, Any]:
    """Return the context of keepsakes/above.html: the short lines over the paper; ``sent``: as they were sent a moment ago."""
    labels = {
        Memory.Kind.OBJECT: gettext("What is it?"),
        Memory.Kind.DATE: gettext("What happened on that day?"),
        Memory.Kind.PHOTO: gettext("A name for this photo, if you like"),
        Memory.Kind.VOICE: gettext("A name for this recording, if you like"),
    }
    return {
        "above": "keepsakes/above.html",
        "kind": begins.kind,
        "begins": begins,
        "title_label": labels.get(Memory.Kind(begins.kind), gettext("A name for it, if you like")),
        "day_parts": days.parts(paper.day) if days.is_as_typed(paper.day) else None,
        "day_unclear": days.unclear(paper.day) if sent else "",
        "months": days.months(),
    }


def why(problem: Exception) -> str:
    """Return what is said when something could not be kept."""
    if isinstance(problem, TooLong):
        return too_long(problem)
    if isinstance(problem, LetGo):
        return gettext(
            "This was let go of meanwhile. What was kept of it can come back for three days: your box has a line for it. "
            "What you’ve written since is on this page alone."
        )
    if isinstance(problem, NotHere):
        return gettext("This isn’t here for you to write in. Your words are on this page, and kept nowhere else.")
    return not_agreed() if isinstance(problem, NotAgreed) else nothing_written()
