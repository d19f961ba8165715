"""Letting go: closed to everyone at once, back with one tap until it is due, then its key is destroyed (L1, L2).

The order is SECURITY 3.3's: refuse to all readers (commit), destroy the key, remove the rows, say so. Every step may
be repeated; a job finishes what a crash interrupted.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import Exists, OuterRef, Q

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.models import Family, Parent, Relative
from alongside.keepsakes.models import (
    BoxErasingYes,
    Erasure,
    KeepsakeBox,
    Memory,
    MemoryVersion,
    NotYours,
    delete_later,
    names_of,
)
from alongside.keepsakes.models.erasure import ErasureQuerySet
from alongside.keepsakes.parts import others_wrote_in
from alongside.vault import vaults

TIME_TO_UNDO = timedelta(hours=72)
_log = logging.getLogger(__name__)


class Gone(Exception):
    """It has been erased, or was never there."""


@transaction.atomic
def let_go_of_memory(memory: Memory, by: Account, now: datetime, *, fresh: bool = False) -> Erasure:
    """Close a keepsake to everyone; its key is destroyed in 72 hours, or now if ``fresh``ly signed in. Raise NotYours.

    What another living parent contributed is theirs (C8); a tribute may be taken out by the one who gave it and by
    every parent. ``fresh`` counts only for what is theirs alone: anything else can be brought back by the others.
    """
    memory = Memory.objects.select_for_update(of=("self",)).select_related("box__family").get(pk=memory.pk)
    parents = memory.box.family.parents.current()
    mine = memory.contributed_by_id == by.pk
    left_behind = not parents.filter(account=memory.contributed_by_id).exists()
    if not mine and not (left_behind and parents.filter(account=by).exists()):
        raise NotYours(ids.show(memory.pk))
    fresh = fresh and is_theirs_alone(memory, by)
    erasure = ask(memory, Erasure.Kind.MEMORY, by.pk, now, now if fresh else now + TIME_TO_UNDO)
    if fresh:
        at_once(erasure, now, remove_memory)
    return erasure


def is_theirs_alone(memory: Memory, by: Account) -> bool:
    """Whether ``by`` put it in, and no other current parent has words in it, also in an earlier version."""
    return _is_alone(memory, by.pk)


def _is_alone(memory: Memory, by: uuid.UUID) -> bool:
    others = memory.box.family.parents.current().exclude(account=by)
    return memory.contributed_by_id == by and not others_wrote_in(memory, by, others)


def that_can_come_back(by: uuid.UUID, now: datetime) -> ErasureQuerySet:
    """Return the keepsakes let go of that ``by``, while they are here, may bring back.

    A parent: what they let go of, and of their boxes whatever was not the asker's alone. Who gave a tribute: that.
    """
    parents, relatives = Parent.objects.current(), Relative.objects.current()
    kept = Memory.objects.filter(pk=OuterRef("subject"))
    held = Exists(kept.filter(box__family__parents__in=parents.filter(account=by)))
    given = kept.filter(kind=Memory.Kind.TRIBUTE, contributed_by=by)
    given = given.filter(box__family__relatives__in=relatives.filter(account=by))
    waiting = Erasure.objects.filter(kind=Erasure.Kind.MEMORY, done_at=None, due_at__gt=now)
    with acting_for(by):
        not_alone = [one.pk for one in waiting.filter(held).exclude(viewer=by) if not _was_alone(one)]
    return waiting.filter(Q(Exists(given)) | (Q(held) & (Q(viewer=by) | Q(pk__in=not_alone))))


def _was_alone(erasure: Erasure) -> bool:
    memory = Memory.objects.select_related("box__family").filter(pk=erasure.subject).first()
    return memory is not None and _is_alone(memory, erasure.viewer)


@transaction.atomic
def agree_to_erase_box(box: KeepsakeBox, by: Account, now: datetime, *, fresh: bool = False) -> Erasure | None:
    """Say yes to erasing a whole box; with every current parent's yes it is closed. Raise NotAParent.

    ``fresh`` counts where one parent holds the box alone; with two or more there are always 72 hours to undo.
    """
    # Whoever comes in as a parent at this moment comes before, and is asked; or after, and finds it closed.
    Family.objects.select_for_update().get(pk=box.family_id)
    box = KeepsakeBox.objects.select_for_update().get(pk=box.pk, erase_at=None)
    box.erasing_yes.get_or_create(parent=box.family.parent(by), defaults={"at": now})
    parents = box.family.parents.current()
    if parents.exclude(pk__in=box.erasing_yes.values("parent")).exists():
        return None
    alone = fresh and parents.count() == 1
    erasure = ask(box, Erasure.Kind.BOX, by.pk, now, now if alone else now + TIME_TO_UNDO)
    if alone:
        at_once(erasure, now, remove_box)
    return erasure


@transaction.atomic
def take_back_erasing_box(box: KeepsakeBox, by: Account, now: datetime) -> None:
    """Unsay one's yes to erasing a box; while it is not due, the box is open again. Raise NotAParent, Gone.

    Once it was erased, nothing opens it: its key is gone.
    """
    parent = box.family.parent(by)
    pending = Erasure.objects.filter(kind=Erasure.Kind.BOX, subject=box.pk, done_at=None).first()
    if pending is not None:
        bring_back(pending, now)
        KeepsakeBox.objects.filter(pk=box.pk).update(erase_at=None)
    elif KeepsakeBox.objects.select_for_update().get(pk=box.pk).erase_at is not None:
        raise Gone(ids.show(box.pk))
    BoxErasingYes.objects.filter(box=box, parent=parent).delete()


@transaction.atomic
def bring_memory_back(erasure: Erasure, by: Account, now: datetime) -> None:
    """Open again what is not erased yet and is not another's alone; raise Gone."""
    if not that_can_come_back(by.pk, now).filter(pk=erasure.pk).exists():
        raise Gone(ids.show(erasure.pk))
    bring_back(erasure, now)
    Memory.objects.filter(pk=erasure.subject).update(erase_at=None)


