"""One thing that ``doctor`` looked at, and what it has to say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """``looks`` need a person, ``hints`` could be better though nothing is wrong; both are sentences."""

    name: str
    looks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, looks: Iterable[str] = (), hints: Iterable[str] = ()) -> Finding:
        return cls(name, tuple(looks), tuple(hints))

    def lines(self) -> list[str]:
        """Return what is printed: "ok", "hint" or "LOOK" with the name, then each sentence below it."""
        word = "LOOK" if self.looks else "hint" if self.hints else "ok  "
        return [f"{word} {self.name}", *(f"     {look}" for look in self.looks), *(f"     ({h})" for h in self.hints)]
