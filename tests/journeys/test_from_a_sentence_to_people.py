"""The whole journey, on a phone, with and without script (DESIGN 4.1, 4.3, 4.4)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.visitor import ANSEL, Visitor


def test_at_3_am_from_one_sentence_to_somebody_who_has_been_there(visitor: Visitor) -> None:
    visitor.go("/").says(ANSEL)
    assert visitor.heading == "People who have been there"
    visitor.follow("Ansel, told by Mara")
    assert visitor.heading == "Ansel"
    visitor.follow("Unfold this photo")
    expect(visitor.page.locator("figure.photo img")).to_be_visible()
    visitor.follow("Fold it again")
    expect(visitor.page.locator("figure.photo img")).to_have_count(0)
    visitor.follow("Others near this one")
    assert visitor.heading == "Others near this one"
    assert visitor.page.locator(".found > li").count() == 6
    visitor.follow("Back to Ansel")
    visitor.follow("Help now")
    visitor.page.get_by_label("Country").select_option("FR")
    visitor.press("Show people there")
    expect(visitor.page.get_by_label("Country")).to_have_value("FR")
    expect(visitor.page.get_by_role("link", name="112", exact=True)).to_be_visible()
    visitor.follow("Leave quickly")
    visitor.page.wait_for_url(visitor.demo.exit_url)


def test_the_first_page_is_a_box_to_write_in_and_somebody_to_call(visitor: Visitor) -> None:
    visitor.go("/")
    box = visitor.page.get_by_label("What happened, in a few words?")
    expect(box).to_be_visible()
    assert box.bounding_box()["y"] < 844  # type: ignore[index]
    expect(visitor.page.get_by_role("heading", name="If tonight is too much")).to_be_visible()
    assert visitor.page.locator(".number a").first.get_attribute("href").startswith("tel:")  # type: ignore[union-attr]


def test_every_result_says_in_words_why_it_is_here(visitor: Visitor) -> None:
    visitor.go("/").says("our son died at 20 weeks, the placenta. I did not want photos and now I am glad we have them")
    rows = visitor.page.locator(".groups .found > li")
    assert rows.count() == 6
    for row in rows.all():
        assert row.locator(".sentence").inner_text().strip()
        assert row.locator("a").get_attribute("href").startswith("/read/")  # type: ignore[union-attr]
        why = row.locator("p.small").inner_text()
        assert why.strip()
        assert "%" not in why
    assert re.search(r"Also at (about )?20 weeks", visitor.page.locator(".groups").inner_text())


def test_p1_no_byte_of_a_photo_before_it_is_unfolded(visitor: Visitor) -> None:
    _to_ansel(visitor)
    assert visitor.asked_for("/photo/") == []
    figure = visitor.page.locator("figure.photo")
    assert "/photo/" not in visitor.page.content()
    expect(figure).to_contain_text("It is not loaded until then.")
    visitor.follow("Unfold this photo", inside=figure)
    expect(figure.locator("img")).to_have_js_property("complete", True)
    assert _drawn(visitor.page)
    assert len(visitor.asked_for("/photo/")) == 1
    figure.get_by_role("link", name="Fold it again").click()
    expect(figure.get_by_role("link", name="Unfold this photo")).to_be_visible()
    visitor.page.reload()
    assert len(visitor.asked_for("/photo/")) == 1


def test_a_photo_opens_in_place_and_takes_the_focus(visitor: Visitor, script: bool) -> None:
    _to_ansel(visitor)
    before = visitor.path
    visitor.follow("Unfold this photo")
    expect(visitor.page.locator("figure.photo img")).to_be_visible()
    if script:
        assert visitor.path == before
        expect(visitor.page.locator("figure.photo")).to_be_focused()
    else:
        assert "unfold=" in visitor.path
        assert urlsplit(visitor.page.url).fragment.startswith("photo-")


def test_folded_again_next_time(visitor: Visitor) -> None:
    _to_ansel(visitor)
    address = visitor.path
    visitor.follow("Unfold this photo")
    expect(visitor.page.locator("figure.photo img")).to_be_visible()
    visitor.go("/read/").go(address)
    expect(visitor.page.locator("figure.photo img")).to_have_count(0)


def test_p3_a_chapter_of_a_new_pregnancy_stays_folded_until_asked_for(visitor: Visitor) -> None:
    visitor.go("/read/")
    while not visitor.page.get_by_role("link", name="Isla").count():
        visitor.follow("Those told before")
    visitor.follow("Isla")
    chapter = visitor.page.locator(".chapter", has=visitor.page.get_by_text("This chapter speaks of a new pregnancy."))
    expect(chapter.locator(".beat")).to_have_count(0)
    place = chapter.get_attribute("id")
    visitor.follow("Unfold this chapter", inside=chapter)
    opened = visitor.page.locator(f"#{place}")
    expect(opened.locator(".beat").first).to_be_visible()


def test_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.go("/find/")
    page = visitor.page
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator("textarea:focus").count():
            break
    page.keyboard.type("our daughter was born still at 30 weeks")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Find people")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector(".groups")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.locator(".found a:focus").count():
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/read/**")


def _to_ansel(visitor: Visitor) -> None:
    visitor.go("/find/words/")
    visitor.page.get_by_label("Which words should a story hold?").fill('garage "fire notice"')
    visitor.press("Look").follow("Ansel, told by Mara")


def _drawn(page: Page) -> bool:
    return bool(page.locator("figure.photo img").evaluate("image => image.naturalWidth > 0"))
