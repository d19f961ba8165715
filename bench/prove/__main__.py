"""``bin/prove NAME …``: run campaigns; a line each, ``NAME: N checked, M bad``; exit 1 where one is bad or short."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from bench.prove.canary import canary
from bench.prove.consent import consent
from bench.prove.erase import erase
from bench.prove.images import images
from bench.prove.kills import kills
from bench.prove.matrix import FEWEST, matrix
from bench.prove.takeback import takeback
from bench.prove.tamper import tamper
from bench.prove.two_worlds import two_worlds


@dataclass(frozen=True)
class Verdict:
    """What a campaign found, and from how many checks on it counts as done."""

    name: str
    seed: int
    checked: int
    bad: int
    least: int

    @property
    def holds(self) -> bool:
        return self.bad == 0 and self.checked >= self.least


CAMPAIGNS: dict[str, tuple[Callable[[int, int], tuple[int, int]], int]] = {
    "canary": (canary, 36),
    "consent": (consent, 5_000),
    "erase": (erase, 24),
    "images": (images, 1_000),
    "kills": (kills, 200),
    "matrix": (matrix, FEWEST),
    "takeback": (takeback, 50),
    "tamper": (tamper, 400),
    "two-worlds": (two_worlds, 500),
}
"""Each takes (count, seed) and returns (checked, bad); with its default count."""


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bin/prove", description=__doc__)
    parser.add_argument("names", nargs="+", choices=sorted(CAMPAIGNS), metavar="NAME")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--count", type=int, default=0)
    said = parser.parse_args(words)
    verdicts = []
    for name in said.names:
        campaign, usual = CAMPAIGNS[name]
        count = said.count or usual
        checked, bad = campaign(count, said.seed)
        verdicts.append(Verdict(name, said.seed, checked, bad, count))
        if not said.json:
            print(f"{name}: {checked} checked, {bad} bad", flush=True)
    if said.json:
        print(json.dumps([asdict(verdict) for verdict in verdicts]))
    else:
        print(f"seed {said.seed}", file=sys.stderr)
    return 0 if all(verdict.holds for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
