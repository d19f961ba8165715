"""What the consent campaign holds against each instant: a small model of its own, and nothing of the product's."""

from __future__ import annotations

from dataclasses import dataclass

from tests.stories.family import BELOW, FamilyModel


@dataclass(frozen=True)
class Seen:
    """One instant: which revisions strangers could read, by whom, and all that was said until then."""

    readable: frozenset[tuple[str, str]]
    audience: str
    told: bool
    let_through: bool
    parents: tuple[str, ...]
    diary: tuple[tuple[str, str, str, str], ...]


def faults(seen: Seen) -> list[str]:
    """Say of each revision that somebody could read why they should not; nothing if every parent agreed to just that."""
    names = {
        *seen.parents,
        *(revision for _, revision in seen.readable),
        *(name for _, who, what, _ in seen.diary for name in (who, what)),
    }
    number = {name: place for place, name in enumerate(names)}
    model = FamilyModel({number[parent] for parent in seen.parents})
    model.diary = [(what, number[who], number[which], circle) for what, who, which, circle in seen.diary]
    wrong = []
    for circle, revision in sorted(seen.readable):
        if not (seen.told and seen.let_through):
            wrong.append(f"{circle}: {revision} read though the story is taken back, erased, held or was never told")
        elif circle != "anyway" and not (circle == seen.audience or seen.audience in BELOW[circle]):
            wrong.append(f"{circle}: {revision} read though it is for {seen.audience}")
        elif seen.audience == "family":
            wrong.append(f"{circle}: {revision} read though it is the family's alone")
        elif missing := model.lacks_a_yes(number[revision], seen.audience):
            wrong.append(f"{circle}: {revision} for {seen.audience} without the yes of {len(missing)} parent(s)")
    return wrong


def told(seen: Seen) -> str:
    """Return the diary of an instant in one line, for whoever has to find out why."""
    return f"{len(seen.parents)} parents; " + "; ".join(
        f"{what} {circle} {(who or '')[-4:]} {(which or '')[-4:]}" for what, who, which, circle in seen.diary
    )
