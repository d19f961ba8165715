"""The images campaign (S17, S18, S19): hostile pictures through the product's own jail. See README.md beside this file."""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict, cast

from PIL import Image

from bench.prove import exiftool
from bench.prove.images_mutate import mutated
from bench.prove.images_sources import corpus

ROOT = Path(__file__).resolve().parents[2]
WHOLE_CORPUS = 1_000
"""From this count on every file of the corpus is tried; below, as many as the count says."""
LONGEST = 10.0  # seconds of processor time
CEILING = 1.15 * 1024**3  # bytes: what may be asked for, and the system's own share of it
_AT_ONCE = 2
_CONTROL = "sound"
_PATIENCE = 120.0


@dataclass
class Found:
    """What became of the files: how many there were, what was wrong, and what they were taken for."""

    checked: int = 0
    bad: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    peak: int = 0


def images(count: int, seed: int) -> tuple[int, int]:
    """Try the corpus and ``count`` mutations of it; return how many files were tried, and how many were bad."""
    chance, files = random.Random(seed), corpus()
    tried = files if count >= WHOLE_CORPUS else sorted(chance.sample(files, min(count, len(files))))
    found = Found()
    with tempfile.TemporaryDirectory(prefix="alongside-prove-") as folder:
        waiting: queue.Queue[Path] = queue.Queue()
        for path in (*_controls(Path(folder)), *tried, *mutated(files, count, chance, Path(folder) / "mutated")):
            waiting.put(path)
        expected = waiting.qsize()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done in [pool.submit(_worked, waiting, Path(folder), number, found) for number in range(_AT_ONCE)]:
                done.result()
        _look_outside(Path(folder), found)
    if found.checked < expected:
        found.bad.append(f"{expected - found.checked} files were not tried")
    for what in found.bad:
        print(f"  {what}", file=sys.stderr)
    said = ", ".join(f"{number} {outcome}" for outcome, number in found.outcomes.most_common())
    print(f"  {said}; longest {found.longest:.1f} s, peak {found.peak / 1024**2:.0f} MiB", file=sys.stderr)
    return found.checked, len(found.bad)


def _controls(folder: Path) -> Iterator[Path]:
    """Yield a sound picture of every kind: a product that refuses everything is not sound."""
    yield Path(shutil.copy(ROOT / "bench" / "photo_tiles" / "1.heic", folder / f"{_CONTROL}.heic"))
    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "GIF"):
        path = folder / f"{_CONTROL}.{kind.lower()}"
        Image.linear_gradient("L").convert("RGB").save(path, kind)
        yield path


def _worked(waiting: queue.Queue[Path], folder: Path, number: int, found: Found) -> None:
    """Have one parent after the other try what is waiting, until there is nothing; each parent that ends early is bad."""
    worker = _Worker(folder, number)
    try:
        while True:
            path = waiting.get_nowait()
            said = worker.tried(path)
            found.checked += 1
            if said is None:
                found.bad.append(f"{_named(path)}: the parent crashed or hung")
                worker.close()
                worker = _Worker(folder, number)
                continue
            found.outcomes[said["outcome"]] += 1
            found.longest, found.peak = max(found.longest, said["seconds"]), max(found.peak, said["peak"])
            found.bad += [f"{_named(path)}: {what}" for what in _wrong(path, said)]
    except queue.Empty:
        return
    finally:
        worker.close()


def _wrong(path: Path, said: Said) -> Iterator[str]:
    if not said["kind"] or (path.stem == _CONTROL and said["kind"] != "rendition"):
        yield said["outcome"]
    if said["seconds"] > LONGEST:
        yield f"took {said['seconds']} s"
    if said["peak"] > CEILING:
        yield f"held {said['peak']} bytes"


def _named(path: Path) -> str:
    return "/".join(path.parts[-2:])


def _look_outside(folder: Path, found: Found) -> None:
    """Ask exiftool of every rendition; whatever it finds is bad."""
    made = sorted(folder.glob("renditions-*/*.webp"))
    left = exiftool.left_in(made)
    for path in made:
        if tags := left.get(path, ["nothing was said of it"]):
            found.bad.append(f"{path.name}: {', '.join(tags)}")
    print(f"  {len(made)} renditions looked at by exiftool", file=sys.stderr)


class Said(TypedDict):
    """What a worker says of a file; ``kind`` is of its end: "rendition", "refusal", or "" for a bad one."""

    kind: str
    outcome: str
    seconds: float
    peak: int


class _Worker:
    """A process that asks the product for renditions, as the web process does."""

    def __init__(self, folder: Path, number: int) -> None:
        self.renditions = folder / f"renditions-{number}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        said = {
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "alongside.settings",
            "ALONGSIDE_DATA": str(folder / "data"),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.prove.images_worker", str(self.renditions)],
            cwd=ROOT, env=kept | said, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tried(self, path: Path) -> Said | None:
        """Return what became of a file, or None where the process did not say in time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        guard = threading.Timer(_PATIENCE, self.process.kill)
        guard.start()
        try:
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            return None
        finally:
            guard.cancel()
        return cast(Said, json.loads(line)) if line else None

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
