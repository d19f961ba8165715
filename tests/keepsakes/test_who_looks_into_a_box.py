"""V1, V3, V5: a box's pages are its parents'; a relative sees what was shown, from the next request on and no longer."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from alongside import ids
from alongside.accounts.own_words import OwnWords
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Memory
from tests.cast import A_DAY, NOW, block, box_of, join
from tests.families.guests import is_fresh
from tests.keepsakes.household import Household, Person, at

pytestmark = pytest.mark.django_db
OF_A_THING = ("item", "write", "beside", "history", "who", "move", "let_go")


def _is_not_there(person: Person, path: str) -> bool:
    answer = person.get(path)
    return answer.status_code == 404 and "here for you to see" in answer.content.decode()


def test_v1_both_parents_see_all_of_it(house: Household) -> None:
    house.keeps(house.mara, "It is ten past three.", title="The blind")
    for parent, line in ((house.mara, "Held by you and Tobias."), (house.tobias, "Held by you and Mara.")):
        page = parent.sees("/box/")
        assert "<title>Box · Alongside</title>" in page
        assert "Ansel’s box" in page
        assert line in page
        assert "Ilse can look at the things you’ve chosen to show." in page
        assert "The blind" in page
        assert "Only us" in page


def test_v1_nobody_else_finds_anything_host_included(house: Household) -> None:
    memory = house.keeps(house.mara, "It is ten past three.", title="The blind")
    for other in house.outsiders:
        assert "There’s room here." in other.sees("/box/")
        for path in (
            house.at_box,
            f"/box/time/?box={ids.show(house.box.pk)}",
            f"/box/add/?box={ids.show(house.box.pk)}",
        ):
            assert _is_not_there(other, path), path
        for name in OF_A_THING:
            assert _is_not_there(other, at(name, memory.pk)), name
        assert (
            other.post(at("write", memory.pk), {"text": "x"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code
            == 404
        )


def test_v1_a_guest_is_led_to_signing_in_and_back(house: Household) -> None:
    memory = house.keeps(house.mara, "It is ten past three.")
    for path in ("/box/", "/box/new/", "/box/add/", "/box/time/", *(at(name, memory.pk) for name in OF_A_THING)):
        answer = house.guest.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith(f"{reverse('account_login')}?next=%2Fbox%2F"), path


def test_v1_a_relative_sees_what_was_shown_and_nothing_else(house: Household) -> None:
    shown = house.keeps(house.mara, "Yellow wool.", title="Ilse’s hat", kind="object", show=True)
    other = house.keeps(house.mara, "Only ours.", title="The blind")
    page = house.ilse.sees("/box/")
    assert "Held by Mara and Tobias. You see what they’ve chosen to show you." in page
    assert "Ilse’s hat" in page
    assert "Shown to you" in page
    assert "The blind" not in page
    assert "Only ours" not in house.ilse.sees("/box/time/")
    assert "Yellow wool." in house.ilse.sees(at("item", shown.pk))
    for name in OF_A_THING:
        assert _is_not_there(house.ilse, at(name, other.pk)), name
    for name in OF_A_THING[1:]:
        assert _is_not_there(house.ilse, at(name, shown.pk)), name
    assert _is_not_there(house.ilse, f"/box/settings/?box={ids.show(house.box.pk)}")
    assert _is_not_there(house.ilse, f"/box/erase/?box={ids.show(house.box.pk)}")


def test_v5_showing_and_taking_back_counts_at_the_next_request(house: Household) -> None:
    memory = house.keeps(house.tobias, "He hummed it.", title="The song")
    who = at("who", memory.pk)
    assert _is_not_there(house.ilse, at("item", memory.pk))
    lets_look = {"do": "chosen", "relative": [ids.show(house.place.pk)]}
    assert house.mara.does(who, lets_look)["Location"].startswith("/you/again/"), "T1: first whether it is her"
    assert _is_not_there(house.ilse, at("item", memory.pk))
    is_fresh(house.mara)
    answer = house.mara.does(who, lets_look)
    assert answer["Location"] == at("item", memory.pk)
    assert "He hummed it." in house.ilse.sees(at("item", memory.pk))
    assert "You, Tobias and Ilse" in house.mara.sees("/box/")
    house.tobias.does(who, {"do": "only-us", "relative": [ids.show(house.place.pk)]})
    assert _is_not_there(house.ilse, at("item", memory.pk))
    assert "The song" not in house.ilse.sees("/box/")
    assert "Only us" in house.mara.sees(at("item", memory.pk))


def test_v5_a_relative_who_is_parted_from_finds_nothing_more(house: Household) -> None:
    memory = house.keeps(house.mara, "Yellow wool.", kind="object", show=True)
    assert house.ilse.sees(at("item", memory.pk))
    house.place.part(house.cast.mara, NOW)
    assert _is_not_there(house.ilse, at("item", memory.pk))
    assert _is_not_there(house.ilse, house.at_box)


def test_v4_behind_a_block_with_one_parent_a_relative_finds_nothing_and_what_they_gave_stays(house: Household) -> None:
    shown = house.keeps(house.mara, "Yellow wool.", kind="object", show=True)
    given = house.keeps(house.ilse, "I knitted it.", kind="tribute")
    other = box_of(house.cast.ruth, name="Sol")
    assert house.ilse.account is not None
    other.family.accept_relative(house.ilse.account, NOW)
    block(house.cast.tobias, house.ilse.account)
    for path in (house.at_box, *(at(name, one.pk) for name in OF_A_THING for one in (shown, given))):
        assert _is_not_there(house.ilse, path), path
    begins = {"box": ids.show(house.box.pk), "kind": "tribute"}
    assert house.ilse.writes(ids.new_id(), "More.", **begins).status_code == 404
    assert "Sol’s box" in house.ilse.sees("/box/"), "another family’s box is as it was"
    for parent in (house.mara, house.tobias):
        assert "I knitted it." in parent.sees(at("item", given.pk))


def test_v1_a_strange_relative_is_not_let_in_by_name(house: Household) -> None:
    memory = house.keeps(house.mara, "Only ours.")
    house.mara.does(at("who", memory.pk), {"do": "chosen", "relative": ["nobody", ids.show(ids.new_id())]})
    assert "Only us" in house.mara.sees(at("item", memory.pk))


def test_v1_words_given_by_a_relative_are_the_parents_to_see_and_theirs_to_change(house: Household) -> None:
    pk = ids.new_id()
    page = house.ilse.sees("/box/add/")
    assert "kind=tribute" in page
    assert "kind=text" not in page
    begins = {"box": ids.show(house.box.pk), "kind": "tribute"}
    assert house.ilse.writes(pk, "I knitted it the week you told me.", title="For Ansel", **begins).status_code == 200
    page = house.mara.sees("/box/")
    assert "For Ansel" in page
    assert "From <bdi>Ilse</bdi>" in page
    assert "You, Tobias and Ilse" in page
    assert "I knitted it" in house.ilse.sees(at("item", pk))
    assert "You gave this" in house.ilse.sees("/box/")
    for name in ("write", "history"):
        assert house.ilse.sees(at(name, pk))
        assert _is_not_there(house.mara, at(name, pk))
    assert "Kept by <bdi>Ilse</bdi>" in house.mara.sees(at("item", pk))


@pytest.mark.parametrize("kind", ["text", "object", "date"])
def test_v1_a_relative_puts_in_nothing_but_words_of_their_own(house: Household, kind: str) -> None:
    answer = house.ilse.writes(ids.new_id(), "x", box=ids.show(house.box.pk), kind=kind)
    assert answer.status_code == 404
    query = f"?box={ids.show(house.box.pk)}&kind="
    assert _is_not_there(house.ilse, at("write", ids.new_id()) + query + kind)
    assert "Mara, Tobias and you can see this." in house.ilse.sees(at("write", ids.new_id()) + query + "tribute")
    assert house.mara.sees(at("write", ids.new_id()) + query + kind)
    assert _is_not_there(house.mara, at("write", ids.new_id()) + query + "tribute")


def test_c8_what_the_other_put_in_is_theirs_to_let_go(house: Household) -> None:
    memory = house.keeps(house.tobias, "He hummed it.", title="The song")
    assert _is_not_there(house.mara, at("let_go", memory.pk))
    token_page = at("who", memory.pk)
    assert house.mara.does(at("let_go", memory.pk), {"when": "later"}, page=token_page).status_code == 404
    assert "Let it go" not in house.mara.sees(at("item", memory.pk))
    assert "Let it go" in house.tobias.sees(at("item", memory.pk))


def test_c8_what_nobody_here_put_in_any_parent_may_let_go(house: Household) -> None:
    memory = house.keeps(house.tobias, "He hummed it.", title="The song")
    house.box.family.parent(house.cast.tobias).leave(NOW)
    with time_machine.travel(NOW + A_DAY, tick=False):
        mara = Person(house.cast.mara)
        assert "Kept by <bdi>Tobias</bdi>" in mara.sees(at("item", memory.pk))
        assert mara.does(at("let_go", memory.pk), {"when": "later"}).status_code == 302


def test_h2_nothing_in_a_box_is_counted(house: Household) -> None:
    for number in range(7):
        house.keeps(house.mara, f"Words {'abcdefg'[number]}.")
    page = house.mara.sees("/box/")
    main = page[page.index("<main") : page.index("</main>")]
    assert not any(said in main for said in (">7<", "seven", "7 ", "%"))


def test_a_box_without_a_name_is_called_as_its_parent_speaks_of_it(house: Household) -> None:
    with acting_for(house.cast.mara.pk):
        house.box.change(house.cast.mara, name="", cloth="sage")
        profile = house.cast.mara.profile
        profile.own_words = OwnWords(name="Pip")
        profile.save()
    assert "Pip’s box" in house.mara.sees("/box/")
    assert "Your box" in house.tobias.sees("/box/")
    assert "Mara and Tobias’s box" in house.ilse.sees("/box/")


def test_v1_of_several_boxes_each_is_one_tap_from_the_other(house: Household) -> None:
    other = box_of(house.cast.mara, name="Sol")
    page = house.mara.sees("/box/")
    assert "Ansel’s box" in page
    assert "Sol’s box" in page
    assert '<h1 dir="auto">Sol’s box</h1>' in house.mara.sees(f"/box/?box={ids.show(other.pk)}")
    assert "Sol" not in house.tobias.sees("/box/")
    assert _is_not_there(house.tobias, f"/box/?box={ids.show(other.pk)}")
    assert _is_not_there(house.mara, "/box/?box=nonsense")


@pytest.mark.parametrize("by_who_gave_it", [True, False])
def test_v4_a_block_keeps_two_relatives_of_one_box_apart(house: Household, by_who_gave_it: bool) -> None:
    other = join("Exe")
    place = house.box.family.accept_relative(other, NOW)
    tribute, hers = house.keeps(house.ilse, "I knitted it.", kind="tribute"), house.keeps(house.mara, "Dear Ansel,")
    with acting_for(house.cast.mara.pk):
        for memory in (tribute, hers):
            memory.show_to(house.cast.mara, [place.pk])
    person, ilse = Person(other), house.ilse.account
    assert ilse is not None
    assert "I knitted it." in person.sees(at("item", tribute.pk))
    block(ilse, other) if by_who_gave_it else block(other, ilse)
    assert person.get(at("item", tribute.pk)).status_code == 404
    assert "Ilse" not in person.sees("/box/")
    assert "Dear Ansel," in person.sees(at("item", hers.pk)), "what the parents gave is still shown"
    assert "I knitted it." in house.ilse.sees(at("item", tribute.pk))
    assert "I knitted it." in house.mara.sees(at("item", tribute.pk))


def test_s28_a_former_parent_who_only_looks_now_is_not_offered_to_let_go_of_what_he_left_there(
    house: Household,
) -> None:
    memory = house.keeps(house.tobias, "He hummed it.")
    house.box.family.parent(house.cast.tobias).leave(NOW)
    place = house.box.family.accept_relative(house.cast.tobias, NOW)
    with acting_for(house.cast.mara.pk):
        memory.show_to(house.cast.mara, [place.pk])
    tobias = is_fresh(Person(house.cast.tobias))
    assert "He hummed it." in (page := tobias.sees(at("item", memory.pk)))
    assert at("let_go", memory.pk) not in page
    assert tobias.does(at("let_go", memory.pk), {"when": "later"}, page="/box/new/").status_code == 404
    assert _is_not_there(tobias, at("let_go", memory.pk))
    given = house.keeps(house.tobias, "From outside now.", kind="tribute")
    assert tobias.does(at("let_go", given.pk), {"when": "later"}).status_code == 302


@pytest.mark.parametrize("whole_box", [False, True])
def test_v3_who_knows_an_id_from_before_does_not_learn_whether_it_still_stands(
    house: Household, whole_box: bool, django_capture_on_commit_callbacks: Any
) -> None:
    gone, ilse, ruth = house.keeps(house.mara, "Dear Ansel,"), house.ilse.account, house.cast.ruth
    assert ilse is not None
    other = box_of(ruth, name="Ida")
    with acting_for(ruth.pk):
        stands = Memory.put(ruth, box_of(ruth, name="Sol"), "text", now=NOW)
        goes = Memory.put(ruth, other, "text", now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        if whole_box:
            with acting_for(ruth.pk):
                erasing.agree_to_erase_box(other, ruth, NOW, fresh=True)
        else:
            with acting_for(house.cast.mara.pk):
                erasing.let_go_of_memory(gone, house.cast.mara, NOW, fresh=True)
    into = {"box": ids.show(box_of(ilse, name="Own").pk), "kind": "text"}
    answers = [house.ilse.writes(one.pk, "Is it there?", **into) for one in (stands, goes if whole_box else gone)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert house.ilse.writes(ids.new_id(), "Mine.", **into).status_code == 200
