"""D1, D3, C8: making a place and putting things in, on the pages: nothing is made twice, and no word is lost."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from alongside import ids
from alongside.accounts.models import KEEPING, revoke
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.paper import writer_mark
from alongside.keepsakes.said import Said
from tests.cast import NOW
from tests.families.guests import is_fresh
from tests.keepsakes.household import TAB, Household, Person, at

pytestmark = pytest.mark.django_db


def _begins(house: Household, kind: str = "text") -> dict[str, str]:
    return {"box": ids.show(house.box.pk), "kind": kind}


def _all(house: Household) -> list[Memory]:
    with acting_for(house.cast.mara.pk):
        return list(Memory.objects.filter(box=house.box).in_order())


def _told(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.status_code
    told: dict[str, Any] = json.loads(answer.content)
    return told


def _place(person: Person, **said: str) -> dict[str, str]:
    page = person.sees("/box/new/")
    chosen = re.search(r'name="id" value="([^"]+)"', page)
    assert chosen is not None
    return {"id": chosen[1], "cloth": "slate", **said}


def test_h5_who_took_back_her_yes_to_keeping_makes_no_place_and_keeps_nothing(house: Household) -> None:
    with acting_for(house.cast.ruth.pk):
        revoke(house.cast.ruth, KEEPING, NOW)
    assert house.ruth.get("/box/new/").status_code == 302
    with acting_for(house.cast.mara.pk):
        revoke(house.cast.mara, KEEPING, NOW)
    answer = house.mara.writes(ids.new_id(), "Dear Ansel,", quiet="", **_begins(house))
    assert answer.status_code == 422
    assert "Dear Ansel," in answer.content.decode()
    assert _all(house) == []


@pytest.mark.parametrize("kind", ["text", "object", "date"])
def test_d1_the_first_word_begins_a_keepsake_and_a_second_sending_finds_it(house: Household, kind: str) -> None:
    pk = ids.new_id()
    first = _told(house.mara.writes(pk, "Dear", **_begins(house, kind)))
    again = _told(house.mara.writes(pk, "Dear", **_begins(house, kind)))
    assert first == again == {"kept": True, "base": 1, "beside": False, "signed_out": False}
    longer = _told(house.mara.writes(pk, "Dear Ansel,", base=first["base"], **_begins(house, kind)))
    (memory,) = _all(house)
    assert (memory.pk, memory.kind, longer["base"]) == (pk, kind, 2)
    assert house.says(memory).text == "Dear Ansel,"


def test_nothing_written_puts_nothing_in(house: Household) -> None:
    answer = house.mara.writes(ids.new_id(), "  ", quiet="", do="keep", **_begins(house))
    assert answer.status_code == 422
    assert "Even one word is enough" in answer.content.decode()
    assert _all(house) == []


def test_pressing_keep_it_leads_to_its_page(house: Household) -> None:
    pk = ids.new_id()
    answer = house.mara.writes(
        pk, "", quiet="", do="keep", title="Ilse’s hat", shows="Yellow wool", **_begins(house, "object")
    )
    assert answer["Location"] == at("item", pk)
    page = house.tobias.sees(at("item", pk))
    assert "Ilse’s hat" in page
    assert "Yellow wool" in page
    assert "Kept by <bdi>Mara</bdi>" in page


def test_d1_a_day_that_is_in_no_calendar_loses_no_word(house: Household) -> None:
    pk, day = ids.new_id(), {"day_of_month": "31", "month": "2", "year": "2024"}
    assert _told(house.mara.writes(pk, "590 g", **day, **_begins(house, "date")))["kept"]
    answer = house.mara.writes(pk, "590 g", quiet="", do="keep", base=1, **day, **_begins(house, "date"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("We can’t find this day in a calendar") == 1
    assert "<h1><bdi>You and Tobias can see this.</bdi></h1>" in page
    assert re.search(r'name="day_of_month"[^>]* autofocus', page)
    assert not re.search(r"<textarea[^>]* autofocus", page)
    assert "<title>Something’s needed: Box" in page
    assert "590 g" in page
    assert 'value="31"' in page
    answer = house.mara.writes(
        pk, "590 g", quiet="", do="keep", base=1, **day | {"month": "3"}, **_begins(house, "date")
    )
    assert answer.status_code == 302
    assert house.says(_all(house)[0]).day == "2024-03-31"


def test_d1_words_that_may_not_be_kept_come_back_with_the_answer(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    for stranger in house.outsiders:
        answer = stranger.writes(memory.pk, "Something they typed", quiet="")
        assert answer.status_code == 404
        assert "Something they typed" in answer.content.decode()
        assert "Dear Ansel," not in answer.content.decode()
    assert stranger.writes(ids.new_id(), "x", quiet="", **_begins(house)).status_code == 404
    assert [memory.pk] == [one.pk for one in _all(house)]


def test_d1_an_id_that_is_taken_is_nobody_elses_to_begin(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    house.ruth.does("/box/new/", _place(house.ruth))
    with acting_for(house.cast.ruth.pk):
        own = KeepsakeBox.objects.get()
    answer = house.ruth.writes(memory.pk, "mine", quiet="", box=ids.show(own.pk), kind="text")
    assert answer.status_code == 404
    assert "mine" in answer.content.decode()
    assert house.says(memory).text == "Dear Ansel,"


def test_s1_another_sites_page_keeps_nothing_and_its_words_are_not_shown_on_ours(house: Household) -> None:
    sent = {"text": "Dear Ansel,", "tab": TAB, **_begins(house)}
    answer = house.mara.post(at("write", ids.new_id()), sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Dear Ansel," not in answer.content.decode()
    assert _all(house) == []


def test_d1_two_parents_at_once_lose_nothing(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    hers = _told(house.mara.writes(memory.pk, "Dear Ansel, it is night.", base=1, tab="a" * 22))
    his = _told(house.tobias.writes(memory.pk, "Dear Ansel, I hummed.", base=1, tab="b" * 22))
    assert (hers["beside"], his["beside"]) == (False, True)
    assert "Both are kept" in house.mara.sees(at("item", memory.pk))
    page = house.mara.sees(at("beside", memory.pk))
    for words in ("it is night.", "I hummed.", "Tobias"):
        assert words in page
    heads = [str(hers["base"]), str(his["base"])]
    house.mara.does(at("beside", memory.pk), {"choose": heads, "head": heads})
    assert house.says(memory).text == "Dear Ansel, it is night.\n\nDear Ansel, I hummed."
    history = house.tobias.sees(at("history", memory.pk))
    assert "I hummed." in history
    house.tobias.does(at("history", memory.pk), {"number": hers["base"], "do": "back"})
    assert house.says(memory).text == "Dear Ansel, it is night."


def test_s28_two_texts_too_long_for_one_are_answered_kindly_and_both_stay(house: Household) -> None:
    memory = house.keeps(house.mara, "a" * 150_000)
    with acting_for(house.cast.mara.pk):
        memory.keep(house.cast.mara, Said(text="b" * 150_000), base=0, tab="", now=NOW)
        heads = [str(head.number) for head in memory.heads()]
    answer = house.mara.does(at("beside", memory.pk), {"choose": heads, "head": heads})
    assert "Together they are longer than one text can be." in house.mara.sees(answer["Location"])
    with acting_for(house.cast.mara.pk):
        assert len(memory.heads()) == 2


def test_d1_only_its_writer_takes_a_version_out(house: Household) -> None:
    memory = house.keeps(house.mara, "First words.")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        tobias, mara = Person(house.cast.tobias), Person(house.cast.mara)
        tobias.writes(memory.pk, "Second words.", base=1, tab="b" * 22)
        history = at("history", memory.pk)
        is_fresh(tobias).does(history, {"number": "1", "do": "drop"})
        assert "First words." in mara.sees(history)
        is_fresh(mara).does(history, {"number": "1", "do": "drop"})
        assert "First words." not in mara.sees(history)


def test_t1_words_written_over_are_not_destroyed_at_an_unlocked_phone(house: Household) -> None:
    memory = house.keeps(house.mara, "The one letter there is.")
    house.mara.writes(memory.pk, "x", base=1)
    history = at("history", memory.pk)
    answer = house.mara.does(history, {"number": "1", "do": "drop"})
    assert answer["Location"].startswith("/you/again/?next=")
    page = house.mara.sees(history)
    assert "The one letter there is." in page
    assert "cannot be brought back. You’re asked to show that it is you." in page


def test_d1_signed_out_while_writing_the_words_are_kept_and_come_in_after(house: Household) -> None:
    pk = ids.new_id()
    house.guest.get("/")
    page_of_hers = _begins(house) | {"writer": writer_mark(house.cast.mara.pk, pk)}
    answer = house.guest.writes(pk, "Dear Ansel, it is ten past three.", quiet="", do="keep", **page_of_hers)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "You were signed out while you were writing." in page
    assert "it is ten past three." in page
    assert re.search(r'data-state="kept">\s*Kept for this device\. Closing', page)
    assert _told(house.guest.writes(pk, "Dear Ansel, it is half past three.", **page_of_hers))["signed_out"]
    assert _all(house) == []
    house.guest.force_login(house.cast.mara)
    address = f"{at('write', pk)}?box={ids.show(house.box.pk)}&kind=text"
    assert "it is half past three." in house.guest.sees(address)
    (memory,) = _all(house)
    assert memory.contributed_by == house.cast.mara
    assert "it is half past three." in house.tobias.sees(at("item", memory.pk))


def test_d1_signed_out_words_never_reach_a_strangers_box(house: Household) -> None:
    pk = ids.new_id()
    house.guest.writes(pk, "Dear Ansel,", **_begins(house))
    house.guest.force_login(house.cast.ruth)
    assert house.guest.get(f"{at('write', pk)}?box={ids.show(house.box.pk)}&kind=text").status_code == 404
    assert _all(house) == []


def test_a_guest_who_sends_nothing_is_led_to_signing_in(house: Household) -> None:
    assert house.guest.post(at("write", ids.new_id()), headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_form_with_nothing_in_it_changes_nothing(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,", title="The blind", show=True)
    query = f"?box={ids.show(house.box.pk)}"
    for path, status in (
        ("/box/new/", 422),
        (f"/box/settings/{query}", 422),
        (f"/box/erase/{query}", 200),
        (at("let_go", memory.pk), 200),
        (at("who", memory.pk), 200),
        (at("move", memory.pk), 302),
        (at("history", memory.pk), 302),
        (at("beside", memory.pk), 302),
    ):
        assert house.mara.does(path, page="/box/new/").status_code == status, path
    empty = house.mara.post(at("write", memory.pk), headers={"Sec-Fetch-Site": "same-origin"})
    assert empty.status_code == 422
    assert house.says(memory).text == "Dear Ansel,"
    assert "You, Mara and Ilse" in house.tobias.sees("/box/")
    assert "Ansel’s box" in house.tobias.sees("/box/")
    with acting_for(house.cast.mara.pk):
        assert not house.box.erasing_yes.exists()
