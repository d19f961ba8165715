"""The lexicon: which words of a text speak of which circumstance, in four languages (data in `lexicon/`)."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from alongside.families.vocabulary import Vocabulary, vocabulary

from .phrases import GAP, GAP_WORDS, Atom, Pattern, PhraseError, atom, compile_phrase
from .words import Words, split

FOLDER = Path(__file__).with_name("lexicon")
LANGUAGES = ("en", "es", "fr", "de")
HINT = 0.4
_PARTS = ("kind", "theme", "who", "wish", "topic")
_REACH = 3  # how many words before a phrase a "not" may stand
_MISSPELT_FROM = 7  # letters; shorter words are too near to other words


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names file and entry."""


@dataclass(frozen=True)
class Hit:
    """Words [start, end) speak of `id` in `part` (kind, theme, who, wish, topic); `denied` when a "not" stands before."""

    part: str
    id: str
    weight: float
    start: int
    end: int
    denied: bool


class Lexicon:
    """The phrases of one language."""

    def __init__(self, language: str, data: Mapping[str, Any], words: Vocabulary) -> None:
        self.language = language
        self.classes = {name: atom(listed.split()) for name, listed in data.get("classes", {}).items()}
        self.negators = frozenset(data["negators"]["words"].split())
        self.topics = tuple(data.get("topic", ()))
        self.quantity: Mapping[str, str] = data["quantity"]
        self._exact: dict[str, list[tuple[str, str, float, Pattern]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, str, float, Pattern]]] = defaultdict(list)
        for part in _PARTS:
            for id, phrases in data.get(part, {}).items():
                for phrase in filter(None, map(str.strip, phrases.split(";"))):
                    self._add(part, id, phrase)
        for part, entries in (("kind", words.kinds), ("theme", words.themes)):
            for entry in entries.values():
                for term in entry.clinical.get(language, ()):
                    self._add_term(part, entry.id, term)
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._near = self._nearly()

    def find(self, words: Words, *, misspelt: bool = False) -> Iterator[Hit]:
        """Every phrase that stands in the words. `misspelt` also takes long words with one letter wrong."""
        for at, word in enumerate(words.words):
            for part, id, weight, pattern in self._starting(word, misspelt=misspelt):
                end = match(pattern, 1, words, at + 1)
                if end:
                    yield Hit(part, id, weight, at, end, self._denied(words, at))

    def _add(self, part: str, id: str, phrase: str) -> None:
        try:
            patterns, hint = compile_phrase(phrase, self.classes)
        except PhraseError as problem:
            raise LexiconError(f"{self.language}.toml: {part}.{id}: cannot read the phrase {problem}") from problem
        for pattern in patterns:
            self._index(part, id, HINT if hint else 1.0, pattern)

    def _add_term(self, part: str, id: str, term: str) -> None:
        if term.isupper() and len(term) <= 3 and term.lower() in _ALSO_WORDS:
            return
        self._index(part, id, 1.0, tuple(Atom(frozenset([word])) for word in split(term).words))

    def _index(self, part: str, id: str, weight: float, pattern: Pattern) -> None:
        for word in pattern[0].words:
            self._exact[word].append((part, id, weight, pattern))
        for stem in pattern[0].stems:
            self._stems[stem].append((part, id, weight, pattern))

    def _starting(self, word: str, *, misspelt: bool) -> list[tuple[str, str, float, Pattern]]:
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            found += self._stems.get(word[:length], ())
        if not found and misspelt and len(word) >= _MISSPELT_FROM - 1 and word.isalpha():
            for meant in self._meant(word):
                found += self._exact.get(meant, ()) or self._stems.get(meant, ())
        return found

    def _meant(self, word: str) -> set[str]:
        heads = {word, *(word[:n] for n in range(_MISSPELT_FROM - 1, len(word)))}
        found = {meant for head in heads for cut in (head, *_cuts(head)) for meant in self._near.get(cut, ())}
        return {meant for meant in found if meant[0] == word[0]}

    def _nearly(self) -> dict[str, set[str]]:
        near: dict[str, set[str]] = defaultdict(set)
        for source in (self._exact, self._stems):
            for word, entries in source.items():
                if len(word) >= _MISSPELT_FROM and any(part in ("kind", "theme") for part, *_ in entries):
                    for cut in (word, *_cuts(word)):
                        near[cut].add(word)
        return near

    def _denied(self, words: Words, at: int) -> bool:
        clause = words.clauses[at]
        before = range(max(0, at - _REACH), at)
        return any(words.words[i] in self.negators and words.clauses[i] == clause for i in before)


# Short abbreviations that are ordinary words as well; the lexicon files say when they count.
_ALSO_WORDS = {"min", "gtd", "aps", "nec", "ive", "rpm", "img", "cir", "ile", "hie", "isg"}


def _cuts(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def match(pattern: Pattern, step: int, words: Words, at: int) -> int:
    """Where the pattern ends when its atoms from `step` on match from `at` within one sentence; 0 if they do not."""
    if step == len(pattern):
        return at
    sentence = words.sentences[at - 1]
    wanted = pattern[step]
    if wanted is GAP:
        for skipped in range(GAP_WORDS + 1):
            if end := match(pattern, step + 1, words, at + skipped):
                return end
            if at + skipped >= len(words.words) or words.sentences[at + skipped] != sentence:
                return 0
        return 0
    if at >= len(words.words) or words.sentences[at] != sentence or not wanted.holds(words.words[at]):
        return 0
    return match(pattern, step + 1, words, at + 1)


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of LANGUAGES. Raises LexiconError."""
    file = FOLDER / f"{language}.toml"
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise LexiconError(f"{file.name}: {problem}") from problem
    words = vocabulary()
    for part, known in (("kind", words.kinds), ("theme", words.themes)):
        if strange := set(data.get(part, ())) - set(known):
            raise LexiconError(f"{file.name}: {part}.{min(strange)} is not in the vocabulary")
    return Lexicon(language, data, words)


def find(words: Words, languages: Iterable[str], *, misspelt: bool = False) -> list[Hit]:
    """The hits of several languages together."""
    return [hit for language in languages for hit in lexicon(language).find(words, misspelt=misspelt)]
