"""From a box to a story: choosing, writing, keeping a version; whose it is meanwhile (V1, C8, D1, S37)."""

from __future__ import annotations

import hashlib

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.keepsakes.erasing import finish
from alongside.keepsakes.files.keeping import keep_photo, say_whether_a_baby_shows
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory, MemoryObject
from alongside.keepsakes.said import Said
from alongside.media import in_memory
from alongside.stories.coming_and_going import leave
from alongside.stories.erasing import agree_to_erase, remove_story
from alongside.stories.models import Chapter, ChapterDraft, Revision, Story, StoryPhoto
from alongside.stories.photographs import open_photo
from tests.cast import NOW, Cast, draft, says_yes
from tests.home.browser import Browser
from tests.keepsakes.pictures import photograph
from tests.stories.editor import Desk, fields

pytestmark = pytest.mark.django_db


def puts(by: Account, box: KeepsakeBox, kind: str, **said: str) -> Memory:
    with acting_for(by.pk):
        return Memory.put(by, box, kind, now=NOW, said=Said(**said))


def puts_photo(by: Account, box: KeepsakeBox, shows: str, *, baby: bool = True) -> Memory:
    source = in_memory.blank()
    source.write(photograph(64, 48))
    with acting_for(by.pk):
        memory = keep_photo(by, box, source, pk=ids.new_id(), now=NOW)
        memory.keep(by, Said(shows=shows), base=0, tab="", now=NOW)
        if not baby:
            say_whether_a_baby_shows(memory, by, baby=False)
    return memory


def begins(by: Account, box: KeepsakeBox, *chosen: Memory, title: str = "Ansel") -> Chapter:
    """Choose in the box, and begin."""
    browser = Browser(by, checks_tokens=False)
    url = f"/box/tell/{ids.show(box.pk)}/"
    form = fields(browser.get(url).content.decode(), "")
    answer = browser.post(url, form | {"title": title, "keepsake": [ids.show(one.pk) for one in chosen]})
    assert answer.status_code == 302, answer.status_code
    story = Story.objects.latest("created_at")
    assert answer["Location"].startswith(f"/box/story/{ids.show(story.pk)}/write/")
    return story.chapters.get()


def newest(chapter: Chapter, by: Account) -> Revision:
    with acting_for(by.pk):
        revision = chapter.newest()
        _ = revision.words, revision.circumstances
        return revision


def drafts(by: Account) -> list[ChapterDraft]:
    with acting_for(by.pk):
        return list(ChapterDraft.objects.order_by("at"))


def test_a_story_begins_with_what_was_chosen_and_in_the_box_nothing_changes(cast: Cast) -> None:
    dear = puts(
        cast.mara, cast.box, "text", title="That morning", text="Dear Ansel,\n\nIt was light.\n\n> Slowly, she said."
    )
    other = puts(cast.tobias, cast.box, "text", text="I held the lamp.")
    puts(cast.mara, cast.box, "text", text="Not this one.")
    photo = puts_photo(cast.mara, cast.box, "His hat")
    chapter = begins(cast.mara, cast.box, dear, photo, other)
    words = newest(chapter, cast.mara).words
    assert [(beat.kind, beat.text) for beat in words.beats] == [
        ("heading", "That morning"),
        ("paragraph", "Dear Ansel,"),
        ("paragraph", "It was light."),
        ("quote", "Slowly, she said."),
        ("paragraph", "I held the lamp."),
        ("photo", ""),
    ]
    assert (words.title, words.told_by, words.others) == ("Ansel", "Mara", ("Tobias",))
    assert chapter.story.language == "en"
    copy, beat = StoryPhoto.objects.get(), words.photos()[0]
    assert (beat.shows, beat.by, beat.baby, beat.photo) == ("His hat", "", True, ids.show(copy.pk))
    assert copy.contributed_by_id == cast.mara.pk
    webp = open_photo(chapter.story, copy.pk)
    assert beat.sum == hashlib.sha256(webp).hexdigest()
    with acting_for(cast.mara.pk):
        assert MemoryObject.objects.get(memory=photo, part="page").pk != copy.pk
        assert Memory.objects.count() == 4


def test_c8_the_copy_keeps_whose_the_photo_was_and_whether_it_shows_a_baby(cast: Cast) -> None:
    photo = puts_photo(cast.tobias, cast.box, "The blind", baby=False)
    chapter = begins(cast.mara, cast.box, photo)
    assert StoryPhoto.objects.get().contributed_by_id == cast.tobias.pk
    assert newest(chapter, cast.mara).words.photos()[0].baby is False


