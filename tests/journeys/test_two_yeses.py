"""C1–C4, C6: she asks, he says not yet and later yes; then he takes it back while somebody reads it (V5)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor
from tests.journeys.writing import Arrive

TITLE, WORDS = "The shed", "He sanded the same board all night, and I brought him tea."


def signs_in(visitor: Visitor, email: str) -> Visitor:
    visitor.go("/demo/sign-in/").page.locator(f"button[value='{email}']").click()
    visitor.page.wait_for_load_state()
    return visitor


def tells(she: Visitor) -> str:
    """Write a story from Ansel's box; return the address of its page."""
    she.go("/box/").follow("Tell a story from it").page.get_by_label("What is it called?").fill(TITLE)
    she.press("Begin to write")
    she.page.get_by_label("Start anywhere. Stop anywhere.").fill(WORDS)
    she.press("Look at it as readers will")
    # With script, what was typed is kept first, and the page comes after that.
    she.page.wait_for_url(re.compile(r"/box/story/[\w-]{22}/$"))
    return she.path


@pytest.mark.parametrize("script", [True, False])
def test_c4_not_yet_then_yes_then_taken_back_from_a_reader_on_the_page(arrive: Arrive, script: bool) -> None:
    she, he, reader = signs_in(arrive(script=script), "mara@example.org"), arrive(script=script), arrive(script=script)
    signs_in(he, "tobias@example.org")
    story = tells(she)
    page = f"/read/{story.split('/')[3]}/"
    he.go(story)
    assert he.page.get_by_text("This isn’t here for you to see").is_visible(), "a draft is hers alone (V1)"

    she.go(story).follow("Share this")
    expect(she.page.get_by_text("This is about you both. We’ll ask Tobias before anything moves.")).to_be_visible()
    she.follow("See it as: Anyone, also without an account")
    expect(she.page.get_by_text(WORDS)).to_be_visible()
    she.follow("Back to who it is for").page.get_by_label("Anyone, also without an account").check()
    she.page.get_by_label("Something to say with it, if you like").fill("When you can.")
    assert she.fits() == []
    she.press("Ask Tobias")
    expect(she.page.get_by_text("nothing moves until everyone has answered")).to_be_visible()
    assert not reads(reader, page)

    answers(he, "Not yet")
    expect(she.go(story).page.get_by_text("Tobias said not yet.")).to_be_visible()
    assert not reads(reader, page)

    answers(he, "Yes")
    assert reads(reader, page), "both have said yes to just this"

    he.go(story).press("Take it back")
    reader.page.reload()
    expect(reader.page.get_by_role("heading", name="This isn’t here for you to see")).to_be_visible()
    reader.go("/read/")
    assert reader.page.get_by_text(TITLE).count() == 0
    expect(she.go(story).page.get_by_text("Taken back. You and Tobias can read it, and nobody else.")).to_be_visible()


def answers(he: Visitor, answer: str) -> None:
    he.go("/box/yes/").page.locator(".parts li").filter(has_text=TITLE).locator("a").first.click()
    he.page.wait_for_load_state()
    expect(he.page.get_by_text(WORDS).first).to_be_visible()
    assert he.fits() == []
    he.press(answer)


def reads(reader: Visitor, page: str) -> bool:
    return reader.go(page).page.get_by_text(WORDS).count() > 0
