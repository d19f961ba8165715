"""C8, D1, L1: what another parent has a part in cannot be made to disappear by one: there are three days to bring it back."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import connections

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.jobs import finish_erasures
from alongside.keepsakes import erasing, leaving
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from alongside.keepsakes.writing import LetGo
from alongside.stories import coming_and_going
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import NOW, Cast, box_of, gather, join
from tests.families.guests import is_fresh
from tests.keepsakes.household import Household, Person, at


def both_wrote(house: Household) -> Memory:
    memory = house.keeps(house.mara, "Dear Ansel,", title="The blind")
    with acting_for(house.cast.tobias.pk):
        memory.keep(house.cast.tobias, Said(text="Dear Ansel, and what he wrote."), base=1, tab="", now=NOW)
    with acting_for(house.cast.mara.pk):
        # Also where his words stand in an earlier version alone.
        memory.keep(house.cast.mara, Said(text="Without his."), base=2, tab="", now=NOW)
    return memory


@pytest.mark.django_db
def test_c8_what_the_other_wrote_in_is_never_erased_at_once_and_they_can_bring_it_back(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    memory = both_wrote(house)
    with time_machine.travel(NOW, tick=False):
        mara, tobias, ilse = is_fresh(Person(house.cast.mara)), Person(house.cast.tobias), Person(house.ilse.account)
        assert "Erase it now" not in mara.sees(at("let_go", memory.pk))
        assert "everyone who holds it can bring it back" in mara.sees(at("let_go", memory.pk))
        with django_capture_on_commit_callbacks(execute=True):
            sure = {"when": "now", "sure": "yes"}
            assert mara.does(at("let_go", memory.pk), sure)["Location"] == house.at_box
        assert Erasure.objects.get().due_at == NOW + timedelta(hours=72)
        assert "Something you let go of at" in mara.sees("/box/")
        assert "Something was let go of at" in tobias.sees("/box/")
        assert "let go of" not in ilse.sees("/box/")
        assert ilse.does(at("bring_back", memory.pk), page="/box/new/").status_code == 404
        assert tobias.does(at("bring_back", memory.pk), page="/box/")["Location"] == at("item", memory.pk)
        assert "Without his." in tobias.sees(at("item", memory.pk))
    with acting_for(house.cast.tobias.pk):
        assert len(Memory.objects.get(pk=memory.pk).history()) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("his", ["Dear Ansel, ", " Dear\u200b Ansel,\n"])
def test_t2_a_space_does_not_keep_her_from_erasing_what_is_hers_alone(
    house: Household, django_capture_on_commit_callbacks: Any, his: str
) -> None:
    memory, along = (house.keeps(house.mara, "Dear Ansel,", title="The blind") for _ in range(2))
    with acting_for(house.cast.tobias.pk):
        for one in (memory, along):
            one.keep(house.cast.tobias, Said(text=his, title="The blind"), base=1, tab="", now=NOW)
    with acting_for(house.cast.mara.pk):
        leaves = leaving.put_in_alone([house.box], house.cast.mara)
        assert set(leaves) == {memory, along}
        erasing.let_go_of_memory(along, house.cast.mara, NOW)
    with acting_for(house.cast.tobias.pk):
        assert not erasing.that_can_come_back(house.cast.tobias.pk, NOW).exists()
    with acting_for(house.cast.mara.pk):
        assert erasing.that_can_come_back(house.cast.mara.pk, NOW).exists()
    mara = is_fresh(house.mara)
    assert "Erase it now" in mara.sees(at("let_go", memory.pk))
    with django_capture_on_commit_callbacks(execute=True):
        mara.does(at("let_go", memory.pk), {"when": "now", "sure": "yes"})
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, memory.item)


@pytest.mark.django_db
def test_d1_one_word_of_his_is_his(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    with acting_for(house.cast.tobias.pk):
        memory.keep(house.cast.tobias, Said(text="Dear Ansel, x"), base=1, tab="", now=NOW)
    with acting_for(house.cast.mara.pk):
        assert not erasing.is_theirs_alone(memory, house.cast.mara)
        assert leaving.put_in_alone([house.box], house.cast.mara) == []
        erasing.let_go_of_memory(memory, house.cast.mara, NOW, fresh=True)
    with acting_for(house.cast.tobias.pk):
        assert erasing.that_can_come_back(house.cast.tobias.pk, NOW).exists()


@pytest.mark.django_db
def test_d1_whoever_writes_in_what_was_let_go_of_is_told_what_is_kept_and_what_is_not(house: Household) -> None:
    memory = both_wrote(house)
    with time_machine.travel(NOW, tick=False):
        mara, tobias = Person(house.cast.mara), Person(house.cast.tobias)
        mara.does(at("let_go", memory.pk), {"when": "later"})
        answer = tobias.writes(memory.pk, "And more of his.", base=3, quiet="", do="keep")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "What was kept of it can come back for three days" in page
        assert "kept nowhere else" not in page
        assert "And more of his." in page
        # A stranger learns nothing of it.
        answer = house.ruth.writes(memory.pk, "Theirs", quiet="")
        assert (answer.status_code, "let go of" in answer.content.decode()) == (404, False)


@pytest.mark.django_db
def test_c8_he_can_bring_it_back_also_after_she_left(house: Household) -> None:
    memory, hers = both_wrote(house), house.keeps(house.mara, "Hers alone.")
    for one in (memory, hers):
        with acting_for(house.cast.mara.pk):
            erasing.let_go_of_memory(one, house.cast.mara, NOW, fresh=one == memory)
    house.box.family.parent(house.cast.mara).leave(NOW)
    waiting = erasing.that_can_come_back(house.cast.tobias.pk, NOW)
    with acting_for(house.cast.tobias.pk):
        assert waiting.get().subject == memory.pk, "what was hers alone is hers to take along"
        erasing.bring_memory_back(waiting.get(), house.cast.tobias, NOW)
    with acting_for(house.cast.mara.pk):
        assert not erasing.that_can_come_back(house.cast.mara.pk, NOW).exists()


@pytest.mark.django_db
def test_c8_a_tribute_always_waits_and_every_parent_and_who_gave_it_can_bring_it_back(house: Household) -> None:
    tribute = house.keeps(house.ilse, "I knitted it.", kind="tribute")
    with time_machine.travel(NOW, tick=False):
        mara, tobias, ilse = Person(house.cast.mara), is_fresh(Person(house.cast.tobias)), Person(house.ilse.account)
        for other in (mara, ilse):
            tobias.does(at("let_go", tribute.pk), {"when": "now"})
            assert Erasure.objects.get().due_at == NOW + timedelta(hours=72)
            assert "Something was let go of at" in other.sees("/box/")
            assert other.does(at("bring_back", tribute.pk), page="/box/").status_code == 302
            assert "I knitted it." in mara.sees(at("item", tribute.pk))


@pytest.mark.django_db
def test_l1_a_tribute_is_erased_at_once_by_who_gave_it(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    tribute = house.keeps(house.ilse, "I knitted it.", kind="tribute")
    with django_capture_on_commit_callbacks(execute=True):
        is_fresh(house.ilse).does(at("let_go", tribute.pk), {"when": "now", "sure": "yes"})
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, tribute.item)


@pytest.mark.django_db
def test_l1_an_erased_box_is_never_opened_again(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    solo = join("Solo")
    box = box_of(solo, name="Sol")
    with acting_for(solo.pk), django_capture_on_commit_callbacks(execute=True):
        erasing.agree_to_erase_box(box, solo, NOW, fresh=True)
    with acting_for(solo.pk):
        with pytest.raises(erasing.Gone):
            erasing.take_back_erasing_box(box, solo, NOW)
        assert KeepsakeBox.objects.get(pk=box.pk).erase_at is not None
    person, back = Person(solo), {"box": ids.show(box.pk), "do": "back"}
    assert person.does("/box/erase/", back, page="/box/new/").status_code == 404


@pytest.mark.django_db
def test_l1_the_job_erases_what_she_took_along_though_she_left(house: Household) -> None:
    gone, stays = house.keeps(house.mara, "Hers alone."), both_wrote(house)
    with acting_for(house.cast.mara.pk):
        coming_and_going.leave(house.box.family, house.cast.mara, keep_copy=False, take_mine=True, now=NOW)
    with time_machine.travel(NOW + timedelta(hours=73), tick=False):
        finish_erasures(0)
    with acting_for(house.cast.tobias.pk):
        assert set(Memory.objects.all()) == {stays}, "its rows too"
    assert Erasure.objects.get(subject=gone.pk).done_at is not None
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, gone.item)


def test_d1_who_writes_while_the_other_leaves_with_it_is_not_told_that_it_is_kept(committed_db: None) -> None:
    cast = gather()
    with acting_for(cast.mara.pk):
        memory = Memory.put(cast.mara, cast.box, "text", now=NOW, said=Said(text="Hers."))
    said: list[str] = []
    chosen = threading.Event()

    def writes() -> None:
        chosen.wait(20)
        try:
            with acting_for(cast.tobias.pk):
                Memory.objects.get(pk=memory.pk).keep(cast.tobias, Said(text="His."), base=1, tab="", now=NOW)
            said.append("kept")
        except LetGo:
            said.append("let go")
        finally:
            connections.close_all()

    thread = threading.Thread(target=writes)
    copy_all = leaving._copy_all

    def slowly(*given: Any) -> Any:
        copied = copy_all(*given)
        chosen.set()
        thread.join(2)
        return copied

    thread.start()
    with patch.object(leaving, "_copy_all", slowly), acting_for(cast.mara.pk):
        leaving.leave(cast.box.family, cast.mara, keep_copy=True, take_mine=True, now=NOW)
    thread.join(30)
    assert said == ["let go"]
