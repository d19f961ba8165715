"""``bin/alongside bench NAME…``: each measure is a function here or beside, and says what its figures mean."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence

from bench.near import near
from bench.pageweight import pageweight
from bench.photo import photo
from bench.report import Figure
from bench.start import start

BENCHES: dict[str, Callable[[], list[Figure]]] = {
    "near": near,
    "pageweight": pageweight,
    "photo": photo,
    "start": start,
}


def run(names: Sequence[str], *, as_json: bool) -> int:
    """Run the named benches, print their figures; return 1 when one is over its budget, 2 for an unknown name."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"bench: no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    figures = {name: BENCHES[name]() for name in names}
    if as_json:
        print(json.dumps({name: [figure.as_json() for figure in part] for name, part in figures.items()}))
    else:
        for name, part in figures.items():
            for figure in part:
                print(f"{name}: {figure}")
    return 0 if all(figure.within for part in figures.values() for figure in part) else 1
