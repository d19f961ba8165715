"""What stands beside a photo is true for whoever reads it, and says which, where and what to do (V1, V3, P1, D2)."""

from __future__ import annotations

import io
import re

import pytest

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import Memory
from tests.keepsakes.device import HERE, keeps_photo
from tests.keepsakes.household import Household, at
from tests.keepsakes.pictures import photograph

pytestmark = pytest.mark.django_db


def test_v3_a_relative_is_not_told_of_two_writings(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    house.mara.writes(photo, "", shows="His blanket", kind="photo")
    house.tobias.writes(photo, "", shows="The blanket", kind="photo", tab="another-of-twenty-two-")
    with acting_for(house.cast.mara.pk):
        Memory.objects.get(pk=photo).show_to(house.cast.mara, [house.place.pk])
    assert "in two places at the same time" in house.mara.sees(at("item", photo))
    assert "in two places at the same time" not in house.ilse.sees(at("item", photo))


def test_p1_what_is_said_of_the_fold_is_true_whatever_was_chosen(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    answer = house.mara.does("/you/photos/", {"photos": "open"})
    assert 'role="status">Kept.' in house.mara.sees(answer["Location"])
    seen = house.mara.sees(at("item", photo))
    assert "so it lies folded until it is unfolded, for everyone who hasn’t chosen otherwise." in seen
    assert "also one that is said to show no baby" in house.mara.sees("/you/photos/")


def test_p1_unfolded_in_the_tray_a_photo_keeps_its_familys_words(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    house.mara.writes(photo, "", title="In his blanket", shows="Ansel, with his cap on", kind="photo")
    seen = house.mara.sees(f"{house.at_box}&unfold={ids.show(photo)}")
    assert '<p dir="auto">Ansel, with his cap on</p>' in seen


def test_d2_without_script_each_refused_photo_is_said_by_its_place(house: Household) -> None:
    files = [io.BytesIO(photograph()), io.BytesIO(b"no photo"), io.BytesIO(photograph(shade=140)), io.BytesIO(b"")]
    page = f"/box/photos/?box={ids.show(house.box.pk)}"
    seen = house.mara.post(page, {"id": "A" * 22, "files": files}, headers=HERE).content.decode()
    assert "Number 2 of the 4 you chose: We can’t open this" in seen
    assert "Number 4 of the 4 you chose: We can’t open this" in seen
    assert len(re.findall(r'href="/box/[\w-]{22}/write/"', seen)) == 2


def test_v7_originals_are_numbered_by_their_place_and_named_by_nothing_else(house: Household) -> None:
    keeps_photo(house.mara, house.box)
    photo = keeps_photo(house.mara, house.box, photograph(shade=150))
    house.mara.writes(photo, "", title="Ansel", kind="photo")
    keeps_photo(house.mara, house.box, kind="voice")
    answer = house.tobias.get(at("original", photo))
    assert answer["Content-Disposition"] == 'attachment; filename="photo-2.jpg"'
    assert "place and time in it" in house.mara.sees(at("item", photo))


def test_d1_a_line_that_is_too_long_is_said_where_it_is_and_costs_nothing_around_it(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    answer = house.mara.writes(photo, "Words on the sheet.", shows="x" * 401, kind="photo", quiet="")
    seen = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'id="shows"[^>]*aria-describedby="line-wrong" autofocus', seen)
    assert "400 characters at most" in seen
    assert "Change who sees it" in seen
    assert "Words on the sheet." in seen
    assert at("history", photo) in seen
