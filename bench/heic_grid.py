"""A HEIC as a phone makes one: a grid of tiles in HEVC, put together here by the standard (ISO/IEC 23008-12).

HEVC has no picture of 48 megapixels in one piece (its largest level ends at 35.6), which is why phones take grids. Nothing of
ours encodes: each tile is a small HEIC that is there already (``photo_tiles``), or that a test has made.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate

TILE = 512


def grid(made: Sequence[bytes], width: int, height: int, quarters: int = 0) -> bytes:
    """Return a HEIC of any size whose tiles are these, over and over; to be turned by ``quarters``, anticlockwise."""
    columns, rows = -(-width // TILE), -(-height // TILE)
    ids = list(range(2, 2 + columns * rows))
    data = [_box_in(made[number % len(made)], b"mdat") for number in range(len(ids))]
    held = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    properties = [_whole_box_in(made[0], b"hvcC"), _full(b"ispe", struct.pack(">II", TILE, TILE)),
                  _full(b"ispe", struct.pack(">II", width, height)), _box(b"irot", bytes([quarters]))]  # fmt: skip
    items = [(1, b"grid", 0), *((one, b"hvc1", 1) for one in ids)]
    told = [struct.pack(">HBBB", 1, 2, 3, 0x84), *(struct.pack(">HBBB", one, 2, 0x81, 2) for one in ids)]
    head = _box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(offset: int) -> bytes:
        places = list(accumulate((len(one) for one in data), initial=offset))
        where = [(1, 1, 0, len(held))]
        where += [(one, 0, places[n], len(data[n])) for n, one in enumerate(ids)]
        return _full(
            b"meta",
            _full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
            _full(b"pitm", struct.pack(">H", 1)),
            _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(where)),
                  *(struct.pack(">HHHHII", one, how, 0, 1, at, length) for one, how, at, length in where), version=1),
            _full(b"iinf", struct.pack(">H", len(items)),
                  *(_full(b"infe", struct.pack(">HH4sB", one, 0, kind, 0), version=2, flags=hidden)
                    for one, kind, hidden in items)),
            _full(b"iref", _box(b"dimg", struct.pack(f">HH{len(ids)}H", 1, len(ids), *ids))),
            _box(b"iprp", _box(b"ipco", *properties), _full(b"ipma", struct.pack(">I", len(told)), *told)),
            _box(b"idat", held),
        )  # fmt: skip

    return head + meta(len(head) + len(meta(0)) + 8) + _box(b"mdat", *data)


def _box(kind: bytes, *parts: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, parts)), kind) + b"".join(parts)


def _full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _whole_box_in(file: bytes, kind: bytes) -> bytes:
    at = file.index(kind) - 4
    return file[at : at + int.from_bytes(file[at : at + 4], "big")]


def _box_in(file: bytes, kind: bytes) -> bytes:
    return _whole_box_in(file, kind)[8:]
