"""The consent campaign (S6): whatever two or three parents do at once, nobody reads what not all of them agreed to.

See README.md beside this file.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.prove.place import throw_away

PROCESSES = 2
RACES = 25
"""One race of a yes against taking back or leaving for so many histories."""


def consent(count: int, seed: int) -> tuple[int, int]:
    """Play ``count`` histories, and races besides; return how many, and at how many instants somebody read too much."""
    with throw_away() as place:
        place.run("prepare", "bench.prove.consent_act", "prepare")

        def played(number: int) -> dict[str, Any]:
            said = {
                "seed": seed,
                "name": str(number),
                "histories": list(range(number, count, PROCESSES)),
                "races": list(range(number, count // RACES, PROCESSES)),
            }
            done = place.run(f"play{number}", "bench.prove.consent_act", "play", said=json.dumps(said))
            found: dict[str, Any] = json.loads(done)
            return found

        with ThreadPoolExecutor(PROCESSES) as pool:
            done = list(pool.map(played, range(PROCESSES)))
    for what in (what for part in done for what in part["bad"]):
        print(f"  {what}", file=sys.stderr)
    counts = sum((Counter(part["counts"]) for part in done), Counter[str]())
    print("  " + ", ".join(f"{name} {number}" for name, number in sorted(counts.items())), file=sys.stderr)
    return sum(part["histories"] for part in done), sum(len(part["bad"]) for part in done)
