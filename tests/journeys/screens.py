"""Every screen there is, and how somebody comes to it."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.visitor import ANSEL, Visitor


def _to(path: str) -> Callable[[Visitor], object]:
    return lambda visitor: visitor.go(path)


def _ansel(visitor: Visitor) -> Visitor:
    return _looked(visitor, "gutters").follow("Ansel, told by Mara")


def _looked(visitor: Visitor, words: str) -> Visitor:
    visitor.go("/find/words/").page.get_by_label("Which words should a story hold?").fill(words)
    return visitor.press("Look")


def _unfolded(visitor: Visitor) -> None:
    _ansel(visitor).follow("Unfold this photo")
    visitor.page.locator("figure.photo img").wait_for()


def _country(visitor: Visitor) -> None:
    visitor.go("/help/").page.get_by_label("Country").select_option("US")
    visitor.press("Show people there")


def _more_choices(visitor: Visitor) -> None:
    visitor.go("/find/list/").page.locator("details summary").click()


def _written(visitor: Visitor) -> None:
    visitor.go("/write/").page.get_by_label("Start anywhere. Stop anywhere.").fill(
        "Dear Ansel,\n\nIt is ten past three."
    )
    visitor.page.get_by_text("Closing the page won’t lose it.").wait_for()
    visitor.page.get_by_text("If the first line won’t come").click()


def _nothing_written(visitor: Visitor) -> None:
    visitor.go("/write/").press("Keep it")
    visitor.page.get_by_text("There’s nothing on the sheet yet").first.wait_for()


SCREENS: dict[str, Callable[[Visitor], object]] = {
    "first": _to("/"),
    "nothing written": lambda visitor: visitor.go("/").press("Find people"),
    "read": _to("/read/"),
    "story": _ansel,
    "unfolded": _unfolded,
    "near a story": lambda visitor: _ansel(visitor).follow("Others near this one"),
    "find": _to("/find/"),
    "results": lambda visitor: visitor.go("/").says(ANSEL),
    "another grief": lambda visitor: visitor.go("/").says("my dog died last week, she was fourteen"),
    "list": _more_choices,
    "results of a list": lambda visitor: visitor.go("/find/list/").press("Find people"),
    "words": _to("/find/words/"),
    "words found": lambda visitor: _looked(visitor, "blanket"),
    "words not found": lambda visitor: _looked(visitor, "zyxwvut"),
    "help": _to("/help/"),
    "help elsewhere": _country,
    "about": _to("/about/"),
    "care": _to("/care/"),
    "promises": _to("/promises/"),
    "look": _to("/look/"),
    "languages": _to("/languages/"),
    "cast": _to("/demo/sign-in/"),
    "write": _to("/write/"),
    "written": _written,
    "nothing on the sheet": _nothing_written,
    "words kept for this device": _to("/write/kept/?show"),
    "join": _to("/join/"),
    "sign in": _to("/sign-in/"),
    "mail": _to("/demo/mail/"),
    "not here": _to("/nowhere/"),
}
STANDALONE = ("400", "403", "429", "500", "503")
"""Screens that stand when nothing else does; the ``standalone`` fixture renders them."""


def open_screen(visitor: Visitor, name: str, standalone: dict[str, str]) -> None:
    """Bring a visitor to a screen of ``SCREENS`` or ``STANDALONE``."""
    if name in SCREENS:
        SCREENS[name](visitor)
    else:
        # Shown at an address of this place with its own policy: these pages answer when something is broken.
        visitor.page.route("**/broken/", lambda route: route.fulfill(body=standalone[name], headers=_PAGE))
        visitor.go("/broken/")
    visitor.page.locator("h1").first.wait_for()


_PAGE = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'",
}
