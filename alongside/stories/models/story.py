"""Story: what a family tells, to whom, and since when; the verbs that publish and take back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family, Parent
from alongside.keepsakes.models import Cloth, KeepsakeBox
from alongside.moderation.first_words import hold_for_newcomer
from alongside.moderation.models import Hold
from alongside.stories.models.asking import Asking
from alongside.stories.models.chapter import Chapter, Revision
from alongside.stories.models.consent import Consent
from alongside.stories.models.others import refuse_without_their_yes
from alongside.stories.words import Words
from alongside.vault import vaults
from alongside.visibility.audience import STRANGERS, Audience
from alongside.visibility.policy import told_by_family_of, visible_to
from alongside.visibility.reader import Reader


class NothingToTell(Exception):
    """There is no revision that could be published."""


class ChangedMeanwhile(Exception):
    """What was shown is not one revision of each chapter that readers would get: look again."""


class StoryQuerySet(models.QuerySet["Story"]):
    """Which stories, as a sentence."""

    def visible_to(self, reader: Reader) -> StoryQuerySet:
        """Those that exist for ``reader``."""
        return self.filter(visible_to(reader))

    def told_by_family_of(self, reader: Reader) -> StoryQuerySet:
        """Those that ``reader`` has a say in."""
        return self.filter(told_by_family_of(reader))

    def told(self) -> StoryQuerySet:
        """Those that stand open now, for whomever they are meant."""
        return self.filter(published_at__isnull=False, withdrawn_at=None, erasing_at=None).filter(
            models.Q(hold=None) | models.Q(hold__released_at__isnull=False)
        )

    def told_to_strangers(self) -> StoryQuerySet:
        """Those that may be found by people whom the family did not name (SECURITY 3.5)."""
        return self.told().filter(audience__in=STRANGERS)

    def newest_told_first(self) -> StoryQuerySet:
        """The only order there is: never by how often something was read (H2)."""
        return self.order_by("-published_at", "-pk")


class Story(models.Model):
    """What a family tells, to whom, and since when. Its words are in its own vault."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="stories")
    box = models.ForeignKey(KeepsakeBox, on_delete=models.PROTECT, related_name="stories")
    teller = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="told")
    vault = models.UUIDField(editable=False)
    cloth = models.CharField(max_length=10, choices=Cloth)
    language = models.CharField(max_length=8)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.FAMILY)
    hold = models.ForeignKey(Hold, null=True, blank=True, on_delete=models.PROTECT, related_name="stories")
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When the family was first shown it.")
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erasing_at = models.DateTimeField(null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["audience", "-published_at", "-id"],
                name="told_newest_first",
                condition=models.Q(published_at__isnull=False, withdrawn_at=None, erasing_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Story {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.vault, None

    @classmethod
    def begin(
        cls, by: Account, box: KeepsakeBox, *, language: str, now: datetime, pk: uuid.UUID | None = None
    ) -> Story:
        """Begin a story, its key first; it is its writer's alone until she asks for a yes (V1)."""
        box.family.parent(by)
        return cls.objects.create(
            pk=pk or ids.new_id(),
            family=box.family,
            box=box,
            teller=by,
            vault=vaults.create("story"),
            cloth=box.cloth,
            language=language,
            created_at=now,
        )

    def add_chapter(
        self,
        by: Account,
        words: Words,
        *,
        now: datetime,
        circumstances: Circumstances | None = None,
        pk: uuid.UUID | None = None,
    ) -> Chapter:
        """Add the first chapter, or what came later, with a date and a consent of its own.

        With ``pk``, chosen by the page that was filled in, a second sending finds what the first one made.
        """
        self.family.parent(by)
        with transaction.atomic():
            Story.objects.select_for_update().get(pk=self.pk)
            made = self.chapters.filter(pk=pk).first() if pk else None
            if made is not None:
                return made
            place = self.chapters.count()
            chapter = self.chapters.create(pk=pk or ids.new_id(), place=place, created_at=now)
            chapter.revise(by, words, circumstances=circumstances or Circumstances(), now=now)
        return chapter

    @transaction.atomic
    def show_family(self, by: Account, now: datetime) -> None:
        """Let the other parents see a draft, and ask nothing of them (V1). Raise NotAParent, NothingToTell."""
        story = Story.objects.select_for_update().get(pk=self.pk)
        story.parent_to_whom_it_exists(by)
        Story.objects.filter(pk=story.pk, asked_at=None).update(asked_at=now)
        self.refresh_from_db()

    @transaction.atomic
    def publish(
        self, by: Account, audience: Audience, now: datetime, *, shown: Collection[uuid.UUID] = (), note: str = ""
    ) -> bool:
        """Record this parent's yes to exactly the revisions ``shown``; open the story when every parent's is there.

        ``shown`` are revisions' ids, one of each chapter; by default the newest. Returns whether readers get just this
        now (C1); else the question stands, with ``note`` for the others. A narrower audience needs nobody (C2).
        Raises NotAParent, NothingToTell, ChangedMeanwhile, AskedBefore and NeedsAnothersYes.
        """
        story = Story.objects.select_for_update().get(pk=self.pk)
        parent = story.parent_to_whom_it_exists(by)
        proposed = story._proposed(shown)
        story.asked_at = story.asked_at or now
        agreed = story.stands_open and audience.narrower_than(Audience(story.audience))
        if agreed:
            story.audience = audience
            Consent.narrow(story, audience)
        else:
            refuse_without_their_yes(story, proposed, audience)
            Asking.stand(story, by, proposed, audience, note, now)
            for revision in proposed:
                Consent.say(parent, revision, audience, Consent.Answer.YES, now)
            agreed = all(revision.agreed_for(audience) for revision in proposed)
            if agreed:
                story._open(proposed, audience, now)
        story.save()
        self.refresh_from_db()
        return agreed

    def parent_to_whom_it_exists(self, by: Account) -> Parent:
        """Return a parent's place; a draft is its writer's alone (V1). Raise NotAParent, NothingToTell."""
        parent = self.family.parent(by)
        if self.erasing_at is not None or (self.asked_at is None and by.pk != self.teller_id):
            raise NothingToTell(str(self))
        return parent

    def _proposed(self, shown: Collection[uuid.UUID]) -> list[Revision]:
        chapters = list(self.chapters.order_by("place"))
        if not chapters:
            raise NothingToTell(str(self))
        if not shown:
            return [chapter.newest() for chapter in chapters]
        found = Revision.objects.filter(pk__in=shown, chapter__story=self).select_related("chapter__story")
        proposed = list(found.order_by("chapter__place"))
        named = [revision.chapter_id for revision in proposed]
        # What stands open stays in the story: a new audience is asked for all of it.
        missing = {one.pk for one in chapters if one.open_revision_id} - set(named)
        if missing or len(set(named)) != len(named) or len(proposed) != len(set(shown)):
            raise ChangedMeanwhile(str(self))
        return proposed

    @transaction.atomic
    def withdraw(self, by: Account, now: datetime) -> None:
        """Take the story back from every reader at once; any parent may, without a reason (C3, D3)."""
        story = Story.objects.select_for_update().get(pk=self.pk)
        story.family.parent(by)
        story.audience = Audience.FAMILY
        Consent.narrow(story, Audience.FAMILY)
        story.askings.open().update(closed_at=now)
        story.withdrawn_at = now
        story.save()
        self.refresh_from_db()

    @property
    def stands_open(self) -> bool:
        """Whether it has been published and not been taken back."""
        return self.published_at is not None and self.withdrawn_at is None

    def _open(self, agreed: list[Revision], audience: Audience, now: datetime) -> None:
        """Put the agreed revisions up. A newcomer's first story waits for a host (M1)."""
        for revision in agreed:
            Chapter.objects.filter(pk=revision.chapter_id).update(open_revision=revision)
        self.askings.open().update(closed_at=now)
        self.audience = audience
        self.published_at, self.withdrawn_at = self.published_at or now, None
        if audience.reaches_strangers and self.hold_id is None:
            told_before = Story.objects.told_to_strangers().filter(teller=self.teller_id).count()
            self.hold = hold_for_newcomer(told_before, now)
