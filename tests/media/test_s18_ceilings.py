"""S18: what the largest photos cost, measured where it is spent; printed by ``pytest -s``."""

from __future__ import annotations

import io
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from alongside.media import photos
from alongside.media.jail.answer import Answer
from alongside.media.jail.parent import run
from alongside.media.photos import Busy, Refused
from bench.heic_grid import grid
from bench.photo import tiles
from tests.media.pictures import png_of, saved, soft

MIB = 1024**2


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path / "data"


@pytest.fixture(scope="module")
def photo_of_105_megapixels() -> Image.Image:
    return soft(12_000, 8_750)


def spent(what: str, file: bytes) -> Answer:
    answer = run("alongside.media.photo_job", io.BytesIO(file), {"turn": 0, "crop": [0, 0, 1, 1]})
    print(f"{what}: {len(file) / 1e6:.1f} MB, {answer.cpu:.2f} s, peak {answer.peak / MIB:.0f} MiB")
    assert answer.peak > 10 * MIB, "measured"
    return answer


@pytest.mark.parametrize(
    ("kind", "more", "most"),
    [("JPEG", {}, 150), ("JPEG", {"progressive": True}, 450), ("PNG", {"compress_level": 1}, 640)],
)
def test_s18_105_megapixels(
    photo_of_105_megapixels: Image.Image, kind: str, more: dict[str, object], most: int
) -> None:
    answer = spent(f"105-megapixel {kind} {more}", saved(photo_of_105_megapixels, kind, **more))
    assert answer.facts["width"] == 12_000
    assert answer.peak <= most * MIB


@pytest.mark.parametrize("quarters", [0, 1])
def test_s18_a_heic_of_48_megapixels(quarters: int) -> None:
    answer = spent(f"48-megapixel HEIC turned {quarters}", grid(tiles(), 8064, 6048, quarters))
    assert answer.facts["kind"] == "HEIF"
    assert answer.facts["width"] == (6048 if quarters else 8064)
    assert answer.peak <= 450 * MIB


def test_s18_an_avif_of_48_megapixels() -> None:
    answer = spent("48-megapixel AVIF", saved(soft(8064, 6048), "AVIF", speed=10, quality=50))
    assert answer.peak <= 640 * MIB


def test_s18_too_large_is_known_from_the_head() -> None:
    """In processor time of the child, from its start: the clock would measure whoever else is on the machine."""
    costs = []
    for size in ((11_000, 11_001), (60_000, 60_000), (11_000, 11_001)):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with pytest.raises(Refused, match="too large"):
            photos.render(io.BytesIO(png_of(*size)))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"refused from the head: {min(costs):.3f} s")
    assert min(costs) <= 0.2


def test_s18_twenty_at_once_all_finish_and_two_are_at_it(photo_of_105_megapixels: Image.Image) -> None:
    file = saved(photo_of_105_megapixels.resize((4032, 3024)), "JPEG")
    waited: list[int] = []

    def sent(_: int) -> str:
        while True:
            try:
                return photos.render(io.BytesIO(file)).kind
            except Busy:
                waited.append(1)  # a slow machine: its page sends again, and so does this

    with _watched() as seen, ThreadPoolExecutor(20) as pool:
        assert list(pool.map(sent, range(20))) == ["JPEG"] * 20
    print(
        f"20 at once ({len(waited)} times told to wait): at most {max(number for number, _ in seen)} children, {max(held for _, held in seen) / MIB:.0f} MiB together"
    )
    assert 1 <= max(number for number, _ in seen) <= 2
    assert max(held for _, held in seen) <= 1.5 * 1024 * MIB


@contextmanager
def _watched() -> Iterator[list[tuple[int, int]]]:
    """Look at the children that live, again and again: how many, and how much memory they hold together.

    Whoever lived before is none of them: a store that other tests asked for, say.
    """
    seen: list[tuple[int, int]] = []
    before = _children()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            seen.append(_living(before))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _children() -> set[str]:
    return {pid for task in Path("/proc/self/task").glob("*/children") for pid in _text(task).split()}


def _living(before: set[str]) -> tuple[int, int]:
    number = held = 0
    for pid in _children() - before:
        lines = _text(Path("/proc") / pid / "status").splitlines()
        if said := [line for line in lines if line.startswith("VmRSS:")]:
            number, held = number + 1, held + int(said[0].split()[1]) * 1024
    return number, held


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # it ended meanwhile


def test_s18_the_web_process_holds_nothing_more_afterwards(photo_of_105_megapixels: Image.Image) -> None:
    file = saved(photo_of_105_megapixels, "JPEG")
    photos.render(io.BytesIO(file))
    before = _own_memory()
    for _ in range(3):
        photos.render(io.BytesIO(file))
    assert _own_memory() - before < 8 * MIB


def _own_memory() -> int:
    time.sleep(0.1)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
