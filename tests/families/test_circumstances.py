"""What happened, as facts: every one optional, and nothing that is none."""

from __future__ import annotations

from typing import Any

import pytest

from alongside.families.circumstances import Circumstances, CircumstancesError, how_far_along, how_long_ago

TOLD = Circumstances(
    kinds=("stillbirth_before", "multiple_one"),
    weeks=31,
    relation="father",
    themes=("cord", "faith"),
    since_months=40,
    age_days=0,
)


def test_nothing_is_lost_on_the_way() -> None:
    assert Circumstances.from_json(TOLD.to_json()) == TOLD


def test_nothing_said_is_an_empty_value() -> None:
    assert Circumstances().to_json() == {}
    assert not Circumstances()
    assert Circumstances(age_days=0)


def test_a_life_of_less_than_a_day_is_said() -> None:
    assert Circumstances(age_days=0).to_json() == {"age_days": 0}


def test_the_order_of_saying_does_not_change_the_digest() -> None:
    turned = Circumstances.from_json({**TOLD.to_json(), "kinds": ["multiple_one", "stillbirth_before"]})
    assert turned.canonical() == TOLD.canonical()
    assert Circumstances(weeks=20).canonical() != TOLD.canonical()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "object"),
        ({"place": "x"}, "place"),
        ({"kinds": ["dragon"]}, "dragon"),
        ({"kinds": "missed"}, "kinds"),
        ({"kinds": ["missed", "missed"]}, "different"),
        ({"relation": "king"}, "king"),
        ({"relation": 3}, "relation"),
        ({"themes": ["cord", 3]}, "themes"),
        ({"weeks": 46}, "weeks"),
        ({"weeks": True}, "weeks"),
        ({"weeks": 20.5}, "weeks"),
        ({"since_months": -1}, "since_months"),
        ({"age_days": 10_000}, "age_days"),
    ],
)
def test_what_is_no_circumstance_is_refused(value: Any, problem: str) -> None:
    with pytest.raises(CircumstancesError, match=problem):
        Circumstances.from_json(value)


@pytest.mark.parametrize(
    ("weeks", "band"), [(None, ""), (0, "weeks_0_5"), (12, "weeks_6_12"), (13, "weeks_13_19"), (41, "weeks_37")]
)
def test_bands_of_how_far_along(weeks: int | None, band: str) -> None:
    assert how_far_along(weeks) == band


@pytest.mark.parametrize(
    ("months", "band"),
    [
        (None, ""),
        (0, "days"),
        (0.5, "weeks"),
        (1, "months_1_6"),
        (12, "years_1_2"),
        (36, "years_3_9"),
        (600, "decades"),
    ],
)
def test_bands_of_how_long_ago(months: float | None, band: str) -> None:
    assert how_long_ago(months) == band
