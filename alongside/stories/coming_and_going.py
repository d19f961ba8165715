"""What becomes of what is shared when a parent comes in, and when one leaves (C5, C7)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import transaction

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families import arriving
from alongside.families.models import Family, Invitation, Parent
from alongside.keepsakes import leaving
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.models.box import KeepsakeBoxQuerySet
from alongside.keepsakes.people import Circle, listed
from alongside.stories.models import Chapter, ChapterDraft, Consent, Link, Story, StoryQuerySet
from alongside.stories.shown import open_words, with_words
from alongside.stories.words import Words
from alongside.visibility.audience import Audience
from alongside.visibility.reader import Reader


class SharedMeanwhile(Exception):
    """What is shared is not what was shown and answered: look again."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A story that readers get now: its chapters, who is invited to it, and a mark of exactly that and for whom."""

    story: Story
    parts: tuple[tuple[Chapter, Words], ...]
    links: tuple[Link, ...]
    mark: str

    def photos(self) -> set[str]:
        """Return the shown ids of its photographs."""
        return {beat.photo for _, words in self.parts for beat in words.photos()}

    def sounds(self) -> set[str]:
        """Return the shown ids of its recordings."""
        return {beat.sound for _, words in self.parts for beat in words.sounds()}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the story with this mark may stay, or is taken back."""

    stays: bool
    mark: str


def box_words(invitation: Invitation) -> str:
    """Return what one is invited to: "Ansel’s box". Only for who has shown the code."""
    with acting_for(invitation.made_by_id):
        boxes = list(_open_boxes(invitation.family))
        return listed([Circle.of(box, None).title(box.name) for box in boxes])


def shared_with(invitation: Invitation, by: Account, now: datetime) -> list[Shared]:
    """Return what a parent to be would find shared. They are let in to look, and that is undone at once (C7)."""
    with acting_for(by.pk):
        before = transaction.savepoint()
        try:
            parent = invitation.family.accept(by, now)
            return [_shared(story, parent, now) for story in with_words(_shown_to_others(invitation.family))]
        finally:
            transaction.savepoint_rollback(before)


@transaction.atomic
def hold_with(invitation: Invitation, by: Account, answers: Mapping[uuid.UUID, Answer], now: datetime) -> Parent:
    """Come in as a parent, with an answer to each story that is shared (C7).

    Raise InvitationOver, AlreadyHere, SharedMeanwhile.
    """
    # In the order in which publishing locks: the stories, then the family.
    list(Story.objects.select_for_update().filter(family=invitation.family_id).order_by("pk"))
    family = arriving.use(invitation, by, now)
    place = family.relatives.current().filter(account=by).first()
    if place is not None:
        place.part(by, now)
    with acting_for(by.pk):
        parent = family.accept(by, now)
        shared = [_shared(story, parent, now) for story in with_words(_shown_to_others(family))]
        if {one.story.pk: one.mark for one in shared} != {pk: said.mark for pk, said in answers.items()}:
            raise SharedMeanwhile
        for one in shared:
            _answer(one, parent, answers[one.story.pk].stays, now)
        for story in family.stories.filter(published_at__isnull=False, erasing_at__isnull=False, withdrawn_at=None):
            # Closed to everyone already, and nobody can say yes to it any more.
            story.withdraw(by, now)
    return parent


def _answer(one: Shared, parent: Parent, stays: bool, now: datetime) -> None:
    if not stays:
        one.story.withdraw(parent.account, now)
        return
    for chapter, _ in one.parts:
        assert chapter.open_revision is not None
        Consent.say(parent, chapter.open_revision, Audience(one.story.audience), Consent.Answer.YES, now)
    for link in one.links:
        link.say_yes(parent.account, now)


@transaction.atomic
def leave(family: Family, by: Account, *, keep_copy: bool, take_mine: bool, now: datetime) -> KeepsakeBox | None:
    """Leave a family; return the box of one's own, if there is one. Raise NotAParent, HoldsItAlone.

    What ``by`` told stays with those who remain, who alone count from now on (C7); with ``take_mine`` it is taken
    back from every reader, with what was asked, and goes along if nobody else wrote, or is writing, in it. What they
    showed nobody always goes along.
    """
    stories = list(Story.objects.select_for_update().filter(family=family, teller=by).order_by("pk"))
    with acting_for(by.pk):
        family.parent(by)
        first = _open_boxes(family).first()
        along = [story for story in stories if story.asked_at is None or (take_mine and _alone_in(story, by))]
        for story in stories if take_mine else ():
            if story.stands_open or story.asked_at is not None:
                story.withdraw(by, now)
        # What they were writing at what stays is nobody else's, and they will not come back to it.
        ChapterDraft.objects.filter(writer=by, chapter__story__family=family).exclude(chapter__story__in=along).delete()
        own = leaving.leave(family, by, keep_copy=keep_copy, take_mine=take_mine, now=now)
        if along:
            own = own or leaving.own_box(first, by, now)
            Story.objects.filter(pk__in=[story.pk for story in along]).update(family=own.family_id, box=own)
    return own


def told_and_shared(family: Family, by: Account) -> list[str]:
    """Return the titles, "" for none, of what ``by`` told that stands open to others now."""
    mine = with_words(_shown_to_others(family).filter(teller=by))
    reader = Reader.of(by)
    return [open_words(story, reader)[0][1].title for story in mine if story.open_chapters]  # type: ignore[attr-defined]


def _alone_in(story: Story, by: Account) -> bool:
    """Whether every word, every photograph and every recording in a story is its teller's, and nobody writes at it."""
    authors = Story.objects.filter(pk=story.pk).values_list("chapters__revisions__author", flat=True)
    copies = (copies.values_list("contributed_by", flat=True) for copies in (story.photos, story.sounds))
    if {*authors, *chain.from_iterable(copies)} - {by.pk, None}:
        return False
    return not ChapterDraft.of_others(story, by.pk)


def _open_boxes(family: Family) -> KeepsakeBoxQuerySet:
    return KeepsakeBox.objects.filter(family=family, erase_at=None).order_by("created_at", "pk")


def _shown_to_others(family: Family) -> StoryQuerySet:
    """Everything that needs every parent's yes where it stands, also while a host holds it."""
    standing = Story.objects.filter(family=family, published_at__isnull=False, withdrawn_at=None, erasing_at=None)
    return standing.exclude(audience=Audience.FAMILY).order_by("published_at", "pk")


def _shared(story: Story, parent: Parent, now: datetime) -> Shared:
    """Return what readers of a story got before ``parent`` came, and who of them was named (C7)."""
    # As those read it to whom it is shown: who is asked does not hold the box yet.
    parts = open_words(story, Reader.guest())
    seen = [chapter.open_revision.digest(Audience(story.audience)) for chapter, _ in parts if chapter.open_revision]
    named = story.links.live(now).agreed(but=parent).select_related("story").order_by("made_at", "pk")
    links = tuple(named) if story.audience == Audience.INVITED else ()
    mark = hashlib.sha256(b"".join([*seen, *(link.pk.bytes for link in links)])).hexdigest()
    return Shared(story, tuple(parts), links, mark)