class Locked(Protocol):
    """A row that can be erased: it says which vault, and which item in it, locks it."""

    @property
    def pk(self) -> Any: ...

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]: ...


def ask(
    row: Locked, kind: Erasure.Kind, viewer: uuid.UUID, now: datetime, due: datetime, *, shuts: str = "erase_at"
) -> Erasure:
    """Shut a row to every reader; its key goes when ``due``. Asked again, it can only come sooner.

    ``shuts`` names the column that shuts it.
    """
    vault, item = row.vault_place()
    # By its kind too: pages choose the ids of what they begin, and somebody might choose the id of another's thing.
    erasure, _ = Erasure.objects.get_or_create(
        kind=kind,
        subject=row.pk,
        done_at=None,
        defaults={"vault": vault, "item": item, "viewer": viewer, "asked_at": now, "due_at": due},
    )
    Erasure.objects.filter(pk=erasure.pk, due_at__gt=due).update(due_at=due)
    cast(type[models.Model], type(row))._default_manager.filter(pk=row.pk).update(**{shuts: due})
    return erasure


def at_once(erasure: Erasure, now: datetime, remove: Callable[[Erasure], int]) -> None:
    """Erase as soon as this request is committed: a key is never destroyed for a request that is undone."""
    transaction.on_commit(lambda: finish(erasure, now, remove))


def bring_back(erasure: Erasure, now: datetime) -> None:
    """Forget that it was to be erased; raise Gone when it is too late."""
    # The lock that ``finish`` takes: whoever comes second finds it brought back, or gone.
    waiting = Erasure.objects.select_for_update().filter(pk=erasure.pk, done_at=None, due_at__gt=now).first()
    if waiting is None:
        raise Gone(ids.show(erasure.pk))
    waiting.delete()


def finish_due(now: datetime, remove: Mapping[str, Callable[[Erasure], int]]) -> int:
    """Erase what is due of these kinds, each with what removes its rows; return how many. For the job."""
    finished = 0
    for erasure in list(Erasure.objects.due(now, *remove)):
        with on_its_own(erasure):
            finish(erasure, now, remove[erasure.kind])
            finished += 1
    return finished


@contextmanager
def on_its_own(erasure: Erasure) -> Iterator[None]:
    """Let what goes wrong with one erasure be logged and wait for the next run; no other waits for it (L1)."""
    try:
        with transaction.atomic():
            yield
    except (OperationalError, InterfaceError):
        raise  # the database is away, for all of them
    except Exception:
        _log.exception("erasure %s is due and could not be finished; it is tried again", ids.show(erasure.pk))


def finish(erasure: Erasure, now: datetime, remove: Callable[[Erasure], int]) -> None:
    """Destroy the key, then remove what it locked. Repeatable."""
    with transaction.atomic():
        # Held until the end: bringing back waits here, and then finds nothing to bring back.
        locked = Erasure.objects.select_for_update().filter(pk=erasure.pk, done_at=None, due_at__lte=now).first()
        if locked is None:
            return
        if locked.item is None:
            vaults.erase_vault(locked.vault)
        else:
            vaults.erase_item(locked.vault, locked.item)
        with acting_for(locked.viewer):
            locked.texts = remove(locked)
        locked.done_at = now
        locked.save(update_fields=["texts", "done_at"])


def remove_memory(erasure: Erasure) -> int:
    """Remove a keepsake's rows and objects; return how many texts that were."""
    delete_later(names_of([erasure.subject]))
    MemoryVersion.objects.filter(text=erasure.subject).delete()
    return Memory.objects.filter(pk=erasure.subject).delete()[1].get("keepsakes.Memory", 0)


def _receipt(memory: Memory, box: Erasure) -> Erasure:
    """Return what says that a keepsake went with its box: its id stays as shut as that of one erased by itself (V3)."""
    return Erasure(
        kind=Erasure.Kind.MEMORY,
        subject=memory.pk,
        vault=box.vault,
        item=memory.item,
        viewer=box.viewer,
        asked_at=box.asked_at,
        due_at=box.due_at,
        done_at=box.due_at,
    )


def remove_box(erasure: Erasure) -> int:
    """Empty the box; its row stays, blank, because stories that were told from it have a life of their own."""
    memories = Memory.objects.filter(box=erasure.subject)
    count = memories.count()
    delete_later(names_of(memories.values_list("pk", flat=True)))
    MemoryVersion.objects.filter(text__box=erasure.subject).delete()
    Erasure.objects.filter(subject__in=memories.values("pk"), done_at=None).update(done_at=erasure.due_at)
    Erasure.objects.bulk_create(_receipt(memory, erasure) for memory in memories)
    memories.delete()
    box = KeepsakeBox.objects.filter(pk=erasure.subject).first()
    if box is not None:
        box.babies.all().delete()
        KeepsakeBox.objects.filter(pk=box.pk).update(name_sealed=None, circumstances_sealed=None)
    return count


REMOVE: Mapping[str, Callable[[Erasure], int]] = {Erasure.Kind.MEMORY: remove_memory, Erasure.Kind.BOX: remove_box}
