"""From a keepsake to a story: which may be told from, and what each becomes there, under the story's own key (SECURITY 3.2)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from alongside.accounts.models import Account
from alongside.keepsakes.files.keeping import open_part
from alongside.keepsakes.models import KeepsakeBox, Memory, MemoryObject, MemoryVersion
from alongside.keepsakes.said import Said
from alongside.keepsakes.shown import Keepsake, ShownBox, keepsakes
from alongside.media.renditions import Rendition
from alongside.stories import recordings
from alongside.stories.models import Story
from alongside.stories.photographs import put_photo
from alongside.stories.words import Beat, beats_of
from alongside.visibility.reader import Reader


@dataclass(frozen=True, slots=True)
class Source:
    """A keepsake, what it says now, and the story into which ``by`` copies it."""

    by: Account
    memory: Memory
    said: Said
    story: Story
    now: datetime


def _words(one: Source) -> tuple[Beat, ...]:
    title = one.said.title.strip()
    return (*beats_of(f"## {title}" if title else ""), *beats_of(one.said.text))


def _photo(one: Source) -> tuple[Beat, ...]:
    memory, shows = one.memory, one.said.shows.strip()
    page = memory.objects_kept.get(part=MemoryObject.Part.PAGE)
    with open_part(memory, page.part) as plain:
        rendition = Rendition(plain.read(), page.width, page.height)
    by, baby = memory.contributed_by, memory.file.about.baby
    beat = put_photo(one.story, by, rendition, shows=shows, taken_by="", baby=baby, now=one.now)
    return (beat, *_words(one))


def _voice(one: Source) -> tuple[Beat, ...]:
    return (recordings.copied(one.story, one.by, one.memory, one.now),)


BECOMES: Mapping[str, Callable[[Source], tuple[Beat, ...]]] = {
    Memory.Kind.TEXT: _words,
    Memory.Kind.PHOTO: _photo,
    Memory.Kind.VOICE: _voice,
}
"""What a keepsake becomes in a story, by its kind; a kind without an entry is not offered."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One keepsake to choose; ``needs_yes``: somebody's who does not hold the box, so it is shown and cannot be chosen."""

    thing: Keepsake
    needs_yes: bool
    chosen: bool


def offered(box: ShownBox, reader: Reader, chosen: Collection[str]) -> list[Offered]:
    """Return the keepsakes of a box that this reader may see and that a story can hold, as the family put them."""
    things = [thing for thing in keepsakes(box, reader) if thing.kind in BECOMES]
    kept_out = _of_others(box.row, [thing.id for thing in things])
    return [Offered(thing, thing.id in kept_out, thing.shown_id in chosen) for thing in things]


def _of_others(box: KeepsakeBox, among: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the keepsakes that somebody contributed, or wrote in, who does not hold the box.

    C8: what another living parent contributed enters a story only with that person's yes. A current parent gives it
    with the yes to the revision (C1). Of somebody who left, or of a relative, no yes can be given here yet, so nothing
    of theirs is offered: a strict reading, since who is living and was a parent is not always known.
    """
    holding = box.family.parents.current().values("account")
    theirs = Memory.objects.filter(pk__in=among).exclude(contributed_by__in=holding)
    written = MemoryVersion.objects.filter(text__in=among).exclude(by=None).exclude(by__in=holding)
    return {*theirs.values_list("pk", flat=True), *written.values_list("text", flat=True)}


def beats_for(story: Story, by: Account, box: KeepsakeBox, chosen: Collection[uuid.UUID], now: datetime) -> list[Beat]:
    """Return what the chosen keepsakes of a box become, in its order; what may not be chosen is left out."""
    mine = Memory.objects.visible_to(Reader.of(by)).filter(box=box, pk__in=chosen, kind__in=BECOMES)
    memories = list(mine.select_related("box", "file", "contributed_by").in_order())
    kept_out = _of_others(box, [memory.pk for memory in memories])
    beats: list[Beat] = []
    for memory in memories:
        if memory.pk not in kept_out:
            beats += BECOMES[memory.kind](Source(by, memory, memory.now_says(), story, now))
    return beats
