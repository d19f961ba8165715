"""What changed between what a parent said yes to and what they are asked about now, paragraph by paragraph (C6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from alongside.families.circumstances import Circumstances
from alongside.families.vocabulary import label
from alongside.stories.words import Beat, Words

_PARTS = {
    "title": _("Its title"),
    "line": _("The line under it"),
    "found": _("The sentence in lists"),
    "told_by": _("Who tells it"),
    "others": _("With whose yes"),
    "date": _("Its date"),
    "fold": _("What it is folded for"),
    "notes": _("What is inside"),
    "hopes": _("What you hope for"),
    "search_engines": _("Search engines may list it"),
    "names": _("Names that others read otherwise"),
}
_CHOICES = {
    "new_pregnancy": _("a new pregnancy"),
    "living_child": _("a living child"),
    "just_be_heard": _("To be heard"),
    "did_anyone_else": _("Did anyone else …"),
    "something_practical": _("Something practical"),
    "no_replies": _("No replies"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing side by side: "" where it was not there before, or is not there now. ``kept``: it is the same."""

    what: str
    before: str
    now: str
    kept: bool = False


def changes(before: Words, now: Words, facts_before: Circumstances, facts_now: Circumstances) -> list[Change]:
    """Return everything that a reader gets, side by side; paragraphs that stayed are there to find one's place."""
    return [*_parts(before, now), *_facts(facts_before, facts_now), *_beats(before.beats, now.beats)]


def stands_with(words: Words, facts: Circumstances) -> list[Change]:
    """Return all that a yes covers besides the text, said or not (C6): each with its label and, as ``now``, what it says."""
    parts = [Change(str(called), "", _said(getattr(words, name))) for name, called in _PARTS.items()]
    happened = ", ".join(filter(None, map(_said, facts.to_json().values())))
    return [one for one in (*parts, Change(gettext("What happened"), "", happened)) if one.now]


def _parts(before: Words, now: Words) -> Iterator[Change]:
    for name, called in _PARTS.items():
        was, is_now = getattr(before, name), getattr(now, name)
        if was != is_now:
            yield Change(str(called), _said(was), _said(is_now))


def _facts(before: Circumstances, now: Circumstances) -> Iterator[Change]:
    if before != now:
        was, is_now = before.to_json(), now.to_json()
        differ = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
        old, new = (", ".join(filter(None, (_said(side.get(name)) for name in differ))) for side in (was, is_now))
        yield Change(gettext("What happened"), old, new)


def _beats(before: Sequence[Beat], now: Sequence[Beat]) -> Iterator[Change]:
    """Paragraphs are matched by their keys, which survive editing."""
    matcher = SequenceMatcher(None, [one.key for one in before], [one.key for one in now], autojunk=False)
    for _tag, first, last, start, end in matcher.get_opcodes():
        old, new = list(before[first:last]), list(now[start:end])
        for place in range(max(len(old), len(new))):
            was = old[place] if place < len(old) else None
            is_now = new[place] if place < len(new) else None
            yield Change("", _beat(was), _beat(is_now), kept=was == is_now)


def _beat(beat: Beat | None) -> str:
    if beat is None:
        return ""
    if beat.kind == "sound":
        said = gettext("A recording: %(shows)s") % {"shows": beat.shows or gettext("nothing is said of what it is")}
        return f"{said}\n\n{beat.text}" if beat.text else said
    if beat.kind != "photo":
        return beat.text
    shows = beat.shows or gettext("nothing is said of what it shows")
    said = gettext("A photo: %(shows)s") % {"shows": shows}
    return f"{said} {gettext('Photo by %(name)s') % {'name': beat.by}}" if beat.by else said


def _said(value: Any) -> str:
    """Return a value in words; ids of the vocabulary by their gentle words."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name} → {other}" for name, other in value.items())
    if value in _CHOICES:
        return str(_CHOICES[value])
    with suppress(KeyError):
        return label(str(value), get_language() or "en")
    return "" if value is None else str(value)
