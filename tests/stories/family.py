"""What PRODUCT says of consent (C1–C7), in plain Python: one family, one story, and a diary of what was said."""

from __future__ import annotations

from collections.abc import Container
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
    """Parents by number, chapters as lists of revisions by number, and what stands open for whom.

    ``asked`` is the question that stands: for whom, and about which revision of each chapter.
    """

    parents: set[int]
    chapters: list[list[int]] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    audience: str = "family"
    standing: bool = False
    yes: dict[tuple[int, int], Yes] = field(default_factory=dict)
    diary: list[tuple[str, int, int, str]] = field(default_factory=list)
    asked: tuple[str, dict[int, int]] | None = None
    asked_by: int = 0
    put_off: dict[tuple[int, int, str], bool] = field(default_factory=dict)
    """Whether a parent's latest answer to a revision for an audience was no yes."""
    author: dict[int, int] = field(default_factory=dict)
    said: list[tuple[str, int, int, str]] = field(default_factory=list)
    """As the diary, and it forgets nobody who left."""

    def publish(self, parent: int, audience: str, shown: dict[int, int] | None = None) -> bool | None:
        """C1, C2: narrower needs nobody; anything else opens with the last parent's yes to just this.

        None where another parent has said not yet or no to it, and is not asked again (C4), or where somebody who left
        wrote it, and no yes of theirs to just this stands (C8).
        """
        if self.standing and self.audience in BELOW[audience]:
            self._narrow(audience)
            return True
        shown = shown or {chapter: revisions[-1] for chapter, revisions in enumerate(self.chapters)}
        if audience != "family" and any(self._is_anothers(revision, audience) for revision in shown.values()):
            return None
        if self.asked != (audience, shown):
            if self._put_off_by_another(parent, audience, self._not_carried_on(parent, audience, shown)):
                return None
            self.asked_by = parent
        self.asked = (audience, shown)
        for revision in shown.values():
            self.yes[parent, revision] = Yes(audience, audience)
            self.put_off[parent, revision, audience] = False
            self._write("yes", parent, revision, audience)
        agreed = all(
            (said := self.yes.get((each, revision))) is not None and said.given == said.covers == audience
            for each in self.parents
            for revision in shown.values()
        )
        if agreed:
            self.open, self.asked = shown, None
            self.audience, self.standing = audience, True
        return agreed

    def put_off_asked(self, parent: int, about: Container[int] | None = None) -> list[int]:
        """C4: "not yet" and "no", to what is new of what is asked (or only to some of that); return to what."""
        assert self.asked is not None
        audience, shown = self.asked
        new = [revision for chapter, revision in shown.items() if not self._is_open(chapter, revision, audience)]
        new = [revision for revision in new if about is None or revision in about]
        for revision in new:
            self.put_off[parent, revision, audience] = True
            self._write("unsaid", parent, revision, audience)
            if (said := self.yes.get((parent, revision))) is not None and said.given == audience:
                del self.yes[parent, revision]
        return new

    def leave(self, parent: int) -> None:
        """C7: whoever left counts no more, and is somebody new if they come back."""
        self.parents.remove(parent)
        self.yes = {said: yes for said, yes in self.yes.items() if said[0] != parent}
        self.put_off = {said: no for said, no in self.put_off.items() if said[0] != parent}
        self.diary = [page for page in self.diary if page[0] == "narrow" or page[1] != parent]

    def _not_carried_on(self, parent: int, audience: str, shown: dict[int, int]) -> dict[int, int]:
        """C4: whoever answers a question of another's carries on what of it they leave as it is."""
        if self.asked is None or self.asked[0] != audience or self.asked_by == parent:
            return shown
        return {chapter: revision for chapter, revision in shown.items() if revision not in self.asked[1].values()}

    def _write(self, what: str, who: int, revision: int, circle: str) -> None:
        self.diary.append((what, who, revision, circle))
        self.said.append((what, who, revision, circle))

    def _is_anothers(self, revision: int, audience: str) -> bool:
        """C8: whether somebody who left wrote it, and none of their yeses covers just this audience still."""
        author = self.author.get(revision)
        if author is None or author in self.parents:
            return False
        covers = ""
        for what, who, which, circle in self.said:
            if what == "narrow" and covers and not _within(covers, circle):
                covers = circle if _within(circle, covers) else "family"
            elif (who, which) != (author, revision):
                continue
            elif what == "yes":
                covers = circle
            elif what == "unsaid" and covers and _within(circle, covers):
                covers = ""
        return covers != audience

    def _is_open(self, chapter: int, revision: int, audience: str) -> bool:
        return self.standing and self.audience == audience and self.open.get(chapter) == revision

    def _put_off_by_another(self, parent: int, audience: str, shown: dict[int, int]) -> bool:
        return any(
            is_no and who in self.parents - {parent} and which == revision and _within(circle, audience)
            for chapter, revision in shown.items()
            if not self._is_open(chapter, revision, audience)
            for (who, which, circle), is_no in self.put_off.items()
        )

    def withdraw(self) -> None:
        """C3: at once, and every yes is used up."""
        self._narrow("family")
        self.standing, self.asked = False, None

    def _narrow(self, audience: str) -> None:
        self.audience = audience
        self._write("narrow", 0, 0, audience)
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
