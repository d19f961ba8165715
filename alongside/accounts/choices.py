"""What somebody has chosen for themselves and wants to find again on another device."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

LONGEST = 60
"""Characters of a line about pronouns."""


@dataclass(frozen=True)
class Choices:
    """A line about pronouns, a country code, and codes of languages; each may be empty."""

    pronouns: str = ""
    country: str = ""
    languages: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Any) -> Choices:
        """Return what ``plain`` gave; nothing chosen for None."""
        said = data or {}
        return cls(said.get("pronouns", ""), said.get("country", ""), tuple(said.get("languages", ())))

    def plain(self) -> dict[str, Any]:
        """Return the value as JSON knows it."""
        return asdict(self)
