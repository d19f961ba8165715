"""``bench start``: how long a second start of the demonstration takes to its first page (budget: 5 s)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.report import Figure
from bench.served import demonstration


def start() -> list[Figure]:
    """Start a fresh demonstration, then the same one again."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        data = Path(folder) / "demo"
        with demonstration(data) as (_, first):
            pass
        with demonstration(data) as (_, second):
            pass
    return [
        Figure("first start, with the sample community", first, "s"),
        Figure("second start to the first page", second, "s", budget=5),
    ]
