"""A measured figure beside its budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """``value`` in ``unit``; ``budget`` is the most (or with ``at_least`` the least) it may be, None where none is set."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def within(self) -> bool:
        """Whether the figure keeps its budget."""
        if self.budget is None:
            return True
        return self.value >= self.budget if self.at_least else self.value <= self.budget

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what, "value": round(self.value, 4), "unit": self.unit, "budget": self.budget,
            "within": self.within,
        }  # fmt: skip

    def __str__(self) -> str:
        value = f"{self.value:.3g} {self.unit}".strip()
        if self.budget is None:
            return f"{self.what} {value}"
        sign = "≥" if self.at_least else "≤"
        return f"{self.what} {value} (budget {sign} {self.budget:g}){'' if self.within else '  OVER'}"
