"""What one reader may not see, for the two-worlds campaign: a world, and hands that put it there.

Imported when Django is set up.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.media.renditions import Rendition
from alongside.stories.models import Story
from alongside.stories.photographs import put_photo
from alongside.visibility.audience import Audience
from bench.prove import two_worlds_links as links
from tests.cast import A_DAY, NOW, Cast, block, box_of, draft, join, says_yes, words

HIDDEN_TEXTS = (
    "The placenta, at 20 weeks, our son. Placenta placenta. Nobody else may read this one.",
    "Scan room silence, nine weeks, miscarriage, the second one, the third one, the fourth one.",
    "Her father, 38 weeks, born still; a hat, a hat, and a hat that my mother knitted.",
)


@dataclass
class World:
    """What everybody may see, and hands to add what this reader may not."""

    cast: Cast
    reader: Account | None
    shared: list[Story]
    chance: random.Random
    number: int = 0
    hidden: list[Story] = field(default_factory=list)

    def hides(self) -> None:
        """Add one to four things that ``reader`` may not see."""
        for act in self.chance.sample(ACTS, self.chance.randint(1, 4)):
            act(self)

    def teller(self) -> Account:
        self.number += 1
        return join(f"Hidden{self.number}", lived=self.chance.random() < 0.5)

    def story(self, to: Audience | None, by: Account | None = None) -> Story:
        """Return a story by somebody new; ``to`` None leaves it a draft."""
        by = by or self.teller()
        text = self.chance.choice(HIDDEN_TEXTS)
        facts = Circumstances(weeks=20, relation="father")
        story = draft(by, box_of(by, name="Hidden"), words(text, title="Hidden", told_by="Hidden"), facts=facts)
        if to is not None:
            says_yes(story, by, to=to, at=NOW - A_DAY)
        self.hidden.append(story)
        return story

    def told(self, to: Audience) -> Story:
        story = self.story(to)
        if story.hold is not None:
            story.hold.release(self.cast.dami, NOW)
        return story


def a_draft(world: World) -> None:
    world.story(None)


def a_held_story(world: World) -> None:
    assert world.story(Audience.OPEN).hold is not None


def a_story_for_people_who_have_lived_it(world: World) -> None:
    """For a guest, and for a member who has not said so."""
    world.told(Audience.LIVED)


def a_family_story(world: World) -> None:
    world.told(Audience.FAMILY)


def a_story_for_those_who_were_invited(world: World) -> None:
    world.told(Audience.INVITED)


def a_question_that_stands(world: World) -> None:
    """One of two parents has said yes to everyone's reading it."""
    one, other = world.teller(), world.teller()
    story = draft(one, box_of(one, other, name="Hidden"), words(world.chance.choice(HIDDEN_TEXTS), title="Hidden"))
    assert not says_yes(story, one, to=Audience.OPEN, at=NOW - A_DAY)
    world.hidden.append(story)


def a_story_taken_back(world: World) -> None:
    story = world.told(Audience.OPEN)
    by = story.teller
    with acting_for(by.pk):
        story.withdraw(by, NOW)


def a_story_being_erased(world: World) -> None:
    Story.objects.filter(pk=world.told(Audience.OPEN).pk).update(erasing_at=NOW)


def a_story_of_somebody_blocked(world: World) -> None:
    """Seen by every other member; for a guest there is no such thing, so it is for members."""
    story = world.told(Audience.OPEN if world.reader else Audience.MEMBERS)
    if world.reader:
        one, other = world.chance.sample([world.reader, story.teller], 2)
        block(one, other)


def words_not_agreed_to(world: World) -> None:
    story = world.chance.choice(world.shared)
    with acting_for(story.teller.pk):
        changed = words("SECRET placenta, 20 weeks, scan room.", title="SECRET")
        story.chapters.get().revise(story.teller, changed, circumstances=Circumstances(weeks=30), now=NOW)


def a_chapter_not_agreed_to(world: World) -> None:
    story = world.chance.choice(world.shared)
    with acting_for(story.teller.pk):
        story.add_chapter(story.teller, words("SECRET two years on, the placenta."), now=NOW)


def a_photo_not_agreed_to(world: World) -> None:
    story = world.chance.choice(world.shared)
    with acting_for(story.teller.pk):
        put_photo(story, story.teller, Rendition(b"RIFF", 9, 9), shows="", taken_by="", baby=True, now=NOW)


def people_and_blocks_among_others(world: World) -> None:
    one, other = world.teller(), world.teller()
    block(one, other)
    box_of(one, other, name="Hidden")


ACTS: tuple[Callable[[World], None], ...] = (
    a_draft,
    a_held_story,
    a_story_for_people_who_have_lived_it,
    a_family_story,
    a_story_for_those_who_were_invited,
    a_question_that_stands,
    a_story_taken_back,
    a_story_being_erased,
    a_story_of_somebody_blocked,
    words_not_agreed_to,
    a_chapter_not_agreed_to,
    a_photo_not_agreed_to,
    people_and_blocks_among_others,
    *links.ACTS,
)
