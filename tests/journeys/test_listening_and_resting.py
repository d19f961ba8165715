"""A spoken story heard from the middle or only read; enough for today; a place kept on the device; a story on paper (P1, S26)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.journeys.test_photos_and_voices import FROM_THE_MIDDLE, LENGTH
from tests.journeys.visitor import Visitor

Arrive = Callable[..., Visitor]
HYMN = "The hymn from two o’clock, with my mouth shut."
SAID = "I said I’d stopped singing, and this is not singing."
STORED = "() => JSON.stringify({...localStorage})"


def opens_femi(visitor: Visitor) -> Visitor:
    visitor.go("/find/words/").page.get_by_label("Which words should a story hold?").fill("altos")
    visitor.press("Look").follow("told by Bukola")
    expect(visitor.page.get_by_text(HYMN)).to_be_visible()
    return visitor


def test_a_recording_is_read_or_heard_and_loads_nothing_until_then(visitor: Visitor, script: bool) -> None:
    page = opens_femi(visitor).page
    expect(page.get_by_text(SAID)).to_be_visible()
    expect(page.get_by_text("a recording, about two minutes", exact=True)).to_be_visible()
    assert page.locator("audio").count() == 0
    visitor.follow("Listen", inside=page.locator("figure.sound"))
    expect(page.locator("audio")).to_be_visible()
    expect(page.get_by_text(SAID)).to_be_visible()
    assert visitor.asked_for("/sound/") == [], "nothing is loaded before somebody plays it"
    assert visitor.fits() == []
    if script:
        assert 94 < page.evaluate(LENGTH) < 97
        at, middle = page.evaluate(FROM_THE_MIDDLE)
        assert middle < at < middle + 3
        assert "/sound/" in visitor.asked_for("/sound/")[0]
    else:
        src = page.locator("audio").get_attribute("src")
        part = page.request.get(f"{visitor.demo.address}{src}", headers={"Range": "bytes=1000-1099"})
        assert (part.status, len(part.body())) == (206, 100)
    visitor.follow("Put the recording away")
    expect(page.locator("audio")).to_have_count(0)


def test_enough_for_today_folds_everything_until_it_is_unfolded_again(visitor: Visitor) -> None:
    page = opens_femi(visitor).press("Enough for today").page
    expect(page.get_by_text(re.compile("Folded until (tomorrow|five this) morning"))).to_be_visible()
    expect(page.get_by_text(SAID)).to_have_count(0)
    expect(page.get_by_role("button", name="Enough for today")).to_have_count(0)
    assert [cookie["name"] for cookie in visitor.context.cookies()] == ["enough"]
    assert visitor.fits() == []
    visitor.go("/read/")
    expect(page.locator(".found > li").first).to_be_visible()
    expect(page.locator(".sentence")).to_have_count(0)
    visitor.press("Unfold again")
    expect(page.locator(".sentence").first).to_be_visible()
    assert visitor.context.cookies() == []


def reads_to_the_end(visitor: Visitor) -> None:
    visitor.page.locator(".beat").last.scroll_into_view_if_needed()
    visitor.page.wait_for_timeout(150)


def test_s26_a_place_is_kept_on_the_device_only_and_says_no_word_of_the_story(arrive: Arrive) -> None:
    visitor = opens_femi(arrive())
    page, address = visitor.page, visitor.path
    reads_to_the_end(visitor)
    visitor.go("/care/")
    assert page.evaluate(STORED) == "{}", "nothing is kept before somebody asks for it"
    visitor.go(address).press("Keep my place on this device")
    reads_to_the_end(visitor)
    before = len(visitor.requests)
    visitor.go("/care/")
    assert re.fullmatch(r'\{"[0-9a-f]{64}":"\d+"\}', page.evaluate(STORED))
    assert address.split("/")[2] not in page.evaluate(STORED)
    visitor.go(address)
    expect(page.get_by_text("You were further down.")).to_be_visible()
    assert page.evaluate("scrollY") == 0, "nothing scrolls by itself"
    visitor.follow("Go there")
    assert page.evaluate("scrollY") > 0
    sent: list[Any] = [(one.method, one.url, one.post_data) for one in visitor.requests[before:]]
    assert all(method == "GET" and data is None for method, _, data in sent), "nothing of it is sent"
    visitor.go(address).press("Forget my place")
    assert page.evaluate(STORED) == "{}"
    expect(page.get_by_text("You were further down.")).to_be_hidden()


def test_s26_s27_leaving_quickly_and_signing_out_forget_the_place(arrive: Arrive) -> None:
    visitor = opens_femi(arrive())
    address = visitor.path
    visitor.press("Keep my place on this device")
    reads_to_the_end(visitor)
    visitor.follow("Leave quickly").page.wait_for_url(visitor.demo.exit_url)
    assert visitor.go("/care/").page.evaluate(STORED) == "{}"
    visitor.go("/demo/sign-in/").page.locator("button[value='kofi@example.org']").click()
    visitor.page.wait_for_url(visitor.demo.address + "/")
    visitor.go(address).press("Keep my place on this device")
    assert visitor.page.evaluate(STORED) != "{}"
    visitor.go("/you/").press("Sign out")
    assert visitor.go("/care/").page.evaluate(STORED) == "{}"


def test_a_story_on_paper_is_ink_on_white_with_its_words_and_without_the_screen(arrive: Arrive) -> None:
    visitor = opens_femi(arrive(dark=True))
    page = visitor.page
    page.emulate_media(media="print")
    for shown in (SAID, HYMN, "His name means God loves me."):
        expect(page.get_by_text(shown)).to_be_visible()
    expect(page.locator(".on-paper")).to_be_visible()
    for hidden in (".top", ".foot", ".enough", ".place", ".sound a", ".after"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    ink, sheet = page.evaluate(
        "() => [getComputedStyle(document.querySelector('.beat')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (ink, sheet) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
