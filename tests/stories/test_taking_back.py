"""C2, C3, V5: narrowing and taking back work at once, also while something else is being asked."""

from __future__ import annotations

import pytest
from django.db import connection

from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import NotAParent
from alongside.stories.models import Consent, Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, draft, says_yes, told, words

pytestmark = pytest.mark.django_db


def _commit_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_c2_asking_for_a_wider_audience_leaves_the_agreed_version_up(cast: Cast) -> None:
    story = told(cast, to=Audience.LIVED)
    _commit_now()
    assert not says_yes(story, cast.mara, to=Audience.OPEN)
    _commit_now()
    assert Story.objects.visible_to(cast.reader(cast.ruth)).get() == story
    assert not Story.objects.visible_to(cast.reader(None)).exists()
    assert says_yes(story, cast.tobias, to=Audience.OPEN)
    _commit_now()
    assert Story.objects.visible_to(cast.reader(None)).get() == story


@pytest.mark.parametrize("asked", [Audience.LIVED, Audience.INVITED])
def test_c2_narrowing_works_while_a_narrower_yes_waits_for_another_version(cast: Cast, asked: Audience) -> None:
    story = told(cast, to=Audience.OPEN)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Said anew."), circumstances=Circumstances(), now=NOW)
        revision = story.chapters.get().newest()
        Consent.say(story.family.parent(cast.mara), revision, asked, Consent.Answer.YES, NOW)
    assert says_yes(story, cast.tobias, to=Audience.MEMBERS)
    _commit_now()
    assert not Story.objects.visible_to(cast.reader(None)).exists()
    assert Story.objects.visible_to(cast.reader(cast.piotr)).get() == story


def test_c2_a_yes_narrowed_in_passing_never_counts_for_more_than_it_was_given_for(cast: Cast) -> None:
    story = told(cast, to=Audience.OPEN)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Said anew."), circumstances=Circumstances(), now=NOW)
    says_yes(story, cast.mara, to=Audience.OPEN)
    assert says_yes(story, cast.tobias, to=Audience.LIVED), "narrowing, nobody is asked"
    assert not says_yes(story, cast.tobias, to=Audience.OPEN), "going back up asks again"
    assert not Story.objects.visible_to(cast.reader(None)).exists()
    assert says_yes(story, cast.mara, to=Audience.OPEN)


@pytest.mark.parametrize("who", ["mara", "tobias"])
@pytest.mark.parametrize("audience", list(Audience))
def test_c3_either_parent_takes_back_at_any_audience(cast: Cast, audience: Audience, who: str) -> None:
    story = told(cast, to=audience)
    by = getattr(cast, who)
    with acting_for(by.pk):
        story.withdraw(by, NOW)
    _commit_now()
    for reader in (None, cast.piotr, cast.ruth, cast.dami):
        assert not Story.objects.visible_to(cast.reader(reader)).exists()
        assert not Story.objects.told().filter(pk=story.pk).exists()


def test_c3_a_yes_that_waited_is_used_up_when_the_other_takes_back(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    with acting_for(cast.tobias.pk):
        story.withdraw(cast.tobias, NOW)
    assert not says_yes(story, cast.tobias)
    assert says_yes(story, cast.mara, at=NOW + A_DAY)


def test_c3_taking_back_twice_does_no_harm(cast: Cast) -> None:
    story = told(cast)
    for by in (cast.mara, cast.tobias):
        with acting_for(by.pk):
            story.withdraw(by, NOW)
    _commit_now()
    assert says_yes(story, cast.mara, cast.tobias)


def test_c3_somebody_else_takes_nothing_back(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.ruth.pk), pytest.raises((NotAParent, Story.DoesNotExist)):
        story.withdraw(cast.ruth, NOW)
    assert Story.objects.visible_to(cast.reader(None)).get() == story


def test_d3_withdrawing_keeps_the_words_for_the_parents(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        story.withdraw(cast.mara, NOW)
    with acting_for(cast.tobias.pk):
        assert "chin" in story.chapters.get().newest().words.text()


def test_c4_a_later_not_yet_unsays_a_waiting_yes(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    with acting_for(cast.mara.pk):
        revision = story.chapters.get().newest()
        Consent.say(story.family.parent(cast.mara), revision, Audience.OPEN, Consent.Answer.NOT_YET, NOW)
    assert not says_yes(story, cast.tobias)
    assert not Story.objects.visible_to(cast.reader(None)).exists()


@pytest.mark.parametrize("answer", [Consent.Answer.NO, Consent.Answer.NOT_YET, Consent.Answer.WITHOUT_PHOTO])
def test_c4_no_other_answer_is_a_yes(cast: Cast, answer: Consent.Answer) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    with acting_for(cast.tobias.pk):
        revision = story.chapters.get().newest()
        Consent.say(story.family.parent(cast.tobias), revision, Audience.OPEN, answer, NOW)
        assert not revision.agreed_for(Audience.OPEN)
    assert not says_yes(story, cast.mara)
