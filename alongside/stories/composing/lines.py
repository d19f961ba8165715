"""The lines round a chapter's text: from a revision to the fields of its editor, and from the fields back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alongside.families.circumstances import NOT_SURE, UNSAID, Circumstances, how_long_ago, middle_of
from alongside.families.vocabulary import vocabulary
from alongside.stories.composing.keys import with_keys
from alongside.stories.otherwise import MOST as MOST_NAMES
from alongside.stories.words import Beat, Words

AS_THEY_ARE = ("title", "told_by", "line", "found", "date", "fold", "hopes")
"""Fields that are called as in Words and hold the same."""
NAMES = tuple((f"real_{place}", f"read_{place}") for place in range(MOST_NAMES))
"""Fields of the names that others read otherwise."""
SINGLE = (
    *AS_THEY_ARE,
    *("others", "language", "search_engines", "relation", "weeks", "since", "age"),
    *(name for pair in NAMES for name in pair),
)
SEVERAL = ("kinds", "themes", "notes")


def lines_of(words: Words, facts: Circumstances, language: str) -> dict[str, str | list[str]]:
    """Return the fields' values for what a revision says."""
    lines: dict[str, str | list[str]] = {name: getattr(words, name) for name in AS_THEY_ARE}
    for (real, read), pair in zip(NAMES, words.names.items(), strict=False):
        lines[real], lines[read] = pair
    lines |= {
        "others": ", ".join(words.others),
        "language": language,
        "search_engines": "on" if words.search_engines else "",
        "relation": facts.relation or NOT_SURE,
        "weeks": _number(facts.weeks),
        "since": how_long_ago(facts.since_months) or NOT_SURE,
        "age": _number(facts.age_days),
        "kinds": list(facts.kinds) or [NOT_SURE],
        "themes": list(facts.themes),
        "notes": list(words.notes),
    }
    return said(lines)


def said(lines: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Return the lines that say something: an empty field and one that is not there are the same."""
    return {name: value for name, value in lines.items() if value}


def words_of(form: Mapping[str, Any], beats: Sequence[Beat], before: Sequence[Beat]) -> Words:
    """Return the words that cleaned fields and beats make; paragraphs keep the keys they had ``before``."""
    return Words(
        beats=with_keys(before, beats),
        others=tuple(form["others"]),
        notes=tuple(form["notes"]),
        search_engines=form["search_engines"],
        names=form["names"],
        **{name: form[name] for name in AS_THEY_ARE},
    )


def facts_of(form: Mapping[str, Any], before: Circumstances) -> Circumstances:
    """Return the circumstances that cleaned fields say; a time that stays within its band stays what it was ``before``."""
    since = middle_of(vocabulary().time_since, form["since"], 360)
    if form["since"] == how_long_ago(before.since_months):
        since = before.since_months
    return Circumstances(
        kinds=tuple(kind for kind in form["kinds"] if kind not in UNSAID),
        relation="" if form["relation"] in UNSAID else form["relation"],
        themes=tuple(form["themes"]),
        weeks=None if form["weeks"] in UNSAID else int(form["weeks"]),
        since_months=since,
        age_days=None if form["age"] in UNSAID else int(form["age"]),
    )


def _number(value: int | None) -> str:
    return NOT_SURE if value is None else str(value)
