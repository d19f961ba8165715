"""One range of bytes, as a player asks for when somebody moves to the middle of a recording (RFC 9110, section 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ONE = re.compile(r"bytes=(?P<first>[0-9]{0,12})-(?P<last>[0-9]{0,12})")


class NotThere(ValueError):
    """The range begins after the end."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is answered: the status, the bytes, and the headers that say which they are."""

    status: int
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)


def part(asked: str, whole: bytes) -> Part:
    """Return what answers a Range header, "" for none: all of ``whole``, a part of it, or that there is no such part."""
    try:
        found = of(asked, len(whole))
    except NotThere:
        return Part(416, b"", {"Content-Range": f"bytes */{len(whole)}"})
    if found is None:
        return Part(200, whole, {"Accept-Ranges": "bytes"})
    first, last = found
    said = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{len(whole)}"}
    return Part(206, whole[first : last + 1], said)


def of(asked: str, size: int) -> tuple[int, int] | None:
    """Return (first, last) of a Range header, both counted from 0 and both in it; None: all of it. Raise NotThere.

    Several ranges, other units and nonsense count as nothing asked: then everything is an answer.
    """
    found = _ONE.fullmatch(asked.strip())
    if found is None or not (found["first"] or found["last"]):
        return None
    if not found["first"]:
        first, last = max(0, size - int(found["last"])), size - 1
    else:
        first = int(found["first"])
        last = min(int(found["last"] or size - 1), size - 1)
        if found["last"] and int(found["last"]) < first:
            return None
    if first >= size or first > last:
        raise NotThere(asked)
    return first, last
