"""The index as this process holds it: arrays in memory, brought up to date when the table has changed.

What is held only orders; who may see what is asked of the database at every search, so nothing that was taken back
can come out of here (V5).
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from alongside.families.circumstances import SINCE_MONTHS, Circumstances
from alongside.matching import kept
from alongside.matching.models import Entry as Row
from alongside.matching.scoring import Entry, Shelf

_READ = ("language", "vector", "chosen", "read", "new_pregnancy", "change", "story__published_at")
SETTLES = 30.0
"""Seconds for which a change is looked at again: a transaction may commit some while after it took its number."""
AGAIN = 1.0
"""Seconds between two such looks."""


@dataclass(frozen=True)
class Held:
    """A shelf with what a search filters by, all in the order of ``ids``; ``change`` is the last number taken then."""

    change: int
    changed_at: float
    looked_at: float
    ids: list[uuid.UUID]
    shelf: Shelf
    entries: dict[uuid.UUID, Entry]
    marks: dict[uuid.UUID, tuple[int, str, bool]]
    languages: NDArray[np.str_]
    new_pregnancy: NDArray[np.bool_]
    places: NDArray[np.int64]

    def is_current(self, change: int, at: float) -> bool:
        """Whether nothing can have come since: no new number, and the last one has settled or was looked at just now."""
        return change == self.change and (at - self.changed_at > SETTLES or at - self.looked_at < AGAIN)


_held: Held | None = None
_lock = threading.Lock()


def held(now: datetime) -> Held:
    """Return the index as it stands; one thread brings it up to date while others wait."""
    global _held
    with _lock:
        change, at = _last_change(), time.monotonic()
        if _held is None or not _held.is_current(change, at):
            _held = _brought_up_to_date(_held, change, at, now)
        return _held


def _last_change() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM matching_change")
        return int(cursor.fetchone()[0])


def _brought_up_to_date(before: Held | None, change: int, at: float, now: datetime) -> Held:
    """Read what is new, forget what has gone, and lay the arrays out anew if there was anything."""
    there = dict(Row.objects.values_list("pk", "change"))
    changed_at = at if before is None or change != before.change else before.changed_at
    if before and there == {pk: mark[0] for pk, mark in before.marks.items()}:
        return replace(before, change=change, changed_at=changed_at, looked_at=at)
    marks = {pk: mark for pk, mark in before.marks.items() if there.get(pk) == mark[0]} if before else {}
    entries = {pk: entry for pk, entry in before.entries.items() if pk in marks} if before else {}
    for some in _some_at_once([pk for pk in there if pk not in marks]):
        for row in Row.objects.filter(pk__in=some).select_related("story").only(*_READ):
            entries[row.pk] = _entry(row, now)
            marks[row.pk] = (row.change, row.language, row.new_pregnancy)
    # By id, so that equal scores have an order that is the same for everyone and says nothing.
    ids = sorted(entries)
    return Held(
        change=change,
        changed_at=changed_at,
        looked_at=at,
        ids=ids,
        shelf=Shelf([entries[pk] for pk in ids]),
        entries=entries,
        marks=marks,
        languages=np.array([marks[pk][1] for pk in ids], dtype=np.str_),
        new_pregnancy=np.array([marks[pk][2] for pk in ids], dtype=np.bool_),
        places=np.arange(len(ids), dtype=np.int64),
    )


def _some_at_once(ids: list[uuid.UUID], count: int = 2000) -> Iterator[list[uuid.UUID]]:
    for start in range(0, len(ids), count):
        yield ids[start : start + count]


def _entry(row: Row, now: datetime) -> Entry:
    reading = kept.from_json(row.read)
    chosen = Circumstances.from_json(row.chosen)
    return Entry(
        id=str(row.pk),
        language=row.language,
        vector=np.frombuffer(row.vector, dtype="<f2").astype(np.float32),
        chosen=_as_of(chosen, row.story.published_at, now),
        read=replace(reading, circumstances=_as_of(reading.circumstances, row.story.published_at, now)),
    )


def _as_of(said: Circumstances, told: datetime | None, now: datetime) -> Circumstances:
    """Return circumstances with the time since grown by how long ago the story was told."""
    if said.since_months is None or told is None:
        return said
    months = said.since_months + max(0, (now - told).days) // 30
    return replace(said, since_months=min(months, SINCE_MONTHS[-1]))
