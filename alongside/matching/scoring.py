"""Nearness of stories to a seeker: meaning, circumstances and a little of the words, in one number per story.

Everything is an array over the stories of a `Shelf`, so that ten thousand are scored in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alongside.families.circumstances import Circumstances
from alongside.families.vocabulary import vocabulary

from . import nearness
from .nearness import Array
from .reading import Reading
from .topics import topic_columns


@dataclass(frozen=True)
class Entry:
    """A story as the ranking sees it.

    vector  unit vector of meaning, already centred (512,)
    chosen  circumstances its author chose to share
    read    what was read from its words
    """

    id: str
    language: str
    vector: Array
    chosen: Circumstances = field(default_factory=Circumstances)
    read: Reading = field(default_factory=Reading)


@dataclass(frozen=True)
class Seeker:
    """Someone looking: a sentence, or a whole story. `given` are facts chosen from a list, `read` those in the words."""

    vector: Array
    given: Circumstances = field(default_factory=Circumstances)
    read: Reading = field(default_factory=Reading)
    language: str = ""


@dataclass(frozen=True)
class Weights:
    """How much each evidence counts, beside a centred cosine at 1.

    Found on the dev half of bench/matching with two in five of the facts that were read thrown away at random, since
    the lexicon knows those texts better than it will know a stranger's.
    """

    kind: float = 0.5
    weeks: float = 0.45
    relation: float = 0.65
    themes: float = 0.3
    since: float = 0.15
    age: float = 0.65
    wish: float = 0.2
    topics: float = 0.1
    read: float = 0.8  # a fact read from words, beside one that was given


WEIGHTS = Weights()
# What a facet contributes between two people taken at random: said facts count by how far they lie above it.
_BASE = {"kind": 0.3, "weeks": 0.35, "relation": 0.35, "themes": 0.1, "since": 0.45, "age": 0.4}
_FACET_WEIGHT = {"cause": 1.0, "path": 0.8, "care": 0.5, "after": 0.6}
_BROADER = 0.8
_APART = 0.6  # how much less a shared theme counts between kinds that have nothing in common
_MOST_TOPICS = 12  # of a seeker's topics count; a long account mentions many in passing
_LONG_AGO = 120  # months; who looks after so long looks for others who do
_THEME_WEIGHT = {
    "pregnant_again": 1.2,
    "parenting_after": 0.9,
    "found_at_scan": 0.25,
    "saw_and_held": 0.3,
    "photos": 0.3,
    "funeral": 0.3,
    "living_children": 0.3,
}


def kinds_vector(chosen: Circumstances, read: Reading, trust: float) -> Array:
    """Strength of each kind, 0 to 1: chosen ones 1, those read at most `trust` (less still where one was chosen)."""
    ids = nearness.kind_ids()
    strengths = np.zeros(len(ids), dtype=np.float32)
    share = trust * (0.35 if chosen.kinds else 1.0)
    for id, strength in read.kinds.items():
        strengths[ids.index(id)] = share * strength
    for id in chosen.kinds:
        strengths[ids.index(id)] = 1.0
    return strengths


def themes_vector(chosen: Circumstances, read: Reading, trust: float) -> Array:
    """Strength of each theme, 0 to 1, times how telling the theme is."""
    ids = nearness.theme_ids()
    strengths = np.zeros(len(ids), dtype=np.float32)
    for id, strength in read.themes.items():
        strengths[ids.index(id)] = trust * strength
    for id in chosen.themes:
        strengths[ids.index(id)] = 1.0
    for id, entry in vocabulary().themes.items():
        if entry.broader:
            broader = ids.index(entry.broader)
            strengths[broader] = max(strengths[broader], _BROADER * strengths[ids.index(id)])
    return strengths * _telling()


def _telling() -> Array:
    facet_of = vocabulary().facet_of
    weights = [_THEME_WEIGHT.get(id, _FACET_WEIGHT[facet_of[id]]) for id in nearness.theme_ids()]
    return np.array(weights, dtype=np.float32)


def _number(chosen: int | None, read: int | None, trust: float) -> tuple[float, float]:
    if chosen is not None:
        return float(chosen), 1.0
    return (float(read), trust) if read is not None else (float("nan"), 0.0)


class Shelf:
    """Stories made ready to be compared: rows of arrays in the order of `ids`."""

    def __init__(self, entries: Sequence[Entry], weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self.ids = [entry.id for entry in entries]
        count, trust = len(entries), weights.read
        self.vectors = np.zeros((count, 512), dtype=np.float32)
        self.kinds = np.zeros((count, len(nearness.kind_ids())), dtype=np.float32)
        self.themes = np.zeros((count, len(nearness.theme_ids())), dtype=np.float32)
        self.relations = np.full(count, -1, dtype=np.int64)
        self._mentioned = np.zeros((len(topic_columns()), count), dtype=np.float32)
        self.numbers = np.full((3, count), np.nan, dtype=np.float32)
        self.sureties = np.zeros((3, count), dtype=np.float32)
        self.relation_surety = np.zeros(count, dtype=np.float32)
        for row, entry in enumerate(entries):
            self._put(row, entry, trust)
        self._surest_kind = self.kinds.max(axis=1, initial=0.0)
        self._kind_reach = _reach(self.kinds)
        self._theme_sizes = np.sqrt(np.sqrt((self.themes**2).sum(axis=1)) + 0.3)

    def _put(self, row: int, entry: Entry, trust: float) -> None:
        self.vectors[row] = entry.vector
        self.kinds[row] = kinds_vector(entry.chosen, entry.read, trust)
        self.themes[row] = themes_vector(entry.chosen, entry.read, trust)
        read = entry.read.circumstances
        for facet, name in enumerate(("weeks", "since_months", "age_days")):
            value, surety = _number(getattr(entry.chosen, name), getattr(read, name), trust)
            self.numbers[facet, row], self.sureties[facet, row] = value, surety
        for topic, times in entry.read.topics.items():
            if (column := topic_columns().get(topic)) is not None:
                self._mentioned[column, row] = times / (times + 0.8)
        relation = entry.chosen.relation or read.relation
        if relation:
            self.relations[row] = nearness.relation_ids().index(relation)
            self.relation_surety[row] = 1.0 if entry.chosen.relation else trust

    def __len__(self) -> int:
        return len(self.ids)

    def scores(self, seeker: Seeker) -> Array:
        """One number per story, shape (len(self),); higher is nearer. Only the order means anything."""
        w = self.weights
        total = self.vectors @ seeker.vector
        for name, part in self.parts(seeker).items():
            total = total + getattr(w, name) * part
        return np.asarray(total, dtype=np.float32)

    def parts(self, seeker: Seeker) -> dict[str, Array]:
        """The evidence besides meaning, by name of its weight; 0 where either side says nothing."""
        trust = self.weights.read
        read, given = seeker.read.circumstances, seeker.given
        kinds = kinds_vector(given, seeker.read, trust)
        near, surety = self._kinds(kinds), self._surest_kind * float(kinds.max(initial=0.0))
        # What people feel and go through makes two losses alike mostly where the losses themselves are.
        apart = 1 - _APART * (1 - near) * surety
        return {
            "kind": (near - _BASE["kind"]) * surety,
            "weeks": self._near(0, *_number(given.weeks, read.weeks, trust)),
            "since": self._since(*_number(given.since_months, read.since_months, trust)),
            "age": self._near(2, *_number(given.age_days, read.age_days, trust)),
            "relation": self._relation(given.relation or read.relation, 1.0 if given.relation else trust),
            "themes": self._themes(themes_vector(given, seeker.read, trust)) * apart,
            "wish": self._wish(seeker.read.wishes),
            "topics": self._topics(seeker.read.topics),
        }

    def _kinds(self, wanted: Array) -> Array:
        """How near each story's kinds are to the wanted ones, 0 to 1; 0 where either side names none."""
        near = np.zeros(len(self), dtype=np.float32)
        for column in np.flatnonzero(wanted):
            np.maximum(near, self._kind_reach[column] * (wanted[column] / wanted.max()), out=near)
        share = np.divide(near, self._surest_kind, out=np.zeros_like(near), where=self._surest_kind > 0)
        return np.asarray(share, dtype=np.float32)

    def _near(self, facet: int, value: float, surety: float) -> Array:
        if not surety:
            return np.zeros(len(self), dtype=np.float32)
        measure = (nearness.weeks_nearness, nearness.since_nearness, nearness.age_nearness)[facet]
        base = (_BASE["weeks"], _BASE["since"], _BASE["age"])[facet]
        near = measure(value, self.numbers[facet])
        return np.where(np.isnan(near), 0.0, (near - base) * self.sureties[facet] * surety).astype(np.float32)

    def _since(self, months: float, surety: float) -> Array:
        return self._near(1, months, surety) * (3 if months >= _LONG_AGO else 1)

    def _relation(self, relation: str, surety: float) -> Array:
        if not relation:
            return np.zeros(len(self), dtype=np.float32)
        affinity = nearness.relation_affinity()[nearness.relation_ids().index(relation)]
        # A mother's seat is the commonest and says the least.
        telling = 0.4 if relation == "carried" else 1.0
        near = (affinity[self.relations] - _BASE["relation"]) * self.relation_surety * surety * telling
        return np.where(self.relations < 0, 0.0, near).astype(np.float32)

    def _themes(self, wanted: Array) -> Array:
        if not wanted.any():
            return np.zeros(len(self), dtype=np.float32)
        shared = self.themes @ wanted
        near = shared / (np.sqrt(float((wanted**2).sum())) * self._theme_sizes)
        return np.asarray(near, dtype=np.float32)

    def _wish(self, wishes: frozenset[str]) -> Array:
        granted = np.zeros(len(self), dtype=np.float32)
        relations = nearness.relation_ids()
        for wish in wishes:
            if wish in relations:
                granted += (self.relations == relations.index(wish)) * self.relation_surety
            elif wish == "later":
                since = np.nan_to_num(self.numbers[1], nan=0.0)
                granted += np.clip(since / 60, 0, 1) * self.sureties[1]
            elif wish == "again":
                themes = nearness.theme_ids()
                columns = [themes.index(id) for id in ("pregnant_again", "parenting_after", "trying_again")]
                granted += self.themes[:, columns].max(axis=1)
        return granted

    def _topics(self, topics: Mapping[str, int]) -> Array:
        if not topics:
            return np.zeros(len(self), dtype=np.float32)
        wanted = np.zeros(len(topic_columns()), dtype=np.float32)
        for topic, times in topics.items():
            if (column := topic_columns().get(topic)) is not None:
                # Not weighed by how rare it is among the stories: that would let hidden ones move visible ones (S2).
                wanted[column] = 1 + np.log(times)
        most = float(np.sort(wanted)[-_MOST_TOPICS:].sum())
        columns = np.flatnonzero(wanted)
        return np.asarray((wanted[columns] / (most or 1.0)) @ self._mentioned[columns], dtype=np.float32)


def _reach(kinds: Array) -> Array:
    """How near each story comes to each kind, (kinds, stories): the best of its own kinds, by how sure that is."""
    affinity = nearness.kind_affinity()
    return np.stack([(kinds * affinity[column]).max(axis=1, initial=0.0) for column in range(len(affinity))])


def order(scores: Array, ids: Sequence[str]) -> NDArray[np.int64]:
    """Rows, nearest first; equal ones by id, so that the same question always gets the same answer."""
    return np.array(sorted(range(len(ids)), key=lambda row: (-float(scores[row]), ids[row])), dtype=np.int64)
