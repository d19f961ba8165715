"""A story with a recording in it, for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.stories.models import Story
from alongside.stories.recordings import put_sound
from alongside.stories.words import Beat, Words
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, draft, says_yes, words
from tests.home.browser import Browser

M4A = b"\0\0\0\x1cftypM4A " + bytes(range(256)) * 40
SHOWS = "Tobias, on the stairs."
TRANSCRIPT = "I never hummed. (He hums.) That is what I never did."


@dataclass(frozen=True)
class Spoken:
    """A story, its recording by its shown id, and the beat that stands for it."""

    story: Story
    beat: Beat

    @property
    def url(self) -> str:
        return f"/read/{ids.show(self.story.pk)}/"

    def src(self, browser: Browser) -> str:
        """Return the address of the recording as the page of who listens gives it."""
        page = browser.get(f"{self.url}?listen={self.beat.sound}").content.decode()
        found = re.search(r'<audio [^>]*src="([^"]+)"', page)
        assert found, "the recording is on the page once somebody listens"
        return found[1].replace("&amp;", "&")


def puts_sound_in(story: Story, by: Account, *, seconds: float = 118.0, text: str = TRANSCRIPT) -> Beat:
    with acting_for(by.pk):
        return put_sound(story, by, M4A, seconds=seconds, shows=SHOWS, transcript=text, now=NOW)


def speaks(cast: Cast, said: Words | None = None, *, to: Audience = Audience.OPEN, text: str = TRANSCRIPT) -> Spoken:
    """Let Mara tell a story with a recording of Tobias's in it, with his yes, for ``to``."""
    story = draft(cast.mara, cast.box)
    beat = puts_sound_in(story, cast.tobias, text=text)
    said = said or words("They turned the screen away.")
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(
            cast.mara, replace(said, beats=(*said.beats, beat)), circumstances=Circumstances(), now=NOW
        )
    says_yes(story, cast.mara, cast.tobias, to=to)
    if story.hold is not None and story.hold.released_at is None:
        story.hold.release(cast.dami, NOW)
    return Spoken(story, beat)
