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
from alongside.stories.models import Chapter, Link, Story, StoryPhoto
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
class Named:
    """A link to a story, by number: which parents said yes, before they left or now, and what became of it."""

    tale: int
    yes: frozenset[tuple[int, str]]
    carried: bool
    revoked: bool
    expires: str


@dataclass(frozen=True)
class World:
    """People (lived it or not), families as (person, "here" "left" "returned"), blocks as pairs, stories, and links."""

    people: Sequence[bool]
    families: Sequence[Sequence[tuple[int, str]]]
    blocks: frozenset[tuple[int, int]]
    tales: Sequence[Tale]
    links: Sequence[Named]

    def parents(self, family: int) -> frozenset[int]:
        """C7: those who have not left."""
        return frozenset(person for person, state in self.families[family] if state != "left")


def link_stands(world: World, link: Named) -> bool:
    """C2, C7: neither taken back nor over, and every current parent of the story's family has said yes to it."""
    tale = world.tales[link.tale]
    return (
        not link.revoked
        and link.expires != "over"
        and all((who, "now") in link.yes and may_say(tale, who) for who in world.parents(tale.family))
    )


def may_say(tale: Tale, who: int) -> bool:
    """V1: of a draft nobody knows but its writer."""
    return tale.asked or tale.teller == who


def may_read(world: World, who: int | None, tale: Tale, *, at_the_device: bool = False) -> bool:
    """PRODUCT V1–V4, C3, D3, M1 for one person (None: a guest) and one story.

    ``at_the_device``: they sit before the one device that carries links.
    """
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
        case "invited":
            carried = (link for link in world.links if link.carried and world.tales[link.tale] is tale)
            return at_the_device and any(link_stands(world, link) for link in carried)
        case _:  # family
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
    tale = st.builds(  # invited as often as not: links have rules of their own
        Tale,
        family=st.integers(0, len(families) - 1),
        teller=person,
        audience=st.sampled_from(["family", "lived", "members", "open", "invited", "invited", "invited", "invited"]),
        asked=st.sampled_from([True, True, True, False]),
        published=st.sampled_from([True, True, True, False]),
        withdrawn=st.sampled_from([False, False, False, False, True]),
        erasing=st.sampled_from([False, False, False, False, False, True]),
        hold=st.sampled_from(["", "", "", "waiting", "released", "kept"]),
    )
    tales = draw(st.lists(tale, min_size=4, max_size=10))
    everyone = frozenset((who, when) for who in range(len(people)) for when in ("now", "before"))
    link = st.builds(
        Named,
        tale=st.integers(0, len(tales) - 1),
        yes=st.one_of(st.just(everyone), st.just(everyone), st.frozensets(st.sampled_from(sorted(everyone)))),
        carried=st.sampled_from([True, True, True, False]),
        revoked=st.sampled_from([False, False, True]),
        expires=st.sampled_from(["never", "later", "over"]),
    )
    return World(people, families, blocks, tales, draw(st.lists(link, min_size=2, max_size=10)))


@dataclass(frozen=True)
class Built:
    """A world as rows: accounts by number, stories by number, and the cookie of the device that carries links."""

    accounts: Sequence[Account]
    stories: Sequence[uuid.UUID]
    cookie: str


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
    boxes = [_family(accounts, [person for person, _ in family]) for family in world.families]
    stories = [_story(accounts, boxes, tale) for tale in world.tales]
    Story.objects.bulk_create(stories)
    Chapter.objects.bulk_create(Chapter(story=story, place=0, created_at=NOW) for story in stories)
    StoryPhoto.objects.bulk_create(
        StoryPhoto(story=story, contributed_by_id=story.teller_id, item=ids.new_id(), width=1, height=1, created_at=NOW)
        for story in stories
    )
    links = [_link(stories[link.tale], link) for link in world.links]
    for box, family in zip(boxes, world.families, strict=True):
        _say_yes(world, accounts, links, box, "before", {n for n, state in family if state != "here"})
        _come_and_go(accounts, family, box)
        _say_yes(world, accounts, links, box, "now", {n for n, state in family if state != "left"})
    tokens = [link.bind() for link, said in zip(links, world.links, strict=True) if said.carried]
    return Built(accounts, [story.pk for story in stories], ".".join(tokens))


def _family(accounts: Sequence[Account], people: Sequence[int]) -> KeepsakeBox:
    family = Family.objects.create(created_at=NOW)
    Parent.objects.bulk_create(Parent(family=family, account=accounts[n], joined_at=NOW - 2 * A_DAY) for n in people)
    with acting_for(accounts[people[0]].pk):
        return KeepsakeBox.objects.create(family=family, vault=ids.new_id(), created_at=NOW)


def _come_and_go(accounts: Sequence[Account], places: Sequence[tuple[int, str]], box: KeepsakeBox) -> None:
    gone = [accounts[n].pk for n, state in places if state != "here"]
    Parent.objects.filter(family=box.family_id, account__in=gone).update(left_at=NOW - A_DAY)
    Parent.objects.bulk_create(
        Parent(family_id=box.family_id, account=accounts[n], joined_at=NOW)
        for n, state in places
        if state == "returned"
    )


def _link(story: Story, said: Named) -> Link:
    ends = {"never": None, "later": NOW + A_DAY, "over": NOW}[said.expires]
    made = {"made_by_id": story.teller_id, "made_at": NOW, "code_hash": b"digest", "name_sealed": b"sealed"}
    return Link.objects.create(story=story, expires_at=ends, revoked_at=NOW if said.revoked else None, **made)


def _say_yes(
    world: World, accounts: Sequence[Account], links: Sequence[Link], box: KeepsakeBox, when: str, people: set[int]
) -> None:
    for link, said in zip(links, world.links, strict=True):
        tale = world.tales[said.tale]
        for who in people if link.story.family_id == box.family_id else ():
            if (who, when) in said.yes and may_say(tale, who):
                with acting_for(accounts[who].pk):
                    link.yeses.create(parent=box.family.parent(accounts[who]), at=NOW)


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
