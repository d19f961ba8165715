"""What the takeback campaign says of what was asked for, and when: nothing is given out a moment too long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

LONGEST = 1.0
"""Seconds from the commit in which a request may begin and still be given what was taken back."""


@dataclass(frozen=True)
class Asked:
    """One request: what for, of which process, from when until when by the machine's clock, and whether it was given."""

    what: str
    port: int
    began: float
    ended: float
    given: bool


def faults(asked: Iterable[Asked], committed: float) -> list[str]:
    """Say what was given out too late, or again after it had been refused."""
    wrong = []
    for (what, port), requests in _by_address(asked):
        refused = min((one.ended for one in requests if not one.given and one.ended > committed), default=None)
        late = [one for one in requests if one.given and one.began > committed + LONGEST]
        again = [one for one in requests if one.given and refused is not None and one.began > refused]
        if refused is None:
            wrong.append(f"{what}, port {port}: never refused")
        wrong += [f"{what}, port {port}: given out {one.began - committed:.2f} s after" for one in late]
        wrong += [f"{what}, port {port}: given out again after it was refused" for one in again if one not in late]
    return wrong


def longest(asked: Iterable[Asked], committed: float) -> float:
    """Return the seconds from the commit until each process had refused each address once, the requests' own time included."""
    refusals = (
        min((one.ended for one in requests if not one.given and one.began > committed), default=committed)
        for _, requests in _by_address(asked)
    )
    return max((at - committed for at in refusals), default=0.0)


def _by_address(asked: Iterable[Asked]) -> Iterable[tuple[tuple[str, int], Sequence[Asked]]]:
    key = lambda one: (one.what, one.port)  # noqa: E731
    return ((name, list(found)) for name, found in groupby(sorted(asked, key=key), key))
