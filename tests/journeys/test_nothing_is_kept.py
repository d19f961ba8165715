"""What a guest writes and reads leaves nothing behind, on the device or on the way (H2, H3, S26, DESIGN 9)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.visitor import Visitor

WORD = "quillwortmarrow"
SAID = f"our son died at 20 weeks, {WORD}"


def test_a_sentence_stands_in_no_address_history_title_or_cookie(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/").says(SAID).press("A few more").press("Include them").press("Change my words")
    visitor.press("Find people").go("/find/words/")
    visitor.page.get_by_label("Which words should a story hold?").fill(WORD)
    visitor.press("Look")
    tools = visitor.context.new_cdp_session(visitor.page)
    history = tools.send("Page.getNavigationHistory")
    assert WORD not in str(history)
    assert len(history["entries"]) >= 5
    assert {entry["title"] for entry in history["entries"]} <= {"Alongside", "Find · Alongside", ""}
    for request in visitor.requests:
        assert WORD not in request.url
        assert WORD not in str({name: value for name, value in request.headers.items() if name != "content-length"})
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, document.cookie, window.name])"
    assert WORD not in visitor.page.evaluate(kept)
    assert visitor.context.cookies() == []


def test_a_guest_gets_no_cookie_while_reading(visitor: Visitor) -> None:
    for path in ("/", "/read/", "/find/", "/find/list/", "/find/words/", "/help/", "/about/", "/care/", "/promises/"):
        visitor.go(path)
    visitor.go("/").says(SAID).page.locator(".found a").first.click()
    visitor.page.locator("h1").wait_for()
    assert visitor.context.cookies() == []
    assert all("set-cookie" not in request.response().headers for request in visitor.requests if request.response())  # type: ignore[union-attr]


def test_pages_are_kept_in_no_cache(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/").says(SAID)
    for request in visitor.requests:
        answer = request.response()
        if answer is not None and request.resource_type == "document":
            assert "no-store" in answer.headers["cache-control"]
            assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}


def test_no_page_names_a_person_in_its_title(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/").says(SAID)
    visitor.page.locator(".found a").first.click()
    visitor.page.locator("article.story").wait_for()
    assert visitor.page.title() == "Read · Alongside"


def test_without_a_connection_the_words_stay(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/")
    visitor.context.set_offline(True)
    visitor.says(SAID)
    expect(visitor.page.get_by_text("You’re not connected. Your words are on this page")).to_be_visible()
    expect(visitor.page.get_by_label("What happened, in a few words?")).to_have_value(SAID)
    visitor.context.set_offline(False)
    visitor.press("Find people")
    assert visitor.heading == "People who have been there"


def test_a_long_wait_is_said_in_words(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/")
    visitor.page.route("**/find/", _slowly_nothing)
    visitor.says(SAID)
    expect(visitor.page.locator("[data-wait]")).to_have_text("Looking…")
    expect(visitor.page.get_by_label("What happened, in a few words?")).to_have_value(SAID)


@pytest.mark.parametrize("path", ["/find/", "/find/list/", "/find/words/", "/look/", "/languages/", "/help/"])
def test_a_form_sent_from_another_place_is_refused(arrive: Callable[..., Visitor], path: str) -> None:
    visitor = arrive()
    visitor.page.goto(visitor.demo.exit_url)
    visitor.page.set_content(
        f'<form method=post action="{visitor.demo.address}{path}"><input name=sentence value=x><button>Go</button></form>'
    )
    visitor.page.get_by_role("button").click()
    assert visitor.heading == "This came from somewhere else"


def _slowly_nothing(route: Route) -> None:
    time.sleep(1.3)
    route.abort("aborted")
