"""Making a place: of one baby, of several, of none that has a name; made once, however often it is sent (D1)."""

from __future__ import annotations

import re

import pytest

from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox
from tests.keepsakes.household import Household, Person

pytestmark = pytest.mark.django_db


def _place(person: Person, **said: str) -> dict[str, str]:
    page = person.sees("/box/new/")
    chosen = re.search(r'name="id" value="([^"]+)"', page)
    assert chosen is not None
    return {"id": chosen[1], "cloth": "slate", **said}


def test_a_place_is_made_with_nothing_said(house: Household) -> None:
    answer = house.ruth.does("/box/new/", _place(house.ruth))
    assert answer.status_code == 302
    page = house.ruth.sees(answer["Location"])
    assert "Your box" in page
    assert "Held by you." in page


def test_d1_a_place_sent_twice_is_one_place(house: Household) -> None:
    said = _place(house.ruth, name_0="Noa", cloth="sage")
    first, second = (house.ruth.does("/box/new/", said) for _ in range(2))
    assert first["Location"] == second["Location"]
    with acting_for(house.cast.ruth.pk):
        box = KeepsakeBox.objects.get()
        assert (box.name, box.cloth) == ("Noa", "sage")


def test_twins_one_of_whom_lives(house: Household) -> None:
    house.ruth.does("/box/new/", _place(house.ruth, name_0="Noa", name_1="Ida", lives_1="on"))
    assert "Noa’s box" in house.ruth.sees("/box/")
    with acting_for(house.cast.ruth.pk):
        told = [(baby.told.name, baby.told.lives) for baby in KeepsakeBox.objects.get().babies.all()]
    assert told == [("Noa", False), ("Ida", True)]
    page = house.ruth.sees("/box/settings/")
    assert 'value="Ida"' in page
    (mark,) = re.findall(r'name="mark" value="(\w+)"', page)
    said = _place(house.ruth, called="Noa and Ida", cloth="clay", name_0="Noa", name_1="Ida", mark=mark)
    house.ruth.does("/box/settings/", said)
    assert "Noa and Ida’s box" in house.ruth.sees("/box/")
    with acting_for(house.cast.ruth.pk):
        assert not any(baby.told.lives for baby in KeepsakeBox.objects.get().babies.all())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, []),
        ({"unnamed_1": "on"}, [("", False), ("", False)]),
        ({"name_0": "Noa", "unnamed_1": "on", "unnamed_2": "on"}, [("Noa", False), ("", False), ("", False)]),
        ({"lives_1": "on", "name_1": "Ida"}, [("", False), ("Ida", True)]),
        ({"name_1": "Ida", "unnamed_1": "on"}, [("", False), ("Ida", False)]),
    ],
)
def test_a_baby_without_a_name_is_one_as_well(
    house: Household, said: dict[str, str], told: list[tuple[str, bool]]
) -> None:
    house.ruth.does("/box/new/", _place(house.ruth, **said))

    def is_told() -> list[tuple[str, bool]]:
        with acting_for(house.cast.ruth.pk):
            babies = KeepsakeBox.objects.get().babies.all()
            return [(baby.told.name, baby.told.lives) for baby in babies]

    assert is_told() == told
    ticked = re.findall(r'name="((?:unnamed|lives)_\d)"[^>]* checked', house.ruth.sees("/box/settings/"))
    names = dict(re.findall(r'name="(name_\d)" value="(\w+)"', house.ruth.sees("/box/settings/")))
    again = dict.fromkeys(ticked, "on") | names
    house.ruth.does("/box/settings/", {**_place(house.ruth), **again}, page="/box/settings/")
    assert is_told() == told
