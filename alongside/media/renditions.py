"""What readers get of a photograph: re-encoded, upright, without metadata (S19)."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
WIDEST = 1280
"""Pixels: the longer side of what a page shows."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """WebP bytes with their size in pixels."""

    webp: bytes
    width: int
    height: int


def render(photo: bytes, widest: int = WIDEST) -> Rendition:
    """Return a WebP of a photograph made by this project itself, at most ``widest`` on its longer side.

    Files from phones are decoded in a jailed process instead, never here.
    """
    with Image.open(io.BytesIO(photo), formats=FORMATS) as opened:
        opened.draft("RGB", (widest, widest))
        image = _on_paper(ImageOps.exif_transpose(opened))
    image.thumbnail((widest, widest), reducing_gap=3)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=78, method=4)
    return Rendition(out.getvalue(), image.width, image.height)


def _on_paper(image: Image.Image) -> Image.Image:
    """Lay an image on white: what somebody made see-through must not show again."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
