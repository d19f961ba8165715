"""Invented worlds for the policy, and PRODUCT's rules once more in plain Python: written from the text, not from the code."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from alongside import ids
from alongside.accounts.models import Account, Block, Profile
from alongside.database.viewer import acting_for
from alongside.families.models import Family, Parent
from alongside.keepsakes.models import KeepsakeBox
from alongside.moderation.models import Hold
from alongside.stories.models import Chapter, Story, StoryPhoto
from tests.cast import A_DAY, NOW

SEARCHING = settings(
    max_examples=80,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Tale:
    """A story: family and teller by number, and all that decides who may read it."""

    family: int
    teller: int
    audience: str
    asked: bool
    published: bool
    withdrawn: bool
    erasing: bool
    hold: str


@dataclass(frozen=True)
class World:
    """People (lived it or not), families as (person, "here" "left" "returned"), blocks as pairs, and stories."""

    people: Sequence[bool]
    families: Sequence[Sequence[tuple[int, str]]]
    blocks: frozenset[tuple[int, int]]
    tales: Sequence[Tale]

    def parents(self, family: int) -> frozenset[int]:
        """C7: those who have not left."""
        return frozenset(person for person, state in self.families[family] if state != "left")


def may_read(world: World, who: int | None, tale: Tale) -> bool:
    """PRODUCT V1–V4, C3, D3, M1 for one person (None: a guest) and one story."""
    family = world.parents(tale.family)
    if tale.erasing:  # D3: what is being erased, nobody sees
        return False
    if who is not None and who in family and (tale.asked or tale.teller == who):  # V1
        return True
    stands = tale.published and not tale.withdrawn and tale.hold in {"", "released"}  # C1, C3, M1
    if not stands:
        return False
    for other in family | {tale.teller}:  # V4, both ways
        if (who, other) in world.blocks or (other, who) in world.blocks:
            return False
    match tale.audience:  # V2
        case "open":
            return True
        case "members":
            return who is not None
        case "lived":
            return who is not None and world.people[who]
        case _:  # family; and invited, for whom nothing is built yet
            return False


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Small worlds, crowded enough that every rule meets every other."""
    people = draw(st.lists(st.booleans(), min_size=5, max_size=6))
    person = st.integers(0, len(people) - 1)
    states = st.sampled_from(["here", "here", "here", "left", "returned"])
    family = st.lists(st.tuples(person, states), min_size=1, max_size=3, unique_by=lambda place: place[0])
    families = draw(st.lists(family, min_size=2, max_size=3))
    blocks = draw(st.frozensets(st.tuples(person, person).filter(lambda pair: pair[0] != pair[1]), max_size=4))
    tale = st.builds(
        Tale,
        family=st.integers(0, len(families) - 1),
        teller=person,
        audience=st.sampled_from(["family", "invited", "lived", "lived", "members", "members", "open", "open"]),
        asked=st.booleans(),
        published=st.sampled_from([True, True, True, False]),
        withdrawn=st.sampled_from([False, False, False, False, True]),
        erasing=st.sampled_from([False, False, False, False, False, True]),
        hold=st.sampled_from(["", "", "", "waiting", "released", "kept"]),
    )
    return World(people, families, blocks, draw(st.lists(tale, min_size=4, max_size=10)))


@dataclass(frozen=True)
class Built:
    """A world as rows: accounts by number, stories by number."""

    accounts: Sequence[Account]
    stories: Sequence[uuid.UUID]


def build(world: World) -> Built:
    """Write a world into the database, rows only: the policy asks nothing of words or keys."""
    accounts = [
        Account(email=f"{number}@example.org", vault=ids.new_id(), created_at=NOW, admitted_at=NOW)
        for number in range(len(world.people))
    ]
    Account.objects.bulk_create(accounts)
    Profile.objects.bulk_create(
        Profile(account=account, name_sealed=b"sealed", lived_at=NOW if lived else None)
        for account, lived in zip(accounts, world.people, strict=True)
    )
    Block.objects.bulk_create(
        Block(blocker=accounts[one], blocked=accounts[other], since=NOW) for one, other in world.blocks
    )
    boxes = [_family(accounts, family) for family in world.families]
    stories = [_story(accounts, boxes, tale) for tale in world.tales]
    Story.objects.bulk_create(stories)
    Chapter.objects.bulk_create(Chapter(story=story, place=0, created_at=NOW) for story in stories)
    StoryPhoto.objects.bulk_create(
        StoryPhoto(story=story, contributed_by_id=story.teller_id, item=ids.new_id(), width=1, height=1, created_at=NOW)
        for story in stories
    )
    return Built(accounts, [story.pk for story in stories])


def _family(accounts: Sequence[Account], places: Sequence[tuple[int, str]]) -> KeepsakeBox:
    family = Family.objects.create(created_at=NOW)
    before = {"left_at": NOW - A_DAY, "joined_at": NOW - 2 * A_DAY}
    rows = [Parent(family=family, account=accounts[n], joined_at=NOW) for n, _ in places]
    Parent.objects.bulk_create(
        [*rows, *(Parent(family=family, account=accounts[n], **before) for n, state in places if state == "returned")]
    )
    with acting_for(accounts[places[0][0]].pk):
        box = KeepsakeBox.objects.create(family=family, vault=ids.new_id(), created_at=NOW)
    gone = [accounts[n].pk for n, state in places if state == "left"]
    Parent.objects.filter(family=family, account__in=gone).update(left_at=NOW)
    return box


def _story(accounts: Sequence[Account], boxes: Sequence[KeepsakeBox], tale: Tale) -> Story:
    box = boxes[tale.family]
    return Story(
        family_id=box.family_id,
        box=box,
        teller=accounts[tale.teller],
        vault=ids.new_id(),
        cloth="slate",
        language="en",
        audience=tale.audience,
        hold=_hold(tale.hold, accounts[0]),
        created_at=NOW,
        asked_at=NOW if tale.asked else None,
        published_at=NOW if tale.published else None,
        withdrawn_at=NOW if tale.withdrawn else None,
        erasing_at=NOW if tale.erasing else None,
    )


def _hold(state: str, host: Account) -> Hold | None:
    if not state:
        return None
    return Hold.objects.create(
        reason=Hold.Reason.FIRST_WORDS,
        held_at=NOW,
        released_at=NOW if state == "released" else None,
        kept_at=NOW if state == "kept" else None,
        decided_by=None if state == "waiting" else host,
    )
