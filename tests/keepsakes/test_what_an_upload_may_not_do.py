"""What somebody who sends without end, or with another’s id, can do here: nothing to anybody else (L1, M6, S18, S28)."""

from __future__ import annotations

import os
from typing import Any

import psycopg
import pytest
import time_machine
from django.utils import timezone

from alongside import ids, jobs
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Memory
from alongside.keepsakes.paper import writer_mark
from alongside.keepsakes.uploads import pieces
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import A_DAY, NOW, box_of
from tests.keepsakes.device import HERE, Device, keeps_photo
from tests.keepsakes.household import Household
from tests.keepsakes.pictures import photograph

pytestmark = pytest.mark.django_db


def test_l1_nobody_holds_up_anothers_erasure_by_choosing_its_id(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        photo = keeps_photo(house.mara, house.box)
    theirs = box_of(house.cast.ruth, name="Sol")
    device = Device(house.ruth, theirs, photograph())
    device.id = photo
    assert device.begins().json()["received"] == 0
    assert house.guest.post(f"/write/{ids.show(photo)}/", {"text": "x", "quiet": "1"}, headers=HERE).status_code == 200
    with acting_for(house.cast.mara.pk):
        memory = Memory.objects.get(pk=photo)
        erasure = erasing.let_go_of_memory(memory, house.cast.mara, NOW)
        assert (erasure.kind, erasure.vault, erasure.viewer) == ("memory", house.box.vault, house.cast.mara.pk)
    # Begun after it was let go of, it changes nothing either.
    assert device.sends(0, 1000).status_code == 200
    house.guest.post(f"/write/{ids.show(photo)}/", {"text": "xy", "quiet": "1"}, headers=HERE)
    with django_capture_on_commit_callbacks(execute=True), time_machine.travel(NOW + 4 * A_DAY):
        jobs.finish_erasures(0)
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, memory.item)


def test_s18_one_person_has_one_file_decoded_at_a_time(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0)
    key = int.from_bytes(house.cast.mara.pk.bytes[:8], "big", signed=True)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", [key])
        answer = device.asks("finish")
        assert answer.status_code == 503
        assert "kept in a moment" in answer.json()["busy"]
    assert device.asks("finish").json()["kept"]


def test_s18_a_nearly_full_disk_takes_no_photo_and_says_so(house: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    monkeypatch.setattr(pieces, "LEAST_FREE", 10**18)
    assert device.sends(0).status_code == 503
    answer = Device(house.mara, house.box, photograph(), name="other").asks("begin")
    assert (answer.status_code, "no room for this here" in answer.json()["full"]) == (503, True)
    monkeypatch.undo()
    assert device.sends(0).json() == {"received": len(device.file)}


def test_s28_keeping_what_is_here_of_something_that_is_no_recording_is_no_fault(house: Household) -> None:
    device = Device(house.mara, house.box, b"no sound at all" * 50, kind="voice")
    device.begins()
    device.sends(0)
    page = f"/box/voices/?box={house.at_box.partition('=')[2]}"
    assert house.mara.does(f"{device.at}begun/", {"do": "keep"}, page=page).headers["Location"] == page


def test_s28_a_piece_for_a_box_that_is_erased_is_gone(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    device = Device(house.ruth, box_of(house.cast.ruth, name="Sol"), photograph())
    device.begins()
    with acting_for(house.cast.ruth.pk), django_capture_on_commit_callbacks(execute=True):
        erasing.agree_to_erase_box(device.box, house.cast.ruth, timezone.now(), fresh=True)
    gone = {"gone": True, "who": writer_mark(house.cast.ruth.pk, device.id)}
    assert device.sends(0).json() == gone
    assert device.asks("finish").json() == gone


def test_m6_one_person_cannot_begin_without_end(house: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_ON_THEIR_WAY", 2)
    for number in range(2):
        assert Device(house.mara, house.box, photograph(), name=f"{number}").begins().status_code == 200
    answer = Device(house.mara, house.box, photograph(), name="more").begins()
    assert answer.status_code == 422
    assert "Many are on their way" in answer.json()["refused"]


def test_h5_without_a_yes_to_keeping_nothing_is_taken(house: Household) -> None:
    from alongside.accounts.models import KEEPING, revoke

    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0)
    with acting_for(house.cast.mara.pk):
        revoke(house.cast.mara, KEEPING, timezone.now())
    assert device.asks("finish").status_code == 422
    assert Device(house.mara, house.box, photograph(), name="other").begins().status_code == 422
