"""What the consent campaign holds against each instant: a small model of its own, and nothing of the product's."""

from __future__ import annotations

from typing import Protocol

from tests.stories.family import BELOW, FamilyModel


class Instant(Protocol):
    """What strangers could read at one instant, and all that was said until then (alongside: consent_log.Seen)."""

    readable: frozenset[tuple[str, str]]
    audience: str
    told: bool
    let_through: bool
    parents: tuple[str, ...]
    diary: tuple[tuple[str, str, str, str], ...]


def faults(seen: Instant) -> list[str]:
    """Say of each revision that somebody could read why they should not; nothing if every parent agreed to just that."""
    numbers: dict[str | None, int] = {}
    number = lambda name: numbers.setdefault(name, len(numbers))  # noqa: E731
    model = FamilyModel({number(parent) for parent in seen.parents})
    model.diary = [
        (what, number(parent), number(revision), audience) for what, parent, revision, audience in seen.diary
    ]
    wrong = []
    for circle, revision in sorted(seen.readable):
        if not (seen.told and seen.let_through):
            wrong.append(f"{circle}: {revision} read though the story is taken back, erased, held or was never told")
        elif circle != "anyway" and not (circle == seen.audience or seen.audience in BELOW[circle]):
            wrong.append(f"{circle}: {revision} read though it is for {seen.audience}")
        elif seen.audience == "family":
            wrong.append(f"{circle}: {revision} read though it is the family's alone")
        elif missing := model.lacks_a_yes(number(revision), seen.audience):
            wrong.append(f"{circle}: {revision} for {seen.audience} without the yes of {len(missing)} parent(s)")
    return wrong
