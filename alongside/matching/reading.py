"""Circumstances read from a sentence or a story, in whatever words people use at three in the morning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from alongside.families.circumstances import AGE_DAYS, SINCE_MONTHS, WEEKS, Circumstances
from alongside.families.vocabulary import vocabulary
from alongside.language.detect import likely

from .leaning import lean
from .lexicon import LANGUAGES, Hit, find
from .quantities import Counted, counted
from .words import Words, split

SHORT = 600  # characters: up to here it is a question; beyond, a story
_SAID = 0.7
_ENOUGH = 1.5
_KINDS_SAID = 3
_THEMES_SAID = 12


@dataclass(frozen=True)
class Reading:
    """What a text says.

    circumstances   what it says plainly, in the vocabulary's ids
    kinds, themes   how strongly it speaks of each id, 0 to 1, guesses included (for nearness, never for the screen)
    wishes          whom or what it asks for: relations, "later" (years on), "again" (a new pregnancy)
    topics          things it mentions that the vocabulary does not hold, such as a song or a blanket
    """

    circumstances: Circumstances = field(default_factory=Circumstances)
    kinds: Mapping[str, float] = field(default_factory=dict)
    themes: Mapping[str, float] = field(default_factory=dict)
    wishes: frozenset[str] = frozenset()
    topics: Mapping[str, int] = field(default_factory=dict)


def read(text: str, *, language: str = "", today: date) -> Reading:
    """Reads any text; `language` is a hint ("en-GB", "de"), "" = look. Never raises for what a person typed."""
    languages = _languages(text, language)
    words = split(text)
    short = len(text) <= SHORT
    hits = find(words, languages, misspelt=short)
    quantities = [found for each in languages for found in counted(words, each, today)]
    kinds = _strengths(hits, "kind")
    themes = _undenied(_in_passing(_strengths(hits, "theme"), short=short), hits)
    weeks = _weeks(quantities, words, hits)
    age = _age(quantities)
    relation = _relation(hits, short=short)
    leaning = lean(kinds, weeks=weeks, age_days=age, hits=hits)
    return Reading(
        circumstances=Circumstances(
            kinds=_said({kind: leaning.get(kind, 0.0) for kind in kinds}, _KINDS_SAID),
            weeks=weeks,
            relation=relation,
            themes=_said(themes, _THEMES_SAID),
            since_months=_since(quantities, short=short),
            age_days=age,
        ),
        kinds=leaning,
        themes=themes,
        wishes=frozenset(hit.id for hit in hits if hit.part == "wish" and not hit.denied),
        topics=_topics(hits),
    )


def _languages(text: str, language: str) -> tuple[str, ...]:
    known = language.split("-")[0].lower()
    found = likely(text)
    if known not in LANGUAGES:
        return found
    return (known,) if not found or known in found else (known, found[0])


def _strengths(hits: list[Hit], part: str) -> dict[str, float]:
    """How strongly each id is spoken of: the strongest ones 1, others by their share; each place counts once."""
    places: dict[str, dict[int, float]] = defaultdict(dict)
    for hit in hits:
        if hit.part == part and not hit.denied:
            at = places[hit.id]
            at[hit.start] = max(at.get(hit.start, 0.0), hit.weight)
    evidence = {id: sum(sorted(at.values(), reverse=True)[:4]) for id, at in places.items()}
    return evidence if part == "theme" else {id: min(1.0, found) for id, found in evidence.items()}


def _in_passing(themes: dict[str, float], *, short: bool) -> dict[str, float]:
    """A question names what it is about; a story names much in passing, so once is half as much there."""
    facet_of = vocabulary().facet_of
    enough = {theme: 1.0 if short or facet_of[theme] == "cause" else _ENOUGH for theme in themes}
    return {theme: min(1.0, evidence / enough[theme]) for theme, evidence in themes.items()}


def _undenied(themes: dict[str, float], hits: list[Hit]) -> dict[str, float]:
    """What was denied is not said: "no photos" is not a story with photos."""
    for denied, instead in (
        ("photos", "no_photos"),
        ("post_mortem_yes", "post_mortem_no"),
        ("saw_and_held", "did_not_hold"),
    ):
        if themes.get(instead, 0) >= _SAID and any(h.part == "theme" and h.id == denied for h in hits):
            plain = sum(1 for h in hits if h.id == denied and not h.denied)
            against = len({h.start for h in hits if h.id == instead})
            if plain <= against + 1:
                themes.pop(denied, None)
    return themes


def _weeks(quantities: list[Counted], words: Words, hits: list[Hit]) -> int | None:
    """The surest number of weeks; of several about as sure the last, since what is found early ends later."""
    deaths = {words.sentences[h.start] for h in hits if h.part == "kind" and h.weight == 1 and not h.denied}
    again = {words.sentences[h.start] for h in hits if h.part == "wish" and h.id == "again"}
    sure: list[tuple[float, int]] = []
    for found in quantities:
        if found.weeks_surety >= 0.3 and round(found.weeks) in WEEKS:
            sentence = words.sentences[found.at]
            more = (0.3 if sentence in deaths else 0.0) - (0.3 if sentence in again else 0.0)
            sure.append((found.weeks_surety + more, round(found.weeks)))
    if not sure:
        return None
    best = max(surety for surety, _ in sure)
    return max(weeks for surety, weeks in sure if surety >= best - 0.35)


def _age(quantities: list[Counted]) -> int | None:
    sure = [found for found in quantities if found.age_surety >= 0.5 and int(found.age_days) in AGE_DAYS]
    if not sure:
        return None
    best = max(found.age_surety for found in sure)
    return int(max(found.age_days for found in sure if found.age_surety == best))


def _since(quantities: list[Counted], *, short: bool) -> int | None:
    """How long ago. In a story "on Monday" and "two days later" belong to what is told; only a long time is said."""
    surety, months = (0.5, 0.0) if short else (0.6, 2.0)
    sure = [
        found
        for found in quantities
        if found.since_surety >= surety and months <= found.since_months <= SINCE_MONTHS[-1]
    ]
    if not sure:
        return None
    best = max(found.since_surety for found in sure)
    return int(max(found.since_months for found in sure if found.since_surety == best))


# A grandmother also says "my husband" and "my daughter": the rarer seats need less to be believed.
_SEAT_WEIGHT = {
    "carried": 0.8,
    "father": 1.0,
    "partner": 1.0,
    "nonbirth_mother": 2.0,
    "grandparent": 1.6,
    "friend": 1.4,
}


def _relation(hits: list[Hit], *, short: bool) -> str:
    found = _strengths_of_seats(hits)
    if not found:
        return ""
    best = max(found, key=lambda id: found[id])
    return best if found[best] >= (0.35 if short else 0.7) else ""


def _strengths_of_seats(hits: list[Hit]) -> dict[str, float]:
    places: dict[str, dict[int, float]] = defaultdict(dict)
    for hit in hits:
        if hit.part == "who" and not hit.denied:
            places[hit.id][hit.start] = max(places[hit.id].get(hit.start, 0.0), hit.weight)
    return {id: sum(sorted(at.values(), reverse=True)[:4]) * _SEAT_WEIGHT.get(id, 1.5) for id, at in places.items()}


def _said(strengths: Mapping[str, float], most: int) -> tuple[str, ...]:
    order = list(vocabulary().kinds) + list(vocabulary().themes)
    said = [id for id, strength in strengths.items() if strength >= _SAID]
    said.sort(key=lambda id: (-strengths[id], order.index(id)))
    return tuple(said[:most])


def _topics(hits: list[Hit]) -> dict[str, int]:
    places: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        if hit.part == "topic":
            places[hit.id].add(hit.start)
    return {id: len(at) for id, at in places.items()}
