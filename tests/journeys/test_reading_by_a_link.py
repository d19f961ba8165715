"""A named reader (V2, C2, S7): Mara names her sister, Tobias says yes, a phone is let through, and the link is taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

TITLE, WORDS = "To our friends", "You can say his name."
Sign = Callable[[Visitor, str], Visitor]


@pytest.fixture
def signs_in(new_session: Callable[[str], dict[str, str]]) -> Sign:
    """Let somebody invented be signed in since a moment ago."""

    def sign_in(visitor: Visitor, name: str) -> Visitor:
        visitor.context.add_cookies([new_session(f"{name}@example.org")])  # type: ignore[list-item]
        return visitor

    return sign_in


def status(visitor: Visitor, path: str) -> int:
    answer = visitor.page.goto(visitor.demo.address + path)
    assert answer is not None
    return answer.status


def names(visitor: Visitor, people: str, name: str) -> tuple[str, str]:
    """Name somebody; return the link's path and the code that belongs to it."""
    visitor.go(people).follow("Invite somebody to read it")
    visitor.page.get_by_label("What do you call them?").fill(name)
    visitor.page.get_by_label("For a month").check()
    assert visitor.fits() == []
    visitor.press("Make a link and a code")
    expect(visitor.page.get_by_text("The link opens nothing before Tobias has said yes to it too.")).to_be_visible()
    link = visitor.page.get_by_text("/read/with/").inner_text().strip()
    code = visitor.page.locator("p.number").inner_text().strip()
    assert visitor.fits() == []
    return link.removeprefix(visitor.demo.address), code


def types(visitor: Visitor, link: str, code: str) -> Visitor:
    visitor.go(link).page.get_by_label("The code").fill(code.upper())
    return visitor.press("Go on")


def test_v2_c2_s7_a_sister_reads_on_her_phone_until_the_link_is_taken_back(
    arrive: Callable[..., Visitor], signs_in: Sign, script: bool
) -> None:
    mara, tobias = signs_in(arrive(script=script), "mara"), signs_in(arrive(script=script), "tobias")
    phone, other = arrive(script=script), arrive(script=script)
    story = mara.go("/read/").follow(TITLE).path
    people = story.replace("/read/", "/box/story/") + "people/"
    link, code = names(mara, people, "Judith")

    types(phone, link, code)
    expect(phone.page.get_by_text("This link and this code open nothing here.").first).to_be_visible()
    assert phone.fits() == []

    tobias.go(people).press("Yes, Judith may read it")
    expect(tobias.page.get_by_text("The link hasn’t been used.")).to_be_visible()
    assert tobias.fits() == []

    types(phone, link, code)
    assert phone.path == story
    expect(phone.page.get_by_text(WORDS)).to_be_visible()
    assert phone.page.title() == "Read · Alongside"
    assert phone.fits() == []
    phone.go(link)
    assert phone.path == story, "the code is typed once"
    assert status(other, story) == 404
    expect(other.go(link).page.get_by_label("The code")).to_be_visible()
    phone.go("/read/").follow(TITLE)
    assert phone.go("/").page.get_by_text(WORDS).count() == 0, "on the first page it stands for nobody"

    expect(mara.go(people).page.get_by_text("The link has been used.")).to_be_visible()
    mara.press("Take Judith’s link back")
    expect(mara.page.get_by_text("Nobody is invited to it.")).to_be_visible()
    assert status(phone, story) == 404
    types(phone, link, code)
    expect(phone.page.get_by_text("This link and this code open nothing here.").first).to_be_visible()
