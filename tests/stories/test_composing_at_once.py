"""Two who write at once, and one who writes in two places: nothing is written over, and the writer chooses (D1)."""

from __future__ import annotations

import pytest

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.stories.models import Chapter
from tests.cast import Cast, draft, says_yes
from tests.stories.editor import Desk, fields
from tests.stories.test_composing import begins, drafts, newest, puts, puts_photo

pytestmark = pytest.mark.django_db


def asked(cast: Cast) -> Chapter:
    """A story that Mara wrote and asked Tobias about."""
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    return story.chapters.get()


def test_d1_a_version_of_the_other_parent_meanwhile_is_shown_beside_and_the_writer_chooses(cast: Cast) -> None:
    chapter = asked(cast)
    hers, his = Desk(cast.mara, chapter), Desk(cast.tobias, chapter)
    hers.quietly(1, text="HERS")
    assert his.send("version", text="HIS").status_code == 302
    answer = hers.send("version")
    assert answer["Location"] == f"{hers.url}beside/"
    assert newest(chapter, cast.mara).words.text() == "HIS"
    page = hers.page("beside/")
    assert "HERS" in page
    assert "HIS" in page
    assert "The version that <bdi>Tobias</bdi> kept" in page
    assert "See both, side by side" in hers.page()
    form = fields(page, "")
    assert hers.browser.post(f"{hers.url}beside/", form)["Location"] == hers.url
    hers.open()
    assert hers.form["text"] == "HERS\r\n\r\nHIS"
    assert hers.send("version").status_code == 302
    assert newest(chapter, cast.mara).words.text() == "HERS\n\nHIS"


@pytest.mark.parametrize("which", ["hers", "his"])
def test_d1_going_on_with_one_of_them(cast: Cast, which: str) -> None:
    chapter = asked(cast)
    hers, his = Desk(cast.mara, chapter), Desk(cast.tobias, chapter)
    hers.send("keep", text="HERS")
    his.send("version", text="HIS")
    form = fields(hers.page("beside/"), "")
    mark = next(mark for mark in form["choose"] if (mark == "0") is (which == "his"))
    hers.browser.post(f"{hers.url}beside/", form | {"choose": mark})
    hers.open()
    assert hers.form["text"] == which.upper()
    assert "See both" not in hers.page()
    hers.send("version")
    assert newest(chapter, cast.mara).words.text() == which.upper()
    assert drafts(cast.mara) == []


def test_d1_what_stands_side_by_side_is_not_settled_by_an_older_page(cast: Cast) -> None:
    chapter = asked(cast)
    hers, his = Desk(cast.mara, chapter), Desk(cast.tobias, chapter)
    hers.send("keep", text="HERS")
    his.send("version", text="HIS")
    form = fields(hers.page("beside/"), "")
    hers.open()
    hers.send("keep", text="HERS, and more.")
    assert hers.browser.post(f"{hers.url}beside/", form)["Location"].endswith("?meanwhile")
    assert hers.browser.post(f"{hers.url}beside/", {"head": form["head"]})["Location"].endswith("?none")
    assert drafts(cast.mara)[0].typed.parts == ("HERS, and more.",)


def test_d1_two_pages_of_one_writer_keep_both(cast: Cast) -> None:
    chapter = begins(cast.mara, cast.box)
    phone, laptop = Desk(cast.mara, chapter), Desk(cast.mara, chapter)
    phone.quietly(1, text="On the phone.")
    assert laptop.quietly(1, text="On the laptop.").json()["beside"] is True
    assert {one.typed.parts for one in drafts(cast.mara)} == {("On the phone.",), ("On the laptop.",)}
    page = phone.page("beside/")
    assert "On the phone." in page
    assert "On the laptop." in page
    phone.browser.post(f"{phone.url}beside/", fields(page, ""))
    phone.open()
    assert {"On the phone.", "On the laptop."} == set(phone.form["text"].split("\r\n\r\n"))
    assert len(drafts(cast.mara)) == 1


def test_d1_another_page_goes_on_where_the_first_one_was_left(cast: Cast) -> None:
    chapter = begins(cast.mara, cast.box)
    phone = Desk(cast.mara, chapter)
    phone.quietly(1, text="On the phone.")
    laptop = Desk(cast.mara, chapter)
    assert laptop.quietly(1, text="On the phone. And on the laptop.").json()["beside"] is False
    assert [one.typed.parts for one in drafts(cast.mara)] == [("On the phone. And on the laptop.",)]
    assert phone.quietly(2, text="On the phone once more.").json()["beside"] is True


