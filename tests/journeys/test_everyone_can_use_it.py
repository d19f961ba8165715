"""WCAG 2.2 AA on every screen: axe, small windows, large text, a keyboard, fingers (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.screens import SCREENS, STANDALONE, open_screen
from tests.journeys.visitor import DESKTOP, PHONE, Visitor

EVERY = [*SCREENS, *STANDALONE]
Arrive = Callable[..., Visitor]
# Each look, each size, and each end of the ground (a gradient, which defeats axe's judgement of contrast).
LOOKS: tuple[tuple[Literal["light", "dark"], tuple[int, int], str], ...] = (
    ("light", PHONE, "--sky"),
    ("light", DESKTOP, "--room"),
    ("dark", PHONE, "--room"),
    ("dark", DESKTOP, "--sky"),
)
_GROUND = "ground => document.body.style.setProperty('background', `var(${ground})`)"
_SETTLED = "Promise.all(document.getAnimations().map(each => each.finished)).then(() => null)"
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
_SPOIL = """() => {
  const [button, wide, pale] = [document.createElement("button"), document.createElement("p"), new Image()];
  button.textContent = "small"; wide.textContent = "pale and wide";
  button.style.cssText = "all: unset; display: block; width: 20px; height: 20px; overflow: hidden";
  wide.style.cssText = "width: 2000px; color: #ddd"; pale.src = "/static/nowhere.svg"; pale.width = 5;
  document.body.prepend(button, wide, pale);
}"""
_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ringed = style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
  const bordered = one.matches("textarea") && getComputedStyle(one.closest(".sheet")).outlineStyle != "none";
  const seen = box.top >= 0 && box.bottom <= innerHeight + 1;
  return {name: `${one.tagName} ${one.textContent.trim().slice(0, 40)}`, visible: (ringed || bordered) && seen, end: one == document.body};
}"""


@pytest.mark.parametrize("screen", EVERY)
def test_axe_finds_nothing_and_everything_fits(arrive: Arrive, standalone: dict[str, str], screen: str) -> None:
    visitor = arrive()
    open_screen(visitor, screen, standalone)
    faults = [f"{one} is too small for a thumb" for one in visitor.page.evaluate(_TOO_SMALL)]
    faults += _sideways(visitor)
    visitor.page.evaluate(Axe().axe_script)
    for scheme, size, ground in LOOKS:
        visitor.page.emulate_media(color_scheme=scheme)
        visitor.resize(size).page.evaluate(_GROUND, ground)
        visitor.page.evaluate(_SETTLED)
        faults += [f"{fault}, {scheme}, at {size[0]} px on {ground}" for fault in _axe(visitor)]
    assert faults == []


def test_what_this_looks_for_is_found(arrive: Arrive) -> None:
    visitor = arrive().go("/care/")
    visitor.page.evaluate(_SPOIL)
    visitor.page.evaluate(Axe().axe_script)
    visitor.page.evaluate(_GROUND, "--room")
    assert {fault.split()[0] for fault in _axe(visitor)} >= {"color-contrast", "image-alt"}
    assert visitor.page.evaluate(_TOO_SMALL) == ["small: 20.0 × 20.0"]
    assert any("the page" in fault for fault in _sideways(visitor))


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


def _sideways(visitor: Visitor) -> list[str]:
    """What reaches beyond a small window, one with WCAG 1.4.12's text spacing, and those with text twice as large."""
    visitor.resize((320, 640))
    found = [f"{one} at 320 px" for one in visitor.fits()]
    visitor.page.evaluate(_TEXT_SPACING)
    found += [f"{one} with more space between letters" for one in visitor.fits()]
    visitor.page.evaluate(
        "() => { document.adoptedStyleSheets = []; document.documentElement.style.fontSize = '200%' }"
    )
    found += [f"{one} at 320 px, text twice as large" for one in visitor.fits()]
    visitor.resize(DESKTOP)
    found += [f"{one} at 1280 px, text twice as large" for one in visitor.fits()]
    visitor.page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def _axe(visitor: Visitor) -> list[str]:
    """What axe-core, which the page holds already, finds wrong."""
    found: dict[str, Any] = visitor.page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{fault['id']} at {node['target']}: {node['html'][:120]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
