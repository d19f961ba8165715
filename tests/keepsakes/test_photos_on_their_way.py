"""A photo goes in piece by piece: whole or not at all, whatever breaks, however often it is sent (D2, S16, S37)."""

from __future__ import annotations

import io
import os
from typing import Any

import psycopg
import pytest
import time_machine
from django.utils import timezone

from alongside import ids, jobs
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.files.keeping import open_part
from alongside.keepsakes.models import Erasure, Memory, MemoryObject, Upload, UploadPiece
from alongside.keepsakes.uploads import pieces
from alongside.media import objects
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import A_DAY, NOW, box_of
from tests.keepsakes.device import HERE, Device, keeps_photo
from tests.keepsakes.household import Household, at
from tests.keepsakes.pictures import photograph, recording

pytestmark = pytest.mark.django_db


def stored() -> set[object]:
    """The names of all objects there are."""
    return {name for name, _ in objects.names()}


def original(house: Household, device: Device) -> bytes:
    with acting_for(house.cast.mara.pk):
        return open_part(Memory.objects.get(pk=device.id), "original").read()


def test_d2_a_photo_arrives_whole_in_pieces(house: Household, django_capture_on_commit_callbacks: Any) -> None:
    device = Device(house.mara, house.box, photograph())
    with django_capture_on_commit_callbacks(execute=True):
        answer = device.sends_all(1000)
    assert answer.json() == {"kept": True, "page": at("item", device.id), "words": at("write", device.id)}
    assert original(house, device) == device.file
    with acting_for(house.cast.mara.pk):
        kept = MemoryObject.objects.filter(memory=device.id)
        assert sorted(kept.values_list("part", flat=True)) == ["large", "original", "page", "small"]
        assert not Upload.objects.exists()
        assert not UploadPiece.objects.exists()
        (came_with,) = Erasure.objects.all()
        assert came_with.done_at is not None
        assert came_with.item != Memory.objects.get().item
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, came_with.item)


