"""Mutations of pictures: bits flipped as a worn disk does, and parts moved, repeated and cut out as nobody's program does."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_SUFFIXES = {".jpg", ".jpeg", ".png", ".apng", ".webp", ".gif", ".avif", ".avifs", ".heic", ".heif", ".hif", ".mpo"}
_HEAVIEST = 600_000
_NUMBERS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\xff\xff", b"\0\1\0\0")


def mutated(files: Sequence[Path], count: int, chance: random.Random, folder: Path) -> Iterator[Path]:
    """Yield ``count`` mutations of pictures that the product takes, written into ``folder``."""
    folder.mkdir()
    kinds: dict[str, list[Path]] = {}
    for path in files:
        if path.suffix.lower() in _SUFFIXES and 0 < path.stat().st_size <= _HEAVIEST:
            kinds.setdefault(path.suffix.lower(), []).append(path)
    for number in range(count):
        # A kind first: there are ten times as many PNGs as HEICs.
        path = chance.choice(kinds[chance.choice(sorted(kinds))])
        data = bytearray(path.read_bytes())
        for _ in range(chance.randint(1, 3)):
            chance.choice(_WAYS)(data, chance)
        to = folder / f"{number}-{path.stem[:40]}{path.suffix}"
        to.write_bytes(data)
        yield to


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(max(1, int(len(data) * chance.choice((0.00004, 0.0004, 0.004))))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _in_the_head(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(min(len(data), 512))] = chance.randrange(256)


def _cut_off(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data) + 1) :]


def _cut_out(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    if at:
        del data[at : at + chance.randint(1, 64)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at:at] = data[at : at + chance.randint(1, 4096)] * chance.randint(1, 4)


def _move(data: bytearray, chance: random.Random) -> None:
    at, to, length = chance.randrange(len(data)), chance.randrange(len(data)), chance.randint(1, 256)
    data[to : to + length] = data[at : at + length]


def _number(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 4] = chance.choice(_NUMBERS)


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _flip, _in_the_head, _cut_off, _cut_out, _repeat, _move, _number, _number,
)  # fmt: skip
