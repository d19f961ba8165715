"""S19: a rendition is the picture and nothing else: upright, turned and cut as asked, in its own colours."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from alongside.demo.drawings import draw
from alongside.media import photos
from alongside.media.photos import Crop, Refused
from bench.prove import exiftool
from tests.media import pictures
from tests.media.pictures import CANARY, KINDS, alike, difference, quartered, saved, upright

TURNED = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path / "data"


def rendered(file: bytes, **asked: Any) -> photos.Photo:
    return photos.render(io.BytesIO(file), **asked)


def page(file: bytes, **asked: Any) -> Image.Image:
    made = {rendition.name: rendition for rendition in rendered(file, **asked).renditions}["page"]
    return Image.open(io.BytesIO(made.webp)).convert("RGB")


@pytest.mark.parametrize("kind", KINDS)
def test_s19_an_outside_tool_finds_nothing_in_any_rendition(kind: str, tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes(pictures.with_everything(kind))
    (found,) = exiftool.read([original]).values()
    assert sum(CANARY.decode() in str(value) for value in found.values()) >= (1 if kind == "GIF" else 2)
    photo = rendered(original.read_bytes())
    assert photo.kind == kind
    paths = []
    for rendition in photo.renditions:
        assert CANARY not in rendition.webp
        paths.append(tmp_path / f"{rendition.name}.webp")
        paths[-1].write_bytes(rendition.webp)
    assert exiftool.left_in(paths) == {path: [] for path in paths}


def test_s19_the_outside_tool_would_find_it(tmp_path: Path) -> None:
    path = tmp_path / "page.webp"
    path.write_bytes(saved(quartered(), "WEBP", exif=pictures.held(6)))
    assert exiftool.left_in([path])[path]


@pytest.mark.parametrize("kind", KINDS)
def test_s19_colours_are_right_in_every_kind(kind: str) -> None:
    drawn = Image.open(io.BytesIO(draw("sea", 3, size=(800, 600)))).convert("RGB")
    original = saved(drawn, kind)
    assert difference(page(original), upright(original)) < 4


def test_s19_a_large_photo_is_as_like_itself_as_careful_scaling_makes_it() -> None:
    drawn = pictures.soft(3300, 2400)
    for rendition in rendered(saved(drawn, "JPEG", quality=95)).renditions:
        size = (rendition.width, rendition.height)
        assert alike(rendition.webp, drawn.resize(size, Image.Resampling.LANCZOS)) >= 0.98, rendition.name


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_s19_a_photo_stands_as_the_camera_was_held(kind: str, orientation: int) -> None:
    original = saved(quartered(), kind, exif=pictures.held(orientation))
    photo = rendered(original)
    assert (photo.width, photo.height) == ((640, 480) if orientation < 5 else (480, 640))
    assert difference(page(original), upright(original)) < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_s19_a_heic_is_turned_once_though_it_says_so_twice(orientation: int) -> None:
    """Phones write it into the container and into the Exif; heeding both turns it over."""
    original = saved(quartered(), "HEIF", exif=pictures.held(orientation))
    assert pictures.held(orientation)[6:] in original, "in the Exif"
    assert (orientation == 1) == (b"irot" not in original and b"imir" not in original), "and in the container"
    photo = rendered(original)
    assert (photo.width, photo.height) == ((640, 480) if orientation < 5 else (480, 640))
    assert difference(page(original), upright(original)) < 6


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("orientation", [1, 2, 5, 6, 7, 8])
def test_turned_by_quarters_and_then_cut(orientation: int, turn: int) -> None:
    drawn = Image.open(io.BytesIO(draw("sea", 1, size=(1600, 1200)))).convert("RGB")
    original = saved(drawn, "JPEG", quality=92, exif=pictures.held(orientation))
    expected = upright(original)
    size = expected.size
    if turn:
        expected = expected.transpose(TURNED[turn])
    crop = Crop(0.25, 0.125, 0.75, 0.5)
    width, height = expected.size
    expected = expected.crop((width // 4, height // 8, width * 3 // 4, height // 2))
    photo = rendered(original, turn=turn, crop=crop)
    assert (photo.width, photo.height) == size, "of the whole, whatever is shown of it"
    large = photo.renditions[0]
    assert (large.width, large.height) == expected.size
    assert difference(large.webp, expected) < 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_part_of_a_large_photo_is_as_sharp_as_the_photo_is(kind: str) -> None:
    drawn = pictures.soft(5000, 3000)
    photo = rendered(saved(drawn, kind), crop=Crop(0.5, 0.5, 0.7, 0.7))
    large = photo.renditions[0]
    assert (large.width, large.height) == (1000, 600)
    assert difference(large.webp, drawn.crop((2500, 1500, 3500, 2100))) < 4


@pytest.mark.parametrize("turn", [-1, 4])
def test_no_other_turns_and_crops(turn: int) -> None:
    for asked in (
        {"turn": turn},
        {"crop": Crop(0.5, 0, 0.5, 1)},
        {"crop": Crop(-0.1, 0, 1, 1)},
        {"crop": Crop(0, 0, 1, float("nan"))},
    ):
        with pytest.raises(ValueError, match="within the picture"):
            rendered(saved(quartered(), "PNG"), **asked)


def test_s19_a_colour_profile_is_heeded_and_gone() -> None:
    red = Image.new("RGB", (64, 64), (220, 30, 20))
    for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
        shown = pictures.pixels(page(saved(red, kind, icc_profile=pictures.swapped_profile()))).mean(axis=(0, 1))
        assert shown[2] > 180 > 60 > shown[0], kind


def test_s19_a_profile_that_makes_no_sense_changes_nothing() -> None:
    for profile in (b"no profile", pictures.swapped_profile()[:200], b"\0" * 500):
        original = saved(quartered(), "PNG", icc_profile=profile)
        assert difference(page(original), quartered()) < 6


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_s19_every_way_of_holding_colours(mode: str) -> None:
    grey = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    image = Image.fromarray(grey)
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode != "L":
        image = image.convert("RGB" if mode == "CMYK" else mode).convert(mode)
    original = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    expected = Image.fromarray(grey).convert("1" if mode == "1" else "RGB").convert("RGB")
    assert difference(page(original), expected) < 6


def test_s19_what_was_made_see_through_is_white_and_stays_hidden() -> None:
    hidden = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    palette = Image.new("P", (64, 64), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    for original in (
        saved(hidden, "PNG"), saved(hidden, "WEBP", lossless=True), saved(hidden, "AVIF"), saved(hidden, "HEIF"),
        saved(palette, "GIF", transparency=1), saved(palette, "PNG", transparency=1),
        saved(Image.new("RGB", (64, 64), (255, 0, 0)), "PNG", transparency=(255, 0, 0)),
    ):  # fmt: skip
        assert pictures.pixels(page(original)).min() > 240


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "MPO"])
def test_of_what_moves_the_first_picture_is_shown(kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ((220, 30, 20), (20, 30, 220))]
    original = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    assert rendered(original).kind == ("JPEG" if kind == "MPO" else kind)
    assert difference(page(original), frames[0]) < 8


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), [(2048, 1536), (1280, 960), (480, 360)]),
        ((1500, 3000), [(1024, 2048), (640, 1280), (240, 480)]),
        ((600, 300), [(600, 300), (600, 300), (480, 240)]),
        ((1, 1), [(1, 1), (1, 1), (1, 1)]),
        ((9000, 2), [(2048, 1), (1280, 1), (480, 1)]),
    ],
)
def test_three_renditions_none_larger_than_the_photo(size: tuple[int, int], expected: list[tuple[int, int]]) -> None:
    photo = rendered(saved(Image.new("RGB", size, (90, 120, 150)), "PNG"))
    assert (photo.width, photo.height) == size
    assert [rendition.name for rendition in photo.renditions] == ["large", "page", "small"]
    assert [(rendition.width, rendition.height) for rendition in photo.renditions] == expected


def test_a_page_is_light_even_where_a_photo_is_all_grain() -> None:
    hand = np.random.default_rng(5)
    noise = Image.fromarray(hand.integers(0, 255, (1300, 1300, 3), dtype=np.uint8))
    assert len(rendered(saved(noise, "JPEG")).renditions[1].webp) <= 200_000


@pytest.mark.parametrize("lie", ["trailing", "chunk", "size", "kind", "missing", "long"])
def test_s21_a_child_that_was_taken_over_can_add_nothing(monkeypatch: pytest.MonkeyPatch, lie: str) -> None:
    """What it says is held against what a rendition may be; where it is not that, it is a damaged file."""
    monkeypatch.setattr(photos, "_JOB", "tests.media.liar")
    assert rendered(b"").kind == "JPEG"
    with pytest.raises(Refused, match="damaged"):
        rendered(lie.encode())
