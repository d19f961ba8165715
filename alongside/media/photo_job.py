"""The job of a photograph, in the jail: three renditions of a file that somebody sent. Imports no Django.

All that a decoder may need is imported here, before the locks are closed; after that no file opens any more.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any, BinaryIO

import pi_heif
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from alongside.media.refused import DAMAGED, NOT_A_PICTURE, TOO_LARGE, Refused
from alongside.media.renditions import (
    MOST_PIXELS,
    SIZES,
    Box,
    Crop,
    box_of,
    fitted,
    orientation,
    plain,
    smaller,
    upright,
    ways,
    webp,
)

IMPORTED = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
READS_EXIF = TiffImagePlugin
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What Pillow opens here, of more than forty that it knows; HEIC is libheif's."""

Image.preinit()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses what is more than twice this
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pi_heif.options.DECODE_THREADS = 1
pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
warnings.simplefilter("ignore")


def work(source: BinaryIO, asked: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Return kind and size of a photograph, and its renditions, largest first."""
    crop, turn = Crop(*asked["crop"]), asked["turn"]
    kind, image = _opened(source)
    if image.size[0] * image.size[1] > MOST_PIXELS:
        raise Refused(TOO_LARGE)
    width, height = image.size
    if isinstance(image, Heif):
        held = 1  # libheif has turned it already, and says so again in words
    else:
        share = min(crop.right - crop.left, crop.bottom - crop.top)
        image.draft("RGB", (int(SIZES["large"] / share),) * 2)
        image.load()
        held = orientation(image)
    done = ways(held, turn)
    shown = _size_of(box_of(crop, (width, height), done), done)
    picture = upright(plain(image, box_of(crop, image.size, done), SIZES["large"]), done)
    del image
    made = []
    for name, widest in SIZES.items():
        picture = smaller(picture, fitted(shown, widest))
        made.append(webp(picture, name))
    if held >= 5:
        width, height = height, width
    sizes = [[one.name, one.width, one.height] for one in made]
    return {"kind": kind, "width": width, "height": height, "renditions": sizes}, tuple(one.webp for one in made)


def _size_of(box: Box, done: tuple[Image.Transpose, ...]) -> tuple[int, int]:
    """Return how large a box is once it is upright and turned."""
    width, height = box[2] - box[0], box[3] - box[1]
    sideways = {
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
    }
    return (height, width) if sum(way in sideways for way in done) % 2 else (width, height)


def _opened(source: BinaryIO) -> tuple[str, Image.Image | Heif]:
    """Open a file with the decoder that takes it, which decides what it is, whatever its name says."""
    try:
        image = Image.open(source, formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused(TOO_LARGE) from None
    except UnidentifiedImageError:
        source.seek(0)
        head = source.read(16)
        if _is_heif(head):
            return "HEIF", Heif(source)
        raise Refused(DAMAGED if _begins_well(head) else NOT_A_PICTURE) from None
    return {"MPO": "JPEG"}.get(image.format or "", image.format or ""), image


def _is_heif(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in {
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
    }  # fmt: skip


def _begins_well(head: bytes) -> bool:
    """Whether a file that no decoder takes was one of ours once."""
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"})
    )


class Heif:
    """A HEIC picture as ``plain`` asks for it: strips of libheif's own memory, never all of it in a second copy."""

    def __init__(self, source: BinaryIO) -> None:
        source.seek(0)
        file = pi_heif.open_heif(io.BytesIO(source.read()), convert_hdr_to_8bit=True)
        self._image = file[file.primary_index]
        self.size: tuple[int, int] = self._image.size
        self.info = self._image.info

    @property
    def mode(self) -> str:
        raw: str = self._image.mode
        return {"RGBa": "RGBA", "La": "LA"}.get(raw, raw)

    @property
    def has_transparency_data(self) -> bool:
        return bool(self._image.has_alpha)

    def crop(self, box: Box) -> Image.Image:
        left, top, right, bottom = box
        data, stride = self._image.data, self._image.stride
        if self._image.size != self.size:
            raise Refused(DAMAGED)  # another size than its head said
        rows = data[top * stride : bottom * stride]
        strip = Image.frombytes(self.mode, (self.size[0], bottom - top), rows, "raw", self._image.mode, stride)
        return strip.crop((left, 0, right, bottom - top))
