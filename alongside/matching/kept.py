"""What was read from a story's words, as the index keeps it beside the vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alongside.families.circumstances import Circumstances
from alongside.matching.reading import Reading


def to_json(reading: Reading) -> dict[str, Any]:
    """Return a reading as one JSON value; strengths to two places, since more says nothing."""
    return {
        "facts": reading.circumstances.to_json(),
        "kinds": {id: round(strength, 2) for id, strength in reading.kinds.items()},
        "themes": {id: round(strength, 2) for id, strength in reading.themes.items()},
        "topics": dict(reading.topics),
    }


def from_json(value: Mapping[str, Any]) -> Reading:
    """Return what ``to_json`` was given. A story asks for nothing, so its wishes are not kept."""
    return Reading(
        circumstances=Circumstances.from_json(value.get("facts", {})),
        kinds=value.get("kinds", {}),
        themes=value.get("themes", {}),
        topics=value.get("topics", {}),
    )
