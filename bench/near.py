"""``bench near``: a sentence to twenty results, encoding included, in one process on one core (ARCHITECTURE 6)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import Figure

ROOT = Path(__file__).resolve().parents[1]
SIZES = tuple(int(size) for size in os.environ.get("BENCH_STORIES", "10000").split(","))
"""Stories; ``BENCH_STORIES=10000,100000`` measures more sizes (generating them takes a while)."""
BUDGETS = {10_000: (10, 20), 100_000: (10, 30), 1_000_000: (20, 60)}
"""Stories: (p50, p99) in milliseconds."""


def near() -> list[Figure]:
    """Measure each size in a throw-away installation of its own."""
    figures: list[Figure] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
            figures += _measured(size, Path(folder) / "data")
    return figures


def _measured(size: int, data: Path) -> list[Figure]:
    environment = os.environ | {"ALONGSIDE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "alongside.settings"}
    command = [sys.executable, "-P", "-m", "bench.near_measure", str(size)]
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    said = json.loads(done.stdout.splitlines()[-1])
    p50, p99 = BUDGETS.get(size, (None, None))
    return [
        Figure(f"{size:,} stories, p50", said["p50"], "ms", budget=p50),
        Figure(f"{size:,} stories, p99", said["p99"], "ms", budget=p99),
        Figure(f"{size:,} stories, of that encoding, p50", said["encoding"], "ms"),
        Figure(f"{size:,} stories, recall@10 against exact", said["recall"], "", budget=0.98, at_least=True),
        Figure(f"{size:,} stories, shortest page of 20", said["shortest"], "rows", budget=20, at_least=True),
        Figure(f"{size:,} stories, generated a second", said["generated"], "", budget=1000, at_least=True),
        Figure(f"{size:,} stories, the index in memory", said["memory"], "MB"),
    ]
