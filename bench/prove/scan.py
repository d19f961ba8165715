"""Looking for needles on a disk, in the shapes that software leaves them in."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PIECE = 16 * 1024 * 1024  # bytes
_LONGEST_UNPACKED = 64 * 1024 * 1024  # bytes
_GZIP = b"\x1f\x8b"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_PACKED_SESSION = re.compile(rb"(?<![\w-])\.?(eJ[\w-]{16,})")  # zlib in URL-safe base64, as Django signs values


@dataclass(frozen=True)
class Needle:
    """Bytes to look for; ``name`` says whose they are. Text is looked for in wide encodings too."""

    name: str
    value: bytes
    text: bool = True

    def shapes(self) -> Iterator[tuple[str, bytes]]:
        """Yield each shape's name and bytes: plain, wide, hex, and base64 at each of its three alignments."""
        yield "plain", self.value
        if self.text:
            yield "utf-16-le", self.value.decode().encode("utf-16-le")
            yield "utf-16-be", self.value.decode().encode("utf-16-be")
        yield "hex", self.value.hex().encode()
        yield "HEX", self.value.hex().upper().encode()
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + self.value)
            # The first and last characters share bits with their neighbours; what lies between is the needle's alone.
            part = whole[4 if before else 0 : -4]
            yield f"base64+{before}", part
            if (safe := part.translate(bytes.maketrans(b"+/", b"-_"))) != part:
                yield f"base64url+{before}", safe


@dataclass(frozen=True)
class Hit:
    """A needle found in a file, in some shape."""

    needle: Needle
    shape: str
    path: Path


def files_below(folder: Path) -> list[Path]:
    """Return every file below ``folder``; links are not followed."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def scan(files: Iterable[Path], needles: Sequence[Needle]) -> list[Hit]:
    """Return every needle found in the files, whatever shape it has, and in what is packed in them."""
    sought = [(needle, shape, form) for needle in needles for shape, form in needle.shapes()]
    overlap = max(len(form) for _, _, form in sought)
    hits: dict[Hit, None] = {}
    for path in files:
        for piece in _pieces(path, overlap):
            hits |= {Hit(needle, shape, path): None for needle, shape, form in sought if form in piece}
    return list(hits)


def _pieces(path: Path, overlap: int) -> Iterator[bytes]:
    """Yield a file in overlapping pieces, and whatever in it is packed, unpacked. A file that has gone has none."""
    tail = b""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if not tail:
                    yield from _unpacked(piece, file.read() if piece[:2] in (_GZIP, *_ZLIB) else b"")
                yield tail + piece
                yield from _sessions(piece)
                tail = piece[-overlap:]
    except FileNotFoundError:
        return


def _unpacked(head: bytes, rest: bytes) -> Iterator[bytes]:
    if head[:2] == _GZIP or head[:2] in _ZLIB:
        if rest:
            yield rest
        try:
            yield zlib.decompressobj(wbits=47).decompress(head + rest, _LONGEST_UNPACKED)
        except zlib.error:
            return


def _sessions(piece: bytes) -> Iterator[bytes]:
    for found in _PACKED_SESSION.findall(piece):
        try:
            yield zlib.decompressobj().decompress(base64.urlsafe_b64decode(found + b"=" * (-len(found) % 4)))
        except (zlib.error, ValueError):
            continue
