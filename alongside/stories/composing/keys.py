"""Which paragraph is which after editing: what is said beside a paragraph stays beside it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from alongside.stories.words import TEXTS, Beat, new_key

ALIKE = 0.5
"""How much of two paragraphs is the same words, where one is taken for the other as it was changed."""
NEAR = 6
"""Paragraphs to either side among which a changed one is looked for."""


def with_keys(before: Sequence[Beat], now: Sequence[Beat]) -> tuple[Beat, ...]:
    """Return ``now`` with the keys of ``before``: same text, same key; a changed one keeps it where it is still alike.

    What is no text brings its own key. Every key stands once.
    """
    old = [beat for beat in before if beat.kind in TEXTS]
    new = [beat.text for beat in now if beat.kind in TEXTS]
    found = _same(old, new)
    left = [place for place in range(len(old)) if place not in found.values()]
    for place in (place for place in range(len(new)) if place not in found):
        best = _most_alike(old, left, new, place, found)
        if best is not None:
            found[place] = best
            left.remove(best)
    keys = iter([old[found[place]].key if place in found else new_key() for place in range(len(new))])
    return tuple(replace(beat, key=next(keys)) if beat.kind in TEXTS else beat for beat in now)


def _same(old: Sequence[Beat], new: Sequence[str]) -> dict[int, int]:
    """Return which of ``new`` is which of ``old``, word for word: from both ends first, then wherever it went."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at].text != new[at]), shorter)
    end = next((at for at in range(shorter - start) if old[-1 - at].text != new[-1 - at]), shorter - start)
    found = {at: at for at in range(start)} | {len(new) - 1 - at: len(old) - 1 - at for at in range(end)}
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for at in range(start, len(old) - end):
        places[old[at].text].append(at)
    for at in range(start, len(new) - end):
        if places[new[at]]:
            found[at] = places[new[at]].popleft()
    return found


def _most_alike(
    old: Sequence[Beat], left: Sequence[int], new: Sequence[str], place: int, found: dict[int, int]
) -> int | None:
    """Return which paragraph that is left this one was; None where none is alike enough."""
    # It stands behind the one that the paragraph before it was.
    behind = next((found[at] for at in range(place - 1, -1, -1) if at in found), -1)
    near = sorted(left, key=lambda at: (abs(at - behind - 1), at))[:NEAR]
    matcher = SequenceMatcher(None, b=new[place].split(), autojunk=False)
    best, much = None, ALIKE
    for at in near:
        matcher.set_seq1(old[at].text.split())
        # The quick one: which words are the same, and not in which order; a whole chapter is done in a moment.
        if (same := matcher.quick_ratio()) > much:
            best, much = at, same
    return best
