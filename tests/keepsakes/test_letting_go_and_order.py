"""L1, C8: letting go and bringing back, erasing the whole box; the order in which things lie, and their days."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from alongside import ids
from alongside.accounts import fresh
from alongside.database.viewer import acting_for
from alongside.keepsakes import days
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.said import blocks, few_words
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import NOW
from tests.keepsakes.household import Household, Person, at

pytestmark = pytest.mark.django_db
ERASE = "/box/erase/"


def _shows_that_it_is_them(person: Person) -> None:
    session = person.session
    fresh.mark(session, keyed=True, now=time.time())
    session.save()


def _titles(page: str, *titles: str) -> list[str]:
    main = page[page.index("<main") :]
    return sorted((title for title in titles if title in main), key=main.index)


def _erases(person: Person, house: Household, **said: str) -> Any:
    return person.does(ERASE, {"box": ids.show(house.box.pk), **said})


def test_l1_what_is_let_go_of_is_closed_at_once_and_can_be_brought_back(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,", title="The blind", show=True)
    with time_machine.travel(NOW, tick=False):
        mara, tobias, ilse = Person(house.cast.mara), Person(house.cast.tobias), Person(house.ilse.account)
        answer = mara.does(at("let_go", memory.pk), {"when": "later"})
        assert answer["Location"] == house.at_box
        for person in (mara, tobias, ilse):
            assert person.get(at("item", memory.pk)).status_code == 404
        page = mara.sees("/box/")
        assert "The blind" not in page
        assert "Something you let go of at" in page
        assert "23 November, 3:12 UTC" in page
        for person in (tobias, ilse):
            assert "let go of" not in person.sees("/box/")
            assert person.does(at("bring_back", memory.pk), page="/box/new/").status_code == 404
        answer = mara.does(at("bring_back", memory.pk), page="/box/")
        assert answer["Location"] == at("item", memory.pk)
        assert "Dear Ansel," in tobias.sees(at("item", memory.pk))
        assert "Dear Ansel," in ilse.sees(at("item", memory.pk))
        assert not Erasure.objects.exists()


def test_l1_after_three_days_nothing_comes_back(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    with time_machine.travel(NOW, tick=False):
        Person(house.cast.mara).does(at("let_go", memory.pk), {"when": "later"})
    with time_machine.travel(NOW + timedelta(hours=72), tick=False):
        mara = Person(house.cast.mara)
        assert "let go of" not in mara.sees("/box/")
        assert mara.does(at("bring_back", memory.pk), page="/box/new/").status_code == 404


def test_l1_who_left_brings_nothing_back(house: Household) -> None:
    memory = house.keeps(house.tobias, "He hummed it.")
    with time_machine.travel(NOW, tick=False):
        tobias = Person(house.cast.tobias)
        tobias.does(at("let_go", memory.pk), {"when": "later"})
        house.box.family.parent(house.cast.tobias).leave(NOW)
        assert tobias.does(at("bring_back", memory.pk), page="/box/new/").status_code == 404
        assert Erasure.objects.filter(done_at=None).exists()


def test_t1_erasing_at_once_asks_first_whether_it_is_them(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    for said in ({"when": "now"}, {"when": "now", "sure": "yes"}):
        answer = house.mara.does(at("let_go", memory.pk), said)
        assert answer["Location"].startswith("/you/again/?next=")
        assert "Dear Ansel," in house.tobias.sees(at("item", memory.pk))


def test_t1_having_signed_in_a_moment_ago_is_no_yes_to_losing_it_for_good(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel, it is ten past three.")
    _shows_that_it_is_them(house.mara)
    plain = house.mara.does(at("let_go", memory.pk), {"when": "now"})["Location"]
    page = house.mara.sees(plain)
    assert "Erase it for good?" in page
    assert "Dear Ansel, it is ten past three" in page
    assert "Nobody can bring it back then, you included." in page
    assert "Dear Ansel," in house.tobias.sees(at("item", memory.pk))
    assert "You’re asked to show that it is you" not in house.mara.sees(at("let_go", memory.pk))


def test_t1_a_whole_box_is_asked_about_once_more_before_it_is_erased_at_once(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    _shows_that_it_is_them(house.ruth)
    house.ruth.does("/box/new/", {"id": ids.show(ids.new_id()), "cloth": "slate", "name_0": "Noa"})
    with acting_for(house.cast.ruth.pk):
        box = ids.show(KeepsakeBox.objects.get().pk)
    plain = house.ruth.does(ERASE, {"box": box, "when": "now"})["Location"]
    assert "Noa’s box" in house.ruth.sees("/box/")
    assert "The whole box, with everything in it, is erased at once." in house.ruth.sees(plain)
    with django_capture_on_commit_callbacks(execute=True):
        house.ruth.does(plain, {"box": box, "when": "now", "sure": "yes"})
    assert "There’s room here." in house.ruth.sees("/box/")
    assert "closed to everyone" not in house.ruth.sees("/box/")


def test_l1_erased_at_once_its_key_is_gone(house: Household, django_capture_on_commit_callbacks: Any) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    _shows_that_it_is_them(house.mara)
    with django_capture_on_commit_callbacks(execute=True):
        sure = {"when": "now", "sure": "yes"}
        assert house.mara.does(at("let_go", memory.pk), sure)["Location"] == house.at_box
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, memory.item)
    with acting_for(house.cast.mara.pk):
        assert not Memory.objects.exists()
    assert "let go of" not in house.mara.sees("/box/")


def test_l1_the_whole_box_goes_only_when_every_parent_has_said_yes(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    settings = f"/box/settings/?box={ids.show(house.box.pk)}"
    assert _erases(house.mara, house, when="later")["Location"] == settings
    assert "You’ve said yes to erasing it." in house.mara.sees(settings)
    assert "<bdi>Mara</bdi> has said yes to erasing it." in house.tobias.sees(settings)
    assert "Dear Ansel," in house.tobias.sees(at("item", memory.pk))
    _shows_that_it_is_them(house.tobias)
    assert "Erase it for good" not in house.tobias.sees(f"{ERASE}?box={ids.show(house.box.pk)}&for-good")
    assert _erases(house.tobias, house, when="now")["Location"] == "/box/"
    for parent in (house.mara, house.tobias):
        page = parent.sees("/box/")
        assert "There’s room here." in page
        assert "A box is closed to everyone, and will be erased." in page
        assert "Ansel" not in page[page.index("<main") :]
        assert parent.get(at("item", memory.pk)).status_code == 404
        assert parent.get(house.at_box).status_code == 404
    assert "closed to everyone" not in house.ilse.sees("/box/")
    back = house.mara.does(ERASE, {"box": ids.show(house.box.pk), "do": "back"}, page="/box/")
    assert back["Location"] == house.at_box
    assert "Dear Ansel," in house.tobias.sees(at("item", memory.pk))
    assert "<bdi>Mara</bdi> has said yes" not in house.tobias.sees(settings)


def test_l1_a_yes_to_erasing_can_be_taken_back_before_the_other_answers(house: Household) -> None:
    _erases(house.mara, house, when="later")
    _erases(house.mara, house, do="back")
    _erases(house.tobias, house, when="later")
    assert "Ansel’s box" in house.mara.sees(house.at_box)


def test_l1_nobody_else_has_a_say_in_it(house: Household) -> None:
    for other in (house.ilse, *house.outsiders):
        for said in ({"when": "later"}, {"do": "back"}):
            sent = {"box": ids.show(house.box.pk), **said}
            assert other.does(ERASE, sent, page="/box/new/").status_code == 404
    with acting_for(house.cast.mara.pk):
        assert not KeepsakeBox.objects.get().erasing_yes.exists()


def test_things_lie_as_the_family_puts_them(house: Household) -> None:
    names = ("First", "Second", "Third")
    first, second, third = (house.keeps(house.mara, "…", title=name) for name in names)
    assert _titles(house.tobias.sees("/box/"), *names) == ["First", "Second", "Third"]
    move = at("move", third.pk)
    assert house.tobias.does(move, {"do": "earlier"})["Location"] == move
    assert _titles(house.mara.sees("/box/"), *names) == ["First", "Third", "Second"]
    house.mara.does(at("move", first.pk), {"do": "later"})
    house.mara.does(at("move", second.pk), {"do": "later"})
    house.mara.does(at("move", second.pk), {"do": "nonsense"})
    assert _titles(house.mara.sees("/box/"), *names) == ["Third", "First", "Second"]
    page = house.mara.sees(at("item", first.pk))
    assert at("item", third.pk) in page
    assert at("item", second.pk) in page


def test_by_their_days_things_lie_in_time(house: Household) -> None:
    for title, day in (
        ("As it was kept", ""),
        ("His band", "2024-03-14"),
        ("That month", "2024-03"),
        ("That year", "2024"),
        ("Every year", "--03-14"),
        ("Longer ago", "2019-12-31"),
    ):
        house.keeps(house.mara, kind="date", title=title, day=day, text="…")
    page = house.mara.sees("/box/time/")
    wanted = ["Longer ago", "That year", "That month", "His band", "Every year", "As it was kept"]
    assert _titles(page, *wanted) == wanted
    for words in ("14 March 2024", "March 2024", "31 December 2019", "<h2>2019</h2>", "<h2>2026</h2>"):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        (("14", "3", "2024"), "2024-03-14", "14 March 2024"),
        (("", "3", "2024"), "2024-03", "March 2024"),
        (("", "", "2024"), "2024", "2024"),
        (("14", "3", ""), "--03-14", "14 March"),
        (("29", "2", ""), "--02-29", "29 February"),
        (("31", "2", "2024"), "31/2/2024", "31/2/2024"),
        (("14", "", ""), "14//", "14//"),
        (("x", "3", "20"), "x/3/20", "x/3/20"),
        (("a/b", "", ""), "a-b//", "a-b//"),
        (("", "", ""), "", ""),
    ],
)
def test_d1_a_day_is_kept_as_far_as_it_was_given(typed: tuple[str, str, str], kept: str, said: str) -> None:
    form = dict(zip(days.PARTS, typed, strict=True))
    assert days.typed(form) == kept
    assert days.in_words(kept) == said
    assert days.typed(days.parts(kept)) == kept
    assert bool(days.unclear(kept)) == ("/" in kept)


@pytest.mark.parametrize("day", ["the morning after", "2024-13", "2024-00-14", "a/b", "-", "--", "20240314"])
def test_d1_a_day_in_the_familys_own_words_stays_word_for_word(day: str) -> None:
    assert days.in_words(day) == day
    assert days.unclear(day) == ""
    assert not days.is_as_typed(day)
    kept_at = datetime.fromisoformat("2026-11-20T03:12:00+00:00")
    assert days.when(day, kept_at) == (2026, 11, 20)


def test_words_without_a_name_are_told_apart_by_their_first_words(house: Household) -> None:
    texts = ("## Dear Ansel,\nit is ten past three and your dad is asleep, or pretending.", "He hummed it.")
    first, second = (house.keeps(house.mara, text) for text in texts)
    tribute = house.keeps(house.ilse, "I knitted it.", kind="tribute")
    called = "Dear Ansel, it is ten past three and your dad is…"
    for name in ("let_go", "who", "move"):
        assert called in house.mara.sees(at(name, first.pk)), name
    page = house.mara.sees(at("item", second.pk))
    assert f'<span class="small">Before it</span> <bdi>{called}</bdi>' in page
    assert "<bdi>From Ilse · I knitted it.</bdi>" in page
    assert "<bdi>He hummed it.</bdi>" in house.mara.sees(at("item", tribute.pk))


@pytest.mark.parametrize(
    ("text", "few"),
    [
        ("", ""),
        ("He hummed it.", "He hummed it."),
        ("> a\n> b\n\nc", "a b · c"),
        ("## The room\nIt was quiet.", "The room · It was quiet."),
        ("a" * 50, "a" * 48 + "…"),
        (f"{'a ' * 24}b", "a " * 23 + "a…"),
        ("a\n" + "\n" * 400 + "b", "a · b"),
    ],
)
def test_the_first_words_say_when_there_are_more(text: str, few: str) -> None:
    assert few_words(blocks(text)) == few
