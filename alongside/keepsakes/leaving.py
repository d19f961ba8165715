"""Leaving a box: with a copy or without; what one put in stays or goes (C5, C8). Nobody is put out by another.

What is shared from a box is not seen from this floor: ``alongside.stories.coming_and_going`` sees to it, and calls this.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.models import Family, HoldsItAlone, Parent, ParentQuerySet, Relative, families_of
from alongside.keepsakes import erasing
from alongside.keepsakes.files.keeping import copy_file
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.parts import others_wrote_in
from alongside.vault import vaults


@transaction.atomic
def leave(family: Family, by: Account, *, keep_copy: bool, take_mine: bool, now: datetime) -> KeepsakeBox | None:
    """Leave a family for good; return one's own box with the copy. Raise NotAParent, HoldsItAlone.

    ``take_mine``: what ``by`` put in, and nobody else wrote in, is let go of here, as if by hand, in 72 hours.
    """
    with acting_for(by.pk):
        Family.objects.select_for_update().get(pk=family.pk)
        parent = family.parent(by)
        if not family.parents.current().exclude(pk=parent.pk).exists():
            raise HoldsItAlone(ids.show(family.pk))
        # Whoever puts something in at this moment comes before, or after.
        boxes = list(
            KeepsakeBox.objects.select_for_update().filter(family=family, erase_at=None).order_by("created_at")
        )
        mine = put_in_alone(boxes, by) if take_mine else []
        copies = _copy_all(boxes, by, now) if keep_copy and boxes else []
        for memory in mine:
            erasing.let_go_of_memory(memory, by, now)
        family.invitations.filter(made_by=by, accepted_at=None, taken_back_at=None).update(taken_back_at=now)
        parent.leave(now)
    return copies[0] if copies else None


def put_in_alone(boxes: Collection[KeepsakeBox], by: Account) -> list[Memory]:
    """Return what ``by`` put in and nobody else wrote in: where somebody did, their words would go too (D1)."""
    mine = Memory.objects.filter(box__in=boxes, contributed_by=by, erase_at=None)
    # Whoever writes in one at this moment comes before, and it stays; or after, and finds it let go of.
    held = [memory.pk for memory in mine.select_for_update(of=("self",)).order_by("pk")]
    alone = mine.filter(pk__in=held).select_related("box").in_order()
    return [memory for memory in alone if not others_wrote_in(memory, by.pk)]


def own_box(like: KeepsakeBox | None, by: Account, now: datetime) -> KeepsakeBox:
    """Begin a family of one, with a box that is called and looks as ``like`` does and has nothing in it."""
    family = Family.begin(by, now)
    if like is None:
        return KeepsakeBox.begin(family, name="", cloth="slate", now=now)
    return _empty_copy(like, family, by, now)


def hand_over_due(now: datetime) -> None:
    """See to it that what is due can be erased although who asked for it is here no more. For the job, before the rest.

    Only now, when it is too late to bring it back: until then nobody else can undo what they chose (C5).
    """
    for erasure in Erasure.objects.due(now, Erasure.Kind.MEMORY, Erasure.Kind.BOX):
        with erasing.on_its_own(erasure):
            _hand_over(erasure)


def _hand_over(erasure: Erasure) -> None:
    if _sees(erasure.viewer, erasure.vault, families_of(erasure.viewer)):
        return
    for parent in _who_stayed(erasure.viewer):
        if _sees(parent.account_id, erasure.vault, {parent.family_id}):
            Erasure.objects.filter(pk=erasure.pk, done_at=None).update(viewer=parent.account_id)
            return


def _who_stayed(gone: uuid.UUID) -> ParentQuerySet:
    """Return the parents of every family in which somebody had a place."""
    places = (
        Parent.objects.filter(account=gone).values("family"),
        Relative.objects.filter(account=gone).values("family"),
    )
    return (
        Parent.objects.current().filter(Q(family__in=places[0]) | Q(family__in=places[1])).order_by("joined_at", "pk")
    )


def _sees(viewer: uuid.UUID, vault: uuid.UUID, families: Collection[uuid.UUID]) -> bool:
    with acting_for(viewer):
        return KeepsakeBox.objects.filter(vault=vault, family__in=families).exists()


def _copy_all(boxes: Collection[KeepsakeBox], by: Account, now: datetime) -> list[KeepsakeBox]:
    family = Family.begin(by, now)
    return [_copy(box, family, by, now) for box in boxes]


def _copy(box: KeepsakeBox, family: Family, by: Account, now: datetime) -> KeepsakeBox:
    copy = _empty_copy(box, family, by, now)
    kept = list(Memory.objects.filter(box=box, erase_at=None).select_related("box").in_order())
    items = {memory.pk: ids.new_id() for memory in kept}
    vaults.add_items(copy.vault, items.values())
    for memory in kept:
        fresh = Memory(
            box=copy,
            item=items[memory.pk],
            kind=memory.kind,
            contributed_by_id=memory.contributed_by_id,
            place=memory.place,
            made_at=memory.made_at,
        )
        fresh.save(force_insert=True)
        copy_file(memory, fresh)
        fresh.take_history([(version, version.said) for version in memory.versions.order_by("number")])
    return copy


def _empty_copy(box: KeepsakeBox, family: Family, by: Account, now: datetime) -> KeepsakeBox:
    copy = KeepsakeBox.begin(family, name=box.name, cloth=box.cloth, now=now)
    if box.circumstances_sealed is not None:
        copy.circumstances = box.circumstances
        copy.save(update_fields=["circumstances_sealed"])
    for baby in box.babies.all():
        copy.add_baby(by, name=baby.told.name, lives=baby.told.lives)
    return copy
