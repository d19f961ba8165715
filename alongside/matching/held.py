"""The index as this process holds it: arrays in memory, brought up to date when the table has changed.

What is held only orders; who may see what is asked of the database at every search, so nothing that was taken back
can come out of here (V5).
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db.models import Count, Max
from numpy.typing import NDArray

from alongside.families.circumstances import SINCE_MONTHS, Circumstances
from alongside.matching import kept
from alongside.matching.models import Entry as Row
from alongside.matching.scoring import Entry, Shelf

_READ = ("language", "vector", "chosen", "read", "new_pregnancy", "story__published_at")
_LOOK_BACK = 1000
"""Changes: a transaction that took its number earlier may have committed later."""


@dataclass(frozen=True)
class Held:
    """A shelf with what a search filters by, all in the order of ``ids``."""

    state: tuple[int, int]
    ids: list[uuid.UUID]
    shelf: Shelf
    entries: dict[uuid.UUID, Entry]
    marks: dict[uuid.UUID, tuple[str, bool]]
    languages: NDArray[np.str_]
    new_pregnancy: NDArray[np.bool_]


_held: Held | None = None
_lock = threading.Lock()


def held(now: datetime) -> Held:
    """Return the index as it stands; one thread brings it up to date while others wait."""
    global _held
    with _lock:
        state = _state()
        if _held is None or _held.state != state:
            _held = _brought_up_to_date(_held, state, now)
        return _held


def _state() -> tuple[int, int]:
    counted = Row.objects.aggregate(rows=Count("pk"), change=Max("change"))
    return counted["rows"], counted["change"] or 0


def _brought_up_to_date(before: Held | None, state: tuple[int, int], now: datetime) -> Held:
    """Read what has changed, forget what has gone, and lay the arrays out anew."""
    entries = dict(before.entries) if before else {}
    marks = dict(before.marks) if before else {}
    since = before.state[1] - _LOOK_BACK if before else -1
    rows = Row.objects.filter(change__gt=since).select_related("story").only(*_READ)
    for row in rows.iterator(chunk_size=2000):
        entries[row.pk] = _entry(row, now)
        marks[row.pk] = (row.language, row.new_pregnancy)
    if len(entries) != state[0]:
        there = set(Row.objects.values_list("pk", flat=True))
        entries = {pk: entry for pk, entry in entries.items() if pk in there}
    ids = list(entries)
    return Held(
        state=state,
        ids=ids,
        shelf=Shelf(list(entries.values())),
        entries=entries,
        marks=marks,
        languages=np.array([marks[pk][0] for pk in ids], dtype=np.str_),
        new_pregnancy=np.array([marks[pk][1] for pk in ids], dtype=np.bool_),
    )


def _entry(row: Row, now: datetime) -> Entry:
    reading, terms = kept.from_json(row.read)
    chosen = Circumstances.from_json(row.chosen)
    return Entry(
        id=str(row.pk),
        language=row.language,
        vector=np.frombuffer(row.vector, dtype="<f2").astype(np.float32),
        terms=terms,
        chosen=_as_of(chosen, row.story.published_at, now),
        read=replace(reading, circumstances=_as_of(reading.circumstances, row.story.published_at, now)),
    )


def _as_of(said: Circumstances, told: datetime | None, now: datetime) -> Circumstances:
    """Return circumstances with the time since grown by how long ago the story was told."""
    if said.since_months is None or told is None:
        return said
    months = said.since_months + max(0, (now - told).days) // 30
    return replace(said, since_months=min(months, SINCE_MONTHS[-1]))
