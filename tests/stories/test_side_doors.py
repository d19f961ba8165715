"""S5, C2, C6, V1, L1: doors beside the front one, each tried by an attacker once, each shut."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.erasing import Gone, finish_due
from alongside.keepsakes.models import Erasure
from alongside.stories import erasing
from alongside.stories.composing.drafts import From, keep_version, of_revision
from alongside.stories.composing.forms import ChapterForm
from alongside.stories.models import Link, LinkYes, Revision, Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, draft, told, words
from tests.home.browser import Browser
from tests.stories.editor import Desk
from tests.stories.invited import named

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(cast: Cast) -> Story:
    """A story for invited people."""
    return told(cast, to=Audience.INVITED)


def test_s5_the_database_empties_no_story_that_nobody_asked_to_erase(cast: Cast) -> None:
    story = told(cast)
    row = Erasure(kind=Erasure.Kind.STORY, subject=story.pk, vault=story.vault)
    row.viewer, row.asked_at = cast.piotr.pk, NOW
    for due_at, done_at in ((timezone.now() + A_DAY, None), (NOW - 3 * A_DAY, NOW - 2 * A_DAY)):
        row.pk, row.due_at, row.done_at = ids.new_id(), due_at, done_at
        row.save(force_insert=True)
        with pytest.raises(DatabaseError, match="not due"), transaction.atomic(), acting_for(cast.piotr.pk):
            Story.objects.filter(pk=story.pk).update(erasing_at=NOW - A_DAY)
            erasing.remove_story(row)
    with acting_for(cast.mara.pk):
        assert Revision.objects.filter(chapter__story=story).exists()


def test_v1_anothers_draft_is_nothing_that_could_come_back(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    with pytest.raises(Gone), acting_for(cast.tobias.pk):
        erasing.bring_back(story.pk, cast.tobias, NOW)
    with acting_for(cast.mara.pk):
        erasing.agree_to_erase(story, cast.mara, timezone.now())
        assert erasing.bring_back(story.pk, cast.mara, timezone.now()).erasing_at is None


def test_s5_nobody_takes_a_yes_away_from_another_familys_name(cast: Cast, story: Story) -> None:
    link, _ = named(story, cast.mara, cast.tobias)
    for viewer in (None, cast.piotr.pk, cast.ruth.pk):
        with acting_for(viewer):
            assert LinkYes.objects.filter(link=link).delete()[0] == 0
    with acting_for(cast.tobias.pk):
        assert LinkYes.objects.filter(link=link).delete()[0] == 2, "to let fewer people read needs one parent"


def test_l1_an_erased_storys_links_go_though_who_asked_has_left(cast: Cast, story: Story) -> None:
    named(story, cast.mara, cast.tobias)
    with acting_for(cast.mara.pk):
        erasing.agree_to_erase(story, cast.mara, NOW)
    cast.box.family.parent(cast.mara).leave(NOW)
    Story.objects.filter(pk=story.pk).update(erasing_at=NOW - A_DAY)
    Erasure.objects.update(due_at=NOW - A_DAY)
    assert finish_due(NOW, {Erasure.Kind.STORY: erasing.remove_story}) == 1
    assert not Link.objects.exists()


def test_c6_no_page_says_that_somebody_named_gave_a_yes(cast: Cast) -> None:
    """Who else stands behind it is written freely, also by a parent who is alone."""
    story = told(cast, words(others=("Ilse", "Jo")), to=Audience.OPEN)
    page = Browser().get(f"/read/{ids.show(story.pk)}/").content.decode()
    assert "Told by Mara, with Ilse and Jo." in page
    assert "yes" not in page.split("Told by Mara")[1].split("</p>")[0]


def test_c2_nobody_alone_changes_the_language_of_what_stands_open(cast: Cast) -> None:
    story = told(cast, to=Audience.INVITED)
    desk = Desk(cast.tobias, story.chapters.get())
    answer = desk.send("version", language="de")
    assert answer.status_code == 422
    assert "stands open in this language" in answer.content.decode()
    story.refresh_from_db()
    assert story.language == "en"
    assert desk.send("version", language="en").status_code == 302
    with acting_for(cast.mara.pk):
        story.withdraw(cast.mara, NOW)
    desk.open()
    assert desk.send("version", language="de").status_code == 302
    story.refresh_from_db()
    assert story.language == "de"


def test_c2_what_opened_meanwhile_keeps_its_language(cast: Cast) -> None:
    story = told(cast, to=Audience.INVITED)
    chapter = story.chapters.get()
    with acting_for(cast.tobias.pk):
        newest = of_revision(chapter.newest())
        said = dict(newest.lines) | {"language": "de"}
        form = ChapterForm(said)
        assert form.is_valid(), form.errors
        keep_version(chapter, cast.tobias, newest, form.cleaned_data, From(0, 1, ""), NOW)
    story.refresh_from_db()
    assert story.language == "en"


def test_v1_a_further_chapter_says_who_sees_it_before_it_is_begun(cast: Cast) -> None:
    says = "Everyone who holds the box sees its title"
    shown, hidden = told(cast, to=Audience.INVITED), draft(cast.mara, cast.box)
    pages = [Browser(cast.mara).get(f"/box/story/{ids.show(one.pk)}/add/").content.decode() for one in (shown, hidden)]
    assert [says in page for page in pages] == [True, False], "a draft is its writer's alone, and so is what is added"
