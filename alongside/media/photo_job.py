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
pi_heif.options.DECODE_THREADS = 0
pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
warnings.simplefilter("ignore")


def work(source: BinaryIO, asked: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Return kind and size of a photograph, and its renditions, largest first."""
    crop, turn = Crop(*asked["crop"]), asked["turn"]
    share = min(crop.right - crop.left, crop.bottom - crop.top)
    kind, (width, height), held, image = _opened(source, int(SIZES["large"] / share))
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


def _opened(source: BinaryIO, wanted: int) -> tuple[str, tuple[int, int], int, Image.Image | Raw]:
    """Return kind, size, how the camera was held, and pixels: by the decoder that takes the file, which decides what it is."""
    try:
        image = Image.open(source, formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refused(TOO_LARGE) from None
    except UnidentifiedImageError:
        source.seek(0)
        head = source.read(16)
        if not _is_heif(head):
            raise Refused(DAMAGED if _begins_well(head) else NOT_A_PICTURE) from None
        raw = _of_heif(source)
        return "HEIF", raw.size, 1, raw  # libheif has turned it already; the Exif says so once more
    size = image.size
    _refuse_too_many(size)
    decoded = _decoded(image, wanted)
    return {"MPO": "JPEG"}.get(image.format or "", image.format or ""), size, orientation(image), decoded


def _refuse_too_many(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise Refused(TOO_LARGE)


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


class Raw:
    """A decoded picture as ``plain`` asks for it: strips of its decoder's own memory, never all of it in a second copy."""

    def __init__(
        self,
        size: tuple[int, int],
        layout: str,
        data: memoryview | bytes,
        info: Mapping[Any, Any],
        stride: int = 0,
        held_by: object = None,
    ) -> None:
        self.size, self.info = size, dict(info)
        self._held_by = held_by  # libheif frees its memory with its picture
        self.mode = {"RGBX": "RGB", "RGBa": "RGBA", "La": "LA"}.get(layout, layout)
        self.has_transparency_data = self.mode.endswith("A")
        self._layout, self._data, self._stride = layout, memoryview(data), stride or len(data) // size[1]

    def crop(self, box: Box) -> Image.Image:
        left, top, right, bottom = box
        rows = self._data[top * self._stride : bottom * self._stride]
        strip = Image.frombytes(self.mode, (self.size[0], bottom - top), rows, "raw", self._layout, self._stride)
        return strip.crop((left, 0, right, bottom - top))


def _decoded(image: Image.Image, wanted: int) -> Image.Image | Raw:
    """Decode what Pillow opened; a JPEG only as far as is ``wanted``. AVIF and WebP without the copy that Pillow makes of them."""
    if isinstance(image, AvifImagePlugin.AvifImageFile):
        data, *_ = image._decoder.get_frame(0)
        return Raw(image.size, image.mode, data, image.info)
    if isinstance(image, WebPImagePlugin.WebPImageFile):
        data, *_ = image._get_next()
        return Raw(image.size, image.rawmode, data, image.info)
    image.draft("RGB", (wanted, wanted))
    image.load()
    return image


def _of_heif(source: BinaryIO) -> Raw:
    source.seek(0)
    file = pi_heif.open_heif(io.BytesIO(source.read()), convert_hdr_to_8bit=True)
    image = file[file.primary_index]
    size: tuple[int, int] = image.size
    _refuse_too_many(size)
    data, stride = image.data, image.stride
    if image.size != size:
        raise Refused(DAMAGED)  # another size than its head said
    return Raw(size, image.mode, data, image.info, stride, held_by=image)
