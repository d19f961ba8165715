"""What PRODUCT says of holding a box together (V1, C5, C7, C8), in plain Python: boxes, people, and what each sees."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Thing:
    """A keepsake: who put it in, what was written in it and by whom, and to whom it was shown."""

    by: int
    kind: str
    written: list[tuple[int, str]]
    shown: set[int] = field(default_factory=set)
    closed: bool = False

    def copied(self) -> Thing:
        """C8: the same thing elsewhere, shown to nobody there."""
        return Thing(self.by, self.kind, list(self.written))


@dataclass
class Box:
    """Parents with an equal say, relatives who look, and things in their order."""

    parents: set[int]
    relatives: set[int] = field(default_factory=set)
    things: list[Thing] = field(default_factory=list)

    def sees(self, who: int | None) -> list[Thing]:
        """V1: parents all of it; relatives what they were shown and the tributes they gave; nobody else anything."""
        kept = [thing for thing in self.things if not thing.closed]
        if who in self.parents:
            return kept
        if who in self.relatives:
            return [one for one in kept if who in one.shown or (one.kind == "tribute" and one.by == who)]
        return []

    def exists_for(self, who: int | None) -> bool:
        return who in self.parents | self.relatives

    def may_write(self, who: int, thing: Thing) -> bool:
        """In a tribute who gave it, while they are here; in anything else every parent."""
        if thing.kind == "tribute":
            return thing.by == who and self.exists_for(who)
        return who in self.parents

    def may_let_go(self, who: int, thing: Thing) -> bool:
        """C8: what one put in oneself; and, of those who are no parents here, every parent."""
        if who in self.parents:
            return thing.by == who or thing.by not in self.parents
        return who in self.relatives and thing.kind == "tribute" and thing.by == who

    def end_place(self, who: int) -> None:
        """A relative's place ends, and with it what they were shown."""
        self.relatives.discard(who)
        for thing in self.things:
            thing.shown.discard(who)

    def leave(self, who: int, *, take: bool) -> Box:
        """C5, C7: return the copy; what nobody else wrote in goes if they like."""
        copy = Box({who}, things=[thing.copied() for thing in self.things if not thing.closed])
        self.parents.discard(who)
        for thing in self.things if take else ():
            thing.closed |= thing.by == who and {writer for writer, _ in thing.written} <= {who}
        return copy
