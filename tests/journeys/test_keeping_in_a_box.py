"""A place for a baby in two minutes, with one thumb: words, a thing, a day; shown to a relative; let go and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.visitor import DESKTOP, PHONE, Visitor

Arrive = Callable[..., Visitor]
Session = Callable[[str], dict[str, str]]
HANA, KOFI, DAMI = "hana@example.org", "kofi@example.org", "dami@example.org"
THINGS = ("Dear Noa", "A stone from the path", "The day of the snow")
LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int], str], ...] = (
    ("light", PHONE, "--sky"),
    ("light", DESKTOP, "--room"),
    ("dark", PHONE, "--room"),
    ("dark", DESKTOP, "--sky"),
)


@pytest.fixture
def comes(arrive: Arrive, own_session: Session) -> Callable[..., Visitor]:
    """Let somebody invented come, signed in."""

    def come(email: str, *, script: bool = True) -> Visitor:
        visitor = arrive(script=script)
        visitor.context.add_cookies([own_session(email)])  # type: ignore[list-item]
        return visitor

    return come


def _makes_a_place(visitor: Visitor, name: str) -> str:
    """Make a place; return the box's address."""
    visitor.go("/box/new/").page.get_by_label("A name, if there is one").fill(name)
    visitor.page.get_by_label("Sage").check()
    visitor.press("Make this place")
    expect(visitor.page.locator("h1")).to_have_text(f"{name}’s box")
    expect(visitor.page.get_by_text("Held by you.")).to_be_visible()
    return visitor.path


def _puts_in(visitor: Visitor, box: str, kind: str, **said: str) -> None:
    """Put something in: ``said`` by the labels of the paper, with _ for a space."""
    visitor.go(box).follow("Put something in").follow(kind)
    for label, words in said.items():
        field = visitor.page.get_by_label(label.replace("_", " "), exact=True)
        if label == "Month":
            field.select_option(words)
        else:
            field.fill(words)
    visitor.press("Keep it")
    expect(visitor.page.get_by_text("Kept by you on")).to_be_visible()


def _fills(visitor: Visitor, box: str) -> None:
    words = visitor.go(box).follow("Put something in").follow("Words").page
    words.get_by_label("A name for it, if you like").fill("Dear Noa")
    words.get_by_label("Start anywhere. Stop anywhere.").fill("It is ten past three.\n\n## Later\n\nThey let us stay.")
    visitor.press("Keep it")
    expect(visitor.page.get_by_role("heading", name="Later")).to_be_visible()
    thing = {"What_is_it?": "A stone from the path", "What_it_looks_like": "Grey, with a white line round it"}
    _puts_in(visitor, box, "Something you have", **thing)
    day = {"What_happened_on_that_day?": "The day of the snow", "Day": "14", "Month": "3", "Year": "2024"}
    _puts_in(visitor, box, "A day", **day)


def test_a_place_is_made_and_things_are_kept_in_it(comes: Callable[..., Visitor], script: bool) -> None:
    visitor = comes(HANA, script=script)
    box = _makes_a_place(visitor, "Noa")
    _fills(visitor, box)
    visitor.go(box)
    tray = visitor.page.locator(".tray")
    assert tray.locator("li .what").all_inner_texts() == list(THINGS)
    assert tray.locator("li .who").all_inner_texts() == ["Only you"] * 3
    visitor.follow("By its days")
    assert visitor.page.locator(".year .what").all_inner_texts() == [THINGS[2], *THINGS[:2]]
    assert visitor.page.locator(".year h2").first.inner_text() == "2024"
    visitor.follow("A stone from the path").follow("Let it go").press("Let it go")
    expect(visitor.page.get_by_text("Something you let go of at")).to_be_visible()
    assert visitor.page.locator(".tray li .what").all_inner_texts() == ["Dear Noa", "The day of the snow"]
    visitor.press("Bring it back")
    expect(visitor.page.locator("h1")).to_have_text("A stone from the path")
    visitor.follow("Where it lies").press("Earlier")
    visitor.go(box)
    assert visitor.page.locator(".tray li .what").all_inner_texts()[0] == "A stone from the path"


