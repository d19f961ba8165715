"""S17, S20: whatever is sent, it becomes a clean picture or a kind refusal, and nothing else happens."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from alongside.media import photos
from alongside.media.photos import Refused
from alongside.media.refused import REASONS
from tests.media.pictures import CANARY, KINDS, png_of, quartered, saved, with_everything

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path / "data"


def outcome(file: bytes) -> str:
    """Return the kind that a file is, or why it is refused."""
    try:
        photo = photos.render(io.BytesIO(file))
    except Refused as refusal:
        return refusal.reason if refusal.reason in REASONS else "?"
    return photo.kind


@pytest.mark.parametrize(
    "file",
    [b"", b"\0", b"Dear diary", SVG, HTML, b"%PDF-1.7\n", b"PK\x03\x04" + bytes(100), b"\0\0\0\x18ftypmp42" + bytes(100),
     *(saved(quartered(16, 16), kind) for kind in ("TIFF", "BMP", "PPM", "ICO", "TGA", "JPEG2000", "PDF", "EPS", "DDS", "SGI"))],
)  # fmt: skip
def test_s17_what_is_no_picture_of_ours_is_no_picture(file: bytes) -> None:
    assert outcome(file) == "not a picture"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_s17_what_was_cut_off_is_damaged(kind: str, share: float) -> None:
    whole = saved(quartered(900, 700), kind)
    assert outcome(whole) == kind
    assert outcome(whole[: max(16, int(len(whole) * share))]) == "damaged"


@pytest.mark.parametrize("size", [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (11_000, 11_000), (120_000_001, 1)])
def test_s17_s18_a_head_that_promises_too_much_is_refused_by_its_head(size: tuple[int, int]) -> None:
    assert outcome(png_of(*size)) == "too large"


def test_s18_120_megapixels_are_not_too_many() -> None:
    file = io.BytesIO()
    Image.new("L", (12_000, 10_000), 90).save(file, "PNG", compress_level=1)
    assert outcome(file.getvalue()) == "PNG"


def test_s17_gif_webp_and_heic_that_promise_too_much() -> None:
    gif = bytearray(saved(quartered(16, 16), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    webp = bytearray(saved(quartered(16, 16), "WEBP"))
    webp[26:30] = b"\xff\x3f\xff\x3f"
    assert outcome(bytes(gif)) == "too large"
    assert outcome(bytes(webp)) == "too large"
    heif = saved(quartered(64, 64), "HEIF")
    at = heif.index(b"ispe") + 8
    assert outcome(heif[:at] + b"\0\0\x7f\xff\0\0\x7f\xff" + heif[at + 8 :]) in {"too large", "damaged"}


def test_s20_two_files_in_one_are_one_picture_and_nothing_of_the_other() -> None:
    for tail in (HTML, SVG, b"PK\x03\x04" + CANARY, b"%PDF-1.7" + CANARY):
        for kind in KINDS:
            photo = photos.render(io.BytesIO(saved(quartered(64, 64), kind) + tail))
            assert photo.kind == kind
            assert not [one for one in photo.renditions if b"<" + b"s" in one.webp or CANARY in one.webp]
    assert outcome(HTML + saved(quartered(64, 64), "JPEG")) == "not a picture"
    assert outcome(b"GIF89a/*" + HTML + b"*/=1;alert(1)") in {"damaged", "too large"}


def test_s17_words_that_swell_are_not_unpacked() -> None:
    """A PNG may hold packed words and profiles that unpack to gigabytes."""
    whole = saved(quartered(16, 16), "PNG")
    for name, head in ((b"zTXt", b"Comment\0\0"), (b"iCCP", b"icc\0\0"), (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0")):
        data = head + zlib.compress(bytes(200_000_000), 9)
        chunk = struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        assert outcome(whole[:33] + chunk + whole[33:]) in {"PNG", "damaged", "too large"}


@pytest.mark.parametrize("kind", KINDS)
def test_s17_a_few_mutations_of_every_kind(kind: str) -> None:
    hand, whole = random.Random(17), with_everything(kind)
    outcomes = set()
    for _ in range(8):
        file = bytearray(whole)
        for _ in range(hand.randint(1, 12)):
            file[hand.randrange(len(file))] = hand.randrange(256)
        outcomes.add(outcome(bytes(file)))
    assert outcomes <= {kind, "damaged", "not a picture", "too large"}


def test_s17_no_byte_of_a_photo_is_in_what_is_raised() -> None:
    with pytest.raises(Refused) as refusal:
        photos.render(io.BytesIO(saved(quartered(), "PNG")[:60] + CANARY))
    raised: BaseException | None = refusal.value
    while raised is not None:
        assert "CANARY" not in repr(raised)
        raised = raised.__context__
