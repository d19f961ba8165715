"""A story told to everyone here, or to people who have lived it, exists for those alone (V1, V3)."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

SESSION = Callable[[str], dict[str, str]]
FOR_EVERYONE_HERE, ITS_WORDS = "The far end of the corridor", '"wristband printer"'
FOR_THOSE_WHO_LIVED_IT, THOSE_WORDS = "The winter after Tess", '"bicycle shop"'
MARA, EFUA = "mara@example.org", "efua-corridor@example.org"


def test_v3_a_guest_finds_neither_and_is_told_nothing(visitor: Visitor) -> None:
    assert not _finds(visitor, ITS_WORDS, FOR_EVERYONE_HERE)
    assert not _finds(visitor, THOSE_WORDS, FOR_THOSE_WHO_LIVED_IT)
    visitor.go("/find/").says("I am a midwife, the far end of the corridor, the wristband printer, the cards I wrote")
    assert FOR_EVERYONE_HERE not in visitor.page.content()


def test_v1_somebody_who_has_lived_it_finds_both(visitor: Visitor, own_session: SESSION) -> None:
    visitor.context.add_cookies([own_session(MARA)])  # type: ignore[list-item]
    assert _finds(visitor, ITS_WORDS, FOR_EVERYONE_HERE)
    assert _finds(visitor, THOSE_WORDS, FOR_THOSE_WHO_LIVED_IT)
    visitor.follow(FOR_THOSE_WHO_LIVED_IT)
    expect(visitor.page.get_by_text("For people who have lived it.")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="You are Mara")).to_be_visible()


def test_v1_a_midwife_finds_what_is_for_everyone_here_alone(visitor: Visitor, own_session: SESSION) -> None:
    visitor.context.add_cookies([own_session(EFUA)])  # type: ignore[list-item]
    assert _finds(visitor, ITS_WORDS, FOR_EVERYONE_HERE)
    assert not _finds(visitor, THOSE_WORDS, FOR_THOSE_WHO_LIVED_IT)


def test_v3_what_is_not_yours_to_see_and_what_is_not_are_the_same_page(
    arrive: Callable[..., Visitor], own_session: SESSION
) -> None:
    member, guest = arrive(), arrive()
    member.context.add_cookies([own_session(MARA)])  # type: ignore[list-item]
    assert _finds(member, THOSE_WORDS, FOR_THOSE_WHO_LIVED_IT)
    address = member.page.get_by_role("link", name=FOR_THOSE_WHO_LIVED_IT).get_attribute("href")
    assert address is not None
    pages = []
    for path in (address, "/read/AAAAAAAAAAAAAAAAAAAAAA/", f"{address}?unfold=x"):
        answer = guest.page.goto(guest.demo.address + path)
        assert answer is not None
        pages.append((answer.status, guest.page.locator("main").inner_html()))
    assert pages == [(404, pages[0][1])] * 3


def _finds(visitor: Visitor, words: str, title: str) -> bool:
    visitor.go("/find/words/").page.get_by_label("Which words should a story hold?").fill(words)
    visitor.press("Look")
    return visitor.page.get_by_role("link", name=title).count() == 1
