"""The two-worlds campaign (S2): worlds that differ only in what a reader may not see give that reader the same bytes.

See README.md beside this file.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from bench.prove.place import throw_away

AT_ONCE = 2
"""Installations, each asked by a process of its own."""
FEW = 20
"""Pairs for which one will do."""


def two_worlds(count: int, seed: int) -> tuple[int, int]:
    """Make ``count`` pairs; return how many, and how many answers told them apart."""
    parts = AT_ONCE if count > FEW else 1
    shares = [range(first, count, parts) for first in range(parts)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        bad = [what for found in pool.map(lambda share: _asked(share, seed), shares) for what in found]
    for what in bad:
        print(f"  {what}", file=sys.stderr)
    return count, len(bad)


def _asked(pairs: range, seed: int) -> list[str]:
    said = json.dumps({"seed": seed, "pairs": list(pairs)})
    with throw_away() as place:
        found: list[str] = json.loads(place.run("two-worlds", "bench.prove.two_worlds_act", said=said))
    return found
