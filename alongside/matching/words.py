"""Words of a text as the matching compares them: small, without accents, one clause at a time."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from alongside.language.encoder import squeezed

# What one person can write at a sitting; beyond it nothing new is said about the circumstances.
LONGEST = 20_000
_LONGEST_WORD = 40

_TOKEN = re.compile(r"\d+\s?\+\s?\d(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+(?:&[^\W\d_]+)?|[.!?;:…\n\"“”„«»()]+|,")
# "20. Woche", "5. Monat": here the full stop is an ordinal, not an end.
_ORDINAL = re.compile(r"(\d)\.(?=\s?(?:ssw|woche|schwang|monat|tag|lebens))")
_ENGLISH_NOT = re.compile(r"n['’]t\b")
_ENGLISH_SHORT = re.compile(r"(?<=[a-z])['’](?=(?:m|re|ve|ll|d|clock)\b)")
_SPECIAL = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "’": "'", "‘": "'"})
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


@dataclass(frozen=True)
class Words:
    """The words in order, with the number of the clause (…, …) and of the sentence (… . …) that each stands in."""

    words: tuple[str, ...]
    clauses: tuple[int, ...]
    sentences: tuple[int, ...]


def fold(text: str) -> str:
    """Small letters without accents: "Fœtal" and "FOETAL" are the same word."""
    small = text.casefold().translate(_SPECIAL)
    if small.isascii():
        return small
    marked = unicodedata.normalize("NFKD", small)
    return "".join(c for c in marked if not unicodedata.combining(c))


def split(text: str) -> Words:
    """Splits a text of any length and content; only the first LONGEST characters count."""
    text = fold(squeezed(text[:LONGEST]).translate(_INVISIBLE))[: 2 * LONGEST]
    text = _ORDINAL.sub(r"\1 ", text)
    text = _ENGLISH_SHORT.sub("", _ENGLISH_NOT.sub("nt", text))
    words: list[str] = []
    clauses: list[int] = []
    sentences: list[int] = []
    clause = sentence = 0
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece == ",":
            clause += 1
        elif not piece[0].isalnum():
            clause += 1
            sentence += piece not in '"“”„«»()'
        else:
            words.append(piece.replace(" ", "")[:_LONGEST_WORD])
            clauses.append(clause)
            sentences.append(sentence)
    return Words(tuple(words), tuple(clauses), tuple(sentences))
