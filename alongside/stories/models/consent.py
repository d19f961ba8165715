"""Consent: one parent's answer to one exact revision, for one audience (C1–C6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from alongside.families.models import Parent
from alongside.visibility.audience import Audience

if TYPE_CHECKING:
    from alongside.stories.models.chapter import Revision

WORDING = "2026-11"
"""The version of the sentences that a parent says yes to (H5)."""


class Consent(models.Model):
    """One parent's answer to one exact revision and audience (C6). Rows are added, never rewritten.

    ``covers`` begins as ``audience`` and can only be narrowed; the database refuses anything else.
    """

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        WITHOUT_PHOTO = "without_photo", "Yes, without the photo"
        NOT_YET = "not_yet", "Not yet"
        NO = "no", "No"

    id = models.BigAutoField(primary_key=True)
    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="consents")
    revision = models.ForeignKey("stories.Revision", on_delete=models.CASCADE, related_name="consents")
    audience = models.CharField(max_length=10, choices=Audience)
    covers = models.CharField(max_length=10, choices=Audience)
    answer = models.CharField(max_length=16, choices=Answer)
    wording = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["parent", "revision", "-id"], name="latest_answer")
        ]

    def __str__(self) -> str:
        return f"Consent {self.pk}"

    @classmethod
    def say(cls, parent: Parent, revision: Revision, audience: Audience, answer: str, now: datetime) -> Consent:
        """Record an answer to exactly what ``revision`` says now."""
        return cls.objects.create(
            parent=parent,
            revision=revision,
            audience=audience,
            covers=audience,
            answer=answer,
            wording=WORDING,
            digest=revision.digest(audience),
            at=now,
        )

    @classmethod
    def latest(cls, parent: Parent, revision: Revision) -> Consent:
        """Return the parent's latest answer to this revision; an unsaved "not yet" when there is none."""
        said = cls.objects.filter(parent=parent, revision=revision).order_by("-id").first()
        return said or cls(parent=parent, revision=revision, answer=cls.Answer.NOT_YET)

    def covers_exactly(self, audience: Audience, digest: bytes) -> bool:
        """Whether this is a yes that still covers ``audience`` and was given to these very bytes."""
        return self.answer == self.Answer.YES and self.covers == audience and bytes(self.digest) == digest
