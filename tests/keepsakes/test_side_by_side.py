"""D1: where two wrote at once, everything that differs is shown side by side, and no way of going on loses any of it."""

from __future__ import annotations

import re

import pytest

from alongside.keepsakes.models import Memory
from alongside.keepsakes.said import LONGEST, LONGEST_LINE, Said
from tests.keepsakes.household import TAB, Household, at

pytestmark = pytest.mark.django_db
HER_DAY = {"day_of_month": "14", "month": "3", "year": "2024"}
HIS_DAY = {"day_of_month": "", "month": "4", "year": "2024"}


def both_write(house: Household, hers: str = "Yellow wool", his: str = "Too large for him") -> Memory:
    """Let both parents write of one hat at the same time; their words are the same, the lines above them are not."""
    memory = house.keeps(house.mara, "Ilse’s hat", kind="object")
    house.mara.writes(memory.pk, "Ilse’s hat", base=1, shows=hers, kind="object", **HER_DAY)
    house.tobias.writes(memory.pk, "Ilse’s hat", base=1, shows=his, kind="object", tab=TAB[::-1], **HIS_DAY)
    return memory


def heads(page: str) -> list[str]:
    return re.findall(r'name="head" value="(\d+)"', page)


@pytest.mark.parametrize("name", ["beside", "history"])
def test_d1_the_day_and_what_it_looks_like_are_shown_of_both(house: Household, name: str) -> None:
    page = house.mara.sees(at(name, both_write(house).pk))
    for said in ("Yellow wool", "Too large for him", "14 March 2024", "April 2024"):
        assert said in page


def test_d1_going_on_with_both_keeps_both_days_and_both_lines(house: Household) -> None:
    memory = both_write(house)
    both = heads(house.mara.sees(at("beside", memory.pk)))
    house.mara.does(at("beside", memory.pk), {"choose": both, "head": both})
    said = house.says(memory)
    assert (said.day, said.shows) == ("2024-03-14", "Yellow wool · Too large for him")
    assert said.text == "Ilse’s hat\n\nApril 2024"


def test_d1_a_line_that_has_no_room_for_both_goes_on_in_the_text() -> None:
    one, other = Said(text="a", title="b" * LONGEST_LINE), Said(text="c", title="d" * LONGEST_LINE, day="2024")
    assert one.joined_to(other) == Said(text=f"a\n\n{other.title}\n\nc", title=one.title, day="2024")


def test_d1_two_that_are_too_long_together_stay_both_and_the_page_says_so(house: Household) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    for person, sign, tab in ((house.mara, "a", TAB), (house.tobias, "b", TAB[::-1])):
        person.writes(memory.pk, sign * (LONGEST - 1), base=1, tab=tab)
    both = heads(house.mara.sees(at("beside", memory.pk)))
    answer = house.mara.does(at("beside", memory.pk), {"choose": both, "head": both})
    assert "Together they are longer than one text can be" in house.mara.sees(answer["Location"])
    assert heads(house.mara.sees(at("beside", memory.pk))) == both


def test_d1_choosing_none_changes_nothing_and_is_answered(house: Household) -> None:
    memory = both_write(house)
    both = heads(house.mara.sees(at("beside", memory.pk)))
    answer = house.mara.does(at("beside", memory.pk), {"head": both})
    assert "We need to know how it goes on" in house.mara.sees(answer["Location"])
    answer = house.mara.does(at("beside", memory.pk), {"choose": both[:1], "head": both[:1]})
    assert "Something was written here meanwhile" in house.mara.sees(answer["Location"])
    assert heads(house.mara.sees(at("beside", memory.pk))) == both


@pytest.mark.parametrize("name", ["beside", "history"])
def test_times_of_versions_are_the_devices_own_or_say_that_they_are_not(house: Household, name: str) -> None:
    page = house.mara.sees(at(name, both_write(house).pk))
    times = re.findall(r'<time datetime="[^"]+T[^"]+" data-here="\w+">([^<]+)</time>', page)
    assert len(times) >= 2
    assert all(time.endswith(" UTC") for time in times)
    assert "times.js" in page


@pytest.mark.parametrize("name", ["beside", "history"])
def test_an_empty_line_between_paragraphs_is_one_empty_line(house: Household, name: str) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,\n\nit is ten past three.")
    assert ">Dear Ansel,\n\nit is ten past three.<" in house.mara.sees(at(name, memory.pk))
