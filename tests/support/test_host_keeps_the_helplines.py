"""What is checked is shown; a host confirms, changes, adds or hides entries in files of this installation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from alongside.support import check, directory
from alongside.support.cards import Card
from alongside.support.entry import read_entry
from alongside.support.listing import listing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, settings: Settings) -> Write:
    """Write a host's file into an installation of its own, in the United Kingdom."""
    settings.DATA = tmp_path
    settings.COUNTRY = "GB"
    (tmp_path / "support").mkdir()

    def write(text: str, name: str = "ours.toml") -> None:
        (tmp_path / "support" / name).write_text(text, encoding="utf-8")

    return write


def cards(country: str = "GB", now: datetime = NOON) -> dict[str, Card]:
    people = directory.for_country(country, now)
    return {card.name: card for card in (*people.now, *people.others, *people.everywhere)}


def test_what_nobody_checked_is_not_shown(write: Write) -> None:
    shown = cards()
    assert "Sands helpline" in shown
    assert "Lullaby Trust" not in shown, "from memory"
    assert "Ectopic Pregnancy Trust" not in shown, "no day of a check"
    assert "Red Nose Grief and Loss" not in cards("AU"), "a list that nobody dated"


def test_a_host_confirms_and_it_is_shown(write: Write) -> None:
    write('[[service]]\nid = "au-red-nose"\nconfirmed_on = 2026-11-20\nconfirmed_by = "Ruth"\n')
    card = cards("AU")["Red Nose Grief and Loss"]
    assert card.checked == "Checked in November 2026"
    assert not card.stale
    line = directory.tonight("AU", NOON)
    assert (line.number, line.at_any_hour) == ("1300 308 307", True)
    assert line.now
    assert line.now.number == "13 11 14"


def test_a_confirmation_counts_at_the_next_request_and_so_does_taking_it_back(write: Write) -> None:
    assert "Lullaby Trust" not in cards()
    write('[[service]]\nid = "gb-lullaby-trust"\nconfirmed_on = 2026-11-20\nconfirmed_by = "Ruth"\n')
    assert "Lullaby Trust" in cards()
    write("")
    assert "Lullaby Trust" not in cards()


def test_a_host_changes_adds_and_hides(write: Write) -> None:
    write("""
[[service]]
id = "gb-sands"
phones = ["0800 000 0000"]
confirmed_on = 2026-11-20
confirmed_by = "Ruth"

[[service]]
id = "gb-harbour-lane"
country = "GB"
scope = "loss"
name = "Harbour Lane"
what = "Parents who have been there."
phones = ["01632 960 014"]
hours = ["Daily 20:00-02:00"]
zone = "Europe/London"
languages = ["en", "tlh"]
confirmed_on = 2026-11-20
confirmed_by = "Ruth"

[[service]]
id = "gb-cruse"
hidden = true
""")
    shown = cards()
    assert shown["Sands helpline"].tel == "08000000000"
    assert shown["Sands helpline"].hours.startswith("Until 3 pm. Monday to Friday"), "what a host leaves out stays"
    assert shown["Harbour Lane"].hours == "Opens again at 8 pm. Every day 8 pm to 2 am (London time)"
    assert shown["Harbour Lane"].languages == "English, tlh"
    assert "Cruse" not in shown
    assert not listing().problems


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('id = "gb-arc"', "service gb-arc, is left out: confirmed_on and confirmed_by"),
        ('id = "gb-arc"\nphones = ["call us"]', "service gb-arc, is left out: phones: takes a number"),
        ('id = "gb-arc"\nweb = "https://arc-uk.org"', "web: takes a domain"),
        ('id = "gb-arc"\nphone = "1"', "phone: there is no such field"),
        ('id = "gb-arc"\nhours = ["Mon 9-5"]\nzone = "UTC"', "hours: cannot be read"),
        ('id = "gb-arc"\ncountry = "gb"', "country: takes a two-letter country code"),
        ('id = "gb-arc"\nscope = "chat"', "scope: takes one of loss"),
        ('id = "gb-new"\nname = "New"', "country, scope, what, hours, languages: missing"),
        ('name = "New"', "service number 1, is left out"),
        ('id = "gb-arc"\nhidden = "yes"', "hidden: takes true or false"),
    ],
)
def test_a_slip_is_named_and_everything_else_still_works(write: Write, text: str, says: str) -> None:
    confirmed = "" if text == 'id = "gb-arc"' else '\nconfirmed_on = 2026-11-20\nconfirmed_by = "Ruth"\n'
    good = '\n[[service]]\nid = "gb-lullaby-trust"\nconfirmed_on = 2026-11-20\nconfirmed_by = "Ruth"\n'
    write(f"[[service]]\n{text}{confirmed}{good}")
    [problem] = check.problems(NOON)
    assert problem.startswith("support/ours.toml, ")
    assert says in problem
    assert {"Samaritans", "Sands helpline", "Lullaby Trust"} <= cards().keys()
    assert "Antenatal Results and Choices (ARC)" not in cards()


