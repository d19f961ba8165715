"""A small language for phrases, so that the lexicon can be written and read by people who know families, not code.

word        exactly this word, small and without accents          labou?r     a letter that may be missing
word*       words that begin so                                   niet[oa]    one letter or the other
(a|b c)     one or the other; (a)? or nothing                     still ?born may be written together
..          up to three words between                             <baby>      any word of a class
~ first     only a hint
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

GAP_WORDS = 3
_PIECE = re.compile(r"\(|\)\??|\||\.\.|<\w+>|[^\s()|]+")
_CHOICE = re.compile(r"\[(\w+)\]")
_OPTIONAL = re.compile(r"(\w)\?")
_TOGETHER = re.compile(r"(?<=\w) \?(?=\w)")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message holds it."""


@dataclass(frozen=True)
class Atom:
    """Stands for one word: any of `words`, or a word that begins with any of `stems`."""

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    def holds(self, word: str) -> bool:
        """Whether this atom stands for the word."""
        return word in self.words or (bool(self.stems) and word.startswith(self.stems))


GAP = Atom()
Pattern = tuple[Atom, ...]


def compile_phrase(phrase: str, classes: Mapping[str, Atom]) -> tuple[list[Pattern], bool]:
    """The patterns that a phrase stands for, and whether it is only a hint. Raises PhraseError."""
    hint = phrase.startswith("~")
    patterns: set[Pattern] = set()
    for spelling in _spellings(phrase.lstrip("~ ")):
        pieces = _PIECE.findall(spelling)
        found, rest = _alternatives(pieces, 0, classes, phrase)
        if rest != len(pieces):
            raise PhraseError(phrase)
        patterns.update(filter(None, map(_trim, found)))
    if not patterns:
        raise PhraseError(phrase)
    return sorted(patterns, key=len, reverse=True), hint


def atom(words: Iterable[str]) -> Atom:
    """One atom for several words and stems."""
    exact: set[str] = set()
    stems: set[str] = set()
    for word in words:
        for spelled in _variants(word):
            if spelled.endswith("*"):
                stems.add(spelled[:-1])
            else:
                exact.add(spelled)
    return Atom(frozenset(exact), tuple(sorted(stems)))


def _spellings(phrase: str) -> list[str]:
    plain = phrase.replace(" ?(", " (")
    if not _TOGETHER.search(plain):
        return [plain]
    return [_TOGETHER.sub(" ", plain), _TOGETHER.sub("", plain)]


def _variants(word: str) -> list[str]:
    parts: list[tuple[str, ...]] = []
    rest = word
    while choice := _CHOICE.search(rest):
        parts += [(rest[: choice.start()],), tuple(choice.group(1))]
        rest = rest[choice.end() :]
        if rest.startswith("?"):
            parts[-1] += ("",)
            rest = rest[1:]
    parts.append((rest,))
    words = ["".join(choice) for choice in product(*parts)]
    while any(_OPTIONAL.search(w) for w in words):
        words = [v for w in words for v in ({_OPTIONAL.sub(r"\1", w, count=1), _OPTIONAL.sub("", w, count=1)})]
    return words


def _alternatives(pieces: list[str], at: int, classes: Mapping[str, Atom], phrase: str) -> tuple[list[Pattern], int]:
    """Reads alternatives up to a closing bracket or the end: every pattern they stand for, and where they end."""
    done: list[Pattern] = []
    current: list[Pattern] = [()]
    while at < len(pieces) and not pieces[at].startswith(")"):
        piece = pieces[at]
        at += 1
        if piece == "|":
            done += current
            current = [()]
        elif piece == "(":
            inner, at = _alternatives(pieces, at, classes, phrase)
            if at >= len(pieces):
                raise PhraseError(phrase)
            inner = _merge(inner) + ([()] if pieces[at] == ")?" else [])
            at += 1
            current = [left + right for left in current for right in inner]
        else:
            current = [(*left, _atom(piece, classes, phrase)) for left in current]
    return done + current, at


def _atom(piece: str, classes: Mapping[str, Atom], phrase: str) -> Atom:
    if piece == "..":
        return GAP
    if piece.startswith("<"):
        if piece[1:-1] not in classes:
            raise PhraseError(phrase)
        return classes[piece[1:-1]]
    made = atom([piece])
    if not re.fullmatch(r"[\w&+\-]+", "".join(made.words) + "".join(made.stems)):
        raise PhraseError(phrase)
    return made


def _merge(patterns: list[Pattern]) -> list[Pattern]:
    """Alternatives of one word each become one atom, which keeps the number of patterns small."""
    single = [p[0] for p in patterns if len(p) == 1 and p[0] is not GAP]
    others = [p for p in patterns if len(p) != 1 or p[0] is GAP]
    if not single:
        return others
    words = frozenset().union(*(a.words for a in single))
    stems = tuple(sorted({s for a in single for s in a.stems}))
    return [(Atom(words, stems),), *others]


def _trim(pattern: Pattern) -> Pattern:
    """A gap at either end says nothing."""
    start, end = 0, len(pattern)
    while start < end and pattern[start] is GAP:
        start += 1
    while end > start and pattern[end - 1] is GAP:
        end -= 1
    return pattern[start:end]
