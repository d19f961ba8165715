"""Numbers as people write them, "34+2", "vierundzwanzig", "dix-sept", and the words that say what a number counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from .lexicon import lexicon
from .phrases import GAP, Atom, Pattern, compile_phrase

UNITS = ("minute", "hour", "day", "week", "month", "year", "decade")
_CUES = ("_before", "_after", "_weak", "_self")
_TENS = (20, 30, 40, 50, 60)
_GERMAN = re.compile(
    r"(ein|zwei|drei|vier|funf|sechs|sieben|acht|neun)und(zwanzig|dreissig|vierzig|funfzig)(?:ste[nrs]?)?$"
)
_GERMAN_ORDINAL = re.compile(r"(.+?)(?:ste|te)[nrs]?$")
_GERMAN_STEMS = {"er": "ein", "drit": "drei", "sieb": "sieben", "ach": "acht"}
_DIGITS = re.compile(r"(\d+)(?:[.,](\d+)|\+\d)?")

Index = Mapping[str, list[tuple[Pattern, float]]]


class Tables:
    """The numbers, units and cues of one language, from the `quantity` part of its lexicon."""

    def __init__(self, language: str) -> None:
        table = lexicon(language).quantity
        self.units = {word: unit for unit in UNITS for word in table[unit].split()}
        self.numbers = {name: float(value) for name, value in (p.split("=") for p in table["numbers"].split())}
        self.joining = frozenset(table["and"].split())
        self.half = frozenset(table["half"].split())
        self.ordinal = frozenset(table["ordinal"].split())
        self.lived = frozenset(table["lived_words"].split())
        self.cues = {name: _patterns(text) for name, text in table.items() if name.endswith(_CUES)}
        self.moments = _valued(table["moments"])
        self.eras = _valued(table["eras"])
        self.term = _indexed((pattern, 0.0) for pattern in _patterns(table["term"]))
        self._german = language == "de"
        self._teens = range(1, 20) if language == "fr" else range(1, 10)

    def number(self, words: tuple[str, ...], at: int) -> tuple[float, int]:
        """The number that begins at a word, and where it ends; (0, at) when there is none."""
        if digits := _DIGITS.fullmatch(words[at]):
            whole, part = digits.groups()
            return float(f"{whole}.{part or 0}"), self._past_ordinal(words, at + 1)
        value = self._spelled(words[at])
        if value is None:
            return 0.0, at
        more, end = self._joined(words, at + 1, value)
        return (value + more, end) if more else (value, self._past_ordinal(words, at + 1))

    def range(self, words: tuple[str, ...], value: float, end: int) -> tuple[float, int]:
        """Of "two or three weeks" the later one, where the number so far ends before `end`."""
        if end + 1 < len(words) and words[end] in _OR:
            other, past = self.number(words, end + 1)
            if past > end + 1 and past < len(words) and words[past] in self.units and other > value:
                return other, past
        return value, end

    def _joined(self, words: tuple[str, ...], at: int, value: float) -> tuple[float, int]:
        """ "treinta y dos", "soixante-quinze", "dix-sept": what is added to a number, and where it ends."""
        step = at + 1 if at + 1 < len(words) and words[at] in self.joining else at
        if step >= len(words) or words[step] in _ARTICLES:
            return 0.0, at
        more = self._spelled(words[step]) or 0.0
        ten = value == 10 and len(self._teens) > 10 and more in (7, 8, 9) and step == at
        return (more, step + 1) if ten or (value in _TENS and more in self._teens) else (0.0, at)

    def _past_ordinal(self, words: tuple[str, ...], end: int) -> int:
        if words[end : end + 3] == ("and", "a", "half"):
            return end + 3
        while end < len(words) and words[end] in self.ordinal:
            end += 1
        return end

    def _spelled(self, word: str) -> float | None:
        if word in self.numbers or not self._german:
            return self.numbers.get(word)
        if match := _GERMAN.match(word):
            return self.numbers[match.group(1)] + self.numbers[match.group(2)]
        if match := _GERMAN_ORDINAL.match(word):
            return self.numbers.get(_GERMAN_STEMS.get(match.group(1), match.group(1)))
        return None


_OR = frozenset({"or", "to", "o", "ou", "oder", "bis", "a", "y"})
_ARTICLES = frozenset({"a", "an"})


@lru_cache(maxsize=8)
def tables(language: str) -> Tables:
    """The tables of one of the lexicon's languages."""
    return Tables(language)


def stands(words: tuple[str, ...], pattern: Pattern, at: int) -> bool:
    """Whether a pattern without gaps stands at a place."""
    if at < 0 or at + len(pattern) > len(words):
        return False
    return all(atom is not GAP and atom.holds(word) for atom, word in zip(pattern, words[at:], strict=False))


def _patterns(text: str) -> list[Pattern]:
    classes: Mapping[str, Atom] = {}
    phrases = filter(None, map(str.strip, text.split(";")))
    return [pattern for phrase in phrases for pattern in compile_phrase(phrase, classes)[0]]


def _valued(text: str) -> Index:
    """Phrases with a value each, "last week=0.25; yesterday=0"."""
    pairs = [entry.split("=") for entry in text.split(";")]
    return _indexed((pattern, float(value)) for phrase, value in pairs for pattern in _patterns(phrase))


def _indexed(patterns: Iterable[tuple[Pattern, float]]) -> Index:
    """By first word, so that a long text is gone through once."""
    index: dict[str, list[tuple[Pattern, float]]] = {}
    for pattern, value in patterns:
        for word in pattern[0].words:
            index.setdefault(word, []).append((pattern, value))
    return index
