"""What somebody writes is not lost, whatever happens to page, network, server or sign-in (D1, S32, S37, DESIGN 4.2)."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.visitor import DESKTOP, PHONE, Visitor
from tests.journeys.writing import (
    COPIES,
    KEPT,
    MARA,
    OFFLINE,
    ON_THE_SERVER,
    Arrive,
    Session,
    begin,
    comes_to_hold,
    copies,
    line,
    on_the_server,
    paper,
    write,
)


def test_d1_what_is_typed_is_kept_without_pressing_anything(arrive: Arrive) -> None:
    visitor = begin(arrive())
    assert ON_THE_SERVER.search(visitor.path)
    write(visitor, " And more.")
    assert comes_to_hold(visitor, "First words. And more.")
    visitor.page.reload()
    expect(paper(visitor)).to_have_value("First words. And more.")
    assert visitor.page.title() == "Write · Alongside"


def test_d1_kept_is_said_only_after_the_answer(arrive: Arrive) -> None:
    visitor = arrive().go("/write/")
    visitor.page.route(ON_THE_SERVER, _late)
    visitor.page.evaluate(_LISTEN)
    write(visitor, "First words.")
    expect(line(visitor)).to_have_text(KEPT)
    first, then = visitor.page.evaluate("heard")
    assert first == "Keeping…"
    assert KEPT.search(then)
    assert comes_to_hold(visitor, "First words.")


def test_d1_whoever_types_without_a_pause_is_kept_too(arrive: Arrive) -> None:
    visitor = begin(arrive())
    before = time.monotonic()
    while time.monotonic() - before < 7:
        write(visitor, "word after word ")
    posted = [request for request in visitor.requests if request.method == "POST"]
    assert len(posted) >= 2
    assert on_the_server(visitor).count("word after word") >= 5


@pytest.mark.parametrize("seconds", [10])
def test_d1_ten_seconds_without_a_network_lose_nothing(arrive: Arrive, seconds: int) -> None:
    visitor = begin(arrive())
    visitor.context.set_offline(True)
    write(visitor, " Said offline.")
    visitor.page.wait_for_timeout(seconds * 1000)
    expect(line(visitor)).to_have_text(OFFLINE)
    expect(paper(visitor)).to_have_value("First words. Said offline.")
    assert copies(visitor) == 1
    visitor.context.set_offline(False)
    expect(line(visitor)).to_have_text(KEPT)
    assert "First words. Said offline." in on_the_server(visitor)
    visitor.page.wait_for_function(f"async () => await ({COPIES})() === 0")
    assert [said for said in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in said] == []
    visitor.complaints.clear()


def test_d1_a_server_that_fails_loses_nothing(arrive: Arrive) -> None:
    visitor = begin(arrive())
    visitor.page.route(ON_THE_SERVER, lambda route: route.fulfill(status=500, body="broken"))
    write(visitor, " While it was broken.")
    expect(line(visitor)).to_contain_text("This is our fault, and your words are on this page.")
    visitor.press("Keep it")
    visitor.page.wait_for_timeout(500)
    expect(paper(visitor)).to_have_value("First words. While it was broken.")
    visitor.page.unroute(ON_THE_SERVER)
    expect(line(visitor)).to_have_text(KEPT)
    assert "First words. While it was broken." in on_the_server(visitor)


def test_d1_a_lost_answer_does_no_harm(arrive: Arrive) -> None:
    visitor = begin(arrive())
    visitor.page.route(ON_THE_SERVER, _answer_lost)
    write(visitor, " Its answer is lost.")
    expect(line(visitor)).to_have_text(OFFLINE)
    visitor.page.unroute(ON_THE_SERVER)
    expect(line(visitor)).to_have_text(KEPT)
    assert "First words. Its answer is lost." in on_the_server(visitor)
    expect(visitor.page.locator("[data-note]")).to_be_empty()
    visitor.complaints.clear()


def test_d1_leaving_hands_over_the_last_words(arrive: Arrive) -> None:
    visitor = begin(arrive())
    address = visitor.page.url
    write(visitor, " Last words.")
    visitor.follow("Leave quickly").page.wait_for_url(visitor.demo.exit_url)
    visitor.page.goto(address)
    expect(paper(visitor)).to_have_value("First words. Last words.")


def test_d1_closing_the_page_hands_over_the_last_words(arrive: Arrive) -> None:
    visitor = begin(arrive())
    address = visitor.page.url
    write(visitor, " Last words.")
    visitor.page.close(run_before_unload=True)
    visitor.page = visitor.context.new_page()
    visitor.page.goto(address)
    assert comes_to_hold(visitor, "First words. Last words.")


def test_d1_a_sign_in_that_ran_out_loses_nothing(arrive: Arrive, own_session: Session) -> None:
    visitor = arrive()
    visitor.context.add_cookies([own_session(MARA)])  # type: ignore[list-item]
    begin(visitor)
    address = visitor.page.url
    visitor.context.clear_cookies(name=own_session(MARA)["name"])
    write(visitor, " After the sign-in ran out.")
    note = visitor.page.locator("[data-note]")
    expect(note).to_contain_text("You were signed out while you were writing. Your words are here.")
    expect(line(visitor)).to_have_text(KEPT)
    expect(paper(visitor)).to_have_value("First words. After the sign-in ran out.")
    assert note.get_by_role("link", name="Sign in").count() == 1
    write(visitor, " And on.")
    visitor.page.wait_for_timeout(3000)
    visitor.context.add_cookies([own_session(MARA)])  # type: ignore[list-item]
    visitor.page.goto(address)
    expect(paper(visitor)).to_have_value("First words. After the sign-in ran out. And on.")


def test_d1_two_who_write_at_once_are_both_kept(arrive: Arrive) -> None:
    visitor = begin(arrive())
    other = Visitor(visitor.demo, visitor.context)
    other.page.goto(visitor.page.url)
    write(visitor, " Said here.")
    assert comes_to_hold(visitor, "Said here.")
    write(other, " Said there.")
    said = "This was written in two places at the same time. Both are kept."
    expect(other.page.locator("[data-note]")).to_contain_text(said)
    other.page.locator("[data-note] a").click()
    for words in ("First words. Said here.", "First words. Said there."):
        expect(other.page.get_by_text(words).first).to_be_visible()
    versions = other.page.locator(".beside-each-other section")
    for size, beside in ((DESKTOP, True), (PHONE, False)):
        other.page.set_viewport_size({"width": size[0], "height": size[1]})
        one, two = (versions.nth(number).bounding_box() for number in (0, 1))
        assert one is not None
        assert two is not None
        assert (one["y"] == two["y"], one["x"] == two["x"]) == (beside, not beside)


def test_s37_pressing_twice_keeps_one_sheet(arrive: Arrive, script: bool) -> None:
    visitor = arrive(script=script).go("/write/")
    paper(visitor).fill("Pressed twice.")
    visitor.page.get_by_role("button", name="Keep it", exact=True).dblclick()
    visitor.page.wait_for_url("**/where/")
    visitor.page.wait_for_timeout(500)
    visitor.go("/write/kept/?show=1")
    assert visitor.page.locator("main").inner_text().count("Pressed twice.") == 1


def test_keep_it_leads_on_also_when_there_is_nothing_new(arrive: Arrive) -> None:
    visitor = arrive().go("/write/").press("Keep it")
    expect(visitor.page.get_by_text("There’s nothing on the sheet yet").first).to_be_visible()
    begin(visitor).press("Keep it")
    visitor.page.wait_for_url("**/where/")
    visitor.page.go_back()
    expect(paper(visitor)).to_have_value("First words.")
    visitor.press("Keep it")
    visitor.page.wait_for_url("**/where/")


def test_d1_everything_works_without_script(arrive: Arrive) -> None:
    visitor = arrive(script=False).go("/write/")
    expect(line(visitor)).to_have_text("Press Keep it when you want to be sure of it.")
    visitor.page.get_by_text("If the first line won’t come").click()
    expect(visitor.page.get_by_text("The thing I keep seeing")).to_be_visible()
    visitor.press("Keep it")
    expect(visitor.page.get_by_text("There’s nothing on the sheet yet").first).to_be_visible()
    paper(visitor).fill("\nDear Ansel,\n\n<b>&amp;</b>")
    visitor.press("Keep it")
    assert visitor.path.endswith("/where/")
    visitor.go(visitor.path.removesuffix("where/"))
    expect(paper(visitor)).to_have_value("\nDear Ansel,\n\n<b>&amp;</b>")


def test_a_first_line_is_written_as_if_typed(arrive: Arrive) -> None:
    visitor = begin(arrive())
    visitor.page.get_by_text("If the first line won’t come").click()
    visitor.press("The thing I keep seeing")
    visitor.page.keyboard.type("is the blind")
    expect(paper(visitor)).to_have_value("First words.\n\nThe thing I keep seeing\nis the blind")
    assert comes_to_hold(visitor, "is the blind")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_line_that_changes_moves_nothing(arrive: Arrive, size: tuple[int, int]) -> None:
    visitor = arrive(size=size).go("/write/")
    button = visitor.page.get_by_role("button", name="Keep it", exact=True)
    before = button.bounding_box()
    write(visitor, "First words.")
    expect(line(visitor)).to_have_text(KEPT)
    assert button.bounding_box() == before


def _late(route: Route) -> None:
    time.sleep(1.5)
    route.continue_()


def _answer_lost(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


_LISTEN = """() => {
  window.heard = [];
  const line = document.querySelector("[data-line]");
  new MutationObserver(() => heard.push(line.textContent)).observe(line, { childList: true });
}"""
