"""How near two circumstances are, facet by facet, as arrays: one seeker against any number of entries at once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alongside.families.vocabulary import vocabulary

Array = NDArray[np.float32]
FILE = Path(__file__).with_name("affinities.toml")
_WITHIN_GROUP = 0.2


@lru_cache(maxsize=1)
def kind_ids() -> tuple[str, ...]:
    """The columns of every array of kinds."""
    return tuple(vocabulary().kinds)


@lru_cache(maxsize=1)
def relation_ids() -> tuple[str, ...]:
    """The numbers of relations; -1 = not said."""
    return tuple(vocabulary().relations)


@lru_cache(maxsize=1)
def theme_ids() -> tuple[str, ...]:
    """The columns of every array of themes."""
    return tuple(vocabulary().themes)


@lru_cache(maxsize=1)
def kind_affinity() -> Array:
    """Symmetric (kinds, kinds), 1 on the diagonal."""
    table = _table("kinds", kind_ids())
    kinds = vocabulary().kinds
    for i, a in enumerate(kind_ids()):
        for j, b in enumerate(kind_ids()):
            if kinds[a].group == kinds[b].group:
                table[i, j] = max(table[i, j], _WITHIN_GROUP)
    return table


@lru_cache(maxsize=1)
def relation_affinity() -> Array:
    """Symmetric (relations, relations), 1 on the diagonal."""
    return _table("relations", relation_ids())


def weeks_nearness(seeker: float, entries: Array) -> Array:
    """1 for the same week, falling off; a few weeks matter less the further along. NaN entries stay NaN."""
    spread = 1.8 + 0.07 * seeker
    return np.asarray(np.exp(-0.5 * ((entries - seeker) / spread) ** 2), dtype=np.float32)


def age_nearness(seeker: float, entries: Array) -> Array:
    """1 for the same age at death in days, compared by ratio: one hour and one day are nearer than one and nine months."""
    return np.asarray(np.exp(-0.5 * (np.log((entries + 2) / (seeker + 2)) / 0.9) ** 2), dtype=np.float32)


def since_nearness(seeker: float, entries: Array) -> Array:
    """1 for the same time since, in months, compared by ratio."""
    return np.asarray(np.exp(-0.5 * (np.log((entries + 3) / (seeker + 3)) / 0.9) ** 2), dtype=np.float32)


def _table(part: str, ids: tuple[str, ...]) -> Array:
    table = np.eye(len(ids), dtype=np.float32)
    for a, others in tomllib.loads(FILE.read_text("utf-8"))[part].items():
        for b, near in others.items():
            table[ids.index(a), ids.index(b)] = table[ids.index(b), ids.index(a)] = near
    return table
