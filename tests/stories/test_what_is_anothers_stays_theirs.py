"""C5, C8, D1, D3: what of a story is another's goes nowhere without their yes, and is not lost when somebody goes."""

from __future__ import annotations

import pytest

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.stories.coming_and_going import leave
from alongside.stories.erasing import agree_to_erase
from alongside.stories.models import Asking, Consent, NeedsAnothersYes, Over, Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, draft, says_yes, told, words
from tests.families.guests import is_fresh
from tests.home.browser import Browser
from tests.stories.editor import Desk
from tests.stories.test_composing import begins, newest, puts, puts_photo

pytestmark = pytest.mark.django_db
ASK_AGAIN = "It needs their own yes, which can’t be asked for here yet"


def goes(who: Account, cast: Cast, *, take: bool = True) -> None:
    leave(cast.box.family, who, keep_copy=True, take_mine=take, now=NOW)


def asked(story: Story, by: Account) -> Asking:
    with acting_for(by.pk):
        return story.askings.open().get()


def with_his_photo(cast: Cast) -> Story:
    """Mara tells, with a photograph that Tobias put in."""
    return begins(cast.mara, cast.box, puts_photo(cast.tobias, cast.box, "The blind", baby=False)).story


def shares(story: Story, by: Account) -> str:
    with acting_for(by.pk):
        shown = " ".join(ids.show(chapter.newest().pk) for chapter in story.chapters.order_by("place"))
    form = {"audience": "invited", "shown": shown, "note": ""}
    answer = is_fresh(Browser(by, checks_tokens=False)).post(f"/box/story/{ids.show(story.pk)}/share/", form)
    return str(answer.content.decode())


def test_c8_what_somebody_contributed_who_left_with_a_no_is_not_shared_by_the_other_alone(cast: Cast) -> None:
    story = with_his_photo(cast)
    says_yes(story, cast.mara, to=Audience.INVITED)
    with acting_for(cast.tobias.pk):
        asked(story, cast.tobias).say(cast.tobias, Consent.Answer.NO, NOW)
    goes(cast.tobias, cast)
    with pytest.raises(NeedsAnothersYes):
        says_yes(story, cast.mara, to=Audience.INVITED)
    assert ASK_AGAIN in shares(story, cast.mara)
    story.refresh_from_db()
    assert not story.stands_open


def test_c8_what_somebody_wrote_who_left_unasked_is_not_shared_by_the_other_alone(cast: Cast) -> None:
    story = told(cast, to=Audience.INVITED)
    with acting_for(cast.tobias.pk):
        story.add_chapter(cast.tobias, words("His alone.", title="His", told_by="Tobias"), now=NOW)
    goes(cast.tobias, cast)
    with pytest.raises(NeedsAnothersYes):
        says_yes(story, cast.mara, to=Audience.INVITED)
    story.refresh_from_db()
    assert story.stands_open, "what stands open with his yes stays"


def test_c8_a_yes_that_stands_is_enough_after_leaving(cast: Cast) -> None:
    story = with_his_photo(cast)
    says_yes(story, cast.mara, cast.tobias, to=Audience.INVITED)
    goes(cast.tobias, cast)
    with acting_for(cast.mara.pk):
        story.add_chapter(cast.mara, words("Later.", title="Later"), now=NOW)
    assert says_yes(story, cast.mara, to=Audience.INVITED)
    with pytest.raises(NeedsAnothersYes):
        says_yes(story, cast.mara, to=Audience.OPEN)


def test_c8_a_question_about_what_is_somebodys_who_left_says_so_kindly(cast: Cast) -> None:
    with acting_for(cast.ruth.pk):
        cast.box.family.accept(cast.ruth, NOW)
    story = with_his_photo(cast)
    says_yes(story, cast.mara, to=Audience.INVITED)
    goes(cast.tobias, cast)
    where = f"/box/yes/{ids.show(asked(story, cast.ruth).pk)}/"
    answer = is_fresh(Browser(cast.ruth, checks_tokens=False)).post(where, {"answer": "yes"})
    assert (answer.status_code, ASK_AGAIN in answer.content.decode()) == (422, True)


def test_c5_who_leaves_and_takes_what_is_theirs_is_asked_for_no_more(cast: Cast) -> None:
    dear = puts(cast.mara, cast.box, "text", text="Mara’s own words.")
    photo = puts_photo(cast.tobias, cast.box, "The blind", baby=False)
    story = begins(cast.mara, cast.box, photo, dear).story
    says_yes(story, cast.mara, to=Audience.INVITED)
    question = asked(story, cast.tobias)
    goes(cast.mara, cast)
    with acting_for(cast.tobias.pk), pytest.raises(Over):
        question.yes(cast.tobias, NOW)
    with pytest.raises(NeedsAnothersYes):
        says_yes(story, cast.tobias, to=Audience.INVITED)


def test_v1_what_was_shown_to_nobody_is_erased_by_its_teller_whoever_contributed(cast: Cast) -> None:
    story = with_his_photo(cast)
    with acting_for(cast.mara.pk):
        assert agree_to_erase(story, cast.mara, NOW) is not None


def test_v1_what_was_shown_to_nobody_goes_along_whoever_contributed_and_is_not_shared_without_him(cast: Cast) -> None:
    story = with_his_photo(cast)
    goes(cast.mara, cast, take=False)
    with acting_for(cast.mara.pk):
        assert Story.objects.visible_to(cast.reader(cast.mara)).filter(pk=story.pk).exists()
    story.refresh_from_db()
    with pytest.raises(NeedsAnothersYes):
        says_yes(story, cast.mara, to=Audience.INVITED)


@pytest.mark.parametrize("then", ["written", "put up"])
def test_d3_a_yes_to_erasing_is_forgotten_when_something_is_written_or_put_up(cast: Cast, then: str) -> None:
    story = told(cast, to=Audience.INVITED)
    with acting_for(cast.tobias.pk):
        story.chapters.get().revise(cast.tobias, words("His too."), circumstances=Circumstances(), now=NOW)
    with acting_for(cast.mara.pk):
        assert agree_to_erase(story, cast.mara, NOW) is None
    if then == "written":
        with acting_for(cast.tobias.pk):
            story.add_chapter(cast.tobias, words("Two years on.", title="Later"), now=NOW + A_DAY)
    else:
        assert says_yes(story, cast.mara, cast.tobias, to=Audience.INVITED)
    with acting_for(cast.tobias.pk):
        assert agree_to_erase(story, cast.tobias, NOW + A_DAY) is None, "Mara's yes was to what stood there before"
    with acting_for(cast.mara.pk):
        assert agree_to_erase(story, cast.mara, NOW + A_DAY) is not None


def test_d1_what_another_is_writing_at_a_story_keeps_it_where_they_find_it(cast: Cast) -> None:
    story = told(cast, to=Audience.INVITED)
    desk = Desk(cast.tobias, story.chapters.get())
    desk.send("keep", text="Tobias is typing")
    with acting_for(cast.mara.pk):
        assert agree_to_erase(story, cast.mara, NOW) is None, "it needs his yes too"
    goes(cast.mara, cast)
    assert "Tobias is typing" in desk.page()
    story.refresh_from_db()
    assert not story.stands_open


def test_d1_what_nobody_else_is_writing_at_goes_along(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara, to=Audience.INVITED)
    desk = Desk(cast.mara, story.chapters.get())
    desk.send("keep", text="Mara is typing")
    goes(cast.mara, cast)
    assert "Mara is typing" in desk.page()
    assert newest(desk.chapter, cast.mara).author_id == cast.mara.pk
