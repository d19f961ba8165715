"""V7, S25: what every answer carries, and the one door through which a form may be posted without a token."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from alongside.request_safety import PrivateAnswers, answers, from_elsewhere, from_our_pages
from tests.home.browser import plain_static

__all__ = ["plain_static"]


def posted(**headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestFactory().post("/find/", headers=named, secure=True)


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"Sec_Fetch_Site": "same-origin"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
        ({"Sec_Fetch_Site": "cross-site"}, True),
        ({"Sec_Fetch_Site": "same-site"}, True),
        ({"Sec_Fetch_Site": "Same-Origin"}, True),
        ({"Sec_Fetch_Site": ""}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "https://testserver:444"}, True),
        ({"Origin": "https://testserver/"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": ""}, True),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "https://evil.example"}, False),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "https://testserver"}, True),
    ],
)
def test_s25_where_a_form_came_from(headers: dict[str, str], elsewhere: bool) -> None:
    assert from_elsewhere(posted(**headers)) is elsewhere


def test_s25_from_our_pages_refuses_a_form_from_elsewhere_before_the_view_sees_it() -> None:
    seen: list[HttpRequest] = []

    @from_our_pages
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse("read")

    assert view(posted(Sec_Fetch_Site="cross-site")).status_code == 403
    assert not seen
    assert view(posted(Sec_Fetch_Site="same-origin")).content == b"read"
    assert view.__name__ == "view"


def test_v7_nothing_is_cached_unless_a_view_has_said_otherwise() -> None:
    quiet = PrivateAnswers(lambda _: HttpResponse("x"))(RequestFactory().get("/"))
    assert quiet["Cache-Control"] == "no-store, private"
    assert quiet["Cross-Origin-Resource-Policy"] == "same-origin"
    said = PrivateAnswers(lambda _: HttpResponse("x", headers={"Cache-Control": "max-age=60"}))(
        RequestFactory().get("/")
    )
    assert said["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_a_page_for_when_nothing_else_stands_needs_nothing(status: int) -> None:
    answer = answers(status, f"{status}.html")
    page = answer.content.decode()
    assert answer.status_code == status
    assert "People to talk to" in page
    assert "<h1>" in page
    assert "!" not in page.replace("<!doctype html>", "")
    assert "sorry" not in page.lower()
