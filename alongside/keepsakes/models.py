"""KeepsakeBox."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models

from alongside import ids
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family
from alongside.vault import vaults
from alongside.vault.fields import SealedField, SealedJSON, SealedText


class Cloth(models.TextChoices):
    """The colour under which a family's photographs lie folded, and which stands for them elsewhere."""

    FLAX = "flax", "Flax"
    SAGE = "sage", "Sage"
    SLATE = "slate", "Slate"
    HEATHER = "heather", "Heather"
    CLAY = "clay", "Clay"


class KeepsakeBox(models.Model):
    """What one family keeps of one baby, or of several. Its words are sealed in the box's own vault."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="boxes")
    vault = models.UUIDField(editable=False)
    cloth = models.CharField(max_length=10, choices=Cloth, default=Cloth.SLATE)
    created_at = models.DateTimeField()
    name_sealed = SealedField(null=True)
    circumstances_sealed = SealedField(null=True)

    name = SealedText("name_sealed")
    circumstances = SealedJSON("circumstances_sealed", parse=Circumstances.from_json, dump=Circumstances.to_json)

    class Meta:
        verbose_name_plural = "keepsake boxes"

    def __str__(self) -> str:
        return f"KeepsakeBox {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.vault, None

    @classmethod
    def begin(cls, family: Family, *, name: str, cloth: str, now: datetime) -> KeepsakeBox:
        """Make a family's box, its key first; ``name`` may be ""."""
        box = cls(family=family, vault=vaults.create("box"), cloth=cloth, created_at=now)
        box.name = name
        box.save()
        return box
