"""T1, D1: the names in a box: nobody wipes another's by an older page, or at an unlocked phone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox
from tests.families.guests import is_fresh
from tests.keepsakes.household import Household, Person

pytestmark = pytest.mark.django_db


def _page(house: Household, person: Person) -> tuple[str, dict[str, str]]:
    """Return the settings' address, and what its hidden fields say."""
    address = f"/box/settings/?box={ids.show(house.box.pk)}"
    page = person.sees(address)
    return address, dict(re.findall(r'type="hidden" name="(box|id|mark|csrfmiddlewaretoken)" value="([^"]+)"', page))


def _sends(person: Person, address: str, hidden: dict[str, str], **said: str) -> Any:
    return person.post(address, hidden | {"cloth": "slate"} | said, headers={"Referer": "https://testserver/"})


def _names(house: Household) -> set[str]:
    with acting_for(house.cast.mara.pk):
        return KeepsakeBox.objects.get(pk=house.box.pk).names()


def test_d1_a_name_said_meanwhile_is_not_wiped_by_a_page_from_before_it(house: Household) -> None:
    address, before = _page(house, house.tobias)
    with acting_for(house.cast.mara.pk):
        house.box.add_baby(house.cast.mara, name="Ida")
    tobias = is_fresh(house.tobias)
    answer = _sends(tobias, address, before, called="Ansel B.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "These names stand there now: Ansel, Ida. What you typed is below." in page
    assert 'value="Ansel B."' in page
    assert _names(house) == {"Ansel", "Ida"}
    (mark,) = re.findall(r'name="mark" value="(\w+)"', page)
    assert _sends(tobias, address, before | {"mark": mark}, called="Ansel B.", name_0="Ida").status_code == 302
    assert _names(house) == {"Ansel B.", "Ida"}


@pytest.mark.parametrize("called", ["", "x"])
def test_t1_a_name_is_taken_out_only_by_who_shows_that_it_is_them(house: Household, called: str) -> None:
    address, hidden = _page(house, house.mara)
    answer = _sends(house.mara, address, hidden, called=called)
    assert answer["Location"].startswith("/you/again/?next=")
    assert _names(house) == {"Ansel"}
    assert _sends(is_fresh(house.mara), address, hidden, called=called)["Location"] == house.at_box
    assert _names(house) == ({called} if called else set())


def test_t1_to_add_a_name_or_another_colour_nobody_is_asked(house: Household) -> None:
    address, hidden = _page(house, house.mara)
    answer = _sends(house.mara, address, hidden, called="Ansel", name_0="Ida", cloth="sage")
    assert answer["Location"] == house.at_box
    assert _names(house) == {"Ansel", "Ida"}
