"""What PRODUCT says of consent (C1–C7), in plain Python: one family, one story, and a diary of what was said."""

from __future__ import annotations

from dataclasses import dataclass, field

CIRCLES = ("family", "invited", "lived", "members", "open")
BELOW = {
    "family": {"invited", "lived", "members", "open"},
    "invited": {"open"},
    "lived": {"members", "open"},
    "members": {"open"},
    "open": set(),
}
"""C2: family < invited < open, and family < lived < members < open."""


@dataclass
class Yes:
    """One parent's latest yes to one revision: the circle it was given for, and what it covers since."""

    given: str
    covers: str


@dataclass
class FamilyModel:
    """Parents by number, chapters as lists of revisions by number, and what stands open for whom."""

    parents: set[int]
    chapters: list[list[int]] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    audience: str = "family"
    standing: bool = False
    yes: dict[tuple[int, int], Yes] = field(default_factory=dict)
    diary: list[tuple[str, int, int, str]] = field(default_factory=list)

    def publish(self, parent: int, audience: str) -> bool:
        """C1, C2: narrower needs nobody; anything else opens with the last parent's yes to just this."""
        if self.standing and self.audience in BELOW[audience]:
            self._narrow(audience)
            return True
        newest = [revisions[-1] for revisions in self.chapters]
        for revision in newest:
            self.yes[parent, revision] = Yes(audience, audience)
            self.diary.append(("yes", parent, revision, audience))
        agreed = all(
            (said := self.yes.get((each, revision))) is not None and said.given == said.covers == audience
            for each in self.parents
            for revision in newest
        )
        if agreed:
            self.open = dict(enumerate(newest))
            self.audience, self.standing = audience, True
        return agreed

    def withdraw(self) -> None:
        """C3: at once, and every yes is used up."""
        self._narrow("family")
        self.standing = False

    def _narrow(self, audience: str) -> None:
        self.audience = audience
        self.diary.append(("narrow", 0, 0, audience))
        for said in self.yes.values():
            if said.covers in BELOW[audience]:
                said.covers = audience

    def strangers_get(self, circle: str) -> list[int]:
        """Return the revisions that a guest ("open"), a member ("members") or one who has lived it ("lived") gets."""
        reached = {"open": {"open"}, "members": {"open", "members"}, "lived": {"open", "members", "lived"}}[circle]
        return (
            [self.open[chapter] for chapter in sorted(self.open)] if self.standing and self.audience in reached else []
        )

    def lacks_a_yes(self, revision: int, audience: str) -> set[int]:
        """C1, from the diary alone: which current parents never agreed to this, or took it back since."""
        return {parent for parent in self.parents if not self._agreed(parent, revision, audience)}

    def _agreed(self, parent: int, revision: int, audience: str) -> bool:
        for page, (what, who, which, circle) in enumerate(self.diary):
            if (what, who, which) != ("yes", parent, revision) or not _within(audience, circle):
                continue
            if not any(self._ends(later, parent, revision, audience) for later in self.diary[page:]):
                return True
        return False

    def _ends(self, later: tuple[str, int, int, str], parent: int, revision: int, audience: str) -> bool:
        """Whether a page of the diary ends a yes: a narrowing below it, or an answer to as many readers or fewer (C4)."""
        what, who, which, circle = later
        if what == "narrow":
            return not _within(audience, circle)
        return (what, who, which) == ("unsaid", parent, revision) and _within(circle, audience)


def _within(audience: str, circle: str) -> bool:
    return audience == circle or circle in BELOW[audience]