@pytest.mark.parametrize("text", ["[[service", "service = 3", "[services]\nid = 1", "[[service]]\nid = \x00"])
def test_a_file_that_cannot_be_read_is_named(write: Write, text: str) -> None:
    write(text, "broken.toml")
    [problem] = check.problems(NOON)
    assert problem.startswith("support/broken.toml cannot be read and is left out: ")
    assert "Samaritans" in cards()


def test_a_new_entry_needs_a_way_to_reach_it() -> None:
    with pytest.raises(Exception, match="one of these is needed"):
        read_entry(
            {
                "id": "gb-x",
                "country": "GB",
                "scope": "loss",
                "name": "X",
                "what": "Y",
                "hours": "unknown",
                "languages": ["en"],
                "source": "memory",
            }
        )


def test_after_twelve_months_a_crisis_line_says_so_and_others_are_hidden(write: Write) -> None:
    with time_machine.travel(datetime(2027, 10, 7, 23, tzinfo=UTC)):
        assert not cards(now=timezone.now())["Samaritans"].stale
        assert "Cruse" in cards(now=timezone.now())
        assert "Sands helpline" not in cards(now=timezone.now()), "checked on 20 September 2026"
    with time_machine.travel(datetime(2027, 10, 8, 0, tzinfo=UTC)):
        shown = cards(now=timezone.now())
        assert shown["Samaritans"].stale
        assert shown["Samaritans"].checked == "Checked in October 2026"
        assert "Find A Helpline" in shown
        assert "Cruse" not in shown
        told = "\n".join(check.problems(timezone.now()))
        assert "gb-cruse: checked on 2026-10-07, more than 12 months ago; hidden" in told
        assert "gb-samaritans: checked on 2026-10-07, more than 12 months ago; shown" in told


def test_a_confirmation_in_the_future_does_not_count(write: Write) -> None:
    write('[[service]]\nid = "gb-lullaby-trust"\nconfirmed_on = 2062-11-20\nconfirmed_by = "Ruth"\n')
    assert "Lullaby Trust" not in cards()
    assert "has not come yet" in check.problems(NOON)[0]


def test_a_day_does_not_make_an_undated_list_a_check(write: Write) -> None:
    entry = next(entry for entry in listing().entries if entry.id == "za-sadag")
    assert not replace(entry, checked_on=NOON.date()).shown(NOON.date())
    assert replace(entry, checked_on=NOON.date(), confidence="B").shown(NOON.date())


def test_a_line_to_text_is_not_a_number_to_call(write: Write) -> None:
    hidden = ("gb-samaritans", "gb-nhs-111", "gb-lifeline-ni")
    write("".join(f'[[service]]\nid = "{each}"\nhidden = true\n' for each in hidden))
    line = directory.tonight("GB", NOON)
    assert line.name == "the Sands helpline"
    assert line.now
    assert line.now.number == "999"
    assert "helplines of GB: no checked number" in check.problems(NOON)[0]


def test_a_check_on_a_leap_day_lasts_a_year(write: Write) -> None:
    write('[[service]]\nid = "gb-lullaby-trust"\nconfirmed_on = 2028-02-29\nconfirmed_by = "Ruth"\n')
    assert "Lullaby Trust" in cards(now=datetime(2029, 3, 1, tzinfo=UTC))
    assert "Lullaby Trust" not in cards(now=datetime(2029, 3, 2, tzinfo=UTC))


def test_an_operator_in_a_country_without_a_number_is_told(write: Write, settings: Settings) -> None:
    assert check.problems(NOON) == []
    assert any(note.startswith("helplines of ZA: no checked number") for note in check.notes(NOON))
    settings.COUNTRY = "ZA"
    assert any(problem.startswith("helplines of ZA: no checked number") for problem in check.problems(NOON))
    write('[[service]]\nid = "za-sadag"\nconfirmed_on = 2026-11-20\nconfirmed_by = "Ruth"\n')
    assert check.problems(NOON) == []
