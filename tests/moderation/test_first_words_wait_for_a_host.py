"""M1: a newcomer's first story to strangers is read by a host before anybody else reads it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.moderation.first_words import hold_for_newcomer
from alongside.moderation.models import Hold, NotAHost
from alongside.stories.models import Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, draft, says_yes, told, words

pytestmark = pytest.mark.django_db


def newcomers_story(cast: Cast, to: Audience = Audience.OPEN) -> Story:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara, cast.tobias, to=to)
    return story


def readers_of(cast: Cast, story: Story) -> set[str]:
    people = {"guest": None, "ruth": cast.ruth, "piotr": cast.piotr, "dami": cast.dami}
    people |= {"mara": cast.mara, "tobias": cast.tobias}
    return {
        name for name, who in people.items() if Story.objects.visible_to(cast.reader(who)).filter(pk=story.pk).exists()
    }


@pytest.mark.parametrize("to", [Audience.LIVED, Audience.MEMBERS, Audience.OPEN])
def test_m1_until_it_is_released_it_exists_for_the_family_alone(cast: Cast, to: Audience) -> None:
    story = newcomers_story(cast, to)
    assert story.hold is not None
    assert readers_of(cast, story) == {"mara", "tobias"}
    assert not Story.objects.told().filter(pk=story.pk).exists(), "not in lists, counts or the index either"
    story.hold.release(cast.dami, NOW)
    assert readers_of(cast, story) >= {"ruth", "mara", "tobias"}
    assert Story.objects.told().filter(pk=story.pk).exists()


@pytest.mark.parametrize("to", [Audience.FAMILY, Audience.INVITED])
def test_m1_nothing_is_held_that_no_stranger_reads(cast: Cast, to: Audience) -> None:
    assert newcomers_story(cast, to).hold is None


def test_m1_widening_to_strangers_is_held_too(cast: Cast) -> None:
    story = newcomers_story(cast, Audience.INVITED)
    says_yes(story, cast.mara, cast.tobias, to=Audience.OPEN)
    assert readers_of(cast, story) == {"mara", "tobias"}


def test_m1_a_second_story_is_not_held(cast: Cast) -> None:
    told(cast)
    second = draft(cast.mara, cast.box, words(title="Ansel, again"))
    assert says_yes(second, cast.mara, cast.tobias)
    assert second.hold is None
    assert "guest" in readers_of(cast, second)


def test_m1_a_second_story_is_held_while_the_first_one_waits(cast: Cast) -> None:
    newcomers_story(cast)
    assert newcomers_story(cast).hold is not None


def test_m1_another_version_does_not_slip_past_a_hold(cast: Cast) -> None:
    story = newcomers_story(cast)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Other."), circumstances=Circumstances(), now=NOW)
    says_yes(story, cast.mara, cast.tobias)
    assert readers_of(cast, story) == {"mara", "tobias"}


def test_m1_taking_back_and_telling_again_does_not_slip_past_a_hold(cast: Cast) -> None:
    story = newcomers_story(cast)
    with acting_for(cast.mara.pk):
        story.withdraw(cast.mara, NOW)
    says_yes(story, cast.mara, cast.tobias)
    assert readers_of(cast, story) == {"mara", "tobias"}


def test_m1_what_was_let_through_stays_so_when_it_is_told_again(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        story.withdraw(cast.mara, NOW)
    says_yes(story, cast.mara, cast.tobias)
    assert "guest" in readers_of(cast, story)


@pytest.mark.parametrize("who", ["mara", "tobias", "ruth", "piotr"])
def test_m1_nobody_but_a_host_lets_it_through(cast: Cast, who: str) -> None:
    story = newcomers_story(cast)
    assert story.hold is not None
    with pytest.raises(NotAHost):
        story.hold.release(getattr(cast, who), NOW)
    assert readers_of(cast, story) == {"mara", "tobias"}


def test_m1_a_host_to_be_is_not_yet_one(cast: Cast) -> None:
    cast.ruth.host_since = NOW + A_DAY
    hold = newcomers_story(cast).hold
    assert hold is not None
    with pytest.raises(NotAHost):
        hold.release(cast.ruth, NOW)


def test_m1_somebody_who_is_a_host_no_longer_lets_nothing_through(cast: Cast) -> None:
    """Her own copy of the row, read before she stopped, does not make her one."""
    hold = newcomers_story(cast).hold
    assert hold is not None
    Account.objects.filter(pk=cast.dami.pk).update(host_since=None)
    with pytest.raises(NotAHost):
        hold.release(cast.dami, NOW)


def test_m4_a_decision_has_a_decider_and_is_one_or_the_other(cast: Cast) -> None:
    hold = hold_for_newcomer(0, NOW)
    assert hold is not None
    for wrong in ({"released_at": NOW}, {"released_at": NOW, "kept_at": NOW, "decided_by": cast.dami}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(pk=hold.pk).update(**wrong)


def test_m1_a_hold_names_nobody_and_no_words(cast: Cast) -> None:
    hold = newcomers_story(cast).hold
    assert "Mara" not in repr(hold)
    assert "chin" not in repr(hold)
