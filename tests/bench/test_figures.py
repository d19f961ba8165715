"""A bench's figures say what they are and whether they keep their budget."""

from __future__ import annotations

import pytest

from bench.pageweight import loaded_by
from bench.report import Figure


def test_a_figure_over_its_budget_says_so() -> None:
    assert Figure("first view", 14.9, "KB", budget=15).within
    over = Figure("first view", 15.1, "KB", budget=15)
    assert not over.within
    assert "OVER" in str(over)
    assert Figure("found", 0.8, "", budget=0.72, at_least=True).within
    assert not Figure("found", 0.7, "", budget=0.72, at_least=True).within


@pytest.mark.parametrize(
    ("page", "loads"),
    [
        ('<link rel="stylesheet" href="/static/a.css">', {"/static/a.css"}),
        ('<script type="module" src="/static/a.js"></script>', {"/static/a.js"}),
        ('<svg><use href="/static/a.svg#mark" /></svg><svg><use href="/static/a.svg#fold" /></svg>', {"/static/a.svg"}),
        ('<img src="photo/x/" alt="">', {"/read/photo/x/"}),
        ('<img src="https://elsewhere.example/a.png">', {"https://elsewhere.example/a.png"}),
        ('<a href="/find/">Find</a><form action="/find/">', set()),
    ],
)
def test_what_a_page_loads_is_read_from_it(page: str, loads: set[str]) -> None:
    assert loaded_by(page, "/read/") == loads
