"""What happened, as structured facts: every one optional, none derived from another.

Kept encrypted, as one schema-checked value, with a box, a profile or a story; in clear only in UNLOGGED rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from .vocabulary import Band, vocabulary

WEEKS = range(46)
SINCE_MONTHS = range(12 * 100 + 1)
AGE_DAYS = range(365 * 5 + 1)
MOST_KINDS = 8
MOST_THEMES = 40

NOT_SURE = "not_sure"
RATHER_NOT = "rather_not"
UNSAID = frozenset({"", NOT_SURE, RATHER_NOT})
"""Answers in a list that say nothing, and are answers all the same."""


class CircumstancesError(ValueError):
    """A value that is no circumstances; the message names the key."""


@dataclass(frozen=True)
class Circumstances:
    """Chosen or read facts.

    kinds, themes   ids of the vocabulary
    weeks           completed weeks at which the baby died, the pregnancy ended or the baby was born
    relation        who the teller is to the baby: an id of the vocabulary, or ""
    since_months    how long ago it happened, when told
    age_days        how many days the baby lived; 0 = less than a day; None = not said, or not born alive
    """

    kinds: tuple[str, ...] = ()
    weeks: int | None = None
    relation: str = ""
    themes: tuple[str, ...] = ()
    since_months: int | None = None
    age_days: int | None = None

    @classmethod
    def from_json(cls, value: object) -> Circumstances:
        """Reads what `to_json` wrote; None, an empty column, is nothing said.

        Raises CircumstancesError for unknown keys, unknown ids and values out of range.
        """
        if value is None:
            return cls()
        if not isinstance(value, Mapping):
            raise CircumstancesError("circumstances are an object")
        if strange := set(value) - {f.name for f in fields(cls)}:
            raise CircumstancesError(f"unknown key {min(map(str, strange))!r}")
        words = vocabulary()
        said = [] if value.get("relation", "") == "" else [value["relation"]]
        return cls(
            kinds=_ids("kinds", value.get("kinds", ()), words.kinds, MOST_KINDS),
            weeks=_whole("weeks", value.get("weeks"), WEEKS),
            relation="".join(_ids("relation", said, words.relations, 1)),
            themes=_ids("themes", value.get("themes", ()), words.themes, MOST_THEMES),
            since_months=_whole("since_months", value.get("since_months"), SINCE_MONTHS),
            age_days=_whole("age_days", value.get("age_days"), AGE_DAYS),
        )

    def to_json(self) -> dict[str, Any]:
        """Only what was said, so that an empty value is `{}`."""
        value: dict[str, Any] = {}
        for f in fields(self):
            said = getattr(self, f.name)
            if said not in ((), "", None):
                value[f.name] = list(said) if isinstance(said, tuple) else said
        return value

    def canonical(self) -> bytes:
        """The same bytes for the same facts, in any order of saying them; for the digest of a revision (C6)."""
        said = {key: sorted(v) if isinstance(v, list) else v for key, v in self.to_json().items()}
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()

    def __bool__(self) -> bool:
        """Whether anything was said at all."""
        return self != Circumstances()


def how_far_along(weeks: int | None) -> str:
    """The id of the browsing band for completed weeks; "" when not said."""
    return _band(vocabulary().how_far, weeks)


def how_long_ago(since_months: float | None) -> str:
    """The id of the browsing band for a time since; "" when not said."""
    return _band(vocabulary().time_since, since_months)


def middle_of(bands: Iterable[Band], chosen: str, last: int) -> int | None:
    """Return the middle of a band's range, of the last one as if it ended at ``last``; None for none of them."""
    low = 0.0
    for band in bands:
        high = float(last) if band.until is None else band.until
        if band.id == chosen:
            return int((low + high) / 2)
        low = high
    return None


def _band(bands: Iterable[Band], value: float | None) -> str:
    if value is None:
        return ""
    return next(band.id for band in bands if band.until is None or value < band.until)


def _ids(key: str, value: object, known: Mapping[str, object], most: int) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(id, str) for id in value):
        raise CircumstancesError(f"{key} holds ids")
    if len(value) > most or len(set(value)) != len(value):
        raise CircumstancesError(f"{key} holds at most {most} different ids")
    for id in value:
        if id not in known:
            raise CircumstancesError(f"{key} holds the unknown id {id[:40]!r}")
    return tuple(value)


def _whole(key: str, value: object, allowed: range) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise CircumstancesError(f"{key} is a whole number from {allowed[0]} to {allowed[-1]}")
    return value
