"""S19, V7: what readers get of a photograph is a picture and nothing else."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from PIL import Image, UnidentifiedImageError

from alongside.media.renditions import WIDEST, render
from tests.media.pictures import CANARY, with_everything


def picture(kind: str, size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    image = Image.new("RGB", size, (200, 180, 160))
    image.paste((10, 20, 30), (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def chunks(webp: bytes) -> set[str]:
    """Return the names of a WebP file's chunks; nothing may follow the last."""
    assert webp[:4] == b"RIFF"
    assert webp[8:12] == b"WEBP"
    assert struct.unpack("<I", webp[4:8])[0] + 8 == len(webp), "nothing behind the end"
    found, at = set(), 12
    while at < len(webp):
        found.add(webp[at : at + 4].decode())
        length = struct.unpack("<I", webp[at + 4 : at + 8])[0]
        at += 8 + length + length % 2
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_s19_nothing_of_the_original_but_its_pixels(kind: str) -> None:
    photo = with_everything(kind)
    assert photo.count(CANARY) >= 4, "the canary is in the original"
    made = render(photo)
    assert CANARY not in made.webp
    assert CANARY.decode().encode("utf-16-le") not in made.webp
    assert chunks(made.webp) <= {"VP8 ", "VP8L"}
    with Image.open(io.BytesIO(made.webp)) as opened:
        assert not opened.getexif()
        assert opened.info.keys().isdisjoint({"exif", "xmp", "icc_profile", "comment"})
        assert (opened.width, opened.height) == (made.width, made.height)


@pytest.mark.parametrize(
    ("size", "expected"), [((4000, 1000), (1280, 320)), ((900, 1800), (640, 1280)), ((60, 40), (60, 40))]
)
def test_it_is_made_to_fit_and_never_blown_up(size: tuple[int, int], expected: tuple[int, int]) -> None:
    made = render(picture("JPEG", size))
    assert (made.width, made.height) == expected
    assert max(expected) <= WIDEST


@pytest.mark.parametrize(("turned", "corner"), [(1, (8, 8)), (3, (56, 40)), (6, (40, 8)), (8, (8, 56))])
def test_s19_a_photo_taken_sideways_stands_upright(turned: int, corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    made = render(picture("JPEG", exif=exif.tobytes(), quality=95))
    with Image.open(io.BytesIO(made.webp)) as opened:
        assert (opened.width > opened.height) == (turned in {1, 3})
        pixel = opened.convert("RGB").getpixel(corner)
        assert isinstance(pixel, tuple)
        assert sum(pixel) < 150, "the dark quarter is where it belongs"


def test_s19_what_was_made_see_through_is_not_shown_again() -> None:
    """A face erased in a PNG is often still there, under alpha 0."""
    image = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    with Image.open(io.BytesIO(render(out.getvalue()).webp)) as opened:
        red, green, _ = opened.convert("RGB").getpixel((16, 16))  # type: ignore[misc]
    assert abs(red - green) < 40


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "PPM", "PDF", "ICO"])
def test_s20_only_three_formats_are_opened(kind: str) -> None:
    with pytest.raises(UnidentifiedImageError):
        render(picture(kind))


@pytest.mark.parametrize(
    "hostile", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP"]
)
def test_s20_what_is_no_picture_is_refused(hostile: bytes) -> None:
    with pytest.raises((OSError, ValueError)):
        render(hostile)
