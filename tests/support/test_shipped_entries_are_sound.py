"""The data files: what every shipped entry must say, and what a reader gets of them in each country."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from alongside.support import directory
from alongside.support.cards import dialled
from alongside.support.countries import names
from alongside.support.entry import Entry
from alongside.support.listing import shipped

RESEARCHED = date(2026, 11, 22)
CODES = sorted({entry.country for entry in shipped()})


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.id)
def test_an_entry_says_where_it_comes_from(entry: Entry) -> None:
    assert entry.source
    assert entry.checked_on is None or entry.checked_on <= RESEARCHED
    assert entry.confirmed_on is None, "only a host of an installation confirms"
    assert entry.country == "*" or entry.country in names()
    ZoneInfo(entry.hours.zone)


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.id)
def test_an_entry_can_be_dialled(entry: Entry) -> None:
    for number in entry.phones:
        assert re.fullmatch(r"\+?\d{3,15}", dialled(number)), number
    if entry.scope in {"crisis", "emergency"} and entry.country != "*":
        assert entry.phones or entry.sms


def test_an_extension_is_read_but_not_dialled() -> None:
    assert dialled("952-715-7731 ext 1") == "9527157731"
    assert dialled("+44 20 7946 0000") == "+442079460000"


def test_ids_are_used_once() -> None:
    ids = [entry.id for entry in shipped()]
    assert len(ids) == len(set(ids))


def test_every_row_of_the_research_is_kept() -> None:
    rows = {
        "GB": 14,
        "IE": 7,
        "US": 6,
        "CA": 5,
        "AU": 8,
        "NZ": 4,
        "DE": 5,
        "FR": 6,
        "ES": 4,
        "IT": 2,
        "NL": 2,
    }
    rows |= {"IN": 2, "ZA": 2, "*": 2}
    found = [entry.country for entry in shipped() if entry.scope != "emergency"]
    assert {code: found.count(code) for code in rows} == rows
    assert len(found) == sum(rows.values())


@pytest.mark.parametrize("entry", shipped(), ids=lambda entry: entry.id)
def test_h4_an_entry_speaks_gently(entry: Entry) -> None:
    words = f"{entry.name} {entry.what}"
    assert not re.search(
        r"!|\bplease\b|\bjust\b|\bsimply\b|\bsorry\b|\bat least\b|\blost (your|a|her|his)\b", words, re.I
    )
    assert len(entry.what) <= 130


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("hour", [3, 9, 15, 21])
def test_h1_every_country_has_someone_who_answers_now(code: str, hour: int) -> None:
    for day in range(7):
        now = datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=day)
        line = directory.tonight(code, now)
        answers = [each.tel for each in (line, line.now) if each and each.at_any_hour and each.tel]
        assert answers or line.url
        people = directory.for_country(code, now)
        assert people.everywhere
        assert code == "*" or people.emergency


@pytest.mark.parametrize("code", ["GB", "IE", "US", "CA", "AU", "NZ", "DE", "FR", "ES", "NL", "IN"])
def test_h1_a_crisis_line_outlives_its_check(code: str) -> None:
    line = directory.tonight(code, datetime(2031, 1, 1, 3, tzinfo=UTC))
    assert line.at_any_hour
    assert line.number
    crisis = directory.for_country(code, datetime(2031, 1, 1, 3, tzinfo=UTC)).now[0]
    assert crisis.number == line.number
    assert crisis.stale


def test_a_country_nobody_knows_gets_the_directory() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert directory.tonight("PY", now).url_text == "findahelpline.com"
    assert directory.tonight("PY", now).now is None
    assert directory.for_country("PY", now).emergency is None


@override_settings(COUNTRY="NZ")
def test_nobody_bereaved_is_sent_first_to_a_line_for_small_children() -> None:
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert directory.tonight("NZ", now).number == "1737"
    assert directory.for_country("NZ", now).now[0].name == "1737"
