"""Asking: a question to every parent, whether just these revisions may go to just this audience (C1, C4)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.stories.models.chapter import Revision
from alongside.stories.models.consent import Consent
from alongside.vault.fields import SealedField, SealedText
from alongside.visibility.audience import Audience

if TYPE_CHECKING:
    from alongside.stories.models.story import Story


class AskedBefore(Exception):
    """Another parent has answered this already: it is not asked again, whether they said not yet or no (C4)."""


class Over(Exception):
    """The question stands no more: it was answered by everyone, taken back, or another was asked instead."""


class AskingQuerySet(models.QuerySet["Asking"]):
    """Which questions."""

    def open(self) -> AskingQuerySet:
        """Those that stand."""
        return self.filter(closed_at=None)


class Asking(models.Model):
    """A question to every parent of a story; at most one stands at a time. Nobody is reminded of it (C4)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey("stories.Story", on_delete=models.CASCADE, related_name="askings")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience)
    revisions = models.ManyToManyField(Revision, through="AskedRevision", related_name="+")
    note_sealed = SealedField()
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    note = SealedText("note_sealed")
    objects = AskingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("story", condition=models.Q(closed_at=None), name="one_question_a_story"),
        ]

    def __str__(self) -> str:
        return f"Asking {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.story.vault, None

    def asked(self) -> list[Revision]:
        """Return what is asked about, chapter by chapter."""
        return list(self.revisions.select_related("chapter__story").order_by("chapter__place"))

    def new(self) -> list[Revision]:
        """Return those of them that do not stand open for just this audience already: what an answer is about."""
        open_now = self.story.stands_open and self.story.audience == self.audience
        return [one for one in self.asked() if not (open_now and one.chapter.open_revision_id == one.pk)]

    def answer_of(self, account: Account) -> str:
        """Return a parent's latest answer to this question; "" while there is none."""
        said = Consent.objects.filter(parent__account=account, revision__in=self.new(), audience=self.audience)
        latest = said.order_by("-id").first()
        return latest.answer if latest and not (latest.answer == Consent.Answer.YES and self._unsaid(latest)) else ""

    def _unsaid(self, yes: Consent) -> bool:
        return yes.covers != self.audience

    @transaction.atomic
    def say(self, by: Account, answer: Consent.Answer, now: datetime) -> None:
        """Record "not yet" or "no", shown to the others as "not yet" (C4). It can be changed at any time.

        What stands open stays open: an answer is about what is new. Raise NotAParent, Over.
        """
        story, asking = self._locked()
        parent = story.family.parent(by)
        for revision in asking.new():
            Consent.say(parent, revision, Audience(asking.audience), answer, now)

    @transaction.atomic
    def yes(self, by: Account, now: datetime) -> bool:
        """Say yes to just what was asked; return whether readers get it now (C1). Raise NotAParent, Over."""
        story, asking = self._locked()
        return story.publish(by, Audience(asking.audience), now, shown=[one.pk for one in asking.asked()])

    @transaction.atomic
    def yes_without(self, by: Account, photos: Collection[str], now: datetime) -> bool:
        """Say yes without some photographs, named by their beats' keys: revisions without them carry this yes (C4).

        The others are asked about those in turn. Raise NotAParent, Over.
        """
        story, asking = self._locked()
        parent = story.family.parent(by)
        shown, new = [], asking.new()
        for revision in asking.asked():
            without = revision.words.without(photos)
            if without != revision.words and revision in new:
                Consent.say(parent, revision, Audience(asking.audience), Consent.Answer.WITHOUT_PHOTO, now)
                facts = revision.circumstances
                revision = revision.chapter.revise(by, without, circumstances=facts, now=now)
            shown.append(revision.pk)
        return story.publish(by, Audience(asking.audience), now, shown=shown)

    def _locked(self) -> tuple[Story, Asking]:
        """Lock the story, as publishing does, and return it with the question while that stands; raise Over."""
        story = type(self.story).objects.select_for_update().get(pk=self.story_id)
        asking = Asking.objects.open().filter(pk=self.pk).first()
        if asking is None:
            raise Over(ids.show(self.pk))
        asking.story = story
        return story, asking

    @classmethod
    def stand(
        cls, story: Story, by: Account, revisions: Sequence[Revision], audience: Audience, note: str, now: datetime
    ) -> None:
        """Let the question stand instead of an earlier one, unless it is the same. Raise AskedBefore.

        The story is locked.
        """
        earlier = story.askings.open().first()
        if earlier and earlier.audience == audience and set(earlier.asked()) == set(revisions):
            return
        # Whoever answers a question, and not with a plain yes, carries it on; whoever asked it asks another.
        is_answer = earlier is not None and earlier.by_id != by.pk and earlier.audience == audience
        carried_on = set(earlier.asked()) if earlier and is_answer else set()
        cls._refuse_again(story, by, [one for one in revisions if one not in carried_on], audience)
        story.askings.open().update(closed_at=now)
        asking = cls(story=story, by=by, audience=audience, at=now)
        asking.note = note
        asking.save(force_insert=True)
        asking.revisions.set(revisions)

    @classmethod
    def _refuse_again(cls, story: Story, by: Account, revisions: Sequence[Revision], audience: Audience) -> None:
        """What another parent has not said yes to is not asked again, for as many readers or more (C4).

        "Not yet" counts as "no" does: were only one of them refused, whoever asks would learn which it was.
        """
        open_now = story.stands_open and story.audience == audience
        for revision in revisions:
            if open_now and revision.chapter.open_revision_id == revision.pk:
                continue
            for parent in story.family.parents.current().exclude(account=by):
                for said in Consent.latest(parent, revision):
                    circle = Audience(said.audience)
                    if said.answer != Consent.Answer.YES and (circle == audience or circle.narrower_than(audience)):
                        raise AskedBefore(ids.show(story.pk))


class AskedRevision(models.Model):
    """One of the revisions that a question is about."""

    id = models.BigAutoField(primary_key=True)
    asking = models.ForeignKey(Asking, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"AskedRevision {self.pk}"
