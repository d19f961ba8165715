"""What one revision of a chapter says: the value that is sealed, agreed and shown.

``Words`` holds everything that a reader gets from a chapter besides its circumstances and its audience, so that the
digest which parents agree to (C6) covers it all.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from alongside.keepsakes.said import blocks
from alongside.stories.otherwise import Otherwise, fit

LONGEST = 100_000
"""Characters in one chapter."""

Kind = Literal["paragraph", "heading", "quote", "photo", "sound"]
KINDS: tuple[str, ...] = get_args(Kind)
TEXTS = ("paragraph", "heading", "quote")
"""Kinds that are plain text; each other kind is a thing that lies between texts."""
FOLDS = ("", "new_pregnancy", "living_child")
HOPES = ("just_be_heard", "did_anyone_else", "something_practical", "no_replies")


class WordsError(ValueError):
    """The words cannot be kept as they are; the message says why and quotes none of them."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A paragraph, heading or quote (``text``), a photograph with its slip, or a recording with its written words.

    ``key`` is random and survives editing, so that what is said beside a paragraph can stay beside it.
    Of a photograph: ``photo`` is the shown id of its row, ``shows`` the family's words on what it shows,
    ``by`` who took it, ``baby`` whether it shows a baby, ``sum`` the SHA-256 of its rendition.
    Of a recording: ``sound`` is the shown id of its row, ``shows`` what it is in the family's words, ``text`` what is said
    in it, ``seconds`` how long it is, ``sum`` the SHA-256 of the sound that readers hear.
    """

    key: str
    kind: Kind
    text: str = ""
    photo: str = ""
    shows: str = ""
    by: str = ""
    baby: bool = False
    sum: str = ""
    sound: str = ""
    seconds: float = 0.0

    def changed(self, lines: Mapping[str, Any]) -> Beat:
        """Return the same beat with other words on it."""
        return replace(self, **lines)


@dataclass(frozen=True, slots=True)
class Words:
    """One revision of one chapter. ``told_by`` and ``others`` are names as readers see them."""

    title: str
    beats: tuple[Beat, ...]
    told_by: str
    others: tuple[str, ...] = ()
    line: str = ""
    found: str = ""
    date: str = ""
    fold: str = ""
    notes: tuple[str, ...] = ()
    hopes: str = "just_be_heard"
    search_engines: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    """Names and places that the family alone reads as they are: each with what everyone else reads (``for_others``)."""

    def __post_init__(self) -> None:
        if sum(len(beat.text) for beat in self.beats) > LONGEST:
            raise WordsError(f"a chapter holds at most {LONGEST:,} characters")
        if any(beat.kind not in KINDS for beat in self.beats):
            raise WordsError("a beat is a paragraph, a heading, a quote, a photo or a recording")
        if not fit(self.names):
            raise WordsError("names that strangers read otherwise are few and short, and both sides say something")
        if self.fold not in FOLDS or self.hopes not in HOPES:
            raise WordsError("an unknown fold or hope")

    def for_others(self) -> Words:
        """Return these words as everyone but the family reads them; which names are read otherwise is not among them."""
        if not self.names:
            return self
        said = Otherwise(self.names).text
        lines: dict[str, Any] = {name: said(getattr(self, name)) for name in _LINES}
        beats = tuple(beat.changed({name: said(getattr(beat, name)) for name in _SAID}) for beat in self.beats)
        return replace(self, beats=beats, others=tuple(map(said, self.others)), names={}, **lines)

    def text(self) -> str:
        """Return the words alone, paragraphs apart, as matching reads them."""
        return "\n\n".join(beat.text for beat in self.beats if beat.text)

    def photos(self) -> tuple[Beat, ...]:
        """Return the photographs in their order."""
        return tuple(beat for beat in self.beats if beat.kind == "photo")

    def without(self, photos: Collection[str]) -> Words:
        """Return the same without the photographs of these beats, named by their keys."""
        return replace(self, beats=tuple(one for one in self.beats if one.kind != "photo" or one.key not in photos))

    def sounds(self) -> tuple[Beat, ...]:
        """Return the recordings in their order."""
        return tuple(beat for beat in self.beats if beat.kind == "sound")

    def canonical(self) -> bytes:
        """Return the same bytes for the same content, whatever order it was built in (C6)."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def to_json(self) -> dict[str, Any]:
        """Return plain values; by hand, since ``asdict`` copies every part deeply and this is done for each reading."""
        value = {name: getattr(self, name) for name in _WORDS}
        value["beats"] = [{name: getattr(beat, name) for name in _of(beat)} for beat in self.beats]
        return value

    @classmethod
    def from_json(cls, value: Any) -> Words:
        """Return the Words that ``to_json`` wrote; raise WordsError for any other shape."""
        if not isinstance(value, dict) or not set(value) <= set(_WORDS):
            raise WordsError("not the words of a chapter")
        try:
            beats = tuple(Beat(**beat) for beat in value["beats"])
            rest = {name: part for name, part in value.items() if name != "beats"}
            for name in ("others", "notes"):
                rest[name] = tuple(rest.get(name, ()))
            return cls(beats=beats, **rest)
        except (KeyError, TypeError) as error:
            raise WordsError("not the words of a chapter") from error


_BEAT = tuple(part.name for part in fields(Beat))
_BEAT_BEFORE_SOUNDS = tuple(name for name in _BEAT if name not in {"sound", "seconds"})
_WORDS = tuple(part.name for part in fields(Words))
_NOT_READ = ("key", "kind", "photo", "sound", "sum", "fold", "hopes")
"""What names a thing or a choice, and is no text; all else is read otherwise, also what is added later."""
_LINES, _SAID = (
    tuple(part.name for part in fields(kind) if part.type == "str" and part.name not in _NOT_READ)
    for kind in (Words, Beat)
)


def _of(beat: Beat) -> Iterable[str]:
    """What is written of a beat. Only a recording has what came with recordings: a yes given before them still stands (C6)."""
    return _BEAT if beat.kind == "sound" else _BEAT_BEFORE_SOUNDS


def new_key() -> str:
    """Return a fresh paragraph key."""
    return secrets.token_urlsafe(9)


def beats_of(text: str) -> tuple[Beat, ...]:
    """Return plain text as beats, parted as a keepsake is: by blank lines, "## " a heading, "> " a quote."""
    return tuple(Beat(new_key(), kind, block) for kind, block in blocks(text))


def text_of(beats: Iterable[Beat]) -> str:
    """Return beats as the plain text that ``beats_of`` reads; what is no text is left out."""
    return "\n\n".join(_typed(beat) for beat in beats if beat.kind in TEXTS)


def _typed(beat: Beat) -> str:
    if beat.kind == "paragraph":
        return beat.text
    mark = "> " if beat.kind == "quote" else "## "
    return "\n".join(f"{mark}{line}".rstrip() for line in beat.text.split("\n"))


def minutes(words: Iterable[Words]) -> int:
    """Return how long reading takes, in whole minutes and never none, at 200 words a minute."""
    count = sum(len(part.text().split()) for part in words)
    return max(1, round(count / 200))
