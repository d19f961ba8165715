"""V1–V4: one policy, held against PRODUCT's text in worlds that nobody thought of."""

from __future__ import annotations

import itertools
import uuid

import pytest
from django.db import transaction
from hypothesis import given

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.stories.inviting import carried
from alongside.stories.models import Chapter, Story, StoryPhoto
from alongside.visibility.audience import Audience
from alongside.visibility.policy import visible_to
from alongside.visibility.reader import Reader
from tests.cast import NOW, Cast, block, box_of, draft, join, says_yes, told
from tests.visibility.worlds import SEARCHING, World, build, may_read, worlds

pytestmark = pytest.mark.django_db


@given(world=worlds())
@SEARCHING
def test_v1_v2_v4_the_policy_says_what_product_says(world: World) -> None:
    with transaction.atomic():
        built = build(world)
        readers = itertools.product((None, *range(len(world.people))), (False, True))
        for turn, (who, at_the_device) in enumerate(readers):
            links = carried.links(built.cookie, NOW) if at_the_device else {}
            reader = Reader.of(built.accounts[who], links) if who is not None else Reader.guest(links)
            wanted = {
                story
                for story, tale in zip(built.stories, world.tales, strict=True)
                if may_read(world, who, tale, at_the_device=at_the_device)
            }
            _agree(reader, wanted, built.stories[turn % len(built.stories)])
        transaction.set_rollback(True)


def _agree(reader: Reader, wanted: set[uuid.UUID], one: uuid.UUID) -> None:
    """V3: the list, the count, a single read, and the same asked from another row, all say ``wanted``."""
    listed = list(Story.objects.visible_to(reader).values_list("pk", flat=True))
    assert set(listed) == wanted, "the list"
    assert len(listed) == len(wanted), "no story twice"
    assert Story.objects.visible_to(reader).count() == len(wanted), "the count"
    assert Story.objects.visible_to(reader).filter(pk=one).exists() == (one in wanted), "the single read"
    for model in (Chapter, StoryPhoto):
        beside = model._default_manager.filter(visible_to(reader, via="story__"))
        assert sorted(beside.values_list("story_id", flat=True)) == sorted(wanted), f"asked from {model.__name__}"


def test_v3_absent_and_forbidden_are_the_same(cast: Cast) -> None:
    forbidden = draft(cast.mara, cast.box).pk
    for who in (None, cast.ruth, cast.tobias, cast.dami):
        visible = Story.objects.visible_to(cast.reader(who))
        assert visible.filter(pk=forbidden).first() is None
        assert visible.filter(pk=ids.new_id()).first() is None


@pytest.mark.parametrize(
    ("audience", "guest", "member", "lived"),
    [
        (Audience.FAMILY, False, False, False),
        (Audience.INVITED, False, False, False),
        (Audience.LIVED, False, False, True),
        (Audience.MEMBERS, False, True, True),
        (Audience.OPEN, True, True, True),
    ],
)
def test_v2_each_circle_holds_whom_it_says(cast: Cast, audience: str, guest: bool, member: bool, lived: bool) -> None:
    story = told(cast, to=Audience(audience))
    seen = [
        Story.objects.visible_to(cast.reader(who)).filter(pk=story.pk).exists()
        for who in (None, cast.piotr, cast.ruth, cast.mara, cast.tobias)
    ]
    assert seen == [guest, member, lived, True, True]


def test_v2_a_host_is_no_more_than_a_member(cast: Cast) -> None:
    cast.dami.profile.lived_at = None
    cast.dami.profile.save()
    told(cast, to=Audience.LIVED)
    draft(cast.mara, cast.box)
    assert not Story.objects.visible_to(cast.reader(cast.dami)).exists()


@pytest.mark.parametrize("by_the_parent", [True, False])
@pytest.mark.parametrize("whose", ["mara", "tobias"])
def test_v4_a_block_with_either_parent_works_both_ways(cast: Cast, whose: str, by_the_parent: bool) -> None:
    story = told(cast)
    parent = getattr(cast, whose)
    block(parent, cast.ruth) if by_the_parent else block(cast.ruth, parent)
    assert not Story.objects.visible_to(cast.reader(cast.ruth)).exists()
    assert Story.objects.visible_to(cast.reader(cast.piotr)).get() == story
    assert Story.objects.visible_to(cast.reader(cast.mara)).get() == story


def test_v4_a_block_counts_at_the_next_request(cast: Cast) -> None:
    told(cast)
    assert Story.objects.visible_to(cast.reader(cast.ruth)).count() == 1
    block(cast.tobias, cast.ruth)
    assert Story.objects.visible_to(cast.reader(cast.ruth)).count() == 0


def test_v4_a_blocked_person_who_signs_out_reads_what_is_open(cast: Cast) -> None:
    story = told(cast)
    block(cast.mara, cast.ruth)
    assert Story.objects.visible_to(cast.reader(None)).get() == story


def test_v1_a_draft_is_its_writers_alone_until_she_asks(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert Story.objects.visible_to(cast.reader(cast.mara)).get() == story
    assert not Story.objects.visible_to(cast.reader(cast.tobias)).exists()
    says_yes(story, cast.mara)
    assert Story.objects.visible_to(cast.reader(cast.tobias)).get() == story


def test_c7_a_parent_who_left_reads_what_everybody_reads(cast: Cast) -> None:
    story = told(cast, to=Audience.FAMILY)
    shared = told(cast, to=Audience.LIVED)
    cast.box.family.parent(cast.tobias).leave(NOW)
    assert Story.objects.visible_to(cast.reader(cast.tobias)).get() == shared
    assert set(Story.objects.visible_to(cast.reader(cast.mara))) == {story, shared}


def test_d3_a_story_taken_back_stays_with_its_parents_alone(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.tobias.pk):
        story.withdraw(cast.tobias, NOW)
    for who in (None, cast.ruth, cast.dami):
        assert not Story.objects.visible_to(cast.reader(who)).exists()
    for parent in (cast.mara, cast.tobias):
        assert Story.objects.visible_to(cast.reader(parent)).get() == story


def test_v1_another_familys_box_opens_nothing(cast: Cast) -> None:
    told(cast, to=Audience.FAMILY)
    other = join("Oluchi")
    own = draft(other, box_of(other, name="Sol"))
    assert Story.objects.visible_to(cast.reader(other)).get() == own


def test_c2_which_change_only_takes_readers_away() -> None:
    """The text: family < invited < open, and family < lived < members < open; anything else counts as wider."""
    chains = (["family", "invited", "open"], ["family", "lived", "members", "open"])
    for one in Audience:
        for other in Audience:
            narrower = any(
                one in chain and other in chain and chain.index(one) < chain.index(other) for chain in chains
            )
            assert one.narrower_than(other) == narrower, (one, other)


def test_m1_strangers_are_whom_the_family_did_not_name() -> None:
    assert {audience for audience in Audience if audience.reaches_strangers} == {"lived", "members", "open"}


def test_v2_whom_no_host_has_let_in_yet_reads_what_a_guest_reads(cast: Cast) -> None:
    story = told(cast, to=Audience.MEMBERS)
    Account.objects.filter(pk=cast.ruth.pk).update(admitted_at=None)
    cast.ruth.refresh_from_db()
    assert not Story.objects.visible_to(cast.reader(cast.ruth)).filter(pk=story.pk).exists()
    cast.ruth.admit(NOW)
    assert Story.objects.visible_to(cast.reader(cast.ruth)).filter(pk=story.pk).exists()
