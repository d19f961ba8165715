"""A job that answers as a photograph's does, but for one lie, which its file names."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

from tests.media.pictures import quartered, saved

TRUE = {
    name: saved(quartered(*size), "WEBP") for name, size in {"l": (640, 480), "p": (640, 480), "s": (480, 360)}.items()
}
WITH_EXIF = saved(quartered(480, 360), "WEBP", exif=b"Exif\0\0CANARY")


def work(source: BinaryIO, asked: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    large, page, small = TRUE.values()
    facts: dict[str, Any] = {"kind": "JPEG", "width": 640, "height": 480}
    match source.read():
        case b"trailing":
            page += b"CANARY"
        case b"chunk":
            small = WITH_EXIF
        case b"size":
            small = large
        case b"kind":
            facts["kind"] = "SVG"
        case b"missing":
            return facts, (large, page)
        case b"long":
            page = page[:4] + struct.pack("<I", len(page)) + page[8:] + bytes(8)
    return facts, (large, page, small)
