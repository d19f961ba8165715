"""A photo goes in piece by piece: whole or not at all, whatever breaks, however often it is sent (D2, S16, S37)."""

from __future__ import annotations

import io
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alongside import jobs
from alongside.database.viewer import acting_for
from alongside.keepsakes.files.keeping import open_part
from alongside.keepsakes.models import Erasure, Memory, MemoryObject, Upload, UploadPiece
from alongside.keepsakes.paper import writer_mark
from alongside.keepsakes.uploads import pieces
from alongside.media import objects
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import A_DAY
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
        assert device.sends(3010).json() == {"gone": True, "who": writer_mark(house.cast.mara.pk, device.id)}
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
