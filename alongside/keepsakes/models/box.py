"""KeepsakeBox and Baby: the private place of one baby, or of several."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.utils.translation import gettext

from alongside import ids
from alongside.accounts.models import Account
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family, Parent
from alongside.vault import vaults
from alongside.vault.digest import keyed_digest
from alongside.vault.fields import SealedField, SealedJSON, SealedText
from alongside.visibility.policy import box_visible_to
from alongside.visibility.reader import Reader


@dataclass(frozen=True, slots=True)
class BabyTold:
    """What a family said of one baby: a name or "", and whether this one lives (of twins, one may)."""

    name: str = ""
    lives: bool = False


class SaidMeanwhile(Exception):
    """What is said of the box is not what stood on the page that was sent."""


class Cloth(models.TextChoices):
    """The colour under which a family's photographs lie folded, and which stands for them elsewhere."""

    FLAX = "flax", "Flax"
    SAGE = "sage", "Sage"
    SLATE = "slate", "Slate"
    HEATHER = "heather", "Heather"
    CLAY = "clay", "Clay"


class KeepsakeBoxQuerySet(models.QuerySet["KeepsakeBox"]):
    """Which boxes, as a sentence."""

    def visible_to(self, reader: Reader) -> KeepsakeBoxQuerySet:
        """Those that exist for ``reader``: as a parent, or as a relative who looks at what was shown."""
        return self.filter(box_visible_to(reader))

    def held_by(self, reader: Reader) -> KeepsakeBoxQuerySet:
        """Those that ``reader`` holds as a parent."""
        return self.visible_to(reader).filter(family__in=reader.families)


class KeepsakeBox(models.Model):
    """What one family keeps of one baby, or of several. Its words are sealed in the box's own vault."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="boxes")
    vault = models.UUIDField(editable=False)
    cloth = models.CharField(max_length=10, choices=Cloth, default=Cloth.SLATE)
    created_at = models.DateTimeField()
    erase_at = models.DateTimeField(null=True, blank=True, help_text="Closed to everyone; its key goes at this time.")
    name_sealed = SealedField(null=True)
    circumstances_sealed = SealedField(null=True)

    name = SealedText("name_sealed")
    circumstances = SealedJSON("circumstances_sealed", parse=Circumstances.from_json, dump=Circumstances.to_json)

    objects = KeepsakeBoxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "keepsake boxes"

    def __str__(self) -> str:
        return f"KeepsakeBox {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.vault, None

    @classmethod
    def begin(cls, family: Family, *, name: str, cloth: str, now: datetime, pk: uuid.UUID | None = None) -> KeepsakeBox:
        """Make a family's box, its key first; ``name`` may be ""."""
        box = cls(pk=pk or ids.new_id(), family=family, vault=vaults.create("box"), cloth=cloth, created_at=now)
        box.name = name
        box.save(force_insert=True)
        return box

    @classmethod
    @transaction.atomic
    def make_place(
        cls, by: Account, pk: uuid.UUID, babies: Sequence[BabyTold], *, cloth: str, now: datetime
    ) -> KeepsakeBox:
        """Make a box that ``by`` holds alone, of these babies, of one or of none; named after those who have died.

        ``pk`` was chosen by the page that was filled in: a second sending waits, and finds what the first one made.
        """
        Account.objects.select_for_update().get(pk=by.pk)
        made = cls.objects.filter(pk=pk, family__parents__in=Parent.objects.current().filter(account=by)).first()
        if made is not None:
            return made
        name = gettext(" and ").join(baby.name for baby in babies if baby.name and not baby.lives)
        box = cls.begin(Family.begin(by, now), name=name, cloth=cloth, now=now, pk=pk)
        box.say_of_whom(by, babies)
        return box

    def told(self) -> list[BabyTold]:
        """Return what is said of each baby, in order."""
        return [baby.told for baby in self.babies.all()]

    def names(self) -> set[str]:
        """Return every name that is said in it now."""
        return {name for name in (self.name, *(one.name for one in self.told())) if name}

    def mark(self) -> str:
        """Return a mark of all that its settings say, which only the box's own key makes and which tells nothing."""
        said = [self.name, self.cloth, [asdict(one) for one in self.told()]]
        return keyed_digest(self.vault, b"said of the box|" + json.dumps(said).encode()).hex()

    @transaction.atomic
    def say_anew(self, by: Account, mark: str, babies: Sequence[BabyTold], *, name: str, cloth: str) -> None:
        """Say all of it anew, from a page that was made while ``mark`` stood: last words do not wipe the ones between (D1).

        Raise NotAParent, SaidMeanwhile.
        """
        if KeepsakeBox.objects.select_for_update().get(pk=self.pk).mark() != mark:
            raise SaidMeanwhile(ids.show(self.pk))
        self.change(by, name=name, cloth=cloth)
        self.say_of_whom(by, babies)

    @transaction.atomic
    def change(self, by: Account, *, name: str, cloth: str) -> None:
        """Call it otherwise, or choose another cloth; raise NotAParent."""
        self.family.parent(by)
        box = KeepsakeBox.objects.select_for_update().get(pk=self.pk)
        box.name, box.cloth = name, cloth
        box.save(update_fields=["name_sealed", "cloth"])

    @transaction.atomic
    def add_baby(self, by: Account, *, name: str = "", lives: bool = False) -> Baby:
        """Say of whom this box is: named or not, one or several; of twins one may live. Raise NotAParent."""
        self.family.parent(by)
        baby = Baby(box=self, place=self.babies.count())
        baby.told = BabyTold(name.strip(), lives)
        baby.save(force_insert=True)
        return baby

    @transaction.atomic
    def say_of_whom(self, by: Account, babies: Sequence[BabyTold]) -> None:
        """Say anew of whom this box is; raise NotAParent."""
        self.family.parent(by)
        KeepsakeBox.objects.select_for_update().get(pk=self.pk)
        if self.told() == list(babies):
            return
        self.babies.all().delete()
        for told in babies:
            self.add_baby(by, name=told.name, lives=told.lives)


class Baby(models.Model):
    """One baby of a box. Nothing here is worked out: neither a name, nor a word for it, nor a date."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    box = models.ForeignKey(KeepsakeBox, on_delete=models.PROTECT, related_name="babies")
    place = models.PositiveSmallIntegerField()
    told_sealed = SealedField()

    told = SealedJSON("told_sealed", parse=lambda value: BabyTold(**(value or {})), dump=asdict)

    class Meta:
        verbose_name_plural = "babies"
        ordering: ClassVar[list[str]] = ["place"]

    def __str__(self) -> str:
        return f"Baby {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.box.vault, None
