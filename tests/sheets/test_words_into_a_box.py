"""PRODUCT 2 "Write": words written without an account move into a box on joining, once she says so; and none is lost."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.sheets.models import Sheet
from tests.cast import Cast
from tests.home.browser import Browser
from tests.keepsakes.household import Person
from tests.sheets.writer import TEXT, Writer

pytestmark = pytest.mark.django_db
WITH_WORDS = "Make a place with these words in it"


def joined(guest: Writer, cast: Cast) -> Person:
    """Let somebody without a box come in at the browser in which a guest wrote."""
    person = Person(cast.ruth)
    person.cookies["__Host-sheet"] = guest.cookies["__Host-sheet"].value
    return person


def way_of(page: str) -> str:
    found = re.search(rf'href="(/box/new/\?words=[\w-]{{22}})">{WITH_WORDS}', page)
    assert found is not None
    return found[1]


def makes(person: Person, way: str, **more: str) -> str:
    """Open the page and press "Make this place"; return where that leads."""
    page = person.sees(way)
    said = dict(re.findall(r'name="(id|words)" value="([\w-]{22})"', page))
    assert TEXT in page
    answer = person.does("/box/new/", {**said, "cloth": "slate", **more}, page=way)
    assert person.does("/box/new/", {**said, "cloth": "slate"}, page="/box/new/")["Location"] == answer["Location"]
    return str(answer["Location"])


def test_d1_a_place_is_made_with_the_words_of_this_device_in_it(cast: Cast) -> None:
    guest = Writer()
    guest.keeps(f"{TEXT}\n\nMore.")
    person = joined(guest, cast)
    assert WITH_WORDS not in person.sees("/write/kept/")
    box = makes(person, way_of(person.sees("/write/kept/?show")), name_0="Noa")
    assert TEXT in person.sees(box)
    with acting_for(cast.ruth.pk):
        (memory,) = Memory.objects.filter(box__in=KeepsakeBox.objects.all())
        assert memory.now_says().text == f"{TEXT}\n\nMore."
        assert memory.contributed_by == cast.ruth
    assert "Nothing is kept for this device." in person.sees("/write/kept/?show")
    assert TEXT not in person.sees("/write/sheets/")


def test_d1_from_a_sheet_of_her_own_the_words_are_carried_along(cast: Cast) -> None:
    ruth = Writer(cast.ruth)
    ruth.keeps(TEXT)
    person = Person(cast.ruth)
    box = makes(person, way_of(person.sees(reverse("sheets:put", args=[ruth.sheet]))))
    assert TEXT in person.sees(box)


def test_who_holds_a_box_is_not_asked_to_make_another(cast: Cast) -> None:
    guest = Writer()
    guest.keeps(TEXT)
    mara = Browser(cast.mara)
    mara.cookies["__Host-sheet"] = guest.cookies["__Host-sheet"].value
    assert WITH_WORDS not in mara.get("/write/kept/?show").content.decode()


def test_v1_nobody_elses_words_are_shown_or_put_in_a_box(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    ruth = Person(cast.ruth)
    way = f"/box/new/?words={ids.show(mara.sheet)}"
    assert TEXT not in ruth.sees(way)
    said = {"id": ids.show(ids.new_id()), "cloth": "slate", "words": ids.show(mara.sheet)}
    ruth.does("/box/new/", said, page=way)
    with acting_for(cast.mara.pk):
        assert Sheet.objects.get(pk=mara.sheet).put_as is None
    with acting_for(cast.ruth.pk):
        assert not Memory.objects.exists()


def test_l1_words_that_were_let_go_of_are_neither_shown_nor_put(cast: Cast) -> None:
    guest = Writer()
    guest.handler.enforce_csrf_checks = False
    guest.keeps(TEXT)
    guest.post(reverse("sheets:let_go", args=[guest.sheet]), {"when": "later"})
    person = joined(guest, cast)
    way = f"/box/new/?words={ids.show(guest.sheet)}"
    assert TEXT not in person.sees(way)
    said = {"id": ids.show(ids.new_id()), "cloth": "slate", "words": ids.show(guest.sheet)}
    assert person.does("/box/new/", said, page=way).status_code == 302
    with acting_for(cast.ruth.pk):
        assert not Memory.objects.exists()