def test_d1_a_late_sending_of_the_same_page_changes_nothing(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    desk.quietly(5, text="Newer.")
    desk.quietly(4, text="Older.")
    assert [one.typed.parts for one in drafts(cast.mara)] == [("Newer.",)]


def test_photos_are_moved_a_paragraph_at_a_time_and_taken_out(cast: Cast) -> None:
    one, two = puts_photo(cast.mara, cast.box, "His hat"), puts_photo(cast.mara, cast.box, "The blind")
    desk = Desk(cast.mara, begins(cast.mara, cast.box, one, two))
    hat, blind = (named.partition(":")[2] for named in desk.form["thing"])

    def press(do: str, **typed: str) -> list[str]:
        assert desk.send(do, **typed).status_code == 302
        desk.open()
        with acting_for(cast.mara.pk):
            (only,) = drafts(cast.mara)
            return [beat.text or beat.shows for beat in only.typed.beats()]

    said = {"text": "One.\r\n\r\nTwo.", f"text-{blind}": "Three.", f"by-{hat}": "Bisi"}
    assert press(f"up:{hat}", **said) == ["One.", "His hat", "Two.", "The blind", "Three."]
    assert press(f"down:{blind}") == ["One.", "His hat", "Two.", "Three.", "The blind"]
    assert press(f"down:{blind}") == ["One.", "His hat", "Two.", "Three.", "The blind"]
    assert press(f"up:{hat}") == ["His hat", "One.", "Two.", "Three.", "The blind"]
    assert press(f"out:{blind}") == ["His hat", "One.", "Two.", "Three."]
    desk.send("version")
    assert [beat.by for beat in newest(desk.chapter, cast.mara).words.photos()] == ["Bisi"]


def test_p1_a_photo_of_a_baby_lies_folded_in_the_editor_until_it_is_unfolded(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box, puts_photo(cast.mara, cast.box, "His hand")))
    thing = desk.form["thing"].partition(":")[2]
    assert "/photograph/" not in desk.page()
    there = desk.send(f"unfold:{thing}", text="Kept on the way.")["Location"]
    page = desk.browser.get(there.partition("#")[0]).content.decode()
    src = page.partition('src="/box/story/')[2].partition('"')[0].replace("&amp;", "&")
    answer = desk.browser.get(f"/box/story/{src}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert desk.browser.get(f"/box/story/{src.partition('?')[0]}").status_code == 404
    assert Desk(cast.mara, desk.chapter).form["text"] == "Kept on the way."


def test_more_from_the_box_goes_to_the_end_of_what_is_being_written(cast: Cast) -> None:
    dear = puts(cast.mara, cast.box, "text", text="Dear Ansel,")
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    there = desk.send("box", text="First.")["Location"]
    form = fields(desk.browser.get(there).content.decode(), "")
    answer = desk.browser.post(there, form | {"keepsake": ids.show(dear.pk)})
    assert answer["Location"] == desk.url
    desk.open()
    assert desk.form["text"] == "First.\r\n\r\nDear Ansel,"
    assert newest(desk.chapter, cast.mara).number == 1


def test_a_further_chapter_has_its_own_date_and_fold_and_keeps_names_from_strangers(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    desk.send("version", text="Ansel.", real_0="Ansel", read_0="A.")
    url = desk.url.partition("write/")[0] + "add/"
    form = fields(desk.browser.get(url).content.decode(), "")
    said = form | {"title": "Two years on", "date": "That autumn", "fold": "living_child", "notes": ["living_child"]}
    first, second = (desk.browser.post(url, said)["Location"] for _ in range(2))
    assert first == second
    assert desk.chapter.story.chapters.count() == 2
    words = newest(desk.chapter.story.chapters.get(place=1), cast.mara).words
    assert (words.title, words.date, words.fold, words.notes) == (
        "Two years on",
        "That autumn",
        "living_child",
        ("living_child",),
    )
    assert words.names == {"Ansel": "A."}
    later = Desk(cast.mara, desk.chapter.story.chapters.get(place=1))
    assert later.form["fold"] == "living_child"
    assert "fold" not in desk.form


def test_d1_longer_than_a_chapter_can_be_stays_on_the_page(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    much = "a" * 100_001
    answer = desk.send("keep", text=much)
    assert answer.status_code == 422
    assert fields(answer.content.decode())["text"] == much
    assert "more than one chapter holds" in answer.content.decode()
