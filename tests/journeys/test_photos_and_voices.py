"""Photos and voices from a phone: through a slow line that breaks, folded until asked for, heard from the middle (D2, P1, V7)."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect, sync_playwright

from bench.shot import BROWSER_OPTIONS
from tests.journeys.test_signing_in import fresh_address, joins
from tests.journeys.test_two_parents import makes_a_place
from tests.journeys.visitor import Visitor
from tests.keepsakes.pictures import photograph, recording

Arrive = Callable[..., Visitor]
A_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
LENGTH = """async () => {
          const sound = document.querySelector("audio");
          sound.muted = true;
          sound.preload = "metadata";
          sound.load();
          await new Promise((go, stop) => { sound.onloadedmetadata = go; sound.onerror = () => stop(sound.error.message); });
          return sound.duration;
        }"""
FROM_THE_MIDDLE = """async () => {
          const sound = document.querySelector("audio");
          sound.currentTime = sound.duration / 2;
          await new Promise((go) => { sound.onseeked = go; });
          await sound.play();
          await new Promise((go) => setTimeout(go, 400));
          sound.pause();
          return [sound.currentTime, sound.duration / 2];
        }"""
PIECES = re.compile(r".*/box/upload/[\w-]{22}/piece/.*")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium whose microphone hears beeps."""
    chromium = os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*BROWSER_OPTIONS, *A_MICROPHONE])
        yield browser
        browser.close()


def has_a_box(arrive: Arrive, *, script: bool = True) -> tuple[Visitor, str]:
    """Let somebody new come who has a box."""
    visitor = arrive(script=script)
    joins(visitor, fresh_address(), "Oluchi")
    return visitor, makes_a_place(visitor, "Sol")


def chooses(page: Page, *files: bytes, kind: str = "jpeg") -> None:
    chosen: list[FilePayload] = [
        {"name": f"IMG_{number}.{kind}", "mimeType": f"image/{kind}", "buffer": file}
        for number, file in enumerate(files, 1)
    ]
    page.locator("#choose").set_input_files(chosen)


def puts_photo_in(visitor: Visitor, box: str, file: bytes) -> str:
    """Put one photo in; return the address of its page."""
    visitor.go(box).follow("Put something in").follow("Photos")
    chooses(visitor.page, file)
    expect(visitor.page.locator("[data-all]")).to_contain_text("Everything you chose is kept.")
    address = visitor.page.get_by_role("link", name="Say what it shows").first.get_attribute("href")
    assert address is not None
    return address.removesuffix("write/")


