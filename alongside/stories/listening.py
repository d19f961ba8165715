"""A recording as a story's page shows it: its written words stand there, and nothing of it is loaded until it is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from alongside import ids
from alongside.media.addresses import good_for
from alongside.stories.ago import number_word
from alongside.stories.words import Beat, Words


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording beside its written words. ``src`` is "" until somebody listens; ``folded``: its words are out of sight too."""

    id: str
    shows: str
    text: str
    length: str
    folded: bool
    src: str
    listen_url: str
    fold_url: str


def length(seconds: float) -> str:
    """Return how long a recording is, in words."""
    count = max(1, round(seconds / 60))
    return ngettext("about %(count)s minute", "about %(count)s minutes", count) % {"count": number_word(count)}


def inside(chapters: Sequence[Words]) -> list[str]:
    """Return what the line of what is inside says of recordings: one line, or none."""
    heard = [beat for words in chapters for beat in words.sounds()]
    if not heard:
        return []
    how_long = length(sum(beat.seconds for beat in heard))
    if len(heard) == 1:
        return [gettext("a recording, %(length)s") % {"length": how_long}]
    return [gettext("%(count)s recordings, %(length)s") % {"count": number_word(len(heard)), "length": how_long}]


def sound_address(story: uuid.UUID, sound: str) -> str:
    """Return an address for a recording's bytes that does not last, and asks the policy each time (V7)."""
    return f"{reverse('stories:sound', args=[story, ids.read(sound)])}?good={good_for(ids.show(story), sound)}"


def shown(beat: Beat, *, src: str, folded: bool, listen_url: str, fold_url: str) -> Sound:
    """Return a recording as the page shows it; of a folded one the words reach no template."""
    return Sound(
        id=beat.sound,
        shows=beat.shows,
        text="" if folded else beat.text,
        length=length(beat.seconds),
        folded=folded,
        src=src,
        listen_url=listen_url,
        fold_url=fold_url,
    )
