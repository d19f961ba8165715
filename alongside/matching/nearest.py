"""The nearest stories that a reader may see, each with why. The seeker's words live in memory for one request."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import get_language

from alongside.matching.held import Held, held
from alongside.matching.reasons import named, reasons
from alongside.matching.seeking import Seeking
from alongside.stories.models import Story
from alongside.stories.shown import Row, open_words, row, with_words
from alongside.visibility.reader import Reader

ASKED_AT_ONCE = 64
"""Candidates whose visibility is asked in one query."""


@dataclass(frozen=True, slots=True)
class Near:
    """One story found: its score (of which only the order means anything), and why it is here."""

    id: uuid.UUID
    score: float
    reasons: Sequence[str]
    relation: str
    since_months: int | None

    @property
    def is_near(self) -> bool:
        """Whether anything is shared that can be said."""
        return bool(self.reasons)


def nearest(
    seeking: Seeking,
    reader: Reader,
    *,
    limit: int,
    now: datetime,
    languages: Collection[str] = (),
    new_pregnancy: bool | None = None,
) -> list[Near]:
    """Return up to ``limit`` stories, nearest first, that ``reader`` may see.

    ``languages`` empty means every language. Stories of a new pregnancy are left out unless asked for or named by
    the seeker (``new_pregnancy`` None: as the seeker's words say).
    """
    index = held(now)
    include = seeking.names_new_pregnancy if new_pregnancy is None else new_pregnancy
    scores = index.shelf.scores(seeking.seeker)
    ranked = _ranked(index, scores, seeking.without, languages, include=include)
    return [_near(index, place, float(scores[place]), seeking) for place in _visible(ranked, reader, limit)]


def rows(found: Sequence[Near], reader: Reader, now: datetime) -> dict[uuid.UUID, Row]:
    """Open the words of those found that are to be shown, and of no others; the policy is asked again."""
    why = {one.id: "".join(f"{reason}. " for reason in one.reasons).strip() for one in found}
    visible = with_words(Story.objects.visible_to(reader).told().filter(pk__in=why))
    opened = {story.pk: story for story in visible if open_words(story, reader)}
    return {pk: row(opened[pk], reader, now, reason) for pk, reason in why.items() if pk in opened}


def _ranked(
    index: Held, scores: np.ndarray, without: uuid.UUID | None, languages: Collection[str], *, include: bool
) -> Iterator[tuple[int, uuid.UUID]]:
    """Yield places and ids by score, only those that the reader's choices leave in."""
    wanted = np.ones(len(index.ids), dtype=bool)
    if languages:
        wanted &= np.isin(index.languages, list(languages))
    if not include:
        wanted &= ~index.new_pregnancy
    # Rounded, and then by id: neither the order of rows nor how they lie in memory may say that others are there (S2).
    order = np.lexsort((index.places, -scores.round(4)))
    for place in order[wanted[order]]:
        if index.ids[place] != without:
            yield int(place), index.ids[place]


def _visible(ranked: Iterator[tuple[int, uuid.UUID]], reader: Reader, limit: int) -> list[int]:
    """Ask the policy about candidates, some at a time, until there are enough; return their places."""
    found: list[int] = []
    while len(found) < limit:
        asked = dict(_taken(ranked, max(limit, ASKED_AT_ONCE)))
        if not asked:
            break
        told = Story.objects.visible_to(reader).told().filter(pk__in=asked.values())
        visible = set(told.values_list("pk", flat=True))
        found += [place for place, pk in asked.items() if pk in visible]
    return found[:limit]


def _taken(ranked: Iterator[tuple[int, uuid.UUID]], count: int) -> Iterator[tuple[int, uuid.UUID]]:
    for _, one in zip(range(count), ranked, strict=False):
        yield one


def _near(index: Held, place: int, score: float, seeking: Seeking) -> Near:
    entry = index.entries[index.ids[place]]
    said = named(entry.chosen, entry.read.circumstances)
    return Near(
        id=index.ids[place],
        score=score,
        reasons=reasons(seeking.named, said, get_language() or "en"),
        relation=said.relation,
        since_months=said.since_months,
    )
