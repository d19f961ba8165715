"""WCAG 2.2 AA on every screen: axe, small windows, large text, a keyboard, fingers (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.screens import SCREENS, STANDALONE, open_screen
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

EVERY = [*SCREENS, *STANDALONE]
Arrive = Callable[..., Visitor]
# A gradient defeats axe's judgement of contrast, so each of its two ends stands for all of it in turn.
_GROUND = "ground => document.body.style.setProperty('background', `var(${ground})`)"
_TEXT_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
_TOO_SMALL = """() => [...document.querySelectorAll("button, nav a, .exits a, .brand, select, textarea, input[type=text]")]
  .filter(one => one.checkVisibility()).map(one => [one.textContent.trim().slice(0, 40), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([name, box]) => `${name}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`)"""
_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ringed = style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
  const bordered = one.matches("textarea") && getComputedStyle(one.closest(".sheet")).outlineStyle != "none";
  const seen = box.top >= 0 && box.bottom <= innerHeight + 1;
  return {name: `${one.tagName} ${one.textContent.trim().slice(0, 40)}`, visible: (ringed || bordered) && seen, end: one == document.body};
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("screen", EVERY)
def test_axe_finds_nothing(arrive: Arrive, standalone: dict[str, str], screen: str, dark: bool) -> None:
    visitor = arrive(dark=dark)
    open_screen(visitor, screen, standalone)
    faults: list[str] = []
    for size, ground in ((PHONE, "--sky"), (DESKTOP, "--room")):
        visitor.resize(size).page.evaluate(_GROUND, ground)
        faults += _axe(visitor)
    assert faults == []


@pytest.mark.parametrize("screen", EVERY)
def test_small_windows_large_text_and_thumbs(arrive: Arrive, standalone: dict[str, str], screen: str) -> None:
    visitor = arrive()
    open_screen(visitor, screen, standalone)
    assert visitor.page.evaluate(_TOO_SMALL) == [], "for a thumb"
    visitor.resize((320, 640))
    assert visitor.fits() == [], "at 320 px"
    visitor.page.evaluate(_TEXT_SPACING)
    assert visitor.fits() == [], "with the text spacing of WCAG 1.4.12"
    visitor.page.evaluate("document.adoptedStyleSheets = []")
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert visitor.fits() == [], "at 320 px with text twice as large"
    visitor.resize(DESKTOP)
    assert visitor.fits() == [], "at 1280 px with text twice as large"


@pytest.mark.parametrize("screen", ["first", "story", "results", "list", "help", "look"])
def test_the_focus_is_always_seen(arrive: Arrive, standalone: dict[str, str], screen: str) -> None:
    visitor = arrive()
    open_screen(visitor, screen, standalone)
    visitor.page.evaluate("document.activeElement.blur()")
    unseen, steps = [], 0
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        focus = visitor.page.evaluate(_FOCUS)
        if focus["end"]:
            break
        steps += 1
        if not focus["visible"]:
            unseen.append(focus["name"])
    assert steps > 10
    assert unseen == []


def _axe(visitor: Visitor) -> list[str]:
    found: dict[str, Any] = Axe().run(visitor.page).response
    return [
        f"{fault['id']} at {visitor.page.viewport_size}: {node['target']} {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
