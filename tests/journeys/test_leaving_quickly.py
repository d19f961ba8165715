"""Leave quickly: one press, or Shift three times, and this place is not one step back (DESIGN 4.1)."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.visitor import Visitor


def test_leave_quickly_is_on_every_page(visitor: Visitor) -> None:
    for path in ("/", "/read/", "/find/", "/help/", "/care/", "/nowhere/"):
        visitor.go(path).follow("Leave quickly")
        visitor.page.wait_for_url(visitor.demo.exit_url)
        assert "Rain later" in visitor.page.content()


def test_the_page_left_is_not_one_step_back(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/").go("/care/").follow("Leave quickly")
    visitor.page.wait_for_url(visitor.demo.exit_url)
    visitor.page.go_back()
    assert visitor.path == "/"
    tools = visitor.context.new_cdp_session(visitor.page)
    assert "/care/" not in str(tools.send("Page.getNavigationHistory"))


def test_shift_three_times_leaves(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/care/")
    for _ in range(3):
        visitor.page.keyboard.press("Shift")
    visitor.page.wait_for_url(visitor.demo.exit_url)


def test_typing_in_capitals_does_not_leave(arrive: Callable[..., Visitor]) -> None:
    visitor = arrive().go("/find/")
    box = visitor.page.get_by_label("What happened, in a few words?")
    box.focus()
    for letter in "ANSEL":
        visitor.page.keyboard.press(f"Shift+{letter}")
    for key in ("Shift", "a", "Shift", "b", "Shift"):
        visitor.page.keyboard.press(key)
    visitor.page.wait_for_timeout(300)
    assert visitor.path == "/find/"
    assert box.input_value() == "ANSELab"


def test_leaving_ends_the_session(visitor: Visitor) -> None:
    # A session of its own: the one that ``own_session`` hands out is shared with every other test of the run.
    visitor.go("/demo/sign-in/").page.locator("button[value='kofi@example.org']").click()
    visitor.page.wait_for_url(visitor.demo.address + "/")
    assert visitor.page.get_by_role("link", name="You are Kofi").count() == 1
    before = visitor.context.cookies()
    visitor.follow("Leave quickly")
    visitor.page.wait_for_url(visitor.demo.exit_url)
    visitor.context.add_cookies(before)  # type: ignore[arg-type]
    visitor.go("/")
    assert visitor.page.get_by_role("link", name="You are Kofi").count() == 0