def test_c8_what_somebody_put_in_or_wrote_who_does_not_hold_the_box_is_not_taken(cast: Cast) -> None:
    with acting_for(cast.mara.pk):
        cast.box.family.accept(cast.ruth, NOW)
    hers = puts(cast.ruth, cast.box, "text", text="RUTHS-WORDS")
    both = puts(cast.mara, cast.box, "text", text="Ours.")
    with acting_for(cast.ruth.pk):
        both.keep(cast.ruth, Said(text="Ours, and RUTHS-WORDS."), base=both.heads()[0].number, tab="", now=NOW)
        photo = puts_photo(cast.ruth, cast.box, "Hers")
        cast.box.family.parent(cast.ruth).leave(NOW)
    mine = puts(cast.mara, cast.box, "text", text="Mine.")
    page = Browser(cast.mara).get(f"/box/tell/{ids.show(cast.box.pk)}/").content.decode()
    assert page.count("It needs their own yes") == 3
    assert page.count(" disabled") == 3
    chapter = begins(cast.mara, cast.box, hers, both, photo, mine)
    assert newest(chapter, cast.mara).words.text() == "Mine."
    assert not StoryPhoto.objects.exists()


def test_v1_nobody_else_begins_from_a_box_and_a_relative_does_not_either(cast: Cast) -> None:
    dear = puts(cast.mara, cast.box, "text", text="Dear Ansel,")
    with acting_for(cast.mara.pk):
        relative = cast.box.family.accept_relative(cast.piotr, NOW)
        dear.show_to(cast.mara, [relative.pk])
    for who in (cast.ruth, cast.piotr, cast.dami):
        assert Browser(who).get(f"/box/tell/{ids.show(cast.box.pk)}/").status_code == 404


