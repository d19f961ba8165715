"""What somebody has chosen for themselves and wants to find again on another device."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

LONGEST = 60
"""Characters of a line about pronouns."""
ASK, FOLDED, OPEN = "ask", "folded", "open"
"""Photographs that may show a baby: unfolded one by one, never unfolded, or never folded (P1)."""


@dataclass(frozen=True)
class Choices:
    """A line about pronouns, a country code, codes of languages, how photographs are met; the first three may be empty."""

    pronouns: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()
    photos: str = ASK

    @classmethod
    def read(cls, data: Any) -> Choices:
        """Return what ``plain`` gave; nothing chosen for None."""
        said = data or {}
        photos = said.get("photos", ASK)
        return cls(
            said.get("pronouns", ""),
            said.get("country", ""),
            tuple(said.get("languages", ())),
            photos if photos in (ASK, FOLDED, OPEN) else ASK,
        )

    def plain(self) -> dict[str, Any]:
        """Return the value as JSON knows it."""
        return asdict(self)
