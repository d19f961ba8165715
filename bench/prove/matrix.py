"""The matrix campaign (S1): every route, method, role, audience and state answers as matrix.toml says.

See README.md beside this file.
"""

from __future__ import annotations

import json
import sys

from bench.prove.place import throw_away

FEWEST = 10_000
"""From this count on all cells are asked for, however many there are."""


def matrix(count: int, seed: int) -> tuple[int, int]:
    """Ask for every cell, or with a small ``count`` for that many; return how many were asked for, and how many were wrong."""
    with throw_away() as place:
        done = json.loads(
            place.run("matrix", "bench.prove.matrix_ask", said=json.dumps({"seed": seed, "count": count}))
        )
    for what in done["bad"]:
        print(f"  {what}", file=sys.stderr)
    return int(done["checked"]), len(done["bad"])
