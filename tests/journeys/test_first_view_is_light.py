"""What a first visit loads, as the browser itself counts it (DESIGN 9)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.journeys.visitor import DESKTOP, PHONE, Visitor


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", ["/", "/read/", "/find/"])
def test_a_first_view_is_at_most_15_kb_in_4_requests(
    arrive: Callable[..., Visitor], path: str, size: tuple[int, int]
) -> None:
    visitor = arrive(size=size).go(path)
    visitor.page.wait_for_load_state("networkidle")
    # What the browser had already (the mark, once as a picture and once as an icon) is not asked for again.
    weights = {request.url: asked for request in visitor.requests if (asked := request.sizes()["responseBodySize"]) > 0}
    fonts = {url: weight for url, weight in weights.items() if urlsplit(url).path.endswith(".woff2")}
    rest = {url: weight for url, weight in weights.items() if url not in fonts}
    assert {request.url for request in visitor.requests} == set(weights)
    assert len(rest) <= 4
    assert 0 < sum(rest.values()) <= 15_000
    assert len(fonts) <= 2
    assert sum(fonts.values()) <= 80_000


def test_files_that_do_not_change_are_kept_for_a_year(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/")
    visitor.page.wait_for_load_state("networkidle")
    files = [request.response() for request in visitor.requests if "/static/" in request.url]
    assert len(files) >= 4
    for file in files:
        assert file is not None
        assert "immutable" in file.headers["cache-control"]
