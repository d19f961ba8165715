"""C6, C8: a recording from the box in a story: copied, its written words beside it, and both agreed to."""

from __future__ import annotations

import pytest

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.files.keeping import keep_voice
from alongside.keepsakes.said import Said
from alongside.media import in_memory
from alongside.stories.models import Story, StorySound
from alongside.stories.recordings import open_sound
from tests.cast import NOW, Cast, told
from tests.home.browser import Browser
from tests.keepsakes.pictures import recording
from tests.stories.editor import fields

pytestmark = pytest.mark.django_db


def test_c6_a_voice_is_copied_with_its_words_and_the_words_can_be_written_on(cast: Cast) -> None:
    source = in_memory.blank()
    source.write(recording(0.5))
    with acting_for(cast.tobias.pk):
        voice = keep_voice(cast.tobias, cast.box, source, pk=ids.new_id(), now=NOW)
        voice.keep(cast.tobias, Said(shows="Tobias humming", text="No words, only the tune."), base=0, tab="", now=NOW)
    mara = Browser(cast.mara, checks_tokens=False)
    tell = f"/box/tell/{ids.show(cast.box.pk)}/"
    page = mara.get(tell).content.decode()
    editor = mara.post(tell, fields(page, "") | {"title": "Ansel", "keepsake": [ids.show(voice.pk)]})["Location"]
    form = fields(mara.get(editor).content.decode())
    with acting_for(cast.mara.pk):
        story = Story.objects.get()
        (beat,) = story.chapters.get().newest().words.beats
        assert (beat.kind, beat.shows, beat.text) == ("sound", "Tobias humming", "No words, only the tune.")
        assert StorySound.objects.get().contributed_by == cast.tobias
        assert open_sound(story, ids.read(beat.sound))
    assert mara.post(editor, form | {f"said-{beat.key}": "He hums, and stops.", "do": "version"}).status_code == 302
    with acting_for(cast.mara.pk):
        (now,) = story.chapters.get().newest().words.beats
    assert (now.text, now.sound, now.sum) == ("He hums, and stops.", beat.sound, beat.sum)


def test_v3_a_story_without_a_recording_has_nothing_to_hear(cast: Cast) -> None:
    story = told(cast)
    assert "recording" not in Browser().get(f"/read/{ids.show(story.pk)}/").content.decode()
