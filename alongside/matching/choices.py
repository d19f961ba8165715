"""From what was chosen in a list to circumstances, and back to the words to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from alongside.families.circumstances import Circumstances
from alongside.families.vocabulary import Band, vocabulary

NOT_SURE = "not_sure"
RATHER_NOT = "rather_not"
_UNSAID = {"", NOT_SURE, RATHER_NOT}


def circumstances_of(chosen: Mapping[str, Any]) -> Circumstances:
    """Return circumstances for cleaned choices; a band stands for the middle of its range."""
    said = vocabulary()
    kind, who = chosen["kind"], chosen["who"]
    return Circumstances(
        kinds=() if kind in _UNSAID else (kind,),
        relation="" if who in _UNSAID else who,
        weeks=_middle(said.how_far, chosen["far_along"], 41),
        since_months=_middle(said.time_since, chosen["how_long_ago"], 360),
        themes=tuple(chosen["themes"]),
    )


def words_of(chosen: Mapping[str, Any]) -> list[str]:
    """Return the chosen words as the screen says them."""
    picked = [chosen["kind"], chosen["far_along"], chosen["how_long_ago"], chosen["who"], *chosen["themes"]]
    language = get_language() or "en"
    return [vocabulary().label(one, language) for one in picked if one not in _UNSAID]


def _middle(bands: tuple[Band, ...], chosen: str, last: int) -> int | None:
    low = 0.0
    for band in bands:
        high = float(last) if band.until is None else band.until
        if band.id == chosen:
            return int((low + high) / 2)
        low = high
    return None
