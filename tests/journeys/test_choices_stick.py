"""A country, light or dark, the languages I read: chosen once, kept in this browser alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

ROOM = {"light": "rgb(239, 240, 235)", "dark": "rgb(16, 24, 30)"}


@pytest.mark.parametrize("look", ["Light", "Dark"])
def test_light_or_dark_sticks(arrive: Callable[..., Visitor], script: bool, look: str) -> None:
    visitor = arrive(script=script, dark=look == "Light").go("/").follow("Light or dark").press(look)
    expect(visitor.page.get_by_role("button", name=look, exact=True)).to_have_attribute("aria-pressed", "true")
    visitor.go("/read/")
    assert visitor.page.locator("html").get_attribute("data-theme") == look.lower()
    assert _room(visitor) == ROOM[look.lower()]
    visitor.go("/look/").press("As this device is set").go("/read/")
    assert visitor.page.locator("html").get_attribute("data-theme") is None
    assert _room(visitor) == ROOM["dark" if look == "Light" else "light"]
    assert visitor.context.cookies() == []


def test_languages_stick_and_choose_the_stories(visitor: Visitor) -> None:
    visitor.go("/").follow("Languages I read")
    visitor.page.get_by_label("Deutsch").check()
    visitor.press("Keep it")
    expect(visitor.page.get_by_label("Deutsch")).to_be_checked()
    visitor.go("/find/list/").press("Find people")
    tongues = {str(row.get_attribute("lang")) for row in visitor.page.locator(".found .sentence").all()}
    assert tongues == {"de"}
    visitor.go("/languages/")
    expect(visitor.page.get_by_label("Deutsch")).to_be_checked()
    visitor.page.get_by_label("Deutsch").uncheck()
    visitor.press("Keep it")
    assert visitor.context.cookies() == []


def test_a_country_sticks_and_its_numbers_answer(visitor: Visitor) -> None:
    visitor.go("/help/").page.get_by_label("Country").select_option("DE")
    visitor.press("Show people there")
    expect(visitor.page.get_by_role("link", name="112", exact=True)).to_be_visible()
    visitor.go("/").go("/help/")
    expect(visitor.page.get_by_label("Country")).to_have_value("DE")
    (cookie,) = visitor.context.cookies()
    assert "DE" in cookie["value"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def _room(visitor: Visitor) -> str:
    return str(visitor.page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))
