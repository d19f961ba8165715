"""C6, C8, V5, V7, P1: a recording in a story: agreed to with its words, read or heard, never loaded before somebody listens."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from alongside import ids
from alongside.accounts.models import Account
from alongside.backup.stored import naming_models
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import NotAParent
from alongside.keepsakes.files.keeping import Part, keep_voice, open_part
from alongside.keepsakes.models import Memory, MemoryObject
from alongside.keepsakes.said import Said
from alongside.media import objects
from alongside.stories.coming_and_going import leave
from alongside.stories.erasing import is_theirs_alone
from alongside.stories.models import Story, StorySound
from alongside.stories.recordings import copied, open_sound
from alongside.stories.words import Beat, Words, minutes
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, block, draft, says_yes, told, words
from tests.home.browser import Browser
from tests.keepsakes.pictures import recording
from tests.stories.spoken import M4A, SHOWS, TRANSCRIPT, Spoken, puts_sound_in, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(cast: Cast) -> Spoken:
    return speaks(cast)


def keeps_a_voice(cast: Cast, by: Account, said: Said) -> Memory:
    with acting_for(by.pk):
        memory = keep_voice(by, cast.box, io.BytesIO(recording(1)), pk=ids.new_id(), now=NOW)
        memory.keep(by, said, base=0, tab="", now=NOW)
    return memory


def test_c8_a_voice_of_the_box_is_copied_into_a_story_and_stays_whose_it_was(cast: Cast) -> None:
    memory = keeps_a_voice(cast, cast.tobias, Said(text="No words.", shows="Tobias humming"))
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        beat = copied(story, cast.mara, memory, NOW)
        sound = open_part(memory, Part.SOUND).read()
        original = open_part(memory, Part.ORIGINAL).read()
        row = StorySound.objects.get(pk=ids.read(beat.sound))
        assert row.contributed_by == cast.tobias
        assert (beat.kind, beat.shows, beat.text, beat.seconds) == ("sound", "Tobias humming", "No words.", 1.0)
        assert open_sound(story, row.pk) == sound != original
        assert beat.sum == hashlib.sha256(sound).hexdigest()
        vaults.erase_item(memory.box.vault, memory.item)
        assert open_sound(story, row.pk) == sound, "it has a key of its own"
        vaults.erase_item(story.vault, row.item)
        with pytest.raises(KeyErased):
            open_sound(story, row.pk)


def test_v1_nobody_copies_from_a_box_that_is_not_theirs_nor_what_is_no_recording(cast: Cast) -> None:
    memory = keeps_a_voice(cast, cast.tobias, Said())
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk), pytest.raises(NotAParent):
        copied(story, cast.ruth, memory, NOW)
    with acting_for(cast.mara.pk):
        written = Memory.put(cast.mara, cast.box, Memory.Kind.TEXT, now=NOW, said=Said(text="A word."))
        with pytest.raises(MemoryObject.DoesNotExist):
            copied(story, cast.mara, written, NOW)
    assert not StorySound.objects.exists()


def test_s10_a_recording_of_a_story_lies_sealed_and_is_named_by_its_row(spoken: Spoken) -> None:
    lies = objects.read(ids.read(spoken.beat.sound))
    assert M4A[40:200] not in lies
    assert StorySound in dict(naming_models())


@pytest.mark.parametrize("change", [{"text": "Other words."}, {"shows": "Other."}, {"sum": "0" * 64}, {"sound": "x"}])
def test_c6_a_yes_covers_the_recording_and_its_words(spoken: Spoken, change: dict[str, Any]) -> None:
    said = words("They turned the screen away.")
    one, other = (replace(said, beats=(*said.beats, beat)) for beat in (spoken.beat, replace(spoken.beat, **change)))
    assert one.canonical() != other.canonical()
    assert Words.from_json(one.to_json()) == one


def test_c6_a_yes_from_before_there_were_recordings_still_stands() -> None:
    said = Words(title="T", beats=(Beat("k", "paragraph", "One."),), told_by="Mara")
    assert b"sound" not in said.canonical()
    assert b"seconds" not in said.canonical()


def test_a_story_with_a_recording_can_be_read_without_hearing_it_and_loads_nothing_of_it(spoken: Spoken) -> None:
    page = Browser().get(spoken.url).content.decode()
    for said in (SHOWS, TRANSCRIPT, "A recording, about two minutes", "Listen"):
        assert said in page
    for trace in ("<audio", "/sound/", "good=", "autoplay", "preload=", 'as="audio"'):
        assert trace not in page, trace
    for said in ("a recording, about two minutes", "about one minute to read"):
        assert f"<li>{said}</li>" in page


def test_listening_asks_for_just_that_recording_and_nothing_plays_by_itself(spoken: Spoken) -> None:
    browser = Browser()
    page = browser.get(f"{spoken.url}?listen={spoken.beat.sound}").content.decode()
    assert page.count("<audio ") == 1
    assert '<audio controls preload="none"' in page
    assert "autoplay" not in page
    assert TRANSCRIPT in page
    assert "<audio" not in browser.get(spoken.url).content.decode(), "the next visit is silent again"
    elsewhere = browser.get(f"{spoken.url}?listen={spoken.beat.sound}", headers={"Sec-Fetch-Site": "cross-site"})
    assert "<audio" not in elsewhere.content.decode(), "a link that was sent loads nothing"


@pytest.mark.parametrize("asked", ["", "x", "A" * 22, '"><script>alert(1)</script>', "%00"])
def test_asking_to_hear_something_else_gives_nothing(spoken: Spoken, asked: str) -> None:
    answer = Browser().get(spoken.url, {"listen": [asked, ids.show(spoken.story.pk)]})
    assert answer.status_code == 200
    assert "<audio" not in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_a_recording_is_heard_whole_and_from_the_middle(spoken: Spoken) -> None:
    browser = Browser()
    src = spoken.src(browser)
    whole = browser.get(src)
    assert (whole.status_code, whole.content, whole["Content-Type"]) == (200, M4A, "audio/mp4")
    assert whole["Accept-Ranges"] == "bytes"
    assert whole["Cache-Control"] == "no-store, private"
    assert "sandbox" in whole["Content-Security-Policy"]
    part = browser.get(src, headers={"Range": "bytes=5000-5099"})
    assert (part.status_code, part.content) == (206, M4A[5000:5100])
    assert part["Content-Range"] == f"bytes 5000-5099/{len(M4A)}"
    assert browser.get(src, headers={"Range": "bytes=-10"}).content == M4A[-10:]
    after = browser.get(src, headers={"Range": f"bytes={len(M4A)}-"})
    assert (after.status_code, after["Content-Range"], after.content) == (416, f"bytes */{len(M4A)}", b"")


def test_v7_a_recordings_address_is_for_one_thing_and_does_not_last(cast: Cast, spoken: Spoken) -> None:
    browser, other = Browser(), speaks(cast)
    with time_machine.travel(NOW, tick=False) as clock:
        src = spoken.src(browser)
        address, _, good = src.partition("?good=")
        theirs = other.src(browser).partition("?good=")[2]
        for wrong in ("", good[:5], good[:-1] + ("A" if good[-1] != "A" else "B"), theirs):
            assert browser.get(f"{address}?good={wrong}").status_code == 404
        mixed = f"{spoken.url}sound/{other.beat.sound}/?good={theirs}"
        assert browser.get(mixed).status_code == 404, "another story's recording"
        clock.shift(timedelta(hours=2, minutes=59))
        assert browser.get(src).status_code == 200, "a long one, with pauses"
        clock.shift(timedelta(minutes=2))
        assert browser.get(src).status_code == 404


def test_v7_a_recording_is_given_only_while_an_agreed_version_names_it(cast: Cast, spoken: Spoken) -> None:
    browser = Browser()
    src = spoken.src(browser)
    with acting_for(cast.mara.pk):
        beat = puts_sound_in(spoken.story, cast.mara)
        said = words("Another.")
        spoken.story.chapters.get().revise(
            cast.mara, replace(said, beats=(*said.beats, beat)), circumstances=Circumstances(), now=NOW
        )
    page = browser.get(f"{spoken.url}?listen={beat.sound}").content.decode()
    assert "<audio" not in page, "not everyone has agreed to it"
    assert browser.get(src).status_code == 200, "what was agreed stays up meanwhile"
    says_yes(spoken.story, cast.mara, cast.tobias)
    assert browser.get(src).status_code == 404


def test_v5_taking_back_narrowing_and_a_block_count_at_the_next_request(cast: Cast, spoken: Spoken) -> None:
    guest, member = Browser(), Browser(cast.ruth)
    src = spoken.src(guest)
    says_yes(spoken.story, cast.tobias, to=Audience.LIVED)
    assert (guest.get(src).status_code, member.get(src).status_code) == (404, 200)
    block(cast.tobias, cast.ruth)
    assert member.get(src).status_code == 404
    with acting_for(cast.tobias.pk):
        spoken.story.withdraw(cast.tobias, NOW)
    for browser, expected in ((guest, 404), (Browser(cast.piotr), 404), (Browser(cast.mara), 200)):
        assert browser.get(src).status_code == expected
        assert browser.get(src, headers={"Range": "bytes=0-9"}).status_code == (206 if expected == 200 else 404)


def test_s16_a_recording_whose_key_or_object_is_gone_is_a_404_and_its_words_stay(spoken: Spoken) -> None:
    browser = Browser()
    src = spoken.src(browser)
    objects.delete(ids.read(spoken.beat.sound))
    assert browser.get(src).status_code == 404
    row = StorySound.objects.get()
    vaults.erase_item(spoken.story.vault, row.item)
    assert browser.get(src).status_code == 404
    assert TRANSCRIPT in browser.get(spoken.url).content.decode()


def test_words_beside_a_recording_are_never_run(cast: Cast) -> None:
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(1)>'
    page = Browser().get(speaks(cast, text=hostile).url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_reading_time_counts_what_is_said_once_and_a_list_shows_it_where_nothing_else_is_written(cast: Cast) -> None:
    beat = Beat("k", "sound", text="word " * 400, sound="x", seconds=200)
    assert minutes([Words("T", (beat,), "Mara")]) == 2
    story = draft(cast.mara, cast.box)
    only = replace(words(""), beats=(puts_sound_in(story, cast.mara),), found="")
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, only, circumstances=Circumstances(), now=NOW)
    says_yes(story, cast.mara, cast.tobias)
    story.hold.release(cast.dami, NOW)  # type: ignore[union-attr]
    assert TRANSCRIPT in Browser().get("/read/").content.decode()


def test_inside_says_how_many_recordings_and_how_long_they_are(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    beats = [puts_sound_in(story, cast.mara, seconds=seconds) for seconds in (20.0, 190.0)]
    with acting_for(cast.mara.pk):
        said = words("One.")
        story.chapters.get().revise(
            cast.mara, replace(said, beats=(*said.beats, *beats)), circumstances=Circumstances(), now=NOW
        )
    says_yes(story, cast.mara, cast.tobias)
    page = Browser(cast.mara).get(f"/read/{ids.show(story.pk)}/").content.decode()
    assert "<li>two recordings, about four minutes</li>" in page
    assert "A recording, about one minute" in page


def test_c7_a_story_with_somebody_elses_recording_does_not_leave_with_its_teller(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    puts_sound_in(story, cast.tobias)
    leave(cast.box.family, cast.mara, keep_copy=True, take_mine=True, now=NOW)
    assert Story.objects.get(pk=story.pk).family_id == cast.box.family_id


def test_v3_a_story_without_a_recording_has_nothing_to_hear(cast: Cast) -> None:
    story = told(cast)
    assert "recording" not in Browser().get(f"/read/{ids.show(story.pk)}/").content.decode()


def test_c6_a_parent_who_is_asked_hears_what_is_asked_about_and_nobody_else_does(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    beat = puts_sound_in(story, cast.mara)
    with acting_for(cast.mara.pk):
        said = words("One.")
        story.chapters.get().revise(
            cast.mara, replace(said, beats=(*said.beats, beat)), circumstances=Circumstances(), now=NOW
        )
    says_yes(story, cast.mara)
    with acting_for(cast.tobias.pk):
        asked = f"/box/yes/{ids.show(story.askings.get().pk)}/"
    src = f"/box/story/{ids.show(story.pk)}/sound/{beat.sound}/"
    tobias = Browser(cast.tobias)
    silent = tobias.get(asked).content.decode()
    assert TRANSCRIPT in silent
    assert src not in silent
    assert src in tobias.get(f"{asked}?listen={beat.sound}").content.decode()
    assert tobias.get(src, headers={"Range": "bytes=4-7"}).content == b"ftyp"
    for other in (cast.ruth, cast.dami):
        assert Browser(other).get(src).status_code == 404
    says_yes(story, cast.tobias)
    with acting_for(cast.mara.pk):
        fewer = replace(said, beats=(*said.beats, replace(beat, text="Other words.")))
        story.chapters.get().revise(cast.mara, fewer, circumstances=Circumstances(), now=NOW)
    says_yes(story, cast.mara)
    with acting_for(cast.tobias.pk):
        asked = f"/box/yes/{ids.show(story.askings.open().get().pk)}/"
    beside = tobias.get(asked).content.decode()
    assert "What changed since your last yes" in beside
    assert f"A recording: {SHOWS}" in beside


def test_c1_a_story_with_somebody_elses_recording_is_not_hers_alone_to_erase(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    with acting_for(cast.mara.pk):
        assert is_theirs_alone(story, cast.mara.pk)
    puts_sound_in(story, cast.tobias)
    with acting_for(cast.mara.pk):
        assert not is_theirs_alone(story, cast.mara.pk)


def test_c6_strangers_read_a_name_otherwise_beside_a_recording_too(cast: Cast) -> None:
    spoken = speaks(cast, words("One.", names={"Tobias": "his father"}), text="Tobias hums.")
    guest, parent = (Browser(who).get(spoken.url).content.decode() for who in (None, cast.mara))
    for said in ("his father hums.", "his father, on the stairs."):
        assert said in guest
    assert "Tobias" not in guest
    assert "Tobias hums." in parent
    assert Browser().get(spoken.src(Browser())).content == M4A
