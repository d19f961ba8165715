"""C1–C4, V1, D3 through the pages: who it is for, what is asked, the four answers, taking back, erasing."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from html import unescape
from typing import Any

import pytest
from pytest_django import Settings

from alongside.accounts import fresh
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.media.renditions import Rendition
from alongside.stories.models import Consent, Story
from alongside.stories.photographs import put_photo
from alongside.stories.words import Words
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, box_of, draft, told, words
from tests.families.guests import is_fresh
from tests.home.browser import Browser

pytestmark = pytest.mark.django_db
PIXELS = Rendition(b"RIFF....WEBP", 4, 3)


@pytest.fixture(autouse=True)
def a_demonstration(settings: Settings) -> None:
    """Strangers are offered in a demonstration alone, until hosts have their queue."""
    settings.DEMO = True


def at(story: Story, tail: str = "") -> str:
    from django.urls import reverse

    return reverse("telling:story", args=[story.pk]) + tail


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def shown(browser: Browser, story: Story) -> str:
    page = browser.get(at(story, "share/")).content.decode()
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found
    return found[1]


def asks(who: Account, story: Story, to: Audience = Audience.OPEN, **more: str) -> Any:
    browser = is_fresh(Browser(who, checks_tokens=False))
    return browser.post(at(story, "share/"), {"audience": to, "shown": shown(browser, story)} | more)


def answers(who: Account, story: Story, answer: str, **more: Any) -> Any:
    with acting_for(story.teller_id):
        asking = story.askings.open().get()
    return is_fresh(Browser(who, checks_tokens=False)).post(_question(asking), {"answer": answer} | more)


def _question(asking: Any) -> str:
    from django.urls import reverse

    return reverse("telling:answer", args=[asking.pk])


def is_open(cast: Cast, story: Story) -> bool:
    story.refresh_from_db()
    if story.hold is not None and story.hold.released_at is None:
        story.hold.release(cast.dami, NOW)
    return Story.objects.visible_to(cast.reader(None)).filter(pk=story.pk).exists()


def test_c1_sharing_asks_the_other_parent_and_nothing_moves_until_then(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert Browser(cast.tobias).get(at(story)).status_code == 404
    page = Browser(cast.mara).get(at(story, "share/"))
    assert "We’ll ask Tobias before anything moves." in said(page)
    assert "Ask Tobias" in said(page)
    assert asks(cast.mara, story, note="When you can.").status_code == 302
    assert not is_open(cast, story)
    mine = said(Browser(cast.mara).get(at(story)))
    assert "nothing moves until everyone has answered" in mine
    assert "Nobody is reminded" in mine
    with acting_for(cast.mara.pk):
        question = _question(story.askings.get())
    his = said(Browser(cast.tobias).get(question))
    for words_of_it in ("Mara would like to share Ansel", "When you can.", "He was born before it was light."):
        assert words_of_it in his
    assert answers(cast.tobias, story, "yes").status_code == 302
    assert is_open(cast, story)


@pytest.mark.parametrize("answer", ["not_yet", "no"])
def test_c4_not_yet_and_no_look_alike_to_who_asked(cast: Cast, answer: str) -> None:
    story = draft(cast.mara, cast.box)
    asks(cast.mara, story)
    before = said(Browser(cast.mara).get(at(story)))
    answers(cast.tobias, story, answer)
    hers = said(Browser(cast.mara).get(at(story)))
    assert hers == before.replace("Nobody is reminded. ", "Nobody is reminded. Tobias said not yet. ")
    again = asks(cast.mara, story)
    assert again.status_code == 302, "the same question stands"
    Browser(cast.mara, checks_tokens=False).post(at(story, "take-back/"))
    again = asks(cast.mara, story)
    assert again.status_code == 422
    assert "You have asked this already." in said(again)
    assert not is_open(cast, story)


def test_c4_the_four_answers_have_one_form_one_size_and_one_colour(cast: Cast) -> None:
    story = _with_photo(cast)
    asks(cast.mara, story)
    with acting_for(cast.mara.pk):
        page = Browser(cast.tobias).get(_question(story.askings.get())).content.decode()
    buttons = re.findall(r'<button type="submit"([^>]*) name="answer" value="(\w+)">', page)
    assert [value for _, value in buttons] == ["yes", "without_photo", "not_yet", "no"]
    assert {more for more, _ in buttons} == {""}


def _with_photo(cast: Cast) -> Story:
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        beat = put_photo(story, cast.mara, PIXELS, shows="A hat", taken_by="", baby=False, now=NOW)
        with_photo = Words(title="Ansel", beats=(*words().beats, beat), told_by="Mara")
        story.chapters.get().revise(cast.mara, with_photo, circumstances=Circumstances(), now=NOW)
    return story


def test_c4_yes_without_the_photo_asks_the_other_in_turn(cast: Cast) -> None:
    story = _with_photo(cast)
    asks(cast.mara, story)
    assert answers(cast.tobias, story, "without_photo").status_code == 302
    assert not is_open(cast, story)
    with acting_for(cast.mara.pk):
        question = _question(story.askings.open().get())
    hers = said(Browser(cast.mara).get(question))
    assert "Tobias would like to share Ansel" in hers
    assert "Before A photo: A hat Now It is not there any more" in hers
    answers(cast.mara, story, "yes")
    assert is_open(cast, story)
    assert "A hat" not in said(Browser().get(f"/read/{at(story).split('/')[3]}/"))


def test_c6_what_changed_since_my_last_yes_is_shown_side_by_side(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        chapter = story.chapters.get()
        was = chapter.newest().words
        changed = replace(
            was, beats=(replace(was.beats[0], text="They looked away."), *was.beats[1:]), title="Our Ansel"
        )
        chapter.revise(cast.mara, changed, circumstances=Circumstances(weeks=24), now=NOW)
    asks(cast.mara, story)
    with acting_for(cast.mara.pk):
        question = _question(story.askings.open().get())
    his = said(Browser(cast.tobias).get(question))
    assert "Its title Before Ansel Now Our Ansel" in his
    assert "Before They turned the screen away from us, slowly. Now They looked away." in his
    assert "What happened Before It was not there Now 24" in his
    assert is_open(cast, story), "the version they agreed to stays up meanwhile (C2)"


def test_c1_a_yes_on_a_page_that_is_older_than_the_story_is_not_taken(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    browser = is_fresh(Browser(cast.mara, checks_tokens=False))
    before = shown(browser, story)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Other."), circumstances=Circumstances(), now=NOW)
    late = browser.post(at(story, "share/"), {"audience": "open", "shown": before, "note": "A word of mine"})
    assert late.status_code == 422
    assert "It was changed while this page was open." in said(late)
    assert "A word of mine" in said(late), "what was typed stays (D1)"
    with acting_for(cast.mara.pk):
        assert not Consent.objects.exists()


def test_c5_a_parent_on_her_own_is_asked_for_nobody(cast: Cast) -> None:
    story = draft(cast.ruth, box_of(cast.ruth, name="Noa"))
    page = said(Browser(cast.ruth).get(at(story, "share/")))
    assert "Share it" in page
    assert "ask" not in page.lower().replace("nobody is asked", "")
    asks(cast.ruth, story)
    assert is_open(cast, story)


def test_c3_either_parent_takes_it_back_with_one_press(cast: Cast) -> None:
    story = told(cast)
    assert is_open(cast, story)
    assert Browser(cast.tobias, checks_tokens=False).post(at(story, "take-back/")).status_code == 302
    assert not is_open(cast, story)
    assert Browser().get(f"/read/{at(story).split('/')[3]}/").status_code == 404
    assert "Taken back. You and Tobias can read it, and nobody else." in said(Browser(cast.mara).get(at(story)))


def test_c2_fewer_readers_need_nobody(cast: Cast) -> None:
    story = told(cast)
    asks(cast.tobias, story, Audience.LIVED)
    story.refresh_from_db()
    assert story.audience == Audience.LIVED
    assert not is_open(cast, story)


def test_v1_a_preview_shows_just_what_readers_would_get_and_nothing_leaves(cast: Cast) -> None:
    story = _with_photo(cast)
    page = Browser(cast.mara).get(at(story, "as/open/"))
    assert "He was born before it was light." in said(page)
    assert b"<img" not in page.content
    assert not is_open(cast, story)
    with acting_for(cast.mara.pk):
        assert not Consent.objects.exists()


def test_m1_outside_a_demonstration_no_stranger_is_offered(cast: Cast, settings: Settings) -> None:
    settings.DEMO = False
    story = draft(cast.mara, cast.box)
    page = Browser(cast.mara).get(at(story, "share/")).content.decode()
    assert [value for value in Audience.values if f'value="{value}"' in page] == ["family", "invited"]
    assert asks(cast.mara, story).status_code == 422
    assert Browser(cast.mara).get(at(story, "as/open/")).status_code == 404


def test_d3_erasing_a_story_is_another_act_and_can_be_undone_for_three_days(cast: Cast) -> None:
    story = told(cast)
    browser = Browser(cast.mara, checks_tokens=False)
    done = browser.post(at(story, "erase/"), {"when": "later"})
    assert "It is closed to everyone" in said(done)
    assert not is_open(cast, story)
    assert browser.get(at(story)).status_code == 404
    assert "you let go of it." in said(browser.get("/box/"))
    assert Browser(cast.tobias, checks_tokens=False).post(at(story, "bring-back/")).status_code == 404
    assert browser.post(at(story, "bring-back/")).status_code == 302
    assert is_open(cast, story)


def test_l1_erasing_now_asks_who_it_is_and_once_more(cast: Cast) -> None:
    story = told(cast)
    browser = Browser(cast.mara, checks_tokens=False)
    first = browser.post(at(story, "erase/"), {"when": "now"})
    assert first.status_code == 302
    assert is_open(cast, story)
    session = browser.session
    fresh.mark(session, keyed=False)
    session.save()
    browser.post(at(story, "erase/"), {"when": "now", "sure": "yes"})
    assert not is_open(cast, story)
    assert browser.post(at(story, "bring-back/")).status_code == 404


def test_h5_every_answer_is_on_record_with_its_wording(cast: Cast) -> None:
    told(cast)
    record = said(Browser(cast.tobias).get("/box/yes/"))
    assert "Ansel · Yes" in record
    assert "for “Anyone, also without an account”; wording 2026-11." in record


def test_the_box_says_that_something_is_asked(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert "Told from this box" not in said(Browser(cast.tobias).get("/box/")), "a draft is its writer's alone (V1)"
    asks(cast.mara, story)
    assert "It is asked about; look when you can" in said(Browser(cast.tobias).get("/box/"))
    assert "It is asked about" not in said(Browser(cast.mara).get("/box/"))


def test_c6_everything_that_a_yes_covers_is_on_the_page_of_the_question(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    all_of_it = Words(
        title="SAID-title",
        beats=words("SAID-beats").beats,
        told_by="SAID-told_by",
        others=("SAID-others",),
        line="SAID-line",
        found="SAID-found",
        date="SAID-date",
        fold="new_pregnancy",
        notes=("scan",),
        hopes="no_replies",
        search_engines=True,
        names={"Bisi": "SAID-names"},
    )
    facts = Circumstances(
        kinds=("stillbirth_before",), weeks=24, relation="carried", themes=("placenta",), since_months=30
    )
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, all_of_it, circumstances=facts, now=NOW)
    asks(cast.mara, story)
    with acting_for(cast.mara.pk):
        question = _question(story.askings.open().get())
    for page in (said(Browser(cast.tobias).get(question)), said(Browser(cast.mara).get(at(story, "share/")))):
        read_as = {
            "fold": "a new pregnancy",
            "notes": "a scan",
            "hopes": "No replies",
            "search_engines": "Search engines may list it Yes",
        }
        for part in fields(Words):
            assert read_as.get(part.name, f"SAID-{part.name}") in page, part.name
        for fact in ("What happened", "24", "30", "The placenta"):
            assert fact.lower() in page.lower(), fact


def test_c1_what_another_wrote_stands_on_the_page_before_i_share_it(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.tobias.pk):
        story.chapters.get().revise(cast.tobias, words("SLIPPED-IN"), circumstances=Circumstances(), now=NOW)
    page = Browser(cast.mara).get(at(story, "share/"))
    assert "Somebody else wrote in it since you last said yes." in said(page)
    assert "SLIPPED-IN" in said(page)
    assert b'<details class="stack" open>' in page.content


def test_t1_before_more_people_read_it_is_asked_whether_it_is_still_you(cast: Cast) -> None:
    story = draft(cast.ruth, box_of(cast.ruth, name="Noa"))
    stale = Browser(cast.ruth, checks_tokens=False)
    answer = stale.post(at(story, "share/"), {"audience": "open", "shown": shown(stale, story), "note": "MINE"})
    assert answer.status_code == 422
    assert "we ask whether it is still you" in said(answer)
    assert not is_open(cast, story)
    asks(cast.ruth, story)
    assert is_open(cast, story)
    fewer = stale.post(at(story, "share/"), {"audience": "lived", "shown": shown(stale, story)})
    assert fewer.status_code == 302, "fewer readers are never asked for"
    two = draft(cast.mara, cast.box)
    asks(cast.mara, two)
    with acting_for(cast.mara.pk):
        question = _question(two.askings.open().get())
    tobias = Browser(cast.tobias, checks_tokens=False)
    assert "/again/" in tobias.post(question, {"answer": "yes"})["Location"]
    assert not is_open(cast, two)
    assert "/again/" not in tobias.post(question, {"answer": "not_yet"})["Location"]


def test_c4_yes_without_the_photo_is_taken_beside_anothers_not_yet(cast: Cast) -> None:
    story = _with_photo(cast)
    with acting_for(cast.mara.pk):
        story.add_chapter(cast.mara, words("Two years on."), now=NOW)
    asks(cast.mara, story)
    answers(cast.mara, story, "not_yet")
    assert answers(cast.tobias, story, "without_photo").status_code == 302
    with acting_for(cast.mara.pk):
        assert story.askings.open().get().by == cast.tobias
