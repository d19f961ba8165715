"""Memory: one thing kept in a box; its versions; and to which relatives it was shown."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Max

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.models import NotAParent, Relative
from alongside.keepsakes.models.box import KeepsakeBox
from alongside.keepsakes.said import Said
from alongside.keepsakes.writing import Text, Version
from alongside.vault import vaults
from alongside.visibility.policy import memory_visible_to
from alongside.visibility.reader import Reader


class NotYours(Exception):
    """Somebody else contributed it: only they may do this."""


class MemoryQuerySet(models.QuerySet["Memory"]):
    """Which keepsakes, as a sentence."""

    def visible_to(self, reader: Reader) -> MemoryQuerySet:
        """Those that exist for ``reader``."""
        return self.filter(memory_visible_to(reader))

    def in_order(self) -> MemoryQuerySet:
        """As the family put them."""
        return self.order_by("place", "made_at", "pk")


class Memory(Text):
    """One keepsake, with a key of its own: erasing it is as real as erasing the box. It keeps who contributed it (C8)."""

    class Kind(models.TextChoices):
        TEXT = "text", "Words"
        OBJECT = "object", "An object"
        DATE = "date", "A date"
        TRIBUTE = "tribute", "A tribute"
        PHOTO = "photo", "A photo"
        VOICE = "voice", "A voice"

    box = models.ForeignKey(KeepsakeBox, on_delete=models.PROTECT, related_name="memories")
    kind = models.CharField(max_length=10, choices=Kind)
    contributed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="contributed")
    place = models.PositiveIntegerField()

    objects = MemoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "memories"

    def __str__(self) -> str:
        return f"Memory {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.box.vault, self.item

    @classmethod
    @transaction.atomic
    def put(
        cls,
        by: Account,
        box: KeepsakeBox,
        kind: str,
        *,
        now: datetime,
        said: Said | None = None,
        pk: uuid.UUID | None = None,
    ) -> Memory:
        """Put something in a box, its key first; a relative may put in a tribute. Raise NotAParent.

        With ``pk``, chosen by the page that was filled in, a second sending finds what the first one made.
        """
        pk = pk or ids.new_id()
        # A double submit waits here. A relative cannot hold the box itself still, only their own place in it.
        relative = box.family.relatives.select_for_update().current().filter(account=by).first()
        if relative is None or kind != cls.Kind.TRIBUTE:
            box.family.parent(by)
            box = KeepsakeBox.objects.select_for_update().get(pk=box.pk, erase_at=None)
        made = cls.objects.filter(pk=pk, box=box, contributed_by=by).first()
        if made is not None:
            return made
        # A relative does not see all that lies there; a tribute goes behind it all the same.
        with acting_for(box.family.parents.current().values_list("account_id", flat=True)[0]):
            last = box.memories.aggregate(last=Max("place"))["last"] or 0
        memory = cls(pk=pk, box=box, kind=kind, contributed_by=by, place=last + 1, made_at=now)
        memory.item = ids.new_id()
        vaults.add_item(box.vault, memory.item)
        memory.save(force_insert=True)
        if said is not None:
            memory.keep(by, said, base=0, tab="", now=now)
        return memory

    def may_be_written_by(self, account_id: uuid.UUID) -> bool:
        """Whether this account may write in it: every parent, and of a tribute the one who gave it, nobody else."""
        if self.kind == self.Kind.TRIBUTE:
            return self.contributed_by_id == account_id
        return self.box.family.parents.current().filter(account=account_id).exists()

    @transaction.atomic
    def show_to(self, by: Account, relatives: Collection[uuid.UUID]) -> None:
        """Let just these relatives look at it, from the next request on; raise NotAParent."""
        self.box.family.parent(by)
        Memory.objects.select_for_update().get(pk=self.pk)
        chosen = self.box.family.relatives.current().filter(pk__in=relatives)
        self.shown.exclude(relative__in=chosen).delete()
        for relative in chosen.exclude(shown__memory=self):
            self.shown.create(relative=relative, box=self.box)

    def place_among_its_kind(self) -> int:
        """Return its number among what is of its kind in its box, as the family put it: 1 for the first."""
        alike = self.box.memories.filter(erase_at=None, kind=self.kind).in_order()
        return list(alike.values_list("pk", flat=True)).index(self.pk) + 1

    @transaction.atomic
    def move(self, by: Account, step: int) -> None:
        """Change places with the neighbour before (-1) or after (1); at the edge nothing moves. Raise NotAParent."""
        self.box.family.parent(by)
        KeepsakeBox.objects.select_for_update().get(pk=self.box_id)
        row = list(self.box.memories.filter(erase_at=None).in_order())
        at = next(place for place, memory in enumerate(row) if memory.pk == self.pk)
        if 0 <= at + step < len(row):
            row[at], row[at + step] = row[at + step], row[at]
        for place, memory in enumerate(row, start=1):
            if memory.place != place:
                Memory.objects.filter(pk=memory.pk).update(place=place)


class MemoryVersion(Version):
    """One state of a keepsake's words."""

    text = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="versions")


class Shown(models.Model):
    """A relative may look at a keepsake."""

    id = models.BigAutoField(primary_key=True)
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="shown")
    relative = models.ForeignKey(Relative, on_delete=models.CASCADE, related_name="shown")
    # The second lock asks the box, not the memory, whose own lock asks here.
    box = models.ForeignKey(KeepsakeBox, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("memory", "relative", name="shown_once"),
        ]

    def __str__(self) -> str:
        return f"Shown {self.pk}"


__all__ = ["Memory", "MemoryVersion", "NotAParent", "NotYours", "Shown"]
