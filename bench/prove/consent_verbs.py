"""What a parent may do with a story, each in one transaction with its line in the diary. Imported when Django is set up."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, OperationalError
from django.db.models import Max
from django.utils import timezone

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family, HoldsItAlone, NotAParent
from alongside.keepsakes.erasing import Gone
from alongside.stories import coming_and_going, erasing
from alongside.stories.models import (
    AskedBefore,
    Asking,
    ChangedMeanwhile,
    Consent,
    NeedsAnothersYes,
    NothingToTell,
    Over,
    Story,
)
from alongside.stories.words import Beat, Words, beats_of
from alongside.vault.errors import KeyErased
from alongside.visibility.audience import Audience
from bench.prove import consent_log as diary

REFUSALS = (
    AskedBefore,
    ChangedMeanwhile,
    Gone,
    HoldsItAlone,
    IntegrityError,  # the database's own word
    KeyErased,  # somebody has erased it for good meanwhile
    NeedsAnothersYes,
    NotAParent,
    NothingToTell,
    ObjectDoesNotExist,  # a page on which there is nothing for this parent
    OperationalError,  # two who wait for each other: one of them is told to try again
    Over,
)


@dataclass(frozen=True)
class Hand:
    """One parent's hand on one story; ``circle`` is what this history is mostly about."""

    by: Account
    family: Family
    story: uuid.UUID
    circle: Audience
    chance: random.Random

    def sees(self) -> Story:
        return Story.objects.get(pk=self.story)

    def some_circle(self) -> Audience:
        return self.circle if self.chance.random() < 0.75 else self.chance.choice(list(Audience))

    def place(self) -> uuid.UUID:
        """Return this parent's place in the family as it is now."""
        return self.family.parent(self.by).pk

    def asking(self) -> Asking:
        with acting_for(self.by.pk):
            return Asking.objects.open().select_related("story").get(story=self.story)


def says_yes(hand: Hand, to: Audience | None = None) -> None:
    """Look at the newest of each chapter on a page, then say yes to just that."""
    with acting_for(hand.by.pk):
        shown = [chapter.newest().pk for chapter in hand.sees().chapters.order_by("place")]
    _yes(hand, to or hand.some_circle(), shown)


def _yes(hand: Hand, to: Audience, shown: Collection[uuid.UUID]) -> None:
    with acting_for(hand.by.pk):
        hand.sees().publish(hand.by, to, timezone.now(), shown=shown)
        _write_yes(hand, to, shown)


def _write_yes(hand: Hand, to: Audience, shown: Iterable[uuid.UUID]) -> None:
    was = diary.narrowed_here(hand.story)
    if not (was and to.narrower_than(Audience(was))):  # to narrow is no yes
        diary.write(hand.story, "yes", to, hand.place(), shown)


def narrows(hand: Hand) -> None:
    now = Audience(hand.sees().audience)
    below = [circle for circle in Audience if circle.narrower_than(now)]
    says_yes(hand, hand.chance.choice(below) if below else None)


def agrees(hand: Hand) -> None:
    """Say yes to what stands asked."""
    asking = hand.asking()
    with acting_for(hand.by.pk):
        asked = [revision.pk for revision in asking.asked()]
        asking.yes(hand.by, timezone.now())
        _write_yes(hand, Audience(asking.audience), asked)


def puts_off(hand: Hand) -> None:
    """Say not yet, or no."""
    asking, answer = hand.asking(), hand.chance.choice([Consent.Answer.NOT_YET, Consent.Answer.NO])
    with acting_for(hand.by.pk):
        before = _last_answer(hand)
        asking.say(hand.by, answer, timezone.now())
        _write_no(hand, asking, _said_since(hand, before, answer))


def agrees_without_the_photo(hand: Hand) -> None:
    asking = hand.asking()
    with acting_for(hand.by.pk):
        photos = {beat.key for revision in asking.asked() for beat in revision.words.photos()}
        before = _last_answer(hand)
        asking.yes_without(hand.by, photos, timezone.now())
        _write_no(hand, asking, _said_since(hand, before, Consent.Answer.WITHOUT_PHOTO))
        if agreed := _said_since(hand, before, Consent.Answer.YES):
            diary.write(hand.story, "yes", asking.audience, hand.place(), agreed)


def _write_no(hand: Hand, asking: Asking, about: Collection[uuid.UUID]) -> None:
    if about:
        diary.write(hand.story, "unsaid", asking.audience, hand.place(), about)


def _last_answer(hand: Hand) -> int:
    return Consent.objects.filter(parent=hand.place()).aggregate(last=Max("id"))["last"] or 0


def _said_since(hand: Hand, before: int, answer: Consent.Answer) -> list[uuid.UUID]:
    """Return the revisions about which this parent, who acts alone, has just given this answer: some were not there before."""
    mine = Consent.objects.filter(parent=hand.place(), id__gt=before, answer=answer)
    return list(mine.values_list("revision_id", flat=True))


def revises(hand: Hand) -> None:
    with acting_for(hand.by.pk):
        story = hand.sees()
        story.parent_to_whom_it_exists(hand.by)
        chapter = hand.chance.choice(list(story.chapters.all()))
        chapter.revise(hand.by, new_words(hand.chance), circumstances=Circumstances(), now=timezone.now())


def adds_a_chapter(hand: Hand) -> None:
    with acting_for(hand.by.pk):
        story = hand.sees()
        story.parent_to_whom_it_exists(hand.by)
        story.add_chapter(hand.by, new_words(hand.chance), now=timezone.now())


def takes_back(hand: Hand) -> None:
    with acting_for(hand.by.pk):
        hand.sees().withdraw(hand.by, timezone.now())
        diary.write(hand.story, "narrow", Audience.FAMILY)


def leaves(hand: Hand) -> None:
    take_mine = hand.chance.random() < 0.5
    coming_and_going.leave(hand.family, hand.by, keep_copy=False, take_mine=take_mine, now=timezone.now())


def comes_in(hand: Hand) -> None:
    """Be a parent again, with no answer to what stands open: only the database is there to refuse it."""
    with acting_for(hand.by.pk):
        hand.family.accept(hand.by, timezone.now())


def erases(hand: Hand) -> None:
    with acting_for(hand.by.pk):
        erasing.agree_to_erase(hand.sees(), hand.by, timezone.now(), fresh=hand.chance.random() < 0.2)


def brings_back(hand: Hand) -> None:
    with acting_for(hand.by.pk):
        erasing.bring_back(hand.story, hand.by, timezone.now())


Verb = Callable[[Hand], None]
OFTEN: dict[Verb, int] = {
    says_yes: 22,
    agrees: 22,
    narrows: 8,
    puts_off: 8,
    agrees_without_the_photo: 6,
    revises: 12,
    adds_a_chapter: 2,
    takes_back: 10,
    leaves: 5,
    comes_in: 3,
    erases: 3,
    brings_back: 2,
}
"""How often each is done, of about a hundred."""


def new_words(chance: random.Random) -> Words:
    """Return words, as often as not with a photograph on its slip."""
    photo = Beat(key=f"p{chance.random()}", kind="photo", photo=ids.show(ids.new_id()), shows="A hat.")
    beats = (*beats_of("They turned the screen away."), *((photo,) if chance.random() < 0.5 else ()))
    return Words(title="Ansel", beats=beats, told_by="Mara")
