"""``bench photo``: what a photo of 48 megapixels costs from its file to three renditions (ARCHITECTURE 6).

Processor time is that of the jail's process from its start to its end, and of this process beside it: the better of three
runs, because others on the machine only add to it. Peak is the most memory that the jail's process held.
"""

from __future__ import annotations

import io
import resource
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pi_heif
from django.test.utils import override_settings
from PIL import Image

from alongside.media.jail.answer import Answer
from alongside.media.jail.parent import run
from bench.heic_grid import TILE, grid
from bench.report import Figure

WIDTH, HEIGHT = 8064, 6048
MIB = 1024**2
_TIMES = 3
_JOB = "alongside.media.photo_job"


def photo() -> list[Figure]:
    """Measure a JPEG and a HEIC as phones make them, and a PNG of the same size."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder, override_settings(DATA=Path(folder)):
        return [
            *_measured("JPEG", _saved("JPEG", quality=92), seconds=2.5, mebibytes=450),
            *_measured("HEIC", grid(tiles(), WIDTH, HEIGHT), seconds=4, mebibytes=450),
            *_measured("PNG", _saved("PNG", compress_level=1), seconds=None, mebibytes=640),
        ]


@cache
def tiles() -> tuple[bytes, ...]:
    """Return six small HEICs with soft light and some grain, about as heavy per pixel as a phone's."""
    return tuple(path.read_bytes() for path in sorted((Path(__file__).parent / "photo_tiles").glob("*.heic")))


def _saved(kind: str, **more: int) -> bytes:
    image, out = Image.new("RGB", (WIDTH, HEIGHT)), io.BytesIO()
    made = [pi_heif.open_heif(io.BytesIO(tile)).to_pillow() for tile in tiles()]
    for number in range(-(-WIDTH // TILE) * -(-HEIGHT // TILE)):
        row, column = divmod(number, -(-WIDTH // TILE))
        image.paste(made[number % len(made)], (column * TILE, row * TILE))
    image.save(out, kind, **more)
    return out.getvalue()


def _measured(kind: str, file: bytes, *, seconds: float | None, mebibytes: int) -> Iterator[Figure]:
    held, runs = _held(), []
    for _ in range(_TIMES):
        began = time.process_time()
        answer = run(_JOB, io.BytesIO(file), {"turn": 0, "crop": [0, 0, 1, 1]}, patience=600)
        runs.append((answer.cpu + time.process_time() - began, answer))
    spent, answer = min(runs, key=lambda one: one[0])
    what = f"48-megapixel {kind} ({len(file) / 1e6:.1f} MB)"
    yield Figure(f"{what}, processor", spent, "s", budget=seconds)
    yield Figure(f"{what}, peak", _peak(answer for _, answer in runs), "MiB", budget=mebibytes)
    yield Figure(f"{what}, this process", max(0.0, (_held() - held) / MIB), "MiB more", budget=1)


def _peak(answers: Iterator[Answer]) -> float:
    return max(answer.peak for answer in answers) / MIB


def _held() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
