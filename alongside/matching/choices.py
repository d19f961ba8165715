"""From what was chosen in a list to circumstances, and back to the words to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from alongside.families.circumstances import UNSAID, Circumstances, middle_of
from alongside.families.vocabulary import vocabulary


def circumstances_of(chosen: Mapping[str, Any]) -> Circumstances:
    """Return circumstances for cleaned choices; a band stands for the middle of its range."""
    said = vocabulary()
    kind, who = chosen["kind"], chosen["who"]
    return Circumstances(
        kinds=() if kind in UNSAID else (kind,),
        relation="" if who in UNSAID else who,
        weeks=middle_of(said.how_far, chosen["far_along"], 41),
        since_months=middle_of(said.time_since, chosen["how_long_ago"], 360),
        themes=tuple(chosen["themes"]),
    )


def words_of(chosen: Mapping[str, Any]) -> list[str]:
    """Return the chosen words as the screen says them."""
    picked = [chosen["kind"], chosen["far_along"], chosen["how_long_ago"], chosen["who"], *chosen["themes"]]
    language = get_language() or "en"
    return [vocabulary().label(one, language) for one in picked if one not in UNSAID]
