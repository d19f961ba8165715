"""The ways in which a sealed object can be changed at rest by somebody who has the disk and no key. Knows no rows."""

from __future__ import annotations

import random
from collections.abc import Iterator

SEGMENT = 1024 * 1024
HEADER = 2
"""Version and algorithm; then Tink's own segments, of which the first begins with Tink's header."""
_TINK_HEADER = 40
Way = tuple[str, bytes]


def ways(sealed: bytes, chance: random.Random, *, flips: int = 6) -> Iterator[Way]:
    """Yield what is done and what lies there then: flips, cuts, segments in another order, and more than there was."""
    parts = segments(sealed)
    yield from _flipped(sealed, chance, flips)
    for at in sorted({end + by for end in _ends(sealed) for by in (-1, 0, 1) if 0 <= end + by < len(sealed)}):
        yield f"cut at {at}", sealed[:at]
    for one in range(len(parts)):
        if len(parts) > 1:
            yield f"without segment {one}", _joined(sealed, parts[:one] + parts[one + 1 :])
        yield f"with segment {one} twice", _joined(sealed, [*parts[: one + 1], *parts[one:]])
    for one in range(len(parts) - 1):
        swapped = [*parts[:one], parts[one + 1], parts[one], *parts[one + 2 :]]
        yield f"with segments {one} and {one + 1} swapped", _joined(sealed, swapped)
    if len(parts) > 2:
        yield "with its segments in reverse", _joined(sealed, parts[::-1])
    yield "longer by a byte", sealed + b"\0"
    yield "twice", sealed * 2
    yield "twice, behind one head", sealed + sealed[HEADER:]


def mixed(sealed: bytes, other: bytes) -> Iterator[Way]:
    """Yield an object that is put together with another one, segment by segment."""
    mine, others = segments(sealed), segments(other)
    yield "another object", other
    yield "joined with another object", sealed + other
    yield "joined with another object's segments", sealed + other[HEADER:]
    for one in range(min(len(mine), len(others))):
        yield f"with segment {one} of another object", _joined(sealed, [*mine[:one], others[one], *mine[one + 1 :]])
    yield "with the head of another object", other[: HEADER + _TINK_HEADER] + sealed[HEADER + _TINK_HEADER :]


def in_clear(sealed: bytes, plain: bytes) -> Iterator[Way]:
    """Yield the plain bytes themselves, with and without a head."""
    yield "in clear", plain
    yield "in clear, behind its head", sealed[:HEADER] + plain


def segments(sealed: bytes) -> list[bytes]:
    return [sealed[at : at + SEGMENT] for at in range(HEADER, len(sealed), SEGMENT)]


def _ends(sealed: bytes) -> list[int]:
    return [0, 1, HEADER, HEADER + _TINK_HEADER, *range(HEADER + SEGMENT, len(sealed), SEGMENT), len(sealed)]


def _flipped(sealed: bytes, chance: random.Random, flips: int) -> Iterator[Way]:
    """Flip a bit of each of the first bytes, on both sides of every boundary, and at some places of each segment."""
    spots = set(range(min(flips, len(sealed))))
    spots |= {end + by for end in _ends(sealed) for by in (-1, 0) if 0 <= end + by < len(sealed)}
    for begin in range(HEADER, len(sealed), SEGMENT):
        spots |= {chance.randrange(begin, min(begin + SEGMENT, len(sealed))) for _ in range(flips)}
    for at in sorted(spots):
        bad = bytearray(sealed)
        bad[at] ^= 1 << chance.randrange(8)
        yield f"byte {at} flipped", bytes(bad)


def _joined(sealed: bytes, parts: list[bytes]) -> bytes:
    return sealed[:HEADER] + b"".join(parts)
