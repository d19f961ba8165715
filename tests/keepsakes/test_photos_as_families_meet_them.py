"""Photos and voices as somebody meets them who knows nothing of how they are kept (D2, P1, V1, V7, H1)."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import Memory, Upload
from tests.home.browser import Browser
from tests.keepsakes.device import HERE, Device, keeps_photo
from tests.keepsakes.household import Household, Person, at
from tests.keepsakes.pictures import photograph

pytestmark = pytest.mark.django_db
_PICTURE = re.compile(r'src="(/box/[\w-]+/photo/\w+/\?good=[^"]+)"')


def unfolded(person: Person, name: str, photo: uuid.UUID) -> str:
    """Return one of a photo's pages as somebody sees it who asked for the photo to be unfolded."""
    return person.sees(f"{at(name, photo)}?unfold={ids.show(photo)}")


def form_of(house: Household, kind: str = "photos") -> str:
    """Return the address at which photos of this box go in."""
    return f"/box/{kind}/?box={ids.show(house.box.pk)}"


@pytest.mark.parametrize("kind", ["photo", "voice"])
def test_d2_an_empty_file_is_refused_and_nothing_waits_for_more_of_it(
    house: Household, kind: str, django_capture_on_commit_callbacks: Any
) -> None:
    device = Device(house.mara, house.box, b"", kind=kind)
    device.begins()
    with django_capture_on_commit_callbacks(execute=True):
        answer = device.asks("finish")
    assert answer.status_code == 422
    assert "so it isn’t kept" in answer.json()["refused"]
    with acting_for(house.cast.mara.pk):
        assert not Upload.objects.exists()


def test_h1_see_it_larger_is_a_page_that_can_be_left_and_shows_nothing_unasked(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    (there,) = re.findall(r'href="([^"]+)">See it larger<', unfolded(house.mara, "item", photo))
    seen = house.mara.sees(there)
    assert "<title>Box · Alongside</title>" in seen
    assert "Leave quickly" in seen
    assert "Help now" in seen
    (picture,) = _PICTURE.findall(seen)
    assert "/photo/large/" in picture
    assert house.mara.get(picture).status_code == 200
    assert _PICTURE.findall(house.mara.sees(at("larger", photo))) == []
    elsewhere = house.mara.get(there, headers={"Sec-Fetch-Site": "cross-site"})
    assert _PICTURE.findall(elsewhere.content.decode()) == []
    assert house.ilse.get(there).status_code == 404


def test_p1_turning_shows_a_folded_photo_only_when_it_is_unfolded(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    (there,) = re.findall(r'href="([^"]+/shape/[^"]*)"', house.tobias.sees(at("item", photo)))
    seen = house.tobias.sees(there)
    assert _PICTURE.findall(seen) == []
    assert "Unfold this photo" in seen
    (there,) = re.findall(r'href="([^"]+/shape/[^"]*)"', unfolded(house.tobias, "item", photo))
    assert _PICTURE.findall(house.tobias.sees(there)) != []
    turned = house.tobias.does(there, {"turn": "right"})
    assert _PICTURE.findall(house.tobias.sees(turned["Location"].partition("#")[0])) != []
    turned = house.tobias.does(at("shape", photo), {"turn": "right"})
    assert _PICTURE.findall(house.tobias.sees(turned["Location"].partition("#")[0])) == []


def test_v7_what_lies_open_for_an_hour_still_leads_to_the_photo(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    seen = unfolded(house.mara, "item", photo)
    (larger,) = re.findall(r'href="([^"]+)">See it larger<', seen)
    (copy,) = re.findall(r'href="([^"]+)" download="photo.webp"', seen)
    picture = _PICTURE.findall(seen)[0]
    with time_machine.travel(timezone.now().timestamp() + 3600):
        assert house.mara.get(_PICTURE.findall(house.mara.sees(larger))[0]).status_code == 200
        fresh = house.mara.get(copy)
        assert fresh.status_code == 302
        assert house.mara.get(fresh["Location"])["Content-Type"] == "image/webp"
        # Its own address is good no more; whoever opens it by itself is led to the page, if it is theirs to see.
        assert house.mara.get(picture).status_code == 404
        opened = {"Sec-Fetch-Dest": "document"}
        assert house.mara.get(picture, headers=opened)["Location"] == at("item", photo)
        assert house.ilse.get(picture, headers=opened).status_code == 404
        assert house.ilse.get(copy).status_code == 404


def test_d2_a_line_about_something_kept_meanwhile_leads_to_it(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    device = Device(house.mara, house.box, photograph())
    with django_capture_on_commit_callbacks(execute=True):
        device.sends_all()
    answer = house.mara.does(f"{device.at}begun/", {"do": "drop"}, page=form_of(house).replace("photos/", "settings/"))
    assert answer["Location"] == at("item", device.id)
    assert house.tobias.does(f"{device.at}begun/", {"do": "drop"}, page="/box/new/").status_code == 404


def test_d2_without_script_the_same_photo_chosen_again_ends_what_was_begun(
    house: Household, django_capture_on_commit_callbacks: Any
) -> None:
    device = Device(house.mara, house.box, photograph())
    device.begins()
    device.sends(0, 3000)
    other = Device(house.mara, house.box, photograph(shade=150), name="IMG_2.jpg")
    other.begins()
    other.sends(0, 3000)
    with django_capture_on_commit_callbacks(execute=True):
        house.mara.post(form_of(house), {"id": "A" * 22, "files": [io.BytesIO(device.file)]}, headers=HERE)
    with acting_for(house.cast.mara.pk):
        assert list(Upload.objects.values_list("pk", flat=True)) == [other.id]
        assert Memory.objects.filter(kind="photo").count() == 1


@pytest.mark.parametrize("kind", ["photos", "voices"])
def test_d2_a_form_sent_after_the_sign_in_ran_out_says_that_nothing_was_kept(house: Household, kind: str) -> None:
    page = form_of(house, kind)
    answer = house.guest.post(page, {"files": [io.BytesIO(photograph())]}, headers=HERE)
    seen = answer.content.decode()
    assert answer.status_code == 401
    assert "nothing of what you chose was kept" in seen
    assert "still on your device" in seen
    assert f"?next=%2Fbox%2F{kind}%2F%3Fbox%3D{ids.show(house.box.pk)}" in seen


def test_p1_after_signing_in_a_form_leads_back_to_its_page_with_nothing_unfolded(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    page = f"https://testserver{at('shape', photo)}?unfold={ids.show(photo)}"
    nobody = Browser(checks_tokens=False)
    answer = nobody.post(at("shape", photo), {"turn": "left"}, headers=HERE | {"Referer": page})
    assert answer["Location"].endswith(f"?next=%2Fbox%2F{ids.show(photo)}%2Fshape%2F")
    answer = nobody.post(at("shape", photo), {"turn": "left"}, headers=HERE | {"Referer": "https://elsewhere.example/"})
    assert answer["Location"].endswith("?next=%2Fyou%2F")