def test_d2_ten_photos_through_a_slow_line_that_breaks(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = visitor.go(box).follow("Put something in").follow("Photos").page
    files = [photograph(2400, 1800, 30 + 20 * number) + b"\0" * 1_300_000 for number in range(10)]
    turns = itertools.count(1)

    def thin(route: Route) -> None:
        page.wait_for_timeout(20)
        turn = next(turns)
        if turn % 5 == 2:
            route.abort("connectionreset")
        elif turn % 5 == 4:
            route.fetch()  # it arrives, and its answer is lost
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(PIECES, thin)
    chooses(page, *files)
    rows = page.locator("[data-list] > li")
    expect(rows).to_have_count(10)
    expect(rows.first.locator("progress")).to_have_js_property("value", 1_048_576 / len(files[0]), timeout=20_000)
    expect(rows.first.locator("[data-line]")).to_contain_text("Kept.", timeout=20_000)
    visitor.context.set_offline(True)
    expect(page.get_by_text("You’re not connected. What has arrived stays; it goes on when you are.")).to_be_visible()
    visitor.context.set_offline(False)
    expect(page.locator("[data-all]")).to_contain_text("Everything you chose is kept.", timeout=60_000)
    assert rows.locator("[data-line]").all_inner_texts() == ["Kept. Say what it shows"] * 10
    assert visitor.fits() == []
    page.unroute(PIECES)
    visitor.go(box)
    assert visitor.page.locator(".tray li.picture").count() == 10
    assert all("ERR_" in said for said in visitor.complaints)
    visitor.complaints.clear()


def test_d2_one_that_is_no_photo_is_said_kindly_and_the_others_are_kept(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    visitor.go(box).follow("Put something in").follow("Photos")
    chooses(visitor.page, photograph(), b"no photo at all", photograph(shade=140))
    lines = visitor.page.locator("[data-list] [data-line]")
    expect(lines.nth(2)).to_contain_text("Kept.")
    assert lines.nth(0).inner_text().startswith("Kept.")
    assert lines.nth(1).inner_text().startswith("We can’t open this as a photo, so it isn’t kept.")


def test_d2_a_photo_goes_on_in_another_page_where_it_stopped(arrive: Arrive, tmp_path: Path) -> None:
    visitor, box = has_a_box(arrive)
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(photograph(2400, 1800) + b"\0" * 2_500_000)
    visitor.go(box).follow("Put something in").follow("Photos")
    sent: list[str] = []
    visitor.context.on("request", lambda request: sent.append(request.url) if PIECES.match(request.url) else None)
    visitor.page.route(re.compile(r".*/piece/\?at=1048576$"), lambda route: route.abort())
    visitor.page.locator("#choose").set_input_files(file)
    expect(visitor.page.get_by_text("You’re not connected.")).to_be_visible()
    visitor.page.close(run_before_unload=False)
    visitor.page = visitor.context.new_page()
    visitor.go(box).follow("Put something in").follow("Photos")
    expect(visitor.page.get_by_text("Begun, and not finished")).to_be_visible()
    sent.clear()
    visitor.complaints.clear()
    visitor.page.locator("#choose").set_input_files(file)
    expect(visitor.page.locator("[data-all]")).to_contain_text("Everything you chose is kept.")
    assert sent
    assert not any(one.endswith("?at=0") for one in sent)
    visitor.go(box)
    assert visitor.page.locator(".tray li.picture").count() == 1


def test_without_script_several_photos_go_in_with_one_form(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive, script=False)
    visitor.go(box).follow("Put something in").follow("Photos")
    chooses(visitor.page, photograph(), photograph(shade=140))
    visitor.press("Put it in")
    expect(visitor.page.locator("h1")).to_have_text("Sol’s box")
    assert visitor.page.locator(".tray li.picture").count() == 2


@pytest.mark.parametrize("place", ["its page", "the tray"])
def test_p1_no_byte_of_a_photo_before_it_is_unfolded_and_folded_again_next_time(
    arrive: Arrive, script: bool, place: str
) -> None:
    visitor, box = has_a_box(arrive)
    item = puts_photo_in(visitor, box, photograph())
    reader = arrive(script=script)
    reader.context.add_cookies(visitor.context.cookies())  # type: ignore[arg-type]
    page = reader.go(item if place == "its page" else box).page
    page.wait_for_timeout(300)
    assert reader.asked_for("/photo/") == []
    assert page.locator("main img").count() == 0
    reader.follow("Unfold this photo")
    picture = page.locator("main img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert reader.asked_for("/photo/") != []
    assert reader.fits() == []
    reader.follow("Fold it again")
    expect(picture).to_have_count(0)
    reader.go(item if place == "its page" else box)
    assert page.locator("main img").count() == 0


def test_a_photo_is_turned_and_cut_without_script(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    item = puts_photo_in(visitor, box, photograph(800, 600))
    reader = arrive(script=False)
    reader.context.add_cookies(visitor.context.cookies())  # type: ignore[arg-type]
    reader.go(item).follow("Unfold this photo").follow("Turn it, or cut its edges").press("Turn it to the right")
    picture = reader.page.locator("main img")
    assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("600", "800")
    reader.page.get_by_label("Bottom").select_option("25")
    reader.press("Cut it so")
    assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("600", "600")


def test_a_voice_is_recorded_kept_and_heard_from_the_middle(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    visitor.context.grant_permissions(["microphone"])
    page = visitor.go(box).follow("Put something in").follow("A voice").page
    visitor.press("Begin to record")
    page.wait_for_timeout(3500)
    assert page.locator("[data-recording]").inner_text() == "Recording. What you’ve said so far is being kept."
    assert re.fullmatch("0:0[234]", page.locator("[data-clock]").inner_text())
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-recording]")).to_contain_text("Paused at")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_timeout(2500)
    visitor.press("Stop, and keep it")
    expect(page.locator("[data-all]")).to_contain_text("Everything you chose is kept.")
    visitor.follow("Write what is said in it")
    page.get_by_label("What is said in it, or words of yours beside it").fill("Beep, and beep again.")
    visitor.press("Keep it")
    expect(page.get_by_text("Beep, and beep again.")).to_be_visible()
    assert visitor.asked_for("/sound/") == []
    length = page.evaluate(LENGTH)
    assert 4 < length < 9
    reached, middle = page.evaluate(FROM_THE_MIDDLE)
    assert reached > middle
    assert visitor.fits() == []


def test_d1_a_page_that_dies_while_somebody_speaks_keeps_what_was_said(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    visitor.context.grant_permissions(["microphone"])
    page = visitor.go(box).follow("Put something in").follow("A voice").page
    with page.expect_response(PIECES):
        visitor.press("Begin to record")
    page.wait_for_timeout(3000)
    page.close(run_before_unload=False)
    visitor.page = visitor.context.new_page()
    visitor.go(box).follow("Put something in").follow("A voice")
    visitor.press("Keep what is here of it")
    expect(visitor.page.locator("h1")).to_contain_text("A voice, 0:0")


def test_without_script_a_recording_is_chosen(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive, script=False)
    page = visitor.go(box).follow("Put something in").follow("A voice").page
    assert not page.get_by_role("button", name="Begin to record").is_visible()
    voice: FilePayload = {"name": "voice.wav", "mimeType": "audio/wav", "buffer": recording(3.0)}
    page.locator("#choose").set_input_files(voice)
    visitor.press("Put it in")
    expect(page.locator("h1")).to_have_text("A voice, 0:03")


def test_a_microphone_that_is_refused_is_said_kindly(arrive: Arrive) -> None:
    visitor, box = has_a_box(arrive)
    page = visitor.go(box).follow("Put something in").follow("A voice").page
    page.evaluate(
        "void (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError')))"
    )
    visitor.press("Begin to record")
    expect(page.get_by_text("Your browser didn’t give us the microphone.")).to_be_visible()
    for elsewhere in (box, "/box/photos/?" + box.partition("?")[2]):
        answer = visitor.page.goto(visitor.demo.address + elsewhere)
        assert answer is not None
        assert "microphone=()" in answer.headers["permissions-policy"]