def test_s37_a_story_that_is_sent_twice_is_begun_once(cast: Cast) -> None:
    browser = Browser(cast.mara, checks_tokens=False)
    url = f"/box/tell/{ids.show(cast.box.pk)}/"
    form = fields(browser.get(url).content.decode(), "")
    first, second = (browser.post(url, form | {"title": "Ansel"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Story.objects.count() == 1
    assert Browser(cast.tobias, checks_tokens=False).post(url, form).status_code == 404


def test_a_keepsakes_own_link_chooses_it(cast: Cast) -> None:
    dear = ids.show(puts(cast.mara, cast.box, "text", text="Dear Ansel,").pk)
    browser = Browser(cast.mara)
    link = f"/box/tell/{ids.show(cast.box.pk)}/?with={dear}"
    assert link in browser.get(f"/box/{dear}/").content.decode()
    assert fields(browser.get(link).content.decode(), "")["keepsake"] == dear


def test_what_is_written_becomes_a_version_and_the_working_copy_goes(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    answer = desk.send(
        "version", text="One.\r\n\r\n## Two\r\n\r\n> Three", date="That spring", hopes="no_replies", weeks="24"
    )
    assert answer.status_code == 302
    revision = newest(desk.chapter, cast.mara)
    assert revision.number == 2
    assert [(beat.kind, beat.text) for beat in revision.words.beats] == [
        ("paragraph", "One."),
        ("heading", "Two"),
        ("quote", "Three"),
    ]
    assert (revision.words.date, revision.words.hopes, revision.circumstances.weeks) == (
        "That spring",
        "no_replies",
        24,
    )
    assert drafts(cast.mara) == []


def test_every_line_comes_back_as_it_was_kept_and_nothing_new_is_no_version(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    said = {
        "title": "Ansel", "told_by": "M.", "others": "Tobias, Ilse", "line": "Born still", "found": "It was light.",
        "date": "In March", "language": "de", "kinds": ["stillbirth_before"], "weeks": "31", "since": "not_sure", "age": "0",
        "notes": ["scan", "birth"], "hopes": "did_anyone_else", "search_engines": "on", "text": "It was light.",
        "real_0": "Ansel", "read_0": "A.",
    }  # fmt: skip
    assert desk.send("version", **said).status_code == 302
    revision = newest(desk.chapter, cast.mara)
    assert revision.words.names == {"Ansel": "A."}
    assert revision.words.search_engines is True
    assert (revision.circumstances.kinds, revision.circumstances.age_days) == (("stillbirth_before",), 0)
    assert Story.objects.get().language == "de"
    desk.open()
    assert {name: desk.form[name] for name in said if name != "kinds"} == {
        name: value for name, value in said.items() if name != "kinds"
    }
    assert desk.send("version").status_code == 302
    assert newest(desk.chapter, cast.mara).number == revision.number


def test_s37_a_version_that_is_sent_twice_is_one_version(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    for _ in range(2):
        assert desk.send("version", text="One.\r\n\r\nTwo.").status_code == 302
    assert newest(desk.chapter, cast.mara).number == 2
    assert drafts(cast.mara) == []


def test_a_version_needs_a_word_and_a_teller_and_loses_nothing_meanwhile(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    answer = desk.send("version", text="", line="A line of hers")
    assert answer.status_code == 422
    assert "nothing on the sheet yet" in answer.content.decode()
    answer = desk.send("version", text="One.", told_by=" ", real_0="Ansel")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Something’s needed" in page
    assert fields(page)["text"] == "One."
    assert drafts(cast.mara)[0].typed.lines["real_0"] == "Ansel"
    assert newest(desk.chapter, cast.mara).number == 1


def test_d1_what_is_kept_by_itself_comes_back_and_is_nobody_elses(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    answer = desk.quietly(1, text="SHE-IS-WRITING")
    assert answer.json() == {"kept": True, "base": drafts(cast.mara)[0].mark, "beside": False, "signed_out": False}
    assert b"SHE-IS-WRITING" not in bytes(drafts(cast.mara)[0].typed_sealed)
    assert fields(Desk(cast.mara, desk.chapter).page())["text"] == "SHE-IS-WRITING"
    assert drafts(cast.tobias) == []
    assert Browser(cast.tobias).get(desk.url).status_code == 404
    assert Browser(cast.tobias, checks_tokens=False).post(desk.url, desk.form).status_code == 404


def test_v1_before_it_is_asked_the_other_parent_finds_nothing_and_afterwards_no_working_copy(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    desk.send("version", text="A version.")
    desk.open()
    desk.quietly(1, text="STILL-BEING-WRITTEN")
    beside, more = f"{desk.url}beside/", f"/box/story/{ids.show(desk.chapter.story_id)}/add/"
    for path in (desk.url, beside, more):
        assert Browser(cast.tobias).get(path).status_code == 404, path
    says_yes(desk.chapter.story, cast.mara)
    page = Browser(cast.tobias).get(desk.url).content.decode()
    assert "A version." in page
    assert "STILL-BEING-WRITTEN" not in page
    assert drafts(cast.tobias) == []
    for who in (cast.ruth, cast.piotr, cast.dami):
        for path in (desk.url, beside, more):
            assert Browser(who).get(path).status_code == 404


def test_s5_the_database_keeps_a_working_copy_from_everyone_but_its_writer(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    desk = Desk(cast.mara, story.chapters.get())
    desk.quietly(1, text="Hers.")
    says_yes(story, cast.mara)
    for who in (cast.tobias, cast.ruth):
        with acting_for(who.pk):
            assert not ChapterDraft.objects.exists()
            assert ChapterDraft.objects.all().delete()[0] == 0
            assert ChapterDraft.objects.update(stroke=9) == 0
    with acting_for(None):
        assert not ChapterDraft.objects.exists()
    assert [one.stroke for one in drafts(cast.mara)] == [1]


def test_l2_with_an_erased_story_goes_what_the_others_were_writing_at_it(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    Desk(cast.tobias, story.chapters.get()).quietly(1, text="His.")
    assert len(drafts(cast.tobias)) == 1
    with acting_for(cast.mara.pk), django_capture_on_commit_callbacks(execute=True):
        assert agree_to_erase(story, cast.mara, NOW, fresh=True) is None, "another is writing at it (D1)"
    assert len(drafts(cast.tobias)) == 1
    with acting_for(cast.tobias.pk), django_capture_on_commit_callbacks(execute=True):
        erasure = agree_to_erase(story, cast.tobias, NOW)
    assert erasure is not None
    Story.objects.filter(pk=story.pk).update(erasing_at=NOW)
    Erasure.objects.filter(pk=erasure.pk).update(due_at=NOW)
    finish(erasure, timezone.now(), remove_story)
    assert drafts(cast.tobias) == []


def test_c5_who_leaves_takes_no_working_copy_along_and_leaves_none(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    Desk(cast.tobias, story.chapters.get()).quietly(1, text="His.")
    leave(cast.box.family, cast.tobias, keep_copy=False, take_mine=False, now=NOW)
    assert drafts(cast.tobias) == []
