"""The stand-ins for photographs: the same every time, quiet, and carrying nothing but light (V7)."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from alongside.demo.drawings import DRAWINGS, draw

SMALL = (320, 240)


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_a_whole_picture_in_quiet_colours(name: str) -> None:
    image = opened(draw(name, 7, SMALL))
    assert (image.format, image.size, image.mode) == ("JPEG", SMALL, "RGB")
    paint = np.asarray(image, dtype=float)
    assert 60 < paint.mean() < 225
    assert paint.mean(axis=2).std() > 8
    assert (paint.max(axis=2) - paint.min(axis=2)).mean() < 60


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_same_seed_draws_the_same_and_another_seed_another(name: str) -> None:
    first = draw(name, 7, SMALL)
    assert first == draw(name, 7, SMALL)
    difference = np.asarray(opened(first), dtype=float) - np.asarray(opened(draw(name, 8, SMALL)), dtype=float)
    assert np.abs(difference).mean() > 3


def test_v7_a_drawing_carries_no_metadata() -> None:
    image = opened(draw("sea", 1, SMALL))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_every_word_of_the_story_files_has_a_drawing() -> None:
    words = "blanket hat window path sea garden shelf letter tree chair bracelet bundle coat bowl"
    assert set(DRAWINGS) == set(words.split())


def test_a_word_without_a_drawing_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("face", 1, SMALL)
