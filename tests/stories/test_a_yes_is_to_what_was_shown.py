"""C1, C6, T1: what an attacker found in yeses: each to something that no page had shown, or by whoever held the phone."""

from __future__ import annotations

from dataclasses import fields

import pytest

from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.stories.words import Words
from tests.cast import NOW, Cast, box_of, draft, told, words
from tests.home.browser import Browser
from tests.stories.test_sharing_screens import (
    answers,
    asks,
    at,
    hosts_read_first,
    is_open,
    question_of,
    said,
    shown,
    with_photo,
)

__all__ = ["hosts_read_first"]
pytestmark = pytest.mark.django_db


def test_d1_another_word_with_the_same_question_stands_in_place_of_the_first(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    asks(cast.mara, story, note="When you can.")
    asks(cast.mara, story, note="Or not at all.")
    with acting_for(cast.tobias.pk):
        assert story.askings.open().get().note == "Or not at all."


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
        question = question_of(story.askings.open().get())
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
        question = question_of(two.askings.open().get())
    tobias = Browser(cast.tobias, checks_tokens=False)
    assert "/again/" in tobias.post(question, {"answer": "yes"})["Location"]
    assert not is_open(cast, two)
    assert "/again/" not in tobias.post(question, {"answer": "not_yet"})["Location"]


def test_c4_yes_without_the_photo_is_taken_beside_anothers_not_yet(cast: Cast) -> None:
    story = with_photo(cast)
    with acting_for(cast.mara.pk):
        story.add_chapter(cast.mara, words("Two years on."), now=NOW)
    asks(cast.mara, story)
    answers(cast.mara, story, "not_yet")
    assert answers(cast.tobias, story, "without_photo").status_code == 302
    with acting_for(cast.mara.pk):
        assert story.askings.open().get().by == cast.tobias
