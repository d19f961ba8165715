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
from alongside.stories.shown import Row, row, with_words
from alongside.visibility.reader import Reader

ASKED_AT_ONCE = 64
"""Candidates whose visibility is asked in one query."""


@dataclass(frozen=True, slots=True)
class Near:
    """One story found: its row, its score (of which only the order means anything), and why it is here."""

    row: Row
    score: float
    reasons: Sequence[str]
    near: bool
    relation: str
    since_months: int | None


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
    found = _visible(ranked, reader, limit)
    return [_near(story, index, float(scores[place]), seeking, now) for place, story in found]


def _ranked(
    index: Held, scores: np.ndarray, without: uuid.UUID | None, languages: Collection[str], *, include: bool
) -> Iterator[tuple[int, uuid.UUID]]:
    """Yield places and ids by score, only those that the reader's choices leave in."""
    wanted = np.ones(len(index.ids), dtype=bool)
    if languages:
        wanted &= np.isin(index.languages, list(languages))
    if not include:
        wanted &= ~index.new_pregnancy
    order = np.argsort(-scores, kind="stable")
    for place in order[wanted[order]]:
        if index.ids[place] != without:
            yield int(place), index.ids[place]


def _visible(ranked: Iterator[tuple[int, uuid.UUID]], reader: Reader, limit: int) -> list[tuple[int, Story]]:
    """Ask the policy about candidates, some at a time, until there are enough."""
    found: list[tuple[int, Story]] = []
    while len(found) < limit:
        asked = dict(_taken(ranked, ASKED_AT_ONCE))
        if not asked:
            break
        visible = Story.objects.visible_to(reader).told().filter(pk__in=asked.values())
        stories = {story.pk: story for story in with_words(visible)}
        found += [(place, stories[pk]) for place, pk in asked.items() if pk in stories]
    return found[:limit]


def _taken(ranked: Iterator[tuple[int, uuid.UUID]], count: int) -> Iterator[tuple[int, uuid.UUID]]:
    for _, one in zip(range(count), ranked, strict=False):
        yield one


def _near(story: Story, index: Held, score: float, seeking: Seeking, now: datetime) -> Near:
    entry = index.entries[story.pk]
    said = named(entry.chosen, entry.read.circumstances)
    why = reasons(seeking.named, said, get_language() or "en")
    return Near(
        row=row(story, now, "".join(f"{reason}. " for reason in why).strip()),
        score=score,
        reasons=why,
        near=bool(why),
        relation=said.relation,
        since_months=said.since_months,
    )
