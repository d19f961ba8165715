"""S2, V3: a reader's pages are the same bytes whether or not there is something that this reader may not see."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.matching import index
from alongside.media.renditions import Rendition
from alongside.pacing.models import Bucket
from alongside.stories.models import Story
from alongside.stories.photographs import put_photo
from alongside.stories.shown import photo_address
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, block, box_of, draft, gather, join, says_yes, words
from tests.home import links_of_others as links
from tests.home.browser import Browser

PAIRS = 36
TEXTS = (
    "He was born at 20 weeks. It was the placenta. We held him until the morning, and Tobias sang.",
    "A miscarriage at nine weeks, the second one. The silence in the scan room is what I remember.",
    "Our daughter was born still at 38 weeks. My mother knitted a hat. I am her father.",
    "Four days in neonatal care, and then he died in my arms. The nurses cried with us.",
)
HIDDEN_TEXTS = (
    "The placenta, at 20 weeks, our son. Placenta placenta. Nobody else may read this one.",
    "Scan room silence, nine weeks, miscarriage, the second one, the third one, the fourth one.",
    "Her father, 38 weeks, born still; a hat, a hat, and a hat that my mother knitted.",
)
MASKED = re.compile(rb"good=[\w:-]+|csrfmiddlewaretoken[^>]*")


@dataclass
class World:
    """What everybody may see, and hands to add what this reader may not."""

    cast: Cast
    reader: Account | None
    shared: list[Story]
    chance: random.Random
    number: int = 0

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
    a_story_taken_back,
    a_story_being_erased,
    a_story_of_somebody_blocked,
    words_not_agreed_to,
    a_chapter_not_agreed_to,
    a_photo_not_agreed_to,
    people_and_blocks_among_others,
    *links.ACTS,
)


@pytest.mark.django_db
def test_s2_what_a_reader_may_not_see_changes_no_byte_of_what_is_answered(db: None) -> None:
    pairs, answers = 0, 0
    told_apart: list[str] = []
    with time_machine.travel(NOW, tick=False):
        cast, shared = _shared()
        paths = _paths(shared)
        one_world = {reader: _everything(reader, paths) for reader in (None, cast.piotr)}
        for pair in range(PAIRS):
            reader = (None, cast.piotr, None)[pair % 3]
            before = one_world[reader]
            with _undone():
                World(cast, reader, shared, random.Random(pair)).hides()
                if pair % 2:
                    index.add_missing(limit=100)
                after = _everything(reader, paths)
            pairs += 1
            answers += len(before)
            who = "guest" if reader is None else "member"
            told_apart += [f"pair {pair}, {who}: {asked}" for asked in before if after[asked] != before[asked]]
    print(f"two worlds: {pairs} pairs, {answers} answers each way, {len(told_apart)} bad")
    assert not told_apart, f"{len(told_apart)} of {answers} answers:\n" + "\n".join(told_apart[:40])
    assert pairs >= 30


def _shared() -> tuple[Cast, list[Story]]:
    """Return the cast and the stories that everybody reads, one of them with a photograph."""
    cast, shared = gather(), []
    for number, text in enumerate(TEXTS):
        by = join(f"Open{number}")
        story = draft(
            by, box_of(by, name=f"Box{number}"), words(text, title=f"Title {number}", told_by=f"Open{number}")
        )
        if number == 0:
            with acting_for(by.pk):
                photo = put_photo(
                    story, by, Rendition(b"RIFF....WEBP", 4, 3), shows="", taken_by="", baby=True, now=NOW
                )
                said = words(text)
                said = type(said)(title=said.title, beats=(*said.beats, photo), told_by="Open0")
                story.chapters.get().revise(by, said, circumstances=Circumstances(weeks=20), now=NOW)
        says_yes(story, by, at=NOW - (number + 2) * A_DAY)
        assert story.hold is not None
        story.hold.release(cast.dami, NOW)
        shared.append(story)
    index.add_missing(limit=100)
    return cast, shared


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _everything(reader: Account | None, paths: Sequence[str]) -> dict[str, tuple[int, list[tuple[str, str]], bytes]]:
    """Ask for every page as the reader, and return status, head and body, masked, of each."""
    Bucket.objects.all().delete()
    browser = Browser(reader)
    browser.cookies[settings.LINKS_COOKIE_NAME] = ".".join(links.TOKENS.values())
    found = {}
    for path in paths:
        found[f"GET {path}"] = _masked(browser.get(path))
    for path, form in (
        ("/find/", {"sentence": "our son died at 20 weeks, the placenta"}),
        ("/find/", {"sentence": "a hat that somebody knitted"}),
        ("/find/", {"sentence": "our son died at 20 weeks, the placenta", "page": "0", "do": "more"}),
        ("/find/words/", {"words": "placenta"}),
        ("/find/words/", {"words": "SECRET"}),
        ("/find/words/", {"words": "nobody"}),
        ("/find/list/", {"kind": "stillbirth", "who": "father", "far_along": "not_sure", "how_long_ago": "not_sure"}),
    ):
        found[f"POST {path} {form}"] = _masked(browser.post(path, form))
    browser.handler.enforce_csrf_checks = False
    found["POST a code"] = _masked(browser.post(f"/read/with/{ids.show(links.LINK)}/", {"code": "abcde-fghij"}))
    return found


def _paths(shared: Sequence[Story]) -> list[str]:
    paths = ["/", "/read/", "/find/", "/find/list/", "/find/words/", "/help/", "/about/", "/care/", "/promises/"]
    paths += ["/nowhere/", "/readyz", f"/read/{ids.show(ids.new_id())}/", f"/read/with/{ids.show(links.LINK)}/"]
    for story in shared:
        shown = ids.show(story.pk)
        paths += [f"/read/{shown}/", f"/find/near/{shown}/", f"/read/?after={shown}"]
    first = ids.show(shared[0].pk)
    photo, chapter = (ids.show(part.get().pk) for part in (shared[0].photos, shared[0].chapters))
    return [*paths, f"/read/{first}/?unfold={photo}&open={chapter}", photo_address(shared[0].pk, photo)]


def _masked(answer: object) -> tuple[int, list[tuple[str, str]], bytes]:
    assert hasattr(answer, "content")
    return answer.status_code, sorted(answer.items()), MASKED.sub(b"", answer.content)  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_s2_what_a_reader_may_not_see_changes_no_order(cast: Cast) -> None:
    """How rare a word is among stories for others must not show in what a guest is given first."""
    with time_machine.travel(NOW, tick=False):
        for number, text in enumerate(("Our baby died. There was a blanket.", "Our baby died. There was the garden.")):
            by = join(f"Open{number}")
            story = draft(by, box_of(by), words(text))
            says_yes(story, by, at=NOW - (number + 2) * A_DAY)
            Story.objects.filter(pk=story.pk).update(hold=None)
        index.add_missing(limit=100)
        asked = {"sentence": "our baby died. a blanket, and the garden."}
        orders = []
        for hidden in ("a blanket", "the garden"):
            with _undone():
                for number in range(14):
                    by = join(f"Lived{number}")
                    story = draft(by, box_of(by), words(f"A baby died. {hidden}."))
                    says_yes(story, by, to=Audience.LIVED)
                    Story.objects.filter(pk=story.pk).update(hold=None)
                index.add_missing(limit=100)
                page = Browser().post("/find/", asked).content.decode()
                orders.append(re.findall(r'href="/read/([\w-]{22})/"', page))
    assert len(orders[0]) >= 2
    assert orders[0] == orders[1]
