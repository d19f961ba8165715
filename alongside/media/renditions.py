"""What readers get of a photograph: re-encoded, upright, its colours right, without metadata (S19).

The one way in which pixels become renditions, for the demonstration's own drawings in the process that made them, and
for files that somebody sent in the jail (``photo_job``). Imports no Django.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from PIL import Image, ImageCms

FORMATS = ("JPEG", "PNG", "WEBP")
WIDEST = 1280
"""Pixels: the longer side of what a page shows."""
SIZES: Mapping[str, int] = {"large": 2048, "page": WIDEST, "small": 480}
MOST_PIXELS = 120_000_000
"""Of a photograph, upright or not."""
HEAVIEST = {"page": 200_000}
"""Bytes that a page's photograph may have."""
QUALITY = 82
_GAP = 1.5
"""How much larger than wanted a picture may be before it is made smaller with care; what is above is plain averaging."""
_STRIP = 256
_SRGB = ImageCms.createProfile("sRGB")
_Way = Image.Transpose
Box = tuple[int, int, int, int]


class Crop(NamedTuple):
    """What is shown of the upright, turned picture, each side from 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


WHOLE = Crop(0.0, 0.0, 1.0, 1.0)


class Pixels(Protocol):
    """What ``plain`` asks of a picture: Pillow's images have it, and what other decoders hand over can."""

    info: dict[str | tuple[int, int], Any]

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def mode(self) -> str: ...
    @property
    def has_transparency_data(self) -> bool: ...
    def crop(self, box: Box) -> Image.Image: ...


_UPRIGHT = {
    2: _Way.FLIP_LEFT_RIGHT, 3: _Way.ROTATE_180, 4: _Way.FLIP_TOP_BOTTOM, 5: _Way.TRANSPOSE, 6: _Way.ROTATE_270,
    7: _Way.TRANSVERSE, 8: _Way.ROTATE_90,
}  # fmt: skip
_TURNS = {1: _Way.ROTATE_270, 2: _Way.ROTATE_180, 3: _Way.ROTATE_90}
_WHENCE = {
    _Way.FLIP_LEFT_RIGHT: lambda x, y: (1 - x, y),
    _Way.ROTATE_180: lambda x, y: (1 - x, 1 - y),
    _Way.FLIP_TOP_BOTTOM: lambda x, y: (x, 1 - y),
    _Way.TRANSPOSE: lambda x, y: (y, x),
    _Way.ROTATE_270: lambda x, y: (y, 1 - x),
    _Way.TRANSVERSE: lambda x, y: (1 - y, 1 - x),
    _Way.ROTATE_90: lambda x, y: (1 - y, x),
}
"""Where a point of the turned picture was before, both in fractions."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """WebP bytes with their size in pixels; ``name`` is one of ``SIZES``."""

    webp: bytes
    width: int
    height: int
    name: str = "page"


def render(photo: bytes, widest: int = WIDEST) -> Rendition:
    """Return a WebP of a photograph made by this project itself, at most ``widest`` on its longer side.

    Files from phones are decoded in a jailed process instead, never here.
    """
    with Image.open(io.BytesIO(photo), formats=FORMATS) as opened:
        opened.draft("RGB", (widest, widest))
        opened.load()
        image = upright(plain(opened, (0, 0, *opened.size), widest), ways(orientation(opened)))
        return webp(smaller(image, fitted(image.size, widest)), "page")


def orientation(opened: Image.Image) -> int:
    """Return how a camera says that it was held: 1 to 8, 1 where it says nothing that makes sense."""
    try:
        said = opened.getexif().get(0x0112, 1)
    except Exception:  # words about a picture never keep it from being shown
        return 1
    return said if said in _UPRIGHT else 1


def plain(image: Pixels, box: Box, widest: int) -> Image.Image:
    """Return the ``box`` of a picture in sRGB on white, somewhat larger than ``widest`` where it was larger.

    In strips, because a second copy of 120 million pixels does not fit under the ceiling.
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    factor = max(1, int(max(width, height) / (widest * _GAP)))
    mode = _without_transparency(image)
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for at in range(0, height, tall := max(1, _STRIP // factor) * factor):
        strip = _on_paper(image.crop((left, top + at, right, min(bottom, top + at + tall))), mode)
        small.paste(strip.reduce(factor) if factor > 1 else strip, (0, at // factor))
    return in_srgb(small, image.info.get("icc_profile"))


def _without_transparency(image: Pixels) -> str:
    if image.has_transparency_data:
        return "RGB"
    return image.mode if image.mode in {"L", "RGB", "CMYK"} else "L" if image.mode in {"1", "I;16", "I", "F"} else "RGB"


def _on_paper(image: Image.Image, mode: str) -> Image.Image:
    """Lay an image on white: what somebody made see-through must not show again."""
    if image.mode.startswith("I"):  # sixteen bits, of which Pillow would cut off the upper ones
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert(mode)
    seen = image.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Return an image in sRGB; a profile that makes no sense counts as none."""
    if isinstance(profile, bytes) and profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, given, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            made = None
        if made is not None:
            return made
    return image.convert("RGB")


def ways(held: int, turn: int = 0) -> tuple[Image.Transpose, ...]:
    """Return what has to be done to a picture: as the camera was held (``orientation``), then quarter turns, clockwise."""
    return tuple(way for way in (_UPRIGHT.get(held), _TURNS.get(turn)) if way is not None)


def upright(image: Image.Image, done: tuple[Image.Transpose, ...]) -> Image.Image:
    """Return an image after ``ways`` were done to it."""
    for way in done:
        image = image.transpose(way)
    return image


def box_of(crop: Crop, size: tuple[int, int], done: tuple[Image.Transpose, ...]) -> Box:
    """Return which box of a picture of ``size`` is shown as ``crop`` after ``done``; at least a pixel."""
    corners = [(crop.left, crop.top), (crop.right, crop.bottom)]
    for way in reversed(done):
        corners = [_WHENCE[way](x, y) for x, y in corners]
    (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
    width, height = size
    left, top = min(width - 1, round(left * width)), min(height - 1, round(top * height))
    return left, top, max(left + 1, round(right * width)), max(top + 1, round(bottom * height))


def fitted(size: tuple[int, int], widest: int) -> tuple[int, int]:
    """Return a size of the same shape with at most ``widest`` on the longer side; never larger than it was."""
    scale = min(1.0, widest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def smaller(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return an image in another size."""
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def webp(image: Image.Image, name: str) -> Rendition:
    """Return an image in sRGB as a rendition, within the weight of its name."""
    most = HEAVIEST.get(name)
    for quality in (QUALITY, 74, 66, 58, 48, 38, 28, 18, 8, 0):
        out = io.BytesIO()
        # Method 4 takes nearly twice the time of 2, for 3 % of the weight.
        image.save(out, "WEBP", quality=quality, method=2, exif=b"", xmp=b"", icc_profile=b"")
        if most is None or len(out.getvalue()) <= most:
            break
    return Rendition(out.getvalue(), image.width, image.height, name)
