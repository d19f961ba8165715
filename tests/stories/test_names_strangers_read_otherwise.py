"""C6: a name or a place that the family alone reads as it is; everyone else, and the index, gets what was put for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.matching import index
from alongside.matching.models import Entry
from alongside.stories.coming_and_going import shared_with
from alongside.stories.models import Story
from alongside.stories.otherwise import Otherwise
from alongside.stories.photographs import put_photo
from alongside.stories.words import Words, beats_of
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, draft, says_yes
from tests.home.browser import Browser
from tests.stories.test_reading_a_story import photograph

NAMES = {"Zebulonia": "our son", "Zebulonia Quint": "our son", "Port Quillmere": "a town by the sea", "Ysolde": "M."}
REAL = re.compile("Zebulonia|Quint|Quillmere|Ysolde")

letters = st.text(st.characters(categories=["Ll", "Lu", "Mn", "N"]), min_size=1, max_size=6)
between = st.sampled_from([" ", ", ", ".\n\n", "’s ", "_", " (", "\u00a0", "“", "-"])


@given(
    st.lists(st.tuples(st.sampled_from(sorted(NAMES)), between), min_size=1, max_size=8),
    st.sampled_from(["NFC", "NFD"]),
)
def test_v1_no_name_stays_wherever_it_stands(parts: list[tuple[str, str]], form: str) -> None:
    text = unicodedata.normalize(form, "".join(name + apart for name, apart in parts))  # type: ignore[arg-type]
    assert not REAL.search(Otherwise(NAMES).text(text))


@given(st.dictionaries(letters, st.just("\ue000"), min_size=1, max_size=6), st.lists(letters, max_size=12))
def test_v1_a_whole_word_is_read_otherwise_and_no_other_one(names: dict[str, str], said: list[str]) -> None:
    same = {unicodedata.normalize("NFC", name) for name in names}
    words = [unicodedata.normalize("NFC", word) for word in said if word[0].isalpha()]
    read = Otherwise(names).text(" | ".join(words)).split(" | ") if words else []
    if any(not name[0].isalnum() or not name[-1].isalnum() for name in same):
        return  # what begins or ends with no letter is found inside of words too
    alike = [re.compile(re.escape(name), re.IGNORECASE) for name in same]
    assert [word == "\ue000" for word in read] == [any(one.fullmatch(word) for one in alike) for word in words]


def test_v1_what_was_put_is_never_read_otherwise_again() -> None:
    assert Otherwise({"Mara": "Ana", "Ana": "Ruth", "Ruth": "Mara"}).text("Mara, Ana, Ruth") == "Ana, Ruth, Mara"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Ansel’s, ANSEL, Anselm and _Ansel_", "X’s, X, Anselm and _X_"),
        ("Ansel Marie and Ansel", "Y and X"),
        ("Ansel\nMarie; Ansel\u00a0Marie", "Y; Y"),
        ("Jose\u0301, José, Josés", "K, K, Josés"),
        ("O’Neill and O'Neill", "N and N"),
        ("An\u00adsel, an\u200bsel\u200d, ANSEL\u00ad \u2060MARIE and O\u00ad’neill", "X, X\u200d, Y and N"),
        ("GROẞ, Groß and GROSS; İnci", "G, G and G; İnci"),
        ("小安睡了", "小宝睡了"),
        ("Nothing of it.", "Nothing of it."),
    ],
)
def test_v1_as_people_write_names(text: str, read: str) -> None:
    names = {"Ansel": "X", "Ansel Marie": "Y", "José": "K", "O'Neill": "N", "小安": "小宝", "Groß": "G", "inc": "I"}
    assert Otherwise(names).text(text) == read


def test_v1_two_names_that_differ_in_large_letters_are_each_read_as_said() -> None:
    names = {"Hope": "our daughter", "hope": "hope"}
    assert Otherwise(names).text("Hope, hope, HOPE") in {"our daughter, hope, our daughter", "our daughter, hope, hope"}


def test_v1_a_name_of_nothing_that_is_seen_changes_no_text() -> None:
    assert Otherwise({"\u200b": "X"}).text("Nothing of it.") == "Nothing of it."


@pytest.fixture
def story(cast: Cast) -> Story:
    """A story told to everyone, a real name in every place that holds words."""
    with acting_for(cast.mara.pk):
        story = Story.begin(cast.mara, cast.box, language="en", now=NOW)
        beat = put_photo(
            story, cast.mara, photograph(), shows="Zebulonia’s hat", taken_by="Ysolde", baby=False, now=NOW
        )
        said = Words(
            title="Zebulonia Quint",
            beats=(*beats_of("We drove to Port Quillmere with Zebulonia.\n\n> Ysolde said: Zebulonia."), beat),
            told_by="Ysolde",
            others=("Quint", "Ysolde"),
            line="Zebulonia, born still in Port Quillmere",
            found="Zebulonia had a hat.",
            date="The night in Port Quillmere",
            names=NAMES | {"Quint": "T."},
        )
        story.add_chapter(cast.mara, said, now=NOW)
        story.add_chapter(
            cast.mara, replace(said, fold="living_child", beats=beats_of("Zebulonia has a sister.")), now=NOW
        )
    says_yes(story, cast.mara, cast.tobias, to=Audience.OPEN, at=NOW)
    assert story.hold is not None
    story.hold.release(cast.dami, NOW)
    with time_machine.travel(NOW, tick=False):
        index.add_missing(limit=10)
    return story


def everything(story: Story, browser: Browser) -> str:
    """All that somebody gets of it: its page unfolded, lists, what is found by words and by a sentence, what is near."""
    shown, part = ids.show(story.pk), ids.show(story.chapters.get(place=1).pk)
    photo = ids.show(story.photos.get().pk)
    got: list[Callable[[], object]] = [
        lambda: browser.get(f"/read/{shown}/"),
        lambda: browser.get(f"/read/{shown}/?unfold={photo}&open={part}"),
        lambda: browser.get("/read/"),
        lambda: browser.get("/"),
        lambda: browser.get(f"/find/near/{shown}/"),
        lambda: browser.post("/find/", {"sentence": "We drove to a town by the sea with our son."}),
        lambda: browser.post("/find/words/", {"words": "hat sea drove"}),
    ]
    pages = []
    for ask in got:
        answer = ask()
        assert answer.status_code == 200  # type: ignore[attr-defined]
        pages.append(answer.content.decode())  # type: ignore[attr-defined]
    return "\n".join(pages)


@pytest.mark.django_db
def test_v1_no_page_and_no_row_gives_a_real_name_to_anybody_outside_the_family(cast: Cast, story: Story) -> None:
    with time_machine.travel(NOW, tick=False):
        for who in (None, cast.piotr, cast.ruth, cast.dami):
            got = everything(story, Browser(who) if who else Browser())
            assert "a town by the sea" in got
            assert not REAL.findall(got), who
        assert (
            not Browser()
            .post("/find/words/", {"words": "Zebulonia"})
            .content.decode()
            .count("/read/" + ids.show(story.pk))
        )
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(e)::text from matching_entry e")
        assert not any(
            REAL.search(row[0]) or "zebulonia" in row[0] or "quillmer" in row[0] for row in cursor.fetchall()
        )
    assert Entry.objects.filter(story=story).exists()


@pytest.mark.django_db
def test_c7_who_is_asked_to_hold_the_box_reads_what_is_shown_to_others(cast: Cast, story: Story) -> None:
    with acting_for(cast.mara.pk):
        invitation, _ = cast.box.family.invite(cast.mara, "parent", name="", now=NOW)
    shared = shared_with(invitation, cast.piotr, NOW)
    assert shared
    assert not any(REAL.search(str(words.to_json())) for one in shared for _, words in one.parts)


@pytest.mark.django_db
def test_v1_the_family_reads_the_real_names_and_a_parent_who_left_no_longer(cast: Cast, story: Story) -> None:
    with time_machine.travel(NOW, tick=False):
        for parent in (cast.mara, cast.tobias):
            page = Browser(parent).get(f"/read/{ids.show(story.pk)}/").content.decode()
            assert "Zebulonia Quint" in page
            assert "Port Quillmere" in page
            assert "a town by the sea" not in page
        with acting_for(cast.tobias.pk):
            cast.box.family.parent(cast.tobias).leave(NOW)
        assert not REAL.findall(everything(story, Browser(cast.tobias)))


@pytest.mark.django_db
def test_c6_another_reading_of_a_name_needs_every_yes_again(cast: Cast) -> None:
    story = draft(cast.mara, cast.box, Words("A", beats_of("Zebulonia"), "Mara", names={"Zebulonia": "our son"}))
    with acting_for(cast.mara.pk):
        chapter = story.chapters.get()
        before = chapter.newest()
        again = chapter.revise(
            cast.mara, replace(before.words, names={"Zebulonia": "Z."}), circumstances=before.circumstances, now=NOW
        )
        assert before.digest(Audience.OPEN) != again.digest(Audience.OPEN)
