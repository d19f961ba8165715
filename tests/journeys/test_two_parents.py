"""Two phones, one box: she makes it and invites him, both write, she leaves with a copy, he keeps everything (C5, C8, D1)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.test_signing_in import fresh_address, joins, newest_code
from tests.journeys.visitor import Visitor

Arrive = Callable[..., Visitor]
HERS, HIS = "You had your father’s chin. I said so first.", "You had your mother’s chin. I said so first."


def makes_a_place(visitor: Visitor, name: str) -> str:
    """Make a box; return its address."""
    visitor.go("/box/new/").page.get_by_label("A name, if there is one").fill(name)
    visitor.press("Make this place")
    expect(visitor.page.locator("h1")).to_have_text(f"{name}’s box")
    return visitor.path


def invites(visitor: Visitor, box: str, whom: str) -> tuple[str, str]:
    """Invite somebody; return the link's path and the code that belongs to it."""
    visitor.go(box).follow("Who holds it, and who may look").follow("Invite somebody")
    visitor.page.get_by_label(whom).check()
    visitor.press("Make a link and a code")
    link = visitor.page.get_by_text("/invited/").inner_text().strip()
    assert link.startswith(visitor.demo.address)
    code = visitor.page.locator("p.number").inner_text().strip()
    assert visitor.fits() == []
    return link.removeprefix(visitor.demo.address), code


def accepts_as_somebody_new(visitor: Visitor, link: str, code: str, name: str) -> None:
    """Open the link, type the code, join, and come back to say yes."""
    address = fresh_address()
    visitor.go(link).page.get_by_label("The code").fill(code.upper())
    visitor.press("Go on")
    expect(visitor.page.locator("h1")).to_contain_text("invites you to hold")
    visitor.follow("I’m new here").page.get_by_label("Your email address").fill(address)
    visitor.press("Send me a code")
    visitor.page.get_by_label("The code").fill(newest_code(visitor, address))
    visitor.press("Go on")
    visitor.page.get_by_label("What shall we call you here?").fill(name)
    visitor.page.get_by_label("I am 18 or older").check()
    visitor.page.get_by_label("Yes, keep what I write here").check()
    visitor.press("Make my place")
    assert visitor.path == link
    visitor.press("Hold it together")


def writes(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_label("Start anywhere. Stop anywhere.").fill(words)
    visitor.press("Keep it")
    expect(visitor.page.get_by_role("link", name="Write on")).to_be_visible()


def test_c5_two_parents_hold_one_box_until_one_leaves_with_a_copy(arrive: Arrive) -> None:
    she, he = arrive(), arrive()
    joins(she, fresh_address(), "Oluchi")
    box = makes_a_place(she, "Sol")

    link, code = invites(she, box, "Another parent, to hold the box with you")
    accepts_as_somebody_new(he, link, code, "Bisi")
    expect(he.page.locator("h1")).to_have_text("Sol’s box")
    expect(he.page.get_by_text("Held by you and Oluchi.")).to_be_visible()
    assert he.path == box

    item = both_write(she, he, box)

    she.go(item).follow("See both, side by side")
    for words in (HERS, HIS):
        expect(she.page.get_by_text(words).first).to_be_visible()

    she.go(box).follow("Who holds it, and who may look").follow("Leave this box")
    assert she.fits() == []
    expect(she.page.get_by_text("From then on it is held by Bisi.")).to_be_visible()
    she.press("Leave it")
    expect(she.page.locator("h1")).to_have_text("Sol’s box")
    expect(she.page.get_by_text("Held by you.", exact=True)).to_be_visible()
    assert she.path != box

    for who, at in ((she, she.path), (he, box)):
        keeps_both(who, at)
    for gone in (box, item):
        answer = she.page.goto(she.demo.address + gone)
        assert answer is not None
        assert answer.status == 404
    expect(he.go(box).page.get_by_text("Held by you.", exact=True)).to_be_visible()
    answer = arrive().page.goto(she.demo.address + link)
    assert answer is not None
    assert answer.status == 404, "an invitation is used once"


def both_write(she: Visitor, he: Visitor, box: str) -> str:
    """Let her begin a page, and both write on from what she wrote at the same moment; return the page's address."""
    she.go(box).follow("Put something in").follow("Words")
    writes(she, "Dear Sol,")
    item = she.path
    for who in (she, he):
        who.go(item).follow("Write on")
    writes(she, f"Dear Sol,\n\n{HERS}")
    writes(he, f"Dear Sol,\n\n{HIS}")
    expect(he.go(item).page.get_by_text("This was written in two places at the same time.")).to_be_visible()
    return item


def keeps_both(visitor: Visitor, box: str) -> None:
    """Both versions are there, and every earlier one with its author."""
    visitor.go(box).page.locator(".tray a").first.click()
    visitor.page.wait_for_load_state()
    expect(visitor.page.get_by_text("This was written in two places at the same time.")).to_be_visible()
    visitor.follow("See both, side by side")
    for words in (HERS, HIS):
        expect(visitor.page.get_by_text(words).first).to_be_visible()
    assert re.search(r"/box/[\w-]{22}/beside/", visitor.path)


def test_c5_a_relative_looks_at_what_she_is_shown_and_the_pages_fit_a_phone(
    arrive: Arrive, own_session: Callable[[str], dict[str, str]]
) -> None:
    mara, ilse = arrive(script=False), arrive(script=False)
    mara.context.add_cookies([own_session("mara@example.org")])  # type: ignore[list-item]
    ilse.context.add_cookies([own_session("ilse@example.org")])  # type: ignore[list-item]
    mara.go("/box/people/")
    for words in ("Mara", "Tobias", "Ilse", "Let Ilse look no more"):
        expect(mara.page.get_by_text(words).first).to_be_visible()
    assert mara.fits() == []
    ilse.go("/box/")
    expect(ilse.page.get_by_text("Ilse’s hat").first).to_be_visible()
    assert ilse.page.get_by_text("The blind").count() == 0
    ilse.go("/box/people/")
    expect(ilse.page.get_by_role("button", name="Look no more")).to_be_visible()
    assert ilse.page.get_by_text("Let ").count() == 0
