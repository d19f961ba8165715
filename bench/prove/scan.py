"""Looking for words on a disk, in the shapes that software leaves them in."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PIECE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Hit:
    """A word found in a file, in some shape."""

    word: str
    shape: str
    path: Path


def shapes(word: str) -> Iterator[tuple[str, bytes]]:
    """Yield the byte forms of a word: text, wide text, hex, and base64 at each of its three alignments."""
    plain = word.encode()
    yield "utf-8", plain
    yield "utf-16-le", word.encode("utf-16-le")
    yield "utf-16-be", word.encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain)
        # The first and last characters share bits with their neighbours; what lies between is the word's alone.
        yield f"base64+{before}", whole[4 if before else 0 : -4]


def scan(folder: Path, words: Sequence[str]) -> tuple[list[Hit], int]:
    """Return every hit below ``folder`` and how many files were read."""
    sought = [(word, shape, form) for word in words for shape, form in shapes(word)]
    overlap = max(len(form) for _, _, form in sought)
    hits, files = [], 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        files += 1
        for piece in _pieces(path, overlap):
            hits += [Hit(word, shape, path) for word, shape, form in sought if form in piece]
    return list(dict.fromkeys(hits)), files


def _pieces(path: Path, overlap: int) -> Iterator[bytes]:
    """Yield a file in overlapping pieces, and unpacked as well when it is gzip or zlib."""
    try:
        with path.open("rb") as file:
            tail = b""
            while piece := file.read(PIECE):
                yield tail + piece
                tail = piece[-overlap:]
        with path.open("rb") as file:
            head = file.read(2)
        if head == b"\x1f\x8b":
            yield gzip.decompress(path.read_bytes())
        elif head[:1] == b"\x78":
            yield zlib.decompress(path.read_bytes())
    except (FileNotFoundError, OSError, zlib.error, EOFError):
        return
