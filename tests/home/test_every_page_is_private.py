"""V7, S24, S25, H1, H6: what every answer carries, what no answer leaves behind, and what stands when all else falls."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError, OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from alongside import ids
from alongside.accounts.models import Account
from alongside.request_reader import OneTransaction
from tests.cast import Cast, told
from tests.home.browser import Browser

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
}
PAGES = ("/", "/read/", "/find/", "/find/list/", "/find/words/", "/help/", "/about/", "/care/", "/promises/", "/look/",
         "/languages/", "/robots.txt", "/healthz", "/readyz", "/nowhere/", "/leave/", "/read/AAAAAAAAAAAAAAAAAAAAAA/")  # fmt: skip
FORMS = {
    "/find/": {"sentence": "our son died at 20 weeks"},
    "/find/list/": {"kind": "not_sure", "who": "not_sure", "far_along": "not_sure", "how_long_ago": "not_sure"},
    "/find/words/": {"words": "screen"},
    "/look/": {"look": "dark"},
    "/languages/": {"languages": ["en"]},
    "/help/": {"country": "FR"},
}


def story_pages(cast: Cast) -> tuple[str, ...]:
    shown = ids.show(told(cast).pk)
    return (f"/read/{shown}/", f"/find/near/{shown}/")


def carries_everything(answer: Any) -> None:
    """What stands in the head of every answer, whatever it says."""
    assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == CSP
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in {"no-referrer", "same-origin"}, "no other site learns where somebody was"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    features = dict(part.strip().split("=", 1) for part in answer["Permissions-Policy"].split(","))
    assert features.keys() >= {"camera", "geolocation", "microphone", "payment", "usb"}
    assert set(features.values()) == {"()"}
    for telling in ("Server", "X-Powered-By", "ETag", "Last-Modified", "Access-Control-Allow-Origin"):
        assert telling not in answer


@pytest.mark.django_db
def test_v7_every_answer_carries_everything_and_a_guest_gets_no_cookie(cast: Cast) -> None:
    for path in (*PAGES, *story_pages(cast)):
        for browser in (Browser(), Browser(cast.ruth)):
            signed_in = bool(browser.cookies)
            answer = browser.get(path)
            assert answer.status_code in {200, 302, 404}, path
            carries_everything(answer)
            if not signed_in:
                assert not answer.cookies, path
    assert Session.objects.count() <= len(PAGES) + 2, "a guest gets no session"


@pytest.mark.django_db
@pytest.mark.parametrize("path", FORMS)
def test_s25_a_form_is_answered_with_everything_and_leaves_only_what_was_chosen(cast: Cast, path: str) -> None:
    browser = Browser()
    answer = browser.post(path, FORMS[path])
    assert answer.status_code in {200, 302}, answer.content
    carries_everything(answer)
    chosen = {"/look/": {"look"}, "/languages/": {"languages"}, "/help/": {"country"}}.get(path, set())
    assert set(answer.cookies) == chosen
    for cookie in answer.cookies.values():
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "something-new"},
        {"Sec-Fetch-Site": ""},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://testserver"},
        {"Origin": "https://testserver.elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"},
    ],
)
def test_s25_a_form_from_another_site_is_refused(path: str, headers: dict[str, str]) -> None:
    answer = Browser().post(path, FORMS[path], headers=headers)
    assert answer.status_code == 403
    assert "from somewhere else" in answer.content.decode()
    assert not answer.cookies
    carries_everything(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://testserver"}, {}]
)
def test_s25_a_form_of_our_own_is_taken(headers: dict[str, str]) -> None:
    assert Browser().post("/look/", FORMS["/look/"], headers=headers).status_code == 302


@pytest.mark.django_db
def test_h6_what_was_looked_for_stands_in_no_address(cast: Cast) -> None:
    for path in ("/find/", "/find/list/", "/find/words/"):
        page = Browser().get(path).content.decode()
        assert 'method="post"' in page
        assert 'method="get"' not in page.lower()
        answer = Browser().post(path, FORMS[path])
        assert answer.status_code == 200, "no redirect that would carry the words"


@pytest.mark.django_db
def test_head_is_get_without_the_body(cast: Cast) -> None:
    for path in (*PAGES, *story_pages(cast)):
        got, head = Browser().get(path), Browser().head(path)
        assert head.status_code == got.status_code, path
        assert head.content == b""
        assert {name for name, _ in head.items()} - {"Content-Length"} == {name for name, _ in got.items()} - {
            "Content-Length"
        }


@pytest.mark.django_db
def test_a_page_that_is_not_here_is_kind(cast: Cast) -> None:
    for browser in (Browser(), Browser(cast.mara)):
        answer = browser.get("/box/secret/")
        assert answer.status_code == 404
        assert "here for you to see" in answer.content.decode()
        assert "secret" not in answer.content.decode()
        assert "People to talk to" in answer.content.decode()


@pytest.mark.django_db
def test_a_strange_host_and_a_strange_request_are_refused_kindly() -> None:
    answer = Browser().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
    answer = Browser().post("/find/", b"sentence=%s" % (b"x" * 3_000_000), "application/x-www-form-urlencoded")
    assert answer.status_code in {400, 413}
    carries_everything(answer)


@pytest.mark.django_db
def test_our_fault_is_said_kindly_and_names_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("CANARY-WORDS")

    monkeypatch.setattr("alongside.stories.views.shown.rows", fails)
    answer = Browser().get("/read/")
    assert answer.status_code == 500
    carries_everything(answer)
    page = answer.content.decode()
    assert "CANARY-WORDS" not in page
    assert "Traceback" not in page
    assert "People to talk to" in page


def test_h1_with_the_database_away_the_numbers_to_call_still_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("CANARY: could not connect to server")

    monkeypatch.setattr("alongside.request_reader.transaction.atomic", away)
    for path in ("/help/", "/about/", "/care/", "/healthz", "/nowhere/"):
        assert Browser().get(path).status_code in {200, 404}, path
    for path in ("/", "/read/", "/readyz"):
        answer = Browser().get(path)
        assert answer.status_code == 503
        carries_everything(answer)
        assert "CANARY" not in answer.content.decode()
        assert "People to talk to" in answer.content.decode() or path == "/readyz"


@pytest.mark.urls("tests.visibility.forgetful")
def test_d3_a_request_that_fails_half_way_has_done_nothing(committed_db: None) -> None:
    seen: list[int] = []

    def ask() -> None:
        try:
            seen.append(Browser().get("/half-way/").status_code)
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(30)
    assert seen == [500]
    assert not Account.objects.filter(email="half-way@example.org").exists()


@pytest.mark.django_db
def test_d3_a_promise_that_breaks_as_the_request_ends_is_a_kind_500(cast: Cast) -> None:
    """The database checks C1 when the transaction ends: nothing of it may have happened, and the answer says so."""

    def breaks(request: object) -> Any:
        raise IntegrityError("a story would stand open CANARY")

    request = RequestFactory().get("/read/")
    request.session = SessionStore()
    answer = OneTransaction(breaks)(request)
    assert answer.status_code == 500
    assert b"CANARY" not in answer.content  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_one_transaction_a_request_and_its_viewer_first(cast: Cast) -> None:
    browser = Browser(cast.mara)
    with CaptureQueriesContext(connection) as queries:
        browser.get("/read/")
    asked = [query["sql"] for query in queries]
    viewers = [number for number, sql in enumerate(asked) if "alongside.viewer" in sql]
    assert viewers[0] <= 1, "before any row is read nobody looks"
    assert "SAVEPOINT" in asked[0], "in the request's own transaction"
    assert str(cast.mara.pk) in asked[viewers[1]]
    assert not [sql for sql in asked[: viewers[1]] if "stories_" in sql or "keepsakes_" in sql]
