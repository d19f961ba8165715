"""What a number with a unit counts in a text: how far along, how long ago, or how long a baby lived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .numerals import Tables, stands, tables
from .words import Words

MONTH_IN_WEEKS = 4.345
TERM = 40
LONGEST_WEEKS = 46
OLDEST_DAYS = 365 * 5
_DAYS = {"minute": 0.0, "hour": 0.0, "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5}
_WINDOW = 4  # words before and after a quantity that may say what it counts
_SENTENCE = 30  # words of its sentence, each way, that may speak of a life
_SURE, _LIKELY, _MAYBE, _HARDLY = 0.9, 0.6, 0.3, 0.1
_SCAN = ("scan", "appoint", "check", "ultra")
_AND_A_HALF = (("and", "a"), ("y", "medio"), ("et", "demi"))

Cues = Mapping[str, bool]


@dataclass(frozen=True)
class Counted:
    """What one quantity may count, each with how sure the words around it make us (0 = not that at all).

    weeks of pregnancy; months since; days of age; and the word `at` which it stands.
    """

    weeks: float = 0.0
    weeks_surety: float = 0.0
    since_months: float = 0.0
    since_surety: float = 0.0
    age_days: float = 0.0
    age_surety: float = 0.0
    at: int = 0


def counted(words: Words, language: str, today: date) -> Iterator[Counted]:
    """Every quantity of the text with what it may count."""
    known = tables(language)
    at = 0
    while at < len(words.words):
        value, end = known.number(words.words, at)
        if end > at and end < len(words.words) and words.words[end] not in known.units:
            value, end = known.range(words.words, value, end)
        unit = known.units.get(words.words[end], "") if end > at and end < len(words.words) else ""
        if unit and words.sentences[end] == words.sentences[at]:
            yield _judge(known, words, (at, end + 1), value, unit)
            at = end + 1
        else:
            if found := _lone(known, words, (at, end), value, today):
                yield found
            at = max(end, at + 1)
    yield from _moments(known, words, today)


def _judge(known: Tables, words: Words, span: tuple[int, int], value: float, unit: str) -> Counted:
    start, end = span
    cues = _cues(known, words, span)
    half = words.words[end : end + 1] and words.words[end] in known.half
    if half or words.words[end : end + 2] in _AND_A_HALF or words.words[max(0, start - 1) : start] == ("half",):
        value += 0.5
    scan = bool(words.words[end : end + 1]) and words.words[end].startswith(_SCAN)
    weeks, along = _along(cues, value, unit, scan=scan)
    age = _age(cues, value * _DAYS[unit], unit, lived=bool(known.lived & _sentence(words, start)))
    since = _since(cues, value, unit, age=age)
    if unit == "month" and age and not cues["along_after"]:
        along = 0.0
    if along >= _SURE and not cues["age_after"]:
        age = min(age, 0.2)
    if since >= _SURE:
        along = min(along, _HARDLY)
    days = value * _DAYS[unit]
    return Counted(weeks, along, days / _DAYS["month"], since, days, age, start)


def _along(cues: Cues, value: float, unit: str, *, scan: bool) -> tuple[float, float]:
    """Completed weeks, and how surely they are weeks of pregnancy."""
    if unit not in ("week", "month"):
        return 0.0, 0.0
    if unit == "week" and cues["early_after"]:
        return TERM - value, 1.0
    weeks = value if unit == "week" else value * MONTH_IN_WEEKS
    if not 3 <= weeks < LONGEST_WEEKS:
        return weeks, 0.0
    if cues["along_after"]:
        return weeks, 1.0
    if cues["not_along_before"] and not cues["along_before"]:
        return weeks, _HARDLY if unit == "week" else 0.0
    if cues["not_along_after"]:
        plain = cues["along_before"] and weeks >= 5 and not cues["ago_after"] and not cues["age_after"]
        return weeks, 0.5 if plain and unit == "week" else _HARDLY if unit == "week" else 0.0
    if scan:
        return weeks, _MAYBE
    if unit == "month":
        return weeks, 0.4 if cues["along_before"] else 0.0
    return weeks, _SURE if cues["along_before"] else _LIKELY if weeks >= 5 else 0.2


def _age(cues: Cues, days: float, unit: str, *, lived: bool) -> float:
    """How surely this is how long a baby lived."""
    if days > OLDEST_DAYS or (unit in ("year", "decade") and not cues["age_before"]):
        return 0.0
    if cues["age_before"] and unit != "year":
        return _SURE
    if cues["age_after"] and not cues["along_after"]:
        return 0.8
    weak = cues["age_weak"] and unit != "year" and not cues["ago_before"] and not cues["ago_after"]
    return _LIKELY if weak and lived else 0.0


def _since(cues: Cues, value: float, unit: str, *, age: float) -> float:
    """How surely this is how long ago it was."""
    if unit in ("minute", "hour"):
        return 0.0
    if cues["ago_before"] or cues["ago_after"]:
        return 0.4 if unit == "day" and value < 4 and not age and not cues["ago_after"] else _SURE
    return _MAYBE if cues["ago_weak"] and unit != "week" else 0.0


def _lone(known: Tables, words: Words, span: tuple[int, int], value: float, today: date) -> Counted | None:
    """ "week 20", "20+3", "in 1974"."""
    at, end = span
    word = words.words[at]
    if "+" in word:
        weeks = int(word.split("+")[0])
        return Counted(weeks=weeks, weeks_surety=1.0 if weeks < LONGEST_WEEKS else 0.0, at=at)
    if end == at:
        return None
    before = words.words[at - 1] if at else ""
    if known.units.get(before) == "week" and 3 <= value < LONGEST_WEEKS and len(before) > 1:
        return Counted(weeks=value, weeks_surety=_SURE, at=at)
    if word.isdigit() and 1930 <= value <= today.year and _year(known, words, at):
        months = (today.year - value) * 12 + today.month - 6
        return Counted(since_months=max(0.0, months), since_surety=0.8, at=at)
    return None


def _year(known: Tables, words: Words, at: int) -> bool:
    """Whether a number is the year it happened, and not the year the teller was born."""
    before = words.words[max(0, at - 2 * _WINDOW) : at]
    own = any(stands(before, p, place) for p in known.cues["born_self"] for place in range(len(before)))
    return not own and any(stands(before, p, len(before) - len(p)) for p in known.cues["year_before"])


def _moments(known: Tables, words: Words, today: date) -> Iterator[Counted]:
    """ "last Tuesday", "the seventies", "at term"."""
    for at, word in enumerate(words.words):
        for pattern, months in known.moments.get(word, ()):
            if stands(words.words, pattern, at):
                yield Counted(since_months=months, since_surety=0.5, at=at)
        for pattern, year in known.eras.get(word, ()):
            if stands(words.words, pattern, at):
                yield Counted(since_months=(today.year - year) * 12.0, since_surety=_LIKELY, at=at)
        for pattern, _ in known.term.get(word, ()):
            if stands(words.words, pattern, at):
                yield Counted(weeks=TERM, weeks_surety=0.5, at=at)


def _cues(known: Tables, words: Words, span: tuple[int, int]) -> Cues:
    """Which cues stand right before or right after the quantity, in its sentence."""
    start, end = span
    sentence = words.sentences[start]
    first, last = max(0, start - _WINDOW), min(len(words.words), end + _WINDOW)
    before = tuple(words.words[i] for i in range(first, start) if words.sentences[i] == sentence)
    after = tuple(words.words[i] for i in range(end, last) if words.sentences[i] == sentence)
    return {
        name: any(stands(before, p, len(before) - len(p)) for p in patterns)
        if name.endswith("_before") or name == "age_weak"
        else any(stands(after, p, 0) for p in patterns)
        for name, patterns in known.cues.items()
    }


def _sentence(words: Words, at: int) -> frozenset[str]:
    number = words.sentences[at]
    first, last = max(0, at - _SENTENCE), min(len(words.words), at + _SENTENCE)
    return frozenset(words.words[i] for i in range(first, last) if words.sentences[i] == number)
