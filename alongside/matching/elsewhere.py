"""Notices when somebody's grief is another one, so that the page can say kindly where to turn. Never a refusal."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from alongside.language.detect import likely

from .lexicon import LANGUAGES, find, match
from .phrases import Pattern, atom, compile_phrase
from .reading import SHORT
from .words import Words, split

FILE = Path(__file__).with_name("elsewhere.toml")
CATEGORIES = ("pet", "adult", "breakup", "no_loss")


def elsewhere(text: str) -> str | None:
    """ "pet", "adult" (a parent, partner, friend, grown child), "breakup", "no_loss", or None for a baby's loss.

    Only short texts are judged, and any word about a pregnancy or a baby outweighs every other: "my dog kept me
    company after our daughter died" and "my mother held him" are at home here.
    """
    if len(text) > SHORT or not text.strip():
        return None
    words = split(text)
    if not words.words:
        return None
    languages = likely(text) or LANGUAGES
    for category in CATEGORIES:
        spans = [span for language in languages for span in _spans(words, language, category)]
        if spans and not _about_a_baby(words, languages, spans):
            return category
    return None


def _about_a_baby(words: Words, languages: tuple[str, ...], spans: list[tuple[int, int]]) -> bool:
    covered = {at for start, end in spans for at in range(start, end)}
    if any(hit.part == "kind" and hit.weight == 1 and hit.start not in covered for hit in find(words, languages)):
        return True
    return any(
        pattern[0].holds(word)
        for language in languages
        for part in ("baby", "small")
        for pattern in _patterns(language)[part]
        for at, word in enumerate(words.words)
        if part == "baby" or at not in covered
    )


def _spans(words: Words, language: str, category: str) -> list[tuple[int, int]]:
    return [
        (at, end)
        for pattern in _patterns(language).get(category, ())
        for at, word in enumerate(words.words)
        if pattern[0].holds(word) and (end := match(pattern, 1, words, at + 1))
    ]


@lru_cache(maxsize=len(LANGUAGES))
def _patterns(language: str) -> dict[str, list[Pattern]]:
    table = tomllib.loads(FILE.read_text("utf-8"))[language]
    classes = {name: atom(listed.split()) for name, listed in table["classes"].items()}
    patterns: dict[str, list[Pattern]] = {}
    for category in (*CATEGORIES, "baby", "small"):
        patterns[category] = [
            pattern
            for phrase in filter(None, map(str.strip, table.get(category, "").split(";")))
            for pattern in compile_phrase(phrase, classes)[0]
        ]
    return patterns
