"""What one keepsake or sheet says: plain text, and the few words around it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from typing import Any, Literal, Self

from alongside.keepsakes import days

LONGEST = 200_000
"""Characters in one text: a book's worth, and well below what a form may send."""
LONGEST_LINE = 400
"""Characters in a caption, in what something shows, in a day."""

A_FEW = 48
"""Characters of a text that stand for it where it has no name."""
_ENOUGH = 400

Kind = Literal["paragraph", "heading", "quote"]
_MARKS: tuple[tuple[str, Kind], ...] = (("## ", "heading"), ("> ", "quote"))
"""What a line begins with that is one; an empty line of a quote is ">" alone."""


class TooLong(ValueError):
    """The words cannot be kept as they are; ``field`` names which. The message quotes none of them."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is longer than can be kept")
        self.field = field


@dataclass(frozen=True, slots=True)
class Said:
    """``text`` as typed; ``title`` its caption; ``shows`` what an object or a photo shows; ``day`` as the family says it.

    ``day`` of a date is the ISO day that a parent typed (2024-03-14, 2024-03 or --03-14), never one worked out.
    """

    text: str = ""
    title: str = ""
    shows: str = ""
    day: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            if len(getattr(self, field.name)) > (LONGEST if field.name == "text" else LONGEST_LINE):
                raise TooLong(field.name)

    @property
    def is_empty(self) -> bool:
        """Whether there is not one visible character."""
        return not any(getattr(self, field.name).strip() for field in fields(self))

    def visible(self) -> tuple[str, ...]:
        """Return what can be seen of it, without any space: two that are alike here differ in nothing that anybody wrote."""
        lines = (getattr(self, field.name) for field in fields(self))
        return tuple("".join(one for one in line if unicodedata.category(one)[0] not in "ZC") for line in lines)

    def loses_of(self, before: Said) -> int:
        """Return how many characters of ``before`` are not here any more: what was cut out or written over."""
        return sum(_lost(getattr(before, field.name), getattr(self, field.name)) for field in fields(self))

    def joined_to(self, other: Said) -> Said:
        """Return both, one after the other; where a line is the same in both it stands once. Raise TooLong.

        A line has room for one day, and for so many characters: what does not go into it stands over the other's words.
        """
        lines, over = {"day": self.day or other.day}, []
        if self.day and other.day and self.day != other.day:
            over.append(other.day_in_words)
        for name in ("title", "shows"):
            both = list(dict.fromkeys(filter(None, (getattr(self, name), getattr(other, name)))))
            lines[name] = " · ".join(both)
            if len(lines[name]) > LONGEST_LINE:
                lines[name], moved = both
                over.append(moved)
        texts = (self.text.strip("\n"), *over, other.text.strip("\n"))
        return Said(text="\n\n".join(dict.fromkeys(filter(None, texts))), **lines)

    @property
    def day_in_words(self) -> str:
        """The day as it is shown: "14 March 2024"."""
        return days.in_words(self.day)

    def dumps(self) -> bytes:
        """Return the bytes that are sealed."""
        value = {name: part for name, part in asdict(self).items() if part}
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            # That error carries the whole text.
            raise ValueError("text with half a character in it") from None

    @classmethod
    def loads(cls, data: bytes) -> Self:
        """Return what ``dumps`` wrote; none for no bytes."""
        value: dict[str, Any] = json.loads(data) if data else {}
        return cls(**value)


def _lost(before: str, now: str) -> int:
    """Return the length of the part of ``before`` between what both begin and what both end with."""
    if before == now:
        return 0
    shorter = min(len(before), len(now))
    start = next((at for at in range(shorter) if before[at] != now[at]), shorter)
    end = next((at for at in range(shorter - start) if before[-1 - at] != now[-1 - at]), shorter - start)
    return len(before) - start - end


def few_words(parts: Iterable[tuple[str, str]]) -> str:
    """Return the first words of ``blocks`` on one line, with … where there are more: to tell it from others without a name."""
    line = ""
    for _, words in parts:
        apart = "" if not line else " " if line[-1] in ".,;:?!…" else " · "
        line += apart + " ".join(words[:_ENOUGH].split())
        if len(line) > A_FEW:
            begins = line[: A_FEW + 1]
            cut = begins.rsplit(" ", 1)[0] if " " in begins else begins[:-1]
            return f"{cut.rstrip(' .,;:…·')}…"
    return line


def blocks(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield the parts of a plain text: blank lines part paragraphs; a line after "## " is a heading, one after "> " a quote.

    Lines of a quote that follow each other are one quote; each heading is its own.
    """
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        for _, group in groupby(enumerate(map(_line, part.strip().split("\n"))), key=_together):
            lines = [line for _, line in group]
            if said := "\n".join(words for _, words in lines).strip():
                yield lines[0][0], said


def _line(line: str) -> tuple[Kind, str]:
    bare = line.strip() + (" " if line.strip() == ">" else "")
    return next(
        ((kind, bare.removeprefix(mark)) for mark, kind in _MARKS if bare.startswith(mark)), ("paragraph", line)
    )


def _together(numbered: tuple[int, tuple[Kind, str]]) -> tuple[Kind, int]:
    at, (kind, _) = numbered
    return kind, at if kind == "heading" else 0
