"""C1–C3, C6: a story opens with every parent's yes to exactly this, and closes with anyone's word."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import NotAParent
from alongside.stories.models import Chapter, Consent, Revision, Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, box_of, draft, join, says_yes, told, words

pytestmark = pytest.mark.django_db


def test_c1_one_yes_of_two_opens_nothing(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert not says_yes(story, cast.mara)
    assert story.published_at is None
    assert not Story.objects.visible_to(cast.reader(None)).exists()


def test_c1_the_second_yes_opens_it(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert says_yes(story, cast.mara, cast.tobias)
    assert story.published_at == NOW
    assert story.audience == Audience.OPEN


def test_c5_a_parent_on_her_own_needs_nobody_else(cast: Cast) -> None:
    box = box_of(cast.ruth, name="Noa")
    assert says_yes(draft(cast.ruth, box), cast.ruth)


def test_c1_a_yes_to_another_audience_does_not_count(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara, to=Audience.LIVED)
    assert not says_yes(story, cast.tobias, to=Audience.OPEN)
    assert story.published_at is None


def test_c2_changed_words_wait_while_the_agreed_ones_stay_up(cast: Cast) -> None:
    story = told(cast)
    chapter = story.chapters.get()
    before = chapter.open_revision_id
    with acting_for(cast.mara.pk):
        chapter.revise(cast.mara, words("He had Tobias's chin, and my feet."), circumstances=Circumstances(), now=NOW)
    assert not says_yes(story, cast.mara)
    assert story.stands_open
    assert story.chapters.get().open_revision_id == before
    assert says_yes(story, cast.tobias)
    assert story.chapters.get().open_revision_id != before


def test_c2_narrowing_needs_nobody_and_going_back_up_asks_everyone(cast: Cast) -> None:
    story = told(cast, to=Audience.OPEN)
    assert says_yes(story, cast.tobias, to=Audience.MEMBERS, at=NOW)
    assert story.audience == Audience.MEMBERS
    assert not says_yes(story, cast.tobias, to=Audience.OPEN, at=NOW + A_DAY)
    assert story.audience == Audience.MEMBERS
    assert says_yes(story, cast.mara, to=Audience.OPEN, at=NOW + A_DAY)


def test_c3_any_parent_takes_it_back_at_once(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.tobias.pk):
        story.withdraw(cast.tobias, NOW)
    assert not Story.objects.visible_to(cast.reader(None)).exists()
    assert not says_yes(story, cast.mara), "what was taken back needs everyone's yes again"
    assert says_yes(story, cast.tobias)


def test_c1_somebody_else_cannot_say_yes(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    with acting_for(cast.ruth.pk), pytest.raises((NotAParent, Revision.DoesNotExist)):
        story.publish(cast.ruth, Audience.OPEN, NOW)


def test_c7_a_parent_who_left_no_longer_counts(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    cast.box.family.parent(cast.tobias).leave(NOW)
    assert says_yes(story, cast.mara)


def test_c6_the_digest_covers_words_circumstances_and_audience(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        chapter = story.chapters.get()
        one = chapter.newest()
        same = chapter.revise(cast.mara, one.words, circumstances=one.circumstances, now=NOW)
        other_words = chapter.revise(cast.mara, words("Other."), circumstances=one.circumstances, now=NOW)
        other_facts = chapter.revise(cast.mara, one.words, circumstances=Circumstances(weeks=24), now=NOW)
        assert one.digest(Audience.OPEN) == same.digest(Audience.OPEN)
        assert one.digest(Audience.OPEN) != one.digest(Audience.LIVED)
        assert one.digest(Audience.OPEN) != other_words.digest(Audience.OPEN)
        assert one.digest(Audience.OPEN) != other_facts.digest(Audience.OPEN)


def _commit_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_c1_the_database_refuses_a_story_that_opens_without_every_yes(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    with acting_for(cast.mara.pk):
        revision = story.chapters.get().newest()
    with pytest.raises(IntegrityError), transaction.atomic():
        Chapter.objects.filter(story=story).update(open_revision=revision)
        Story.objects.filter(pk=story.pk).update(published_at=NOW, audience=Audience.OPEN)
        _commit_now()


def test_c1_the_database_refuses_an_audience_that_nobody_agreed_to(cast: Cast) -> None:
    story = told(cast, to=Audience.LIVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(audience=Audience.OPEN)
        _commit_now()


def test_c7_the_database_refuses_a_new_parent_who_has_not_answered(cast: Cast) -> None:
    told(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.box.family.accept(join("Oluchi"), NOW)
        _commit_now()


def test_c6_the_database_refuses_a_yes_in_somebody_elses_name(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    tobias = cast.box.family.parent(cast.tobias)
    with acting_for(cast.mara.pk):
        revision = story.chapters.get().newest()
    with pytest.raises(Exception, match="row-level security"), acting_for(cast.mara.pk):
        Consent.say(tobias, revision, Audience.OPEN, Consent.Answer.YES, NOW)


def test_c6_the_database_refuses_to_widen_a_yes_that_was_given(cast: Cast) -> None:
    told(cast, to=Audience.LIVED)
    with pytest.raises(IntegrityError), acting_for(cast.mara.pk):
        Consent.objects.update(covers=Audience.OPEN)


def test_c6_the_database_leaves_a_revision_as_it_was_agreed(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        assert Revision.objects.filter(chapter__story=story).update(number=7) == 0
