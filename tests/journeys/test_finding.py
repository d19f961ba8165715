"""Finding people: other words, a few more, lists, words in a story, and what is hard to understand (DESIGN 4.3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

SENTENCE = "our son died at 20 weeks, the placenta"


def test_change_my_words_brings_them_back(visitor: Visitor) -> None:
    visitor.go("/").says(SENTENCE).press("Change my words")
    box = visitor.page.get_by_label("What happened, in a few words?")
    expect(box).to_have_value(SENTENCE)
    visitor.says("our daughter died at 20 weeks")
    expect(visitor.page.locator(".words-of")).to_have_text("our daughter died at 20 weeks")


def test_a_few_more_are_others(visitor: Visitor) -> None:
    visitor.go("/").says(SENTENCE)
    first = _found(visitor)
    visitor.press("A few more")
    second = _found(visitor)
    visitor.press("A few more")
    third = _found(visitor)
    assert len(first) == len(second) == len(third) == 6
    assert len({*first, *second, *third}) == 18
    expect(visitor.page.locator(".words-of")).to_have_text(SENTENCE)


def test_p3_a_new_pregnancy_is_left_out_until_asked_for(visitor: Visitor) -> None:
    include = visitor.page.get_by_role("button", name="Include them")
    visitor.go("/").says("our son was stillborn at 37 weeks and afterwards the house was very quiet")
    expect(visitor.page.get_by_text("are left out.")).to_be_visible()
    include.click()
    expect(include).to_have_count(0)
    assert _found(visitor)
    visitor.press("A few more")
    expect(include).to_have_count(0)
    # Asked again each time: nothing was kept of the yes.
    visitor.go("/").says(SENTENCE)
    expect(include).to_be_visible()


def test_p3_somebody_who_names_a_new_pregnancy_is_not_asked(visitor: Visitor) -> None:
    visitor.go("/").says("after our stillbirth I am pregnant again, 12 weeks, and afraid of every scan")
    assert _found(visitor)
    assert visitor.page.get_by_role("button", name="Include them").count() == 0


def test_a_list_instead_of_a_sentence(visitor: Visitor) -> None:
    visitor.go("/").follow("Choose from a list instead")
    visitor.page.get_by_label("Who are you to the baby?").select_option("father")
    kind = visitor.page.get_by_label("What happened?")
    kind.select_option(index=3)
    chosen = kind.evaluate("list => list.selectedOptions[0].text")
    visitor.press("Find people")
    assert visitor.heading == "People who have been there"
    assert chosen in visitor.page.locator(".words-of").inner_text()
    assert len(_found(visitor)) == 6
    visitor.press("Change my choices")
    expect(visitor.page.get_by_label("Who are you to the baby?")).to_have_value("father")


def test_nothing_chosen_is_an_answer_too(visitor: Visitor) -> None:
    visitor.go("/find/list/").press("Find people")
    assert visitor.heading == "People who have been there"
    assert _found(visitor)


def test_words_that_stand_in_a_story(visitor: Visitor) -> None:
    visitor.go("/find/").follow("Look for a word in the stories")
    visitor.page.get_by_label("Which words should a story hold?").fill("gutters")
    visitor.press("Look")
    expect(visitor.page.get_by_role("link", name="Ansel, told by Mara")).to_be_visible()
    visitor.page.get_by_label("Which words should a story hold?").fill("zyxwvut")
    visitor.press("Look")
    expect(visitor.page.get_by_text("Nobody here has used those words yet.")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/find/", "/find/words/"])
def test_nothing_written_is_said_kindly(visitor: Visitor, path: str) -> None:
    visitor.go(path).press("Look" if "words" in path else "Find people")
    summary = visitor.page.get_by_role("alert")
    expect(summary).to_contain_text("Even one word is enough")
    expect(summary).to_be_focused()
    assert "!" not in summary.inner_text()


def test_what_cannot_be_used_is_kept_on_the_page(visitor: Visitor) -> None:
    long = "a place and a word " * 20
    visitor.go("/find/words/").page.get_by_label("Which words should a story hold?").fill(long)
    visitor.press("Look")
    expect(visitor.page.get_by_role("alert")).to_contain_text("up to 300 characters")
    expect(visitor.page.get_by_label("Which words should a story hold?")).to_have_value(long)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("stillborn son", id="two words"),
        pytest.param("😢🕯️💔", id="emoji alone"),
        pytest.param("the room was quiet and nobody said his name. " * 444, id="20,000 characters"),
        pytest.param("Nasz syn zmarł w 20 tygodniu ciąży, łożysko", id="Polish"),
        pytest.param("'; DROP TABLE stories_story; -- ' OR 1=1", id="SQL"),
        pytest.param("fuck off all of you", id="hostile"),
        pytest.param("ابننا توفي في الأسبوع العشرين", id="right to left"),
    ],
)
def test_whatever_is_written_is_shown_back_and_answered(arrive: Callable[..., Visitor], said: str) -> None:
    visitor = arrive().go("/").says(said)
    assert visitor.heading == "People who have been there"
    assert visitor.page.locator(".words-of").inner_text().split() == said.split()
    assert _found(visitor)
    assert visitor.fits() == []


def test_html_is_words_and_nothing_of_it_runs(visitor: Visitor) -> None:
    said = "<script>document.title='ran'</script><img src=x onerror=alert(1)>{{ 7*7 }}</textarea><b>bold</b>"
    visitor.page.on("dialog", lambda dialog: pytest.fail("it ran"))
    visitor.go("/").says(said)
    expect(visitor.page.locator(".words-of")).to_have_text(said)
    assert visitor.page.locator("main :is(script, img, b)").count() == 0
    assert visitor.page.title() == "Find · Alongside"
    visitor.press("Change my words")
    expect(visitor.page.get_by_label("What happened, in a few words?")).to_have_value(said)


@pytest.mark.parametrize("said", ["my dog died last week, she was fourteen", "my father died in spring, he was 80"])
def test_another_grief_is_shown_where_to_turn(visitor: Visitor, said: str) -> None:
    visitor.go("/").says(said)
    expect(visitor.page.get_by_role("heading", name="Where to turn")).to_be_visible()
    assert visitor.page.locator(".cards .card").count() > 0


def test_the_loss_of_a_baby_is_not_sent_elsewhere(visitor: Visitor) -> None:
    visitor.go("/").says(SENTENCE)
    assert visitor.page.get_by_role("heading", name="Where to turn").count() == 0


def _found(visitor: Visitor) -> list[str]:
    links = visitor.page.locator(".groups .found a")
    return [str(link.get_attribute("href")) for link in links.all()]