def test_v1_a_relative_is_shown_one_thing_and_gives_some_words(comes: Callable[..., Visitor], script: bool) -> None:
    parent, relative = comes(HANA, script=script), comes(KOFI, script=script)
    box = _makes_a_place(parent, "Ida")
    _fills(parent, box)
    parent.go(box).follow("Who holds it").follow("Invite somebody")
    parent.page.get_by_label("A relative or friend").check()
    parent.press("Make a link and a code")
    link = re.search(r"/invited/[\w-]{22}/", parent.page.content())
    code = re.search(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b", parent.page.locator("main").inner_text())
    assert link is not None
    assert code is not None
    relative.go(link[0]).page.get_by_label("The code").fill(code[0])
    relative.page.locator("main button[type=submit]").first.click()
    relative.page.locator("main form button.act").click()
    parent.go(box).follow("A stone from the path").follow("Who may look")
    parent.page.get_by_label("Kofi").check()
    parent.press("Let them look")
    expect(parent.page.get_by_text("You and Kofi")).to_be_visible()
    relative.go(box)
    expect(relative.page.locator("h1")).to_have_text("Ida’s box")
    assert relative.page.locator(".tray li .what").all_inner_texts() == ["A stone from the path"]
    given = relative.follow("Put something in").follow("A tribute").page
    given.get_by_label("Start anywhere. Stop anywhere.").fill("I walked that path with you.")
    relative.press("Keep it")
    expect(relative.page.get_by_text("You gave this")).to_be_visible()
    parent.go(box).follow("From Kofi")
    expect(parent.page.get_by_text("I walked that path with you.")).to_be_visible()
    parent.go(box).follow("A stone from the path").follow("Who may look").press("Only me")
    relative.go(box)
    assert relative.page.locator(".tray li .what").all_inner_texts() == ["Words"]


def test_d1_what_is_typed_is_kept_without_a_press(comes: Callable[..., Visitor]) -> None:
    visitor = comes(HANA)
    box = _makes_a_place(visitor, "Wren")
    page = visitor.go(box).follow("Put something in").follow("Something you have").page
    page.get_by_label("What is it?").press_sequentially("The blanket", delay=5)
    expect(page.locator("[data-line]")).to_have_text(re.compile(r"Kept at \d{1,2}:\d\d\."))
    visitor.go(box).follow("The blanket")
    expect(visitor.page.locator("h1")).to_have_text("The blanket")


SCREENS = (
    "",
    "put in",
    "words",
    "thing",
    "day",
    "page",
    "who",
    "place",
    "let go",
    "days",
    "settings",
    "erase",
    "new",
    "none",
)


@pytest.mark.parametrize("screen", SCREENS)
def test_everyone_can_use_a_box(comes: Callable[..., Visitor], household: str, screen: str) -> None:
    visitor = comes(DAMI if screen == "none" else HANA)
    _open(visitor, household, screen)
    faults: list[str] = []
    visitor.resize((320, 640))
    faults += [f"{one} at 320 px" for one in visitor.fits()]
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    faults += [f"{one} at 320 px, text twice as large" for one in visitor.fits()]
    visitor.page.evaluate("document.documentElement.style.fontSize = ''")
    visitor.page.evaluate(Axe().axe_script)
    for scheme, size, ground in LOOKS:
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.resize(size).page.evaluate("g => document.body.style.setProperty('background', `var(${g})`)", ground)
        visitor.page.evaluate("Promise.all(document.getAnimations().map(each => each.finished)).then(() => null)")
        found = visitor.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        faults += [f"{one['id']} at {node['target']}, {scheme}, {size[0]}" for one in found for node in one["nodes"]]
    assert faults == []


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Where this module's box is, once it is there."""
    return {}


@pytest.fixture
def household(comes: Callable[..., Visitor], made: dict[str, str]) -> str:
    """A box with something of every kind in it; one for this module."""
    if "box" not in made:
        visitor = comes(HANA)
        box = _makes_a_place(visitor, "Juno")
        _fills(visitor, box)
        made["box"] = box
    return made["box"]


def _open(visitor: Visitor, box: str, screen: str) -> None:
    query = box.partition("?")[2]
    paths = {
        "days": "/box/time/",
        "settings": "/box/settings/",
        "erase": "/box/erase/",
        "new": "/box/new/",
        "none": "/box/",
    }
    steps = {
        "put in": ["Put something in"],
        "words": ["Put something in", "Words"],
        "thing": ["Put something in", "Something you have"],
        "day": ["Put something in", "A day"],
        "page": ["Dear Noa"],
        "who": ["Dear Noa", "Who may look"],
        "place": ["A stone from the path", "Where it lies"],
        "let go": ["Dear Noa", "Let it go"],
    }
    if screen in paths:
        visitor.go(paths[screen] if screen == "none" else f"{paths[screen]}?{query}")
    else:
        visitor.go(box)
    for step in steps.get(screen, []):
        visitor.follow(step)
    visitor.page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    visitor.page.locator("h1").first.wait_for()
