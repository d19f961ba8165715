"""Erasure: what was let go of, until when it may come back, and afterwards the receipt that it is gone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from alongside import ids
from alongside.families.models import Parent
from alongside.keepsakes.models.box import KeepsakeBox


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Which erasures."""

    def of(self, viewer: uuid.UUID) -> ErasureQuerySet:
        """Those that this account, or the guest whose cookie hashes to this, asked for."""
        return self.filter(viewer=viewer)

    def due(self, now: datetime, *kinds: str) -> ErasureQuerySet:
        """Those whose time has come."""
        return self.filter(done_at=None, due_at__lte=now, kind__in=kinds).order_by("due_at")


class Erasure(models.Model):
    """One thing closed to everyone, whose key is destroyed at ``due_at`` (L1). Ids only: it outlives what it names."""

    class Kind(models.TextChoices):
        MEMORY = "memory", "A keepsake"
        BOX = "box", "A box"
        SHEET = "sheet", "A sheet"
        UPLOAD = "upload", "Something on its way"
        STORY = "story", "A story"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.UUIDField()
    vault = models.UUIDField()
    item = models.UUIDField(null=True, blank=True, help_text="None: the whole vault.")
    viewer = models.UUIDField(help_text="Who asked: an account, or the hash of a guest's cookie.")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    texts = models.PositiveIntegerField(default=0, help_text="How many texts went with it.")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("kind", "subject", condition=models.Q(done_at=None), name="erased_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="erasures_to_finish"),
        ]

    def __str__(self) -> str:
        return f"Erasure {ids.show(self.pk)}"


class BoxErasingYes(models.Model):
    """One parent's yes to erasing the whole box; it needs every current parent's."""

    id = models.BigAutoField(primary_key=True)
    box = models.ForeignKey(KeepsakeBox, on_delete=models.CASCADE, related_name="erasing_yes")
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("box", "parent", name="one_yes_a_parent_to_erasing"),
        ]

    def __str__(self) -> str:
        return f"BoxErasingYes {self.pk}"
