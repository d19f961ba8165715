"""Photos and voices on a bad day: empty, stuck, signed out, somebody else's sign-in (D1, D2, P1, H1)."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.journeys.test_photos_and_voices import PIECES, Arrive, browser, chooses, has_a_box, puts_photo_in
from tests.journeys.visitor import Visitor
from tests.keepsakes.pictures import photograph

__all__ = ["browser"]


def test_d2_an_empty_file_is_said_and_those_behind_it_go_in(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    visitor.go(box).follow("Put something in").follow("Photos")
    chooses(visitor.page, b"", photograph())
    lines = visitor.page.locator("[data-list] [data-line]")
    expect(lines.nth(1)).to_contain_text("Kept.")
    assert lines.nth(0).inner_text().startswith("We can’t open this as a photo, so it isn’t kept.")
    assert len(visitor.asked_for("/box/upload/")) < 8
    assert visitor.go(box).page.locator(".tray li.picture").count() == 1


def test_d2_no_answer_makes_the_page_ask_without_pause_or_for_ever(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = visitor.go(box).follow("Put something in").follow("Photos").page
    asked: list[str] = []

    def nothing_new(route: Route) -> None:
        if "do=finish" in (route.request.post_data or "") and {*asked} <= {route.request.url}:
            asked.append(route.request.url)
            route.fulfill(status=409, json={"received": 0})
        else:
            route.continue_()

    page.route("**/box/upload/*/", nothing_new)
    page.clock.install()
    chooses(page, photograph(), photograph(shade=140))
    expect(page.locator("[data-state=keeping]")).to_have_count(1)
    page.wait_for_timeout(1500)
    assert len(asked) < 3
    lines = page.locator("[data-list] [data-line]")
    for _again in range(300):
        page.clock.run_for(31_000)
        page.wait_for_timeout(100)
        if lines.nth(0).inner_text().startswith("This didn’t get through, however often we tried."):
            break
    page.clock.resume()
    expect(lines.nth(1)).to_contain_text("Kept.", timeout=60_000)
    assert lines.nth(0).inner_text().startswith("This didn’t get through, however often we tried.")


def begins_to_record(visitor: Visitor, box: str) -> Page:
    visitor.context.grant_permissions(["microphone"])
    page = visitor.go(box).follow("Put something in").follow("A voice").page
    with page.expect_response(PIECES):
        visitor.press("Begin to record")
    return page


def test_d1_being_kept_is_said_only_while_it_is(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = begins_to_record(visitor, box)
    said = page.locator("[data-recording]")
    expect(said).to_have_text("Recording. What you’ve said so far is being kept.")
    visitor.context.set_offline(True)
    expect(said).to_contain_text("on this page alone, until it can go on its way.")
    visitor.context.set_offline(False)
    expect(said).to_have_text("Recording. What you’ve said so far is being kept.")
    visitor.press("Stop, and keep it")
    expect(page.locator("[data-all]")).to_contain_text("Everything you chose is kept.")
    visitor.complaints.clear()


def test_d1_a_recording_waits_for_whose_it_is_when_somebody_else_signs_in(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = begins_to_record(visitor, box)
    mine = visitor.context.cookies()
    visitor.context.clear_cookies()
    visitor.press("Stop, and keep it")
    expect(page.get_by_text("You were signed out.")).to_be_visible()
    other, _ = has_a_box(arrive)
    visitor.context.add_cookies(other.context.cookies())  # type: ignore[arg-type]
    line = page.locator("[data-list] [data-line]")
    expect(line).to_contain_text("Somebody else is signed in here now.")
    assert "still on your device" not in line.inner_text()
    visitor.context.add_cookies(mine)  # type: ignore[arg-type]
    expect(page.locator("[data-all]")).to_contain_text("Everything you chose is kept.", timeout=40_000)


def test_d1_a_recording_that_cannot_be_kept_can_be_taken_along(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = begins_to_record(visitor, box)
    page.route(
        "**/box/upload/*/",
        lambda route: route.fulfill(status=422, json={"refused": "It is still on your device."}),
    )
    page.wait_for_timeout(2500)
    visitor.press("Stop, and keep it")
    expect(page.get_by_text("What you said is on this page alone.")).to_be_visible()
    assert "still on your device" not in page.locator("main").inner_text()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take it with you").click()
    assert taken.value.suggested_filename == "recording.webm"
    assert taken.value.path().stat().st_size > 1000


def test_a_recording_is_paused_and_let_go_of(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = begins_to_record(visitor, box)
    visitor.press("Pause").press("Stop, and let it go")
    expect(page.locator("[data-list] > li")).to_have_count(0)
    assert "Everything you chose is kept" not in page.locator("main").inner_text()
    visitor.go(box)
    assert visitor.page.locator(".tray li.sound").count() == 0
    visitor.follow("Put something in").follow("A voice")
    assert visitor.page.get_by_text("Begun, and not finished").count() == 0


def test_d2_what_goes_on_and_is_kept_is_not_offered_to_let_go_of(arrive: Arrive, tmp_path: Path) -> None:
    visitor, box = has_a_box(arrive)
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(photograph(2400, 1800) + b"\0" * 2_500_000)
    page = visitor.go(box).follow("Put something in").follow("Photos").page
    page.route(re.compile(r".*/piece/\?at=1048576$"), lambda route: route.abort())
    page.locator("#choose").set_input_files(file)
    expect(page.get_by_text("You’re not connected.")).to_be_visible()
    visitor.page.close(run_before_unload=False)
    visitor.page = visitor.context.new_page()
    page = visitor.go(box).follow("Put something in").follow("Photos").page
    visitor.complaints.clear()
    expect(page.get_by_role("button", name="Let it go")).to_be_visible()
    page.locator("#choose").set_input_files(file)
    expect(page.locator("[data-all]")).to_contain_text("Everything you chose is kept.")
    assert page.get_by_text("Begun, and not finished").count() == 0


def test_h1_a_photo_seen_larger_is_left_as_quickly_as_every_page(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    visitor.go(puts_photo_in(visitor, box, photograph(2400, 1800))).follow("Unfold this photo").follow("See it larger")
    picture = visitor.page.locator("main img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 1200
    assert visitor.page.title() == "Box · Alongside"
    assert visitor.fits() == []
    for _again in range(3):
        visitor.page.keyboard.press("Shift")
    visitor.page.wait_for_url(visitor.demo.exit_url)
