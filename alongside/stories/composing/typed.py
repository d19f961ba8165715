"""What stands on the page of a chapter's editor, as it was typed: also what is no chapter yet, so that none of it is lost (D1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

from alongside.keepsakes.said import TooLong
from alongside.stories.composing import lines as around
from alongside.stories.words import LONGEST, TEXTS, Beat, beats_of, text_of

if TYPE_CHECKING:
    from django.http import QueryDict  # noqa: TID251 - for the type alone

LONGEST_LINE = 2_000
"""Characters of one line round the text, before the form says what it may hold."""
MOST_THINGS = 200

Lines = Mapping[str, str | list[str]]


def _slip_of_photo(beat: Beat, form: Mapping[str, str]) -> Beat:
    key = beat.key
    said = {name: _plain(form.get(f"{name}-{key}", "")).strip() for name in ("shows", "by")}
    return beat.changed({**said, "baby": f"baby-{key}" in form})


def _slip_of_sound(beat: Beat, form: Mapping[str, str]) -> Beat:
    """What it is, and its written words (C6: the digest covers both)."""
    key = beat.key
    shows, said = (_plain(form.get(f"{name}-{key}", "")).strip() for name in ("shows", "said"))
    return beat.changed({"shows": shows, "text": said})


SLIPS: Mapping[str, Callable[[Beat, Mapping[str, str]], Beat]] = {"photo": _slip_of_photo, "sound": _slip_of_sound}
"""What is typed beside a thing, by the kind of the thing; one without an entry stays as it is."""


@dataclass(frozen=True, slots=True)
class Typed:
    """``lines``: the fields round the text, by name. ``parts``: text as typed and things, in turn; text stands at both ends."""

    lines: Lines
    parts: tuple[str | Beat, ...]

    @classmethod
    def read(cls, form: QueryDict, known: Mapping[str, Beat] | None) -> Self:
        """Read what a page sent. ``known`` are the things that may stand in it, by key.

        Of a thing that is not known the text after it stays. Without ``known`` (nothing may be asked) each one stands in.
        """
        parts: list[str | Beat] = [_plain(form.get("text", ""))]
        for named in form.getlist("thing")[:MOST_THINGS]:
            kind, _, key = named.partition(":")
            thing = Beat(key, kind) if known is None else known.get(key)  # type: ignore[arg-type]
            parts += [*([_slipped(thing, form)] if thing else ()), _plain(form.get(f"text-{key}", ""))]
        single = {name: _plain(str(form[name])) for name in around.SINGLE if name in form}
        several = {name: [_plain(one) for one in form.getlist(name)] for name in around.SEVERAL}
        return cls(around.said({**single, **several}), in_turn(parts))

    @classmethod
    def of(cls, beats: Iterable[Beat], lines: Lines) -> Self:
        """Return a revision's beats, and the lines round them, as its editor shows them."""
        parts: list[str | Beat] = []
        for is_text, some in groupby(beats, key=lambda beat: beat.kind in TEXTS):
            group = list(some)
            parts += [text_of(group)] if is_text else group
        return cls(lines, in_turn(parts))

    def checked(self) -> Self:
        """Return this, unless it is longer than can be kept: raise TooLong."""
        said = [*(part.shows + part.by for part in self.things()), *map("".join, self.lines.values())]
        if sum(len(part if isinstance(part, str) else part.text) for part in self.parts) > LONGEST:
            raise TooLong("text")
        if any(len(one) > LONGEST_LINE for one in said):
            raise TooLong("line")
        return self

    def things(self) -> list[Beat]:
        """Return what lies between the texts."""
        return [part for part in self.parts if isinstance(part, Beat)]

    def beats(self) -> tuple[Beat, ...]:
        """Return all of it as beats; those of text with keys that are new."""
        return tuple(_beats(self.parts))

    def with_beats(self, beats: Iterable[Beat]) -> Self:
        """Return the same lines round other beats."""
        return self.of(beats, self.lines).checked()

    def moved(self, key: str, step: int) -> Self:
        """Return it with one thing a paragraph earlier (-1) or later (1); at the edge nothing moves."""
        beats = list(self.beats())
        at = next((place for place, beat in enumerate(beats) if beat.key == key), None)
        if at is not None and 0 <= at + step < len(beats):
            beats[at], beats[at + step] = beats[at + step], beats[at]
        return self.with_beats(beats)

    def without(self, key: str) -> Self:
        """Return it without one thing; what stood before and after it stays."""
        return self.with_beats(beat for beat in self.beats() if beat.key != key)

    def followed_by(self, others: Sequence[Beat]) -> Self:
        """Return it with further beats at its end; a thing that lies in it already is not put in twice."""
        here = {beat.key for beat in self.things()}
        return self.with_beats([*self.beats(), *(beat for beat in others if beat.key not in here)])

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        parts = [part if isinstance(part, str) else asdict(part) for part in self.parts]
        return {"lines": dict(self.lines), "parts": parts}

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Return what ``to_json`` wrote."""
        parts = (part if isinstance(part, str) else Beat(**part) for part in value["parts"])
        return cls(value["lines"], tuple(parts))


def in_turn(parts: Iterable[str | Beat]) -> tuple[str | Beat, ...]:
    """Return parts with one text, may it be empty, before, between and after the things."""
    found: list[str | Beat] = [""]
    for part in parts:
        if isinstance(part, Beat):
            found += [part, ""]
        else:
            found[-1] = "\n\n".join(filter(None, (str(found[-1]), part)))
    return tuple(found)


def _beats(parts: Iterable[str | Beat]) -> Iterator[Beat]:
    for part in parts:
        yield from beats_of(part) if isinstance(part, str) else (part,)


def _slipped(beat: Beat, form: Mapping[str, str]) -> Beat:
    slip = SLIPS.get(beat.kind)
    return slip(beat, form) if slip else beat


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "")
