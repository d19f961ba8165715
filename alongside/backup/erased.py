"""What was erased since a backup comes back with it as rows that open no more. Here their erasing is finished.

Run by ``restore`` before anything is served, so that nobody sees half a thing (D3). As the owner: row-level security
would hide what has to go.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.apps import apps
from django.db import DatabaseError, models, transaction

from alongside import ids
from alongside.keepsakes.erasing import TIME_TO_UNDO
from alongside.keepsakes.models import Erasure
from alongside.vault import vaults
from alongside.vault.fields import Placed, SealedField

OWNER = "owner"
_CLOSING = ("erase_at", "erasing_at", "closed_at")
"""Columns that shut a row to every reader."""


@dataclass(frozen=True, slots=True)
class Half:
    """A row whose key was erased and whose sealed words, or whose place for words, is still there."""

    model: type[models.Model]
    row: uuid.UUID
    vault: uuid.UUID
    item: uuid.UUID | None

    def __str__(self) -> str:
        return f"{self.model._meta.db_table} {ids.show(self.row)}"


@dataclass(frozen=True, slots=True)
class Finished:
    """How many rows were closed, how many removed or emptied, which could not be; and how many wait for 72 hours anew."""

    closed: int
    removed: int
    left: tuple[Half, ...]
    waiting: int


def halves() -> Iterator[Half]:
    """Yield every row that opens no more because its key was erased, whatever table it is in."""
    gone = vaults.here().keyring.ledger.all()
    if not gone:
        return
    for model in apps.get_models():
        if not hasattr(model, "vault_place") or model._meta.proxy:
            continue
        sealed = [field.attname for field in model._meta.local_fields if isinstance(field, SealedField)]
        for row in model._base_manager.using(OWNER).select_related().iterator():
            vault, item = cast(Placed, row).vault_place()
            if {vault.bytes, item.bytes if item else b""} & gone and (
                not sealed or any(getattr(row, name) is not None for name in sealed)
            ):
                yield Half(model, cast(uuid.UUID, row.pk), vault, item)


def finish_erased(now: datetime) -> Finished:
    """Close, empty or remove whatever was erased since, and give what waits to be erased its time anew. Repeatable."""
    with transaction.atomic(using=OWNER):
        closed = _close(now)
        waiting = _wait_anew(now)
    found = list(halves())
    # What hangs on something else goes first: versions before their text.
    left = [half for half in found if not _finish(half)]
    again = [half for half in left if not _finish(half)]
    return Finished(closed, len(found) - len(again), tuple(again), waiting)


def _close(now: datetime) -> int:
    """Shut every row that names an erased vault as its own."""
    gone = [uuid.UUID(bytes=key) for key in vaults.here().keyring.ledger.all()]
    count = 0
    for model in apps.get_models():
        names = {field.name for field in model._meta.local_fields}
        closing = next((name for name in _CLOSING if name in names), None)
        if "vault" in names and closing:
            rows = model._base_manager.using(OWNER).filter(**{"vault__in": gone, closing: None})
            count += rows.update(**{closing: now})
    return count


def _wait_anew(now: datetime) -> int:
    """Give 72 hours to whatever was let go of before the backup and has its key: it may have been brought back since."""
    due, gone = now + TIME_TO_UNDO, vaults.here().keyring.ledger.all()
    waiting = Erasure.objects.using(OWNER).filter(done_at=None, due_at__lt=due)
    over = {one.pk for one in waiting if {one.vault.bytes, one.item.bytes if one.item else b""} & gone}
    waiting.filter(pk__in=over).update(due_at=now)
    subjects = list(waiting.exclude(pk__in=over).values_list("subject", flat=True))
    waiting.exclude(pk__in=over).update(due_at=due)
    for model in apps.get_models():
        if any(field.name == "erase_at" for field in model._meta.local_fields):
            model._base_manager.using(OWNER).filter(pk__in=subjects, erase_at__isnull=False).update(erase_at=due)
    return len(subjects)


def _finish(half: Half) -> bool:
    """Empty the row where it may be empty, else remove it; return whether that was possible."""
    rows = half.model._base_manager.using(OWNER).filter(pk=half.row)
    sealed = [field for field in half.model._meta.local_fields if isinstance(field, SealedField)]
    try:
        with transaction.atomic(using=OWNER):
            if sealed and all(field.null for field in sealed):
                rows.update(**{field.name: None for field in sealed})
            else:
                for row in rows:
                    row.delete(using=OWNER)
    except (models.ProtectedError, DatabaseError):
        return False
    return True
