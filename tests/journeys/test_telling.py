"""From the box to a story on a phone: chosen, written, looked at as a version; nothing lost on the way (D1)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.test_photos_and_voices import chooses, has_a_box
from tests.journeys.test_two_parents import writes
from tests.journeys.visitor import Visitor
from tests.journeys.writing import KEPT, Arrive, line, paper
from tests.keepsakes.pictures import photograph

STORY = re.compile(r"/box/story/[\w-]{22}/$")
EDITOR = re.compile(r"/box/story/[\w-]{22}/write/[\w-]{22}/$")


def begins_a_story(arrive: Arrive, *, script: bool) -> Visitor:
    """Let somebody keep words and a photo, and begin to tell of both; they are at the editor."""
    visitor, box = has_a_box(arrive, script=script)
    visitor.go(box).follow("Put something in").follow("Words")
    writes(visitor, "He had your chin. I said so first.\n\nIt was light by then.")
    visitor.go(box).follow("Put something in").follow("Photos")
    chooses(visitor.page, photograph(640, 480))
    if script:
        expect(visitor.page.get_by_text("Kept.").first).to_be_visible()
    else:
        visitor.press("Put it in")
    visitor.go(box).follow("Tell a story from it")
    visitor.page.get_by_label("What is it called?").fill("Sol")
    for one in visitor.page.get_by_role("checkbox").all():
        one.check()
    assert visitor.fits() == []
    visitor.press("Begin to write")
    assert EDITOR.search(visitor.path)
    return visitor


def test_a_story_is_begun_and_written_on_a_phone(arrive: Arrive, script: bool) -> None:
    visitor = begins_a_story(arrive, script=script)
    page = visitor.page
    expect(paper(visitor)).to_have_value("He had your chin. I said so first.\n\nIt was light by then.")
    assert page.locator("img.print").count() == 0
    visitor.press("Unfold this photo")
    expect(page.locator("img.print")).to_be_visible()
    page.get_by_label("What it shows; these words stand on the fold").fill("Sol’s hat")
    page.get_by_label("What comes after it").fill("And then we drove home.")
    visitor.press("Earlier")
    expect(page.get_by_label("What comes after it")).to_have_value("It was light by then.\n\nAnd then we drove home.")
    expect(page.get_by_label("What it shows; these words stand on the fold")).to_have_value("Sol’s hat")
    page.get_by_text("Names and places that strangers read otherwise").click()
    page.get_by_label("A name or a place").first.fill("Sol")
    visitor.press("Look at it as readers will")
    # With a script the words are kept first, and the page goes then.
    expect(page).to_have_title(re.compile("^Something’s needed"))
    page.get_by_label("Others read").first.fill("our son")
    assert visitor.fits() == []
    visitor.press("Look at it as readers will")
    page.wait_for_url(STORY)


def test_d1_what_is_typed_at_a_chapter_is_kept_by_itself_and_survives_a_broken_line(arrive: Arrive) -> None:
    visitor = begins_a_story(arrive, script=True)
    page = visitor.page
    paper(visitor).press("Control+End")
    paper(visitor).press_sequentially(" And more.", delay=5)
    expect(line(visitor)).to_have_text(KEPT)
    visitor.context.set_offline(True)
    page.get_by_label("What comes after it").fill("Typed while nothing was connected.")
    expect(line(visitor)).to_contain_text("You’re not connected.")
    visitor.context.set_offline(False)
    expect(line(visitor)).to_have_text(KEPT, timeout=40_000)
    assert all("ERR_INTERNET_DISCONNECTED" in said for said in visitor.complaints)
    visitor.complaints.clear()
    page.reload()
    expect(page.get_by_label("What comes after it")).to_have_value("Typed while nothing was connected.")
    assert paper(visitor).input_value().endswith("And more.")
    visitor.press("Keep it")
    assert EDITOR.search(visitor.path)
