"""What a child gives back: a mark, a short head of plain values, then its parts, one behind the other.

The mark is written as soon as the locks are closed: what comes without it was never near the file.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MARK = b"alongside answer"
_LENGTH = struct.Struct("<I")
LONGEST_HEAD = 16 * 1024


class NoAnswer(ValueError):
    """These bytes are no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Facts and parts as the job gave them, and what they cost: both from a process that may be anybody's by now.

    ``locks`` are the names of the locks that were closed before the file was read; ``cpu`` is in seconds of processor
    time, ``peak`` the most memory in bytes that the process held at once (0 where the kernel does not say).
    """

    facts: Mapping[str, Any]
    parts: tuple[bytes, ...]
    locks: tuple[str, ...]
    cpu: float
    peak: int


def pack(head: Mapping[str, Any], parts: Sequence[bytes] = ()) -> bytes:
    """Return an answer's bytes behind the mark."""
    said = json.dumps({**head, "sizes": [len(part) for part in parts]}, separators=(",", ":")).encode()
    return b"".join((_LENGTH.pack(len(said)), said, *parts))


def unpack(data: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Return head and parts of what stands behind the mark; raise NoAnswer for anything that ``pack`` does not make."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        if length > LONGEST_HEAD:
            raise NoAnswer
        head = json.loads(data[_LENGTH.size : _LENGTH.size + length])
        sizes = head.pop("sizes")
        if any(type(size) is not int or size < 0 for size in sizes):
            raise NoAnswer
        if sum(sizes) != len(data) - _LENGTH.size - length:
            raise NoAnswer
    except (struct.error, ValueError, RecursionError, AttributeError, KeyError, TypeError):
        raise NoAnswer from None  # the cause could quote what the child wrote
    parts, at = [], _LENGTH.size + length
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return head, tuple(parts)
