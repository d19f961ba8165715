"""The product's own ranking over given stories, in memory only: the `rank` command (ARCHITECTURE 4)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .facts import circumstances_of, language_of
from .preparing import entry_of, seeker_of
from .scoring import Entry, Shelf, order


class RankError(ValueError):
    """An input line that is no story and no query; the message names the line and what is wrong."""


def rank(lines: Iterable[str], *, today: date | None = None) -> Iterator[str]:
    """For every query line one JSON line {"query", "ranking": [ids], "ms"}; stories come before the queries they answer.

    Raises RankError for a line that cannot be understood, EncoderError when the model cannot be used.
    """
    day = today or datetime.now(UTC).date()
    entries: dict[str, Entry] = {}
    shelf: Shelf | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        said = _record(line, number)
        if said["op"] == "story":
            entries[said["id"]] = _entry(said, day)
            shelf = None
        else:
            shelf = shelf or Shelf(list(entries.values()))
            yield json.dumps(_answer(said, shelf, day), ensure_ascii=False)


def _entry(said: Mapping[str, Any], today: date) -> Entry:
    facts = _facts(said)
    return entry_of(said["id"], said["text"], today=today, language=language_of(facts), chosen=circumstances_of(facts))


def _answer(said: Mapping[str, Any], shelf: Shelf, today: date) -> dict[str, Any]:
    started = time.perf_counter()
    seeker = seeker_of(
        said["text"],
        today=today,
        language=language_of(said) or language_of(_facts(said)),
        given=circumstances_of(_facts(said)),
        account=said.get("type") == "account",
    )
    nearest = order(shelf.scores(seeker), shelf.ids)
    top = said.get("top")
    if isinstance(top, int) and not isinstance(top, bool) and top >= 0:
        nearest = nearest[:top]
    ranking = [shelf.ids[row] for row in nearest]
    return {"query": said["id"], "ranking": ranking, "ms": round((time.perf_counter() - started) * 1000, 2)}


def _facts(said: Mapping[str, Any]) -> Mapping[str, Any]:
    facts = said.get("facts")
    return facts if isinstance(facts, Mapping) else {}


def _record(line: str, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as problem:
        raise RankError(f"line {number}: not JSON") from problem
    if not isinstance(said, dict) or said.get("op") not in ("story", "query"):
        raise RankError(f'line {number}: "op" is "story" or "query"')
    for key in ("id", "text"):
        if not isinstance(said.get(key), str):
            raise RankError(f'line {number}: "{key}" is a text')
    return said
