"""The table of the matrix campaign (matrix.toml), a cell of it, and how a cell is asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.home.browser import Browser

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
NOT_THERE = (b"here for you to see", b'{"gone": true')
"""What is not there, on a page and to a script."""


@dataclass(frozen=True)
class Cell:
    """One role asks for one address with one method; ``row`` says which line of the table, ``about`` of what."""

    role: str
    method: str
    path: str
    expected: frozenset[int]
    row: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.role}: {self.method} {self.row}{self.about}"


class House(Protocol):
    """Everybody and everything that cells speak of."""

    def browser(self, role: str, path: str, /) -> Browser: ...


def wrong(house: House, cells: Iterable[Cell]) -> Iterator[str]:
    """Ask for each cell; yield those that are answered otherwise than the table says."""
    for number, cell in enumerate(cells):
        # Each comes from an address of its own: this is about who may, not about how often (M6).
        came_from = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        answer = house.browser(cell.role, cell.path).generic(cell.method, cell.path, REMOTE_ADDR=came_from)
        if answer.status_code not in cell.expected:
            yield f"{cell}: {answer.status_code}, not {' or '.join(map(str, sorted(cell.expected)))}"
        elif (
            cell.expected == {404} and cell.method == "GET" and not any(words in answer.content for words in NOT_THERE)
        ):
            yield f"{cell}: a 404 that is not like the others"
