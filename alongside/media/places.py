"""Where an object lies in a store, the same in a folder, a bucket and a backup: ``ab/NAME.sealed``."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import NamedTuple

from alongside import ids

_PLACE = re.compile(r"([0-9a-f]{2})/([A-Za-z0-9_-]{22})\.sealed")


class Stored(NamedTuple):
    """An object that is there: its name, when it was written, and its sealed bytes' number."""

    name: uuid.UUID
    modified: datetime
    size: int


def place_of(name: uuid.UUID) -> str:
    """Return where the object ``name`` lies."""
    return f"{name.hex[:2]}/{ids.show(name)}.sealed"


def name_at(place: str) -> uuid.UUID | None:
    """Return the name of the object at ``place``, or None where no object of ours lies."""
    found = _PLACE.fullmatch(place)
    try:
        name = ids.read(found[2]) if found else None
    except ValueError:
        return None
    return name if name is not None and place_of(name) == place else None
