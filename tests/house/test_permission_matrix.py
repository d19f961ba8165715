"""S1: every route, method, role, audience and state; bench/prove/matrix.toml is the table, and each of its cells is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import URLPattern, URLResolver, get_resolver

from bench.prove import matrix_own, matrix_stories
from bench.prove.matrix import FEWEST
from bench.prove.matrix_table import TABLE, wrong
from tests.cast import NOW
from tests.home.browser import plain_static

__all__ = ["plain_static"]


def test_s1_every_route_has_a_row_and_every_row_a_route() -> None:
    rows = [row["route"] for kind in ("story", "plain") for row in TABLE[kind]]
    assert len(rows) == len(set(rows))
    # One route of somebody's own may have several rows: what was shown, what was not, what is not there.
    assert {*rows, *(row["route"] for row in TABLE["guarded"])} == set(_routes(get_resolver()))


def _routes(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry, (*names, entry.namespace) if entry.namespace else names)
        else:
            assert isinstance(entry, URLPattern)
            yield ":".join((*names, entry.name or f"unnamed {entry.pattern}"))


@pytest.mark.django_db
def test_s1_every_story_answers_as_the_table_says() -> None:
    with time_machine.travel(NOW, tick=False):
        house = matrix_stories.build()
        cells = list(matrix_stories.cells(house))
        bad = list(wrong(house, cells))
    print(f"matrix: {len(cells)} cells, {len(bad)} bad")
    assert not bad, "\n".join(bad[:40])
    assert len(cells) >= FEWEST


@pytest.mark.django_db
def test_s1_what_is_somebodys_own_answers_as_the_table_says() -> None:
    with time_machine.travel(NOW, tick=False):
        house = matrix_own.build()
        cells = list(matrix_own.cells(house))
        before = house.state()
        bad = list(wrong(house, cells))
        assert house.state() == before
    print(f"matrix of own things: {len(cells)} cells, {len(bad)} bad")
    assert not bad, "\n".join(bad[:40])
    assert len(cells) >= 3_000
