"""Why a story is near, in the gentle words of the vocabulary and in the reader's language of the interface.

Says only what both sides named: a fact that was worked out (a kind from the weeks) is never said, and neither is a
sensitive one unless both named it themselves (H7).
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from alongside.families.circumstances import Circumstances
from alongside.families.vocabulary import in_language, vocabulary

FILE = Path(__file__).with_name("reasons.toml")
MOST = 3
_CLOSE_WEEKS = 2
_OTHER_WEEKS = 5  # from here the difference is worth a word
_LONG_AGO = 120  # months
_FACETS = {"cause": 3.0, "path": 2.0, "after": 1.6, "care": 1.2}
_COMMON = frozenset({"found_at_scan", "saw_and_held", "funeral", "photos", "living_children"})


def reasons(seeker: Circumstances, story: Circumstances, language: str = "en", *, most: int = MOST) -> list[str]:
    """Short sentences, the most telling first, at most `most`; none when nothing is shared.

    `seeker` and `story` hold what each named: chosen facts, filled up with what their words say plainly (see `named`).
    """
    say = _sentences().get(language.split("-")[0].lower(), _sentences()["en"])
    found = [
        *_relation(seeker, story, language),
        *_weeks(seeker, story, say),
        *_kinds(seeker, story, language),
        *_themes(seeker, story, say, language),
        *_age(seeker, story, say),
        *_since(seeker, story, say),
    ]
    found.sort(key=lambda weighed: -weighed[0])
    return [sentence for _, sentence in found[:most]]


def named(chosen: Circumstances, read: Circumstances) -> Circumstances:
    """What someone named: the chosen facts, and where none was chosen those that their words say."""
    return replace(
        chosen,
        kinds=chosen.kinds or read.kinds,
        weeks=read.weeks if chosen.weeks is None else chosen.weeks,
        relation=chosen.relation or read.relation,
        themes=chosen.themes or read.themes,
        since_months=read.since_months if chosen.since_months is None else chosen.since_months,
        age_days=read.age_days if chosen.age_days is None else chosen.age_days,
    )


Weighed = tuple[float, str]


def _relation(seeker: Circumstances, story: Circumstances, language: str) -> list[Weighed]:
    if not seeker.relation or seeker.relation != story.relation:
        return []
    weight = 0.5 if seeker.relation == "carried" else 3.5
    return [(weight, in_language(vocabulary().relations[story.relation].also, language))]


def _weeks(seeker: Circumstances, story: Circumstances, say: dict[str, Any]) -> list[Weighed]:
    if seeker.weeks is None or story.weeks is None:
        return []
    apart = story.weeks - seeker.weeks
    if apart == 0:
        return [(3.2, say["same_weeks"].format(weeks=story.weeks))]
    if abs(apart) <= _CLOSE_WEEKS:
        return [(3.0, say["near_weeks"].format(weeks=seeker.weeks))]
    if abs(apart) < _OTHER_WEEKS:
        return []
    return [(0.9, say["later_weeks" if apart > 0 else "earlier_weeks"].format(weeks=story.weeks))]


def _kinds(seeker: Circumstances, story: Circumstances, language: str) -> list[Weighed]:
    shared = [kind for kind in seeker.kinds if kind in story.kinds and kind != "other"]
    return [(2.8, in_language(vocabulary().kinds[kind].also, language)) for kind in shared[:1]]


def _themes(seeker: Circumstances, story: Circumstances, say: dict[str, Any], language: str) -> list[Weighed]:
    words = vocabulary()
    mine, theirs = _with_broader(seeker.themes), _with_broader(story.themes)
    shared = [theme for theme in mine if theme in theirs]
    said = {words.themes[theme].broader for theme in shared}
    return [
        (
            0.8 if theme in _COMMON else _FACETS[words.facet_of[theme]],
            say["theme"].format(label=in_language(words.themes[theme].label, language)),
        )
        for theme in shared
        if theme not in said
    ]


def _with_broader(themes: tuple[str, ...]) -> tuple[str, ...]:
    broader = [vocabulary().themes[theme].broader for theme in themes]
    return tuple(dict.fromkeys((*themes, *filter(None, broader))))


def _age(seeker: Circumstances, story: Circumstances, say: dict[str, Any]) -> list[Weighed]:
    if seeker.age_days is None or story.age_days is None:
        return []
    bands = [_lived(seeker.age_days), _lived(story.age_days)]
    return [(2.6, say[bands[0]])] if bands[0] == bands[1] else []


def _lived(days: int) -> str:
    return "lived_hours" if days < 1 else "lived_days" if days < 14 else "lived_weeks" if days < 60 else "lived_months"


def _since(seeker: Circumstances, story: Circumstances, say: dict[str, Any]) -> list[Weighed]:
    if story.since_months is None:
        return []
    if seeker.since_months is not None:
        if seeker.since_months >= _LONG_AGO and story.since_months >= _LONG_AGO:
            return [(2.4, say["both_long_ago"])]
        if seeker.since_months < 2 and story.since_months < 2:
            return [(1.0, say["both_new"])]
        if story.since_months < seeker.since_months + 12:
            return []
    years = story.since_months // 12
    if years < 1:
        return []
    if years == 1:
        return [(0.6, say["one_year_on"])]
    words = say["numbers"][years] if years < len(say["numbers"]) else str(years)
    return [(1.0, say["years_on"].format(years=words.capitalize()))]


@lru_cache(maxsize=1)
def _sentences() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text("utf-8"))
