"""Consent: one parent's answer to one exact revision, for one audience (C1–C6)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from alongside.families.models import Parent
from alongside.visibility.audience import Audience

if TYPE_CHECKING:
    from alongside.stories.models.chapter import Revision
    from alongside.stories.models.story import Story

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
    def stands(cls, parent: Parent, revision: Revision, audience: Audience) -> bool:
        """Whether the parent's latest yes to this revision is for just ``audience``, and was not unsaid since.

        A yes that was narrowed or used up does not open anything again: going back up always asks anew (C2).
        """
        said = cls.objects.filter(parent=parent, revision=revision)
        yes = said.filter(answer=cls.Answer.YES).order_by("-id").first()
        if yes is None or yes.audience != audience or yes.covers != audience:
            return False
        unsaid = said.exclude(answer=cls.Answer.YES).filter(audience=audience, id__gt=yes.pk).exists()
        return not unsaid and bytes(yes.digest) == revision.digest(audience)

    @classmethod
    def stands_of(cls, account: uuid.UUID, revision: Revision, audience: Audience) -> bool:
        """Whether somebody, in whatever time they held the box, has a yes to just this that covers just ``audience``."""
        said = cls.objects.filter(
            parent__account=account, parent__family=revision.chapter.story.family_id, revision=revision
        )
        yes = said.filter(answer=cls.Answer.YES, covers=audience).order_by("-id").first()
        circles = [audience, *(other for other in Audience if other.narrower_than(audience))]
        unsaid = said.exclude(answer=cls.Answer.YES).filter(audience__in=circles)
        return yes is not None and not unsaid.filter(id__gt=yes.pk).exists()

    @classmethod
    def latest(cls, parent: Parent, revision: Revision) -> list[Consent]:
        """Return the parent's latest answer about this revision for each audience."""
        said = cls.objects.filter(parent=parent, revision=revision)
        return list(said.order_by("audience", "-id").distinct("audience"))

    @classmethod
    def narrow(cls, story: Story, audience: Audience) -> None:
        """Let no yes to this story cover more than ``audience``, so that going back up asks everyone again (C2).

        A yes to an audience that is neither wider nor narrower is used up; a narrower one stays as it is.
        """
        given = cls.objects.filter(revision__chapter__story=story).exclude(covers=Audience.FAMILY)
        wider = [other for other in Audience if audience.narrower_than(other)]
        narrower = [other for other in Audience if other.narrower_than(audience)]
        given.exclude(covers__in=[audience, *wider, *narrower]).update(covers=Audience.FAMILY)
        given.filter(covers__in=wider).update(covers=audience)
