"""Numbers with a unit in a text, and what they count: how far along, how long ago, or how long a baby lived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from .lexicon import lexicon
from .phrases import GAP, Atom, Pattern, compile_phrase
from .words import Words

MONTH_IN_WEEKS = 4.345
DAYS = {"minute": 0.0, "hour": 0.0, "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5}
TERM = 40
_UNITS = tuple(DAYS)
_CUES = ("_before", "_after", "_weak", "_self", "term")
_WINDOW = 4  # words before and after a quantity that may say what it counts
_GERMAN = re.compile(
    r"(ein|zwei|drei|vier|funf|sechs|sieben|acht|neun)und(zwanzig|dreissig|vierzig|funfzig)(?:ste[nrs]?)?$"
)
_GERMAN_ORDINAL = re.compile(r"(.+?)(?:ste|te)[nrs]?$")
_DIGITS = re.compile(r"(\d+)(?:[.,](\d+)|\+(\d))?")


@dataclass(frozen=True)
class Counted:
    """What one quantity may count, with how sure the words around it make us (0 = not at all)."""

    weeks: float = 0.0
    weeks_surety: float = 0.0
    since_months: float = 0.0
    since_surety: float = 0.0
    age_days: float = 0.0
    age_surety: float = 0.0
    at: int = 0


class _Language:
    """The tables of one language, made from the `quantity` part of its lexicon."""

    def __init__(self, language: str) -> None:
        table = lexicon(language).quantity
        self.units = {word: unit for unit in _UNITS for word in table[unit].split()}
        self.numbers = {name: float(value) for name, value in (p.split("=") for p in table["numbers"].split())}
        self.joining = set(table["and"].split())
        self.half = set(table["half"].split())
        self.ordinal = set(table["ordinal"].split())
        self.cues = {name: _phrases(text) for name, text in table.items() if name.endswith(_CUES)}
        self.moments = _indexed(
            (pattern, float(months))
            for phrase, months in (moment.split("=") for moment in table["moments"].split(";"))
            for pattern in _phrases(phrase)
        )
        self.eras = _indexed(
            (pattern, float(year))
            for phrase, year in (era.split("=") for era in table["eras"].split(";"))
            for pattern in _phrases(phrase)
        )
        self.term = _indexed((pattern, float(TERM)) for pattern in self.cues.pop("term"))
        self.lived = frozenset(table["lived_words"].replace(";", " ").split())
        self.german = language == "de"
        self.french = language == "fr"

    def number(self, words: tuple[str, ...], at: int) -> tuple[float, int]:
        """The number that begins at a word, and where it ends; end = at when there is none."""
        word = words[at]
        if digits := _DIGITS.fullmatch(word):
            value = float(f"{digits.group(1)}.{digits.group(2) or 0}") if digits.group(2) else float(digits.group(1))
            return value, self._past_half(words, at + 1)
        value = self._spelled(word)
        if value is None:
            return 0.0, at
        end = at + 1
        if end < len(words) and value in (20, 30, 40, 50, 60):
            step = end + 1 if words[end] in self.joining and end + 1 < len(words) else end
            unit = self._spelled(words[step])
            if (
                unit is not None
                and (0 < unit < 10 or (self.french and 10 <= unit < 20))
                and words[step] not in ("a", "an")
            ):
                return value + unit, step + 1
        if value == 10 and self.french and end < len(words) and words[end] in ("sept", "huit", "neuf"):
            return value + self.numbers[words[end]], end + 1
        return value, self._past_half(words, end)

    def _past_half(self, words: tuple[str, ...], end: int) -> int:
        if words[end : end + 3] == ("and", "a", "half"):
            return end + 3
        while end < len(words) and words[end] in self.ordinal:
            end += 1
        return end

    def _spelled(self, word: str) -> float | None:
        if word in self.numbers:
            return self.numbers[word]
        if not self.german:
            return None
        if match := _GERMAN.match(word):
            return self.numbers[match.group(1)] + self.numbers[match.group(2)]
        if match := _GERMAN_ORDINAL.match(word):
            stem = {"er": "ein", "drit": "drei", "sieb": "sieben", "ach": "acht"}.get(match.group(1), match.group(1))
            return self.numbers.get(stem)
        return None


@lru_cache(maxsize=8)
def _language(language: str) -> _Language:
    return _Language(language)


def _phrases(text: str) -> list[Pattern]:
    classes: Mapping[str, Atom] = {}
    found: list[Pattern] = []
    for phrase in filter(None, map(str.strip, text.split(";"))):
        found += compile_phrase(phrase, classes)[0]
    return found


def counted(words: Words, language: str, today: date) -> Iterator[Counted]:
    """Every quantity of the text with what it may count."""
    tables = _language(language)
    at = 0
    while at < len(words.words):
        value, end = tables.number(words.words, at)
        if end > at and end < len(words.words) and words.words[end] not in tables.units:
            value, end = _range(tables, words.words, at, value, end)
        unit = tables.units.get(words.words[end], "") if end > at and end < len(words.words) else ""
        if unit and words.sentences[end] == words.sentences[at]:
            yield _judge(tables, words, at, end + 1, value, unit)
            at = end + 1
        else:
            found = _lone(tables, words, at, end, value, today)
            if found:
                yield found
            at = max(end, at + 1)
    yield from _moments(tables, words, today)


def _range(tables: _Language, words: tuple[str, ...], at: int, value: float, end: int) -> tuple[float, int]:
    """ "two or three weeks": the later one."""
    if words[end] in ("or", "to", "o", "ou", "oder", "bis", "a", "y") and end + 1 < len(words):
        other, past = tables.number(words, end + 1)
        if past > end + 1 and past < len(words) and words[past] in tables.units and other > value:
            return other, past
    return value, end


def _judge(tables: _Language, words: Words, start: int, end: int, value: float, unit: str) -> Counted:
    before, after = _around(words, start, end)
    cue = {name: (_ends(before, c) if name.endswith("_before") or name == "age_weak" else _begins(after, c)) for name, c in tables.cues.items()}
    if words.words[end : end + 2] in (("and", "a"), ("y", "medio"), ("et", "demi")):
        value += 0.5
    half = (end < len(words.words) and words.words[end] in tables.half) or words.words[start - 1 : start] in (
        ("half",),
    )
    days = (value + (0.5 if half and unit in ("month", "year") else 0)) * DAYS[unit]
    weeks = _along_weeks(words.words[start], value, unit)
    scan = end < len(words.words) and words.words[end].startswith(("scan", "appoint", "check", "ultra"))
    along = _along_surety(cue, weeks, unit, scan=scan)
    if cue["early_after"] and unit == "week":
        weeks, along = TERM - value, 1.0
    since = 0.9 if cue["ago_before"] or cue["ago_after"] else 0.3 if cue["ago_weak"] and unit != "week" else 0.0
    age = 0.9 if cue["age_before"] and unit != "year" else 0.8 if cue["age_after"] and not cue["along_after"] else 0.0
    if not age and cue["age_weak"] and unit != "year" and not cue["ago_before"] and not cue["ago_after"]:
        age = 0.6 if tables.lived & set(_sentence(words, start)) else 0.0
    if days > 365 * 5 or (unit in ("year", "decade") and not cue["age_before"]):
        age = 0.0
    if unit in ("minute", "hour") or (unit == "day" and value < 4 and not age):
        since = min(since, 0.4) if unit == "day" else 0.0
    if unit == "month" and age and not cue["along_after"]:
        along = 0.0
    if along >= 0.9 and not cue["age_after"]:
        age = min(age, 0.2)
    return Counted(weeks, along if since < 0.9 else min(along, 0.1), days / 30.44, since, days, age, start)


def _along_weeks(word: str, value: float, unit: str) -> float:
    return value if unit == "week" else value * MONTH_IN_WEEKS if unit == "month" else 0.0


def _along_surety(cue: dict[str, bool], weeks: float, unit: str, *, scan: bool) -> float:
    if not 3 <= weeks < 46 or unit not in ("week", "month"):
        return 0.0
    if cue["along_after"]:
        return 1.0
    if cue["not_along_after"] or (cue["not_along_before"] and not cue["along_before"]):
        return 0.1 if unit == "week" else 0.0
    if scan:
        return 0.3
    if unit == "month":
        return 0.4 if cue["along_before"] else 0.0
    return 0.9 if cue["along_before"] else 0.6 if weeks >= 5 else 0.2


def _lone(tables: _Language, words: Words, at: int, end: int, value: float, today: date) -> Counted | None:
    """ "week 20", "20+3", "in 1974"."""
    word = words.words[at]
    if "+" in word:
        return Counted(weeks=int(word.split("+")[0]), weeks_surety=1.0 if value < 46 else 0.0, at=at)
    if end == at:
        return None
    before, _ = _around(words, at, end)
    unit = tables.units.get(words.words[at - 1], "") if at else ""
    if unit == "week" and 3 <= value < 46 and words.words[at - 1] not in ("w", "s"):
        return Counted(weeks=value, weeks_surety=0.9, at=at)
    if word.isdigit() and 1930 <= value <= today.year and _ends(before, tables.cues["year_before"]):
        if any(_stands(words.words[max(0, at - 8) : at], p) for p in tables.cues["born_self"]):
            return None
        months = (today.year - value) * 12 + today.month - 6
        return Counted(since_months=max(0.0, months), since_surety=0.8, at=at)
    return None


def _moments(tables: _Language, words: Words, today: date) -> Iterator[Counted]:
    for at, word in enumerate(words.words):
        for pattern, year in tables.eras.get(word, ()):
            if _at(words.words, pattern, at):
                yield Counted(since_months=(today.year - year) * 12.0, since_surety=0.6, at=at)
        for pattern, months in tables.moments.get(word, ()):
            if _at(words.words, pattern, at):
                yield Counted(since_months=months, since_surety=0.5, at=at)
        for pattern, weeks in tables.term.get(word, ()):
            if _at(words.words, pattern, at):
                yield Counted(weeks=weeks, weeks_surety=0.5, at=at)


def _indexed(patterns: Iterable[tuple[Pattern, float]]) -> dict[str, list[tuple[Pattern, float]]]:
    """By first word, so that a long text is gone through once. Every first atom here is whole words."""
    index: dict[str, list[tuple[Pattern, float]]] = {}
    for pattern, value in patterns:
        for word in pattern[0].words:
            index.setdefault(word, []).append((pattern, value))
    return index


def _around(words: Words, start: int, end: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sentence = words.sentences[start]
    first, last = max(0, start - _WINDOW), min(len(words.words), end + _WINDOW)
    before = tuple(words.words[i] for i in range(first, start) if words.sentences[i] == sentence)
    after = tuple(words.words[i] for i in range(end, last) if words.sentences[i] == sentence)
    return before, after


def _sentence(words: Words, at: int) -> tuple[str, ...]:
    number = words.sentences[at]
    first, last = max(0, at - 30), min(len(words.words), at + 30)
    return tuple(words.words[i] for i in range(first, last) if words.sentences[i] == number)


def _ends(before: tuple[str, ...], cues: list[Pattern]) -> bool:
    return any(_at(before, p, len(before) - len(p)) for p in cues if len(p) <= len(before))


def _begins(after: tuple[str, ...], cues: list[Pattern]) -> bool:
    return any(_at(after, p, 0) for p in cues)


def _stands(words: tuple[str, ...], pattern: Pattern) -> bool:
    return any(_at(words, pattern, at) for at in range(len(words)))


def _at(words: tuple[str, ...], pattern: Pattern, at: int) -> bool:
    if at < 0 or at + len(pattern) > len(words):
        return False
    return all(atom is not GAP and atom.holds(word) for atom, word in zip(pattern, words[at:], strict=False))