def test_d2_what_is_sent_again_or_too_early_changes_nothing(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    assert device.sends(5000).json() == {"received": 0}
    assert device.sends(0, 3000).json() == {"received": 3000}
    assert device.sends(0, 3000).json() == {"received": 3000}
    assert device.sends(1000, 3000).json() == {"received": 3000}
    assert device.begins().json()["received"] == 3000
    assert device.asks("finish").status_code == 409
    assert device.sends(3000).json() == {"received": len(device.file)}
    assert device.asks("finish").json()["kept"]
    assert original(house, device) == device.file


def test_s37_finishing_twice_keeps_one(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.sends_all()
    assert device.asks("finish").json()["kept"]
    assert device.begins().json()["kept"]
    with acting_for(house.cast.mara.pk):
        assert Memory.objects.count() == 1


def test_d2_the_same_photo_chosen_again_goes_on_where_it_stopped(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0, 3000)
    again = Device(house.mara, house.box, device.file)
    assert again.begins().json()["received"] == 3000
    assert again.id == device.id
    other = Device(house.mara, house.box, device.file, name="IMG_2.jpg")
    assert other.begins().json()["received"] == 0


def test_d2_what_is_no_photo_is_refused_kindly_and_nothing_of_it_stays(
    house: Household, django_capture_on_commit_callbacks: object
) -> None:
    before = stored()
    device = Device(house.mara, house.box, b"\xff\xd8\xff not a photo at all" * 100)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = device.sends_all()
    assert answer.status_code == 422
    assert answer.json() == {
        "refused": "We can’t open this as a photo, so it isn’t kept. It is still on your device; the others are safe."
    }
    with acting_for(house.cast.mara.pk):
        for model in (Memory, Upload, UploadPiece):
            assert not model._default_manager.exists()
    assert stored() == before


def test_d2_one_larger_than_can_be_taken_is_refused_before_it_is_sent(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    answer = device.asks("begin", size=pieces.MOST_BYTES + 1)
    assert answer.status_code == 422
    assert "120 megapixels" in answer.json()["refused"]


def test_d2_a_sign_in_that_ran_out_keeps_what_has_arrived(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0, 3000)
    signed_out = Device(house.guest, house.box, device.file)
    signed_out.id = device.id
    assert signed_out.sends(3000).status_code == 401
    assert signed_out.sends(3000).json() == {"signed_out": True}
    assert device.sends(3000).json() == {"received": len(device.file)}
    assert device.asks("finish").json()["kept"]


def test_v1_nobody_else_adds_to_it_or_sees_it(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    for person in (house.tobias, house.ilse, *house.outsiders):
        other = Device(person, house.box, device.file)
        other.id = device.id
        assert other.sends(0).status_code == 404
        assert other.asks("finish").status_code == 404
        assert person.get(device.at).status_code == 404
    for person in (house.ilse, *house.outsiders):
        assert Device(person, house.box, device.file).asks("begin").status_code == 404
    assert house.mara.get(device.at).json()["received"] == 0


def test_s5_a_forgetful_view_sees_no_row_of_it(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0, 3000)
    kept = keeps_photo(house.mara, house.box, photograph(shade=120))
    for nobody in (house.cast.ruth.pk, house.cast.dami.pk):
        with acting_for(nobody):
            assert not Upload.objects.exists()
            assert not UploadPiece.objects.exists()
            assert not MemoryObject.objects.filter(memory=kept).exists()
    with acting_for(house.cast.tobias.pk):
        assert not Upload.objects.exists()
        assert MemoryObject.objects.filter(memory=kept).exists()


def test_l1_what_is_never_finished_goes_after_a_week_its_key_first(house: Household) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0, 3000)
    with acting_for(house.cast.mara.pk):
        item = Upload.objects.get().item
    vaults.here().open(house.box.vault, item)
    with time_machine.travel(timezone.now() + 6 * A_DAY):
        jobs.finish_erasures(0)
        assert device.sends(3000, 10).json() == {"received": 3010}
    with time_machine.travel(timezone.now() + 12 * A_DAY):
        jobs.finish_erasures(0)
        assert house.mara.get(device.at).status_code == 200
    with time_machine.travel(timezone.now() + 14 * A_DAY):
        jobs.finish_erasures(0)
        assert device.sends(3010).json() == {"gone": True}
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, item)


def test_d2_letting_go_of_something_begun(house: Household, django_capture_on_commit_callbacks: object) -> None:
    before = stored()
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0, 3000)
    page = f"/box/photos/?box={house.at_box.partition('=')[2]}"
    assert "Begun, and not finished" in house.mara.sees(page)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert house.mara.does(f"{device.at}begun/", {"do": "drop"}, page=page).status_code == 302
    assert stored() == before
    assert "Begun, and not finished" not in house.mara.sees(page)


def test_a_recording_that_nobody_ended_can_be_kept(house: Household) -> None:
    device = Device(house.mara, house.box, recording(), kind="voice")
    device.begins()
    device.sends(0)
    page = f"/box/voices/?box={house.at_box.partition('=')[2]}"
    answer = house.mara.does(f"{device.at}begun/", {"do": "keep"}, page=page)
    assert answer.headers["Location"] == at("item", device.id)
    assert original(house, device) == device.file


def test_without_script_a_form_takes_several_and_one_that_cannot_be_taken_costs_no_other(house: Household) -> None:
    page = f"/box/photos/?box={house.at_box.partition('=')[2]}"
    files = [io.BytesIO(photograph()), io.BytesIO(b"no photo"), io.BytesIO(photograph(shade=140))]
    said = {"id": "A" * 22, "files": files}
    answer = house.mara.post(page, said, headers=HERE)
    assert answer.status_code == 422
    assert "We can’t open this as a photo" in answer.content.decode()
    assert "The others are kept." in answer.content.decode()
    for file in files:
        file.seek(0)
    house.mara.post(page, said, headers=HERE)
    with acting_for(house.cast.mara.pk):
        assert Memory.objects.filter(kind="photo").count() == 2


def test_without_script_nothing_chosen_is_said_kindly(house: Household) -> None:
    page = f"/box/photos/?box={house.at_box.partition('=')[2]}"
    answer = house.mara.post(page, {"id": "A" * 22}, headers=HERE)
    assert answer.status_code == 422
    assert "There is no photo chosen yet" in answer.content.decode()


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
    assert device.sends(0).json() == {"gone": True}
    assert device.asks("finish").json() == {"gone": True}


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
