"""``render``: a file that somebody sent becomes three renditions, made in the jail (S17, S18, S19, S21)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from alongside.media.jail.parent import run
from alongside.media.refused import DAMAGED, Busy, Refused
from alongside.media.renditions import MOST_PIXELS, SIZES, WHOLE, Crop, Rendition

__all__ = ["KINDS", "Busy", "Crop", "Photo", "Refused", "Rendition", "render"]

KINDS = frozenset({"JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF"})
_JOB = "alongside.media.photo_job"


@dataclass(frozen=True, slots=True)
class Photo:
    """What a file is, and what readers get of it: renditions named as in ``SIZES``, largest first.

    Width and height are those of the whole picture, upright as the camera was held; neither turn nor crop changes them.
    """

    kind: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]


def render(source: BinaryIO, *, turn: int = 0, crop: Crop | None = None) -> Photo:
    """Return what readers get of a file: turned by ``turn`` quarters clockwise, then cut to ``crop``.

    Raises Refused for what is no picture, damaged, too large or too slow, and Busy when others were in front for too long.
    """
    shown = crop or WHOLE
    if turn not in range(4) or not (0 <= shown.left < shown.right <= 1 and 0 <= shown.top < shown.bottom <= 1):
        raise ValueError("a turn is 0 to 3 quarters; a crop lies within the picture")
    answer = run(_JOB, source, {"turn": turn, "crop": list(shown)})
    try:
        return _photo(answer.facts, answer.parts)
    except (KeyError, TypeError, ValueError, struct.error):
        raise Refused(DAMAGED) from None  # the child was no longer ours when it answered


def _photo(facts: Mapping[str, Any], parts: Sequence[bytes]) -> Photo:
    """Make a photo of what a child says, believing nothing; raise for anything but the expected."""
    kind, width, height = facts["kind"], facts["width"], facts["height"]
    if kind not in KINDS or type(width) is not int or type(height) is not int or min(width, height) < 1:
        raise ValueError
    if width * height > MOST_PIXELS:
        raise ValueError
    renditions = tuple(
        _rendition(name, widest, part) for (name, widest), part in zip(SIZES.items(), parts, strict=True)
    )
    return Photo(kind, width, height, renditions)


def _rendition(name: str, widest: int, webp: bytes) -> Rendition:
    """Return a rendition if it is one picture and nothing else: no second chunk, nothing behind the end."""
    riff, length, form, chunk, held = struct.unpack_from("<4sI4s4sI", webp)
    if (
        (riff, form, chunk) != (b"RIFF", b"WEBP", b"VP8 ")
        or length + 8 != len(webp)
        or held + held % 2 + 20 != len(webp)
    ):
        raise ValueError
    width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", webp, 26))
    if webp[23:26] != b"\x9d\x01\x2a" or not 1 <= max(width, height) <= widest or min(width, height) < 1:
        raise ValueError
    return Rendition(webp, width, height, name)
