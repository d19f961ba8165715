"""The vocabulary of this installation, read once from `vocabulary.toml`: what can be said, in gentle words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("vocabulary.toml")
FACETS = ("cause", "path", "care", "after")

Words = Mapping[str, str]
_KEYS = {
    "kind": {"id", "group", "label", "also", "clinical", "bounds", "avoid", "sensitive", "enabled", "source"},
    "relation": {"id", "label", "also", "clinical", "enabled", "source"},
    "theme": {"id", "label", "broader", "clinical", "sensitive", "opt_in", "enabled", "source"},
    "band": {"id", "until", "label"},
}


class VocabularyError(ValueError):
    """The vocabulary file cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be said. `label`, `also`, `clinical` go by language code (see the file's first lines)."""

    id: str
    label: Words
    also: Words = field(default_factory=dict)
    clinical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""
    broader: str = ""
    bounds: str = ""
    avoid: tuple[str, ...] = ()
    sensitive: bool = False
    opt_in: bool = False
    enabled: bool = True
    source: str = ""


@dataclass(frozen=True)
class Band:
    """A range for browsing: values below `until` (months, or completed weeks; None = no end)."""

    id: str
    label: Words
    until: float | None


@dataclass(frozen=True)
class Vocabulary:
    """All entries in the file's order, by id. `themes` also lists every theme's facet in `facet_of`."""

    languages: tuple[str, ...]
    kinds: Mapping[str, Entry]
    relations: Mapping[str, Entry]
    themes: Mapping[str, Entry]
    facet_of: Mapping[str, str]
    time_since: tuple[Band, ...]
    how_far: tuple[Band, ...]
    notes: Mapping[str, Words]
    gentle_terms: Mapping[str, Words]

    def label(self, id: str, language: str) -> str:
        """The gentle word for a kind, relation, theme, band or content note; English for an unknown language.

        Raises KeyError for an unknown id. Where a kind and a theme share an id, the kind is meant.
        """
        entry = self.kinds.get(id) or self.relations.get(id) or self.themes.get(id)
        if entry:
            words: Words = entry.label
        elif id in self.notes:
            words = self.notes[id]
        else:
            words = next((band.label for band in (*self.time_since, *self.how_far) if band.id == id), {})
        if not words:
            raise KeyError(id)
        return in_language(words, language)

    def heading(self, id: str, language: str) -> str:
        """The label as it stands alone, at the start of a line."""
        label = self.label(id, language)
        return label[:1].upper() + label[1:]

    def offered(self, part: str) -> list[Entry]:
        """The entries of "kinds", "relations" or "themes" that this installation offers, in order."""
        entries: Mapping[str, Entry] = getattr(self, part)
        return [entry for entry in entries.values() if entry.enabled]


def in_language(words: Words, language: str) -> str:
    """The text for "de" or "de-AT"; English where there is none."""
    return words.get(language.split("-")[0].lower()) or words["en"]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of this installation. Raises VocabularyError."""
    return load(FILE)


def label(id: str, language: str) -> str:
    """The gentle word for an id (see Vocabulary.label)."""
    return vocabulary().label(id, language)


def note_label(note: str, language: str) -> str:
    """A content note as it reads after "Inside:". Raises KeyError."""
    return in_language(vocabulary().notes[note], language)


def load(file: Path) -> Vocabulary:
    """Reads and checks a vocabulary file. Raises VocabularyError naming file and entry."""
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise VocabularyError(f"{file.name}: {problem}") from problem
    return _Reader(file.name, data).vocabulary()


class _Reader:
    def __init__(self, name: str, data: dict[str, Any]) -> None:
        self.name = name
        self.data = data
        self.languages: tuple[str, ...] = tuple(data.get("languages", ()))

    def vocabulary(self) -> Vocabulary:
        if "en" not in self.languages:
            raise self.wrong("languages", "needs at least English")
        themes = self.data.get("themes", {})
        if set(themes) != set(FACETS):
            raise self.wrong("themes", f"has to hold exactly {', '.join(FACETS)}")
        facet_of = {str(raw.get("id")): facet for facet in FACETS for raw in themes[facet]}
        gentle = self.data.get("gentle_terms", {})
        return Vocabulary(
            languages=self.languages,
            kinds=self.entries("kind", self.data.get("kind", [])),
            relations=self.entries("relation", self.data.get("relation", [])),
            themes=self.entries("theme", [raw for facet in FACETS for raw in themes[facet]]),
            facet_of=facet_of,
            time_since=self.bands("time_since"),
            how_far=self.bands("how_far"),
            notes={id: self.words(f"notes.{id}", words) for id, words in self.data.get("notes", {}).items()},
            gentle_terms={term: self.words(f"gentle_terms.{term}", words) for term, words in gentle.items()},
        )

    def entries(self, part: str, raws: list[dict[str, Any]]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for raw in raws:
            where = self.named(part, raw, entries)
            entries[raw["id"]] = Entry(
                id=raw["id"],
                label=self.words(f"{where}.label", raw.get("label")),
                also={} if part == "theme" else self.words(f"{where}.also", raw.get("also")),
                clinical=self.terms(f"{where}.clinical", raw.get("clinical", {})),
                group=str(raw.get("group", "")),
                broader=str(raw.get("broader", "")),
                bounds=str(raw.get("bounds", "")),
                avoid=tuple(raw.get("avoid", ())),
                sensitive=self.switch(where, raw, "sensitive", otherwise=False),
                opt_in=self.switch(where, raw, "opt_in", otherwise=False),
                enabled=self.switch(where, raw, "enabled", otherwise=True),
                source=str(raw.get("source", "")),
            )
        if not entries:
            raise self.wrong(part, "is empty")
        for entry in entries.values():
            if entry.broader and entry.broader not in entries:
                raise self.wrong(f"{part} {entry.id}.broader", f"names {entry.broader!r}, which is not there")
        return entries

    def bands(self, part: str) -> tuple[Band, ...]:
        bands: dict[str, Band] = {}
        last = float("-inf")
        for raw in self.data.get(part, []):
            where = self.named("band", raw, bands)
            until = float(raw["until"]) if "until" in raw else None
            if last == float("inf") or (until is not None and until <= last):
                raise self.wrong(where, "stands out of order; only the last band has no `until`")
            last = float("inf") if until is None else until
            bands[raw["id"]] = Band(raw["id"], self.words(f"{where}.label", raw.get("label")), until)
        if last != float("inf"):
            raise self.wrong(part, "ends with a band without `until`")
        return tuple(bands.values())

    def named(self, part: str, raw: dict[str, Any], seen: Mapping[str, object]) -> str:
        id = raw.get("id")
        if not isinstance(id, str) or not id.isidentifier() or not id.islower():
            raise self.wrong(part, f"has an entry with the id {id!r}; use small letters, digits and _")
        if id in seen:
            raise self.wrong(f"{part} {id}", "is there twice")
        if strange := set(raw) - _KEYS[part]:
            raise self.wrong(f"{part} {id}", f"has the unknown key {min(strange)!r}")
        return f"{part} {id}"

    def words(self, where: str, words: object) -> Words:
        if not isinstance(words, dict):
            raise self.wrong(where, "is missing")
        for language in self.languages:
            if not isinstance(words.get(language), str) or not words[language].strip():
                raise self.wrong(where, f"lacks a text for {language!r}")
        return dict(words)

    def terms(self, where: str, terms: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(terms, dict) or set(terms) - set(self.languages):
            raise self.wrong(where, f"holds lists by language ({', '.join(self.languages)})")
        return {language: tuple(str(term) for term in listed) for language, listed in terms.items()}

    def switch(self, where: str, raw: dict[str, Any], key: str, *, otherwise: bool) -> bool:
        value = raw.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.wrong(f"{where}.{key}", "is true or false")
        return value

    def wrong(self, where: str, what: str) -> VocabularyError:
        return VocabularyError(f"{self.name}: {where} {what}")
