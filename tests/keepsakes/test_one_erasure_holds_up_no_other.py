"""L1, S14: a key record that is lost or damaged, or any other fault with one erasure, keeps no other from its time."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import time_machine

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.jobs import finish_erasures
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import NOW, box_of
from tests.keepsakes.household import Household
from tests.vault.test_keys_survive import record

pytestmark = pytest.mark.django_db
THREE_DAYS_ON = NOW + timedelta(hours=73)


def _lets_go_in_two_boxes(house: Household) -> tuple[Memory, Memory]:
    """One of Mara's, due first, and one of Ruth's in a box of her own."""
    first, ruth = house.keeps(house.mara, "Dear Ansel,"), house.cast.ruth
    box: KeepsakeBox = box_of(ruth, name="Ida")
    with acting_for(house.cast.mara.pk):
        erasing.let_go_of_memory(first, house.cast.mara, NOW)
    with acting_for(ruth.pk):
        second = Memory.put(ruth, box, "text", now=NOW, said=Said(text="Dear Ida,"))
        erasing.let_go_of_memory(second, ruth, NOW + timedelta(minutes=5))
    return first, second


def _is_erased(memory: Memory) -> bool:
    with pytest.raises(KeyErased):
        vaults.here().open(memory.box.vault, memory.item)
    return Erasure.objects.get(subject=memory.pk).done_at is not None


@pytest.mark.parametrize("fault", ["lost", "damaged"])
def test_l1_s14_a_key_record_that_is_gone_or_garbled_is_erased_and_so_is_what_comes_after(
    house: Household, fault: str
) -> None:
    first, second = _lets_go_in_two_boxes(house)
    for folder in vaults.here().keyring.folders:
        path = record(folder.path, house.box.vault)
        path.unlink() if fault == "lost" else path.write_bytes(b"AVR1")
    vaults.here().held.forget(house.box.vault)
    with time_machine.travel(THREE_DAYS_ON, tick=False):
        finish_erasures(0)
    assert _is_erased(second)
    assert _is_erased(first), "the ledger names it, should its record come back"


def test_l1_whatever_goes_wrong_with_one_is_logged_and_the_rest_is_erased(
    house: Household, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = _lets_go_in_two_boxes(house)

    def remove(erasure: Erasure) -> int:
        if erasure.subject == first.pk:
            raise ValueError("Dear Ansel,")
        return erasing.remove_memory(erasure)

    with caplog.at_level(logging.ERROR, logger=erasing.__name__):
        assert erasing.finish_due(THREE_DAYS_ON, {Erasure.Kind.MEMORY: remove}) == 1
        assert erasing.finish_due(THREE_DAYS_ON, {Erasure.Kind.MEMORY: remove}) == 0, "the job ends its round"
    assert _is_erased(second)
    waits = Erasure.objects.get(subject=first.pk)
    assert waits.done_at is None
    assert ids.show(waits.pk) in caplog.text
    assert erasing.finish_due(THREE_DAYS_ON, erasing.REMOVE) == 1
    assert _is_erased(first)
