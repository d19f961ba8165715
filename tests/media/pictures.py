"""Real files made here: of every kind, with everything in them that a camera or a program leaves."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any, cast

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF")
CANARY = b"CANARY-51.5007N-0.1246W"
QUARTERS = ((230, 40, 30), (30, 200, 60), (40, 60, 220), (240, 230, 60))


def quartered(width: int = 640, height: int = 480) -> Image.Image:
    """Return a picture with a colour in each corner, so that every way of turning it looks different."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(QUARTERS):
        left, top = number % 2 * width // 2, number // 2 * height // 2
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image


def soft(width: int, height: int, seed: int = 1, grain: int = 0) -> Image.Image:
    """Return a picture of soft light of any size, with the grain of a sensor where wanted."""
    hand = np.random.default_rng(seed)
    small = hand.integers(0, 255, (height // 250 + 2, width // 250 + 2, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    if grain:
        noise = Image.fromarray(hand.integers(128 - grain, 129 + grain, (512, 512), dtype=np.uint8)).convert("RGB")
        for left in range(0, width, 512):
            for top in range(0, height, 512):
                box = (left, top, min(width, left + 512), min(height, top + 512))
                lit = (
                    np.asarray(image.crop(box)).astype(np.int16)
                    + np.asarray(noise)[: box[3] - top, : box[2] - left]
                    - 128
                )
                image.paste(Image.fromarray(lit.clip(0, 255).astype(np.uint8)), box)
    return image


def heic(image: Image.Image, *, quality: int = 60, **more: object) -> bytes:
    """Return an image as pillow-heif writes it, which only the tests have: pi-heif reads."""
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=quality, enc_params={"preset": "ultrafast"}, **more)
    return out.getvalue()


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    """Return the file that an image makes."""
    if kind == "HEIF":
        return heic(image, **more)
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def held(orientation: int) -> bytes:
    """Return Exif of a camera that was held so."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def with_everything(kind: str, image: Image.Image | None = None) -> bytes:
    """Return a picture with the canary in every place where a camera or a program leaves words."""
    image = image or quartered(256, 192)
    if kind == "GIF":
        return saved(image, kind, comment=CANARY) + CANARY
    exif = Image.Exif()
    exif[0x010E] = exif[0x010F] = CANARY.decode()
    exif[0x9286] = CANARY
    exif.get_ifd(0x8825)[0x001D] = CANARY.decode()
    more: dict[str, Any] = {"exif": exif.tobytes()}
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", CANARY.decode())
        words.add_itxt("XML:com.adobe.xmp", CANARY.decode())
        more["pnginfo"] = words
    else:
        more["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>"
    if kind == "JPEG":
        more["comment"] = CANARY
    if kind != "HEIF":
        more["icc_profile"] = swapped_profile() + CANARY
    return saved(image, kind, **more) + CANARY


def swapped_profile() -> bytes:
    """Return a colour profile in which red and blue have changed places: who does not heed it shows it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"????", b"bXYZ", 1)


def png_of(width: int, height: int) -> bytes:
    """Return a PNG whose head claims a size, and whose pixels are a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def pixels(image: Image.Image | bytes) -> NDArray[np.float64]:
    """Return the colours of an image or a file."""
    opened = Image.open(io.BytesIO(image)) if isinstance(image, bytes) else image
    return np.asarray(opened.convert("RGB"), dtype=np.float64)


def difference(one: Image.Image | bytes, other: Image.Image | bytes) -> float:
    """Return by how much two pictures of one size differ, on average, of 255."""
    return float(np.abs(pixels(one) - pixels(other)).mean())


def alike(one: Image.Image | bytes, other: Image.Image | bytes) -> float:
    """Return the structural similarity (SSIM) of two pictures of one size, over windows of 8 by 8."""
    first, second = (_windows(pixels(image).mean(axis=2)) for image in (one, other))
    means = first.mean(axis=2), second.mean(axis=2)
    spread = first.var(axis=2), second.var(axis=2)
    shared = (first * second).mean(axis=2) - means[0] * means[1]
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * means[0] * means[1] + c1) * (2 * shared + c2)
    return float((top / ((means[0] ** 2 + means[1] ** 2 + c1) * (spread[0] + spread[1] + c2))).mean())


def _windows(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = grey.shape[0] // 8, grey.shape[1] // 8
    cut = grey[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).swapaxes(1, 2)
    return cast(NDArray[np.float64], cut.reshape(rows, columns, 64))


def upright(file: bytes) -> Image.Image:
    """Return a picture as Pillow and pillow-heif by themselves would show it: the yardstick."""
    if file[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return pillow_heif.open_heif(io.BytesIO(file)).to_pillow().convert("RGB")
    return ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
