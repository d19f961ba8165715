"""The help page and the first page's line, as somebody with no account and no script gets them (H1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from alongside.support import directory
from alongside.support.countries import country_of, within_a_sentence

NIGHT = datetime(2026, 11, 24, 3, tzinfo=UTC)  # a Tuesday
EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)


@dataclass
class Asking:
    """A request, as far as the country goes."""

    COOKIES: dict[str, str]


@pytest.fixture(autouse=True)
def _an_installation_in_the_united_kingdom(settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.COUNTRY = "GB"


@pytest.fixture
def guest() -> Client:
    """A browser without script or account, with Django's own forgery check on."""
    return Client(enforce_csrf_checks=True)


def test_tonight_names_a_loss_line_that_is_awake_and_one_that_always_answers() -> None:
    line = directory.tonight("GB", EVENING)
    assert (line.name, line.number, line.tel) == ("the Sands helpline", "0808 164 3332", "08081643332")
    assert (line.open_until, line.opens_again) == ("9 pm", "")
    assert line.now
    assert (line.now.number, line.now.at_any_hour) == ("116 123", True)


def test_tonight_when_the_loss_line_sleeps() -> None:
    line = directory.tonight("GB", NIGHT)
    assert (line.name, line.open_until, line.opens_again) == ("the Sands helpline", "", "10 am")
    assert line.now
    assert line.now.name == "Samaritans"


def test_tonight_prefers_a_line_that_is_open() -> None:
    monday_evening = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert directory.tonight("GB", monday_evening).name == "Cruse Scotland"


def test_tonight_where_no_number_was_checked() -> None:
    line = directory.tonight("ZA", NIGHT)
    assert (line.number, line.url) == ("", "https://findahelpline.com")
    assert line.now
    assert line.now.number == "112"


def test_the_page_leads_with_one_loss_line_and_one_crisis_line() -> None:
    people = directory.for_country("GB", EVENING)
    assert [card.name for card in people.now[:2]] == ["Sands helpline", "Samaritans"]
    assert people.emergency
    assert people.emergency.tel == "999"
    shout = next(card for card in people.now if card.name == "Shout")
    assert (shout.number, shout.sms, shout.sms_tel) == ("", "Text SHOUT to 85258", "85258")
    asleep = next(card for card in people.others if card.name == "Tommy's midwives")
    assert asleep.hours == "Opens again at 9 am tomorrow. Monday to Friday 9 am to 5 pm (London time)"


@pytest.mark.parametrize(
    ("cookies", "country"),
    [({}, "GB"), ({"country": "FR"}, "FR"), ({"country": "XX"}, "GB"), ({"country": "fr"}, "GB")],
)
def test_h1_the_country_is_the_one_chosen_else_the_installations(cookies: dict[str, str], country: str) -> None:
    assert country_of(Asking(cookies)) == country


def test_a_countrys_name_stands_in_a_sentence() -> None:
    said = [within_a_sentence(code) for code in ("GB", "US", "NL", "FR", "BS", "DO", "IM", "ZA")]
    assert said == [
        *("the United Kingdom", "the United States", "the Netherlands", "France"),
        *("the Bahamas", "the Dominican Republic", "the Isle of Man", "South Africa"),
    ]


def test_somebody_with_another_grief_is_shown_where_to_turn() -> None:
    names = [card.name for card in directory.for_another_grief("GB", NIGHT)]
    assert names == ["Cruse", "Cruse Scotland", "Samaritans"]
    assert [card.url_text for card in directory.for_another_grief("ZA", NIGHT)] == ["findahelpline.com"]


@time_machine.travel(EVENING, tick=False)
def test_h1_the_page_needs_neither_account_nor_script(guest: Client) -> None:
    answer = guest.get("/help/", secure=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    for tel in ("999", "08081643332", "116123"):
        assert f'href="tel:{tel}"' in page
    assert "findahelpline.com" in page
    assert "Lullaby Trust" not in page
    assert "<form" in page
    assert not answer.cookies, "nobody is given a cookie for reading"


def test_h1_a_choice_of_country_is_kept_in_this_browser(guest: Client, settings: Settings) -> None:
    answer = guest.post("/help/", {"country": "FR"}, secure=True)
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    cookie = answer.cookies["country"]
    assert cookie.value == "FR"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
    page = guest.get("/help/", secure=True).content.decode()
    assert 'href="tel:3114"' in page
    assert 'href="tel:112"' in page
    assert 'href="tel:116123"' not in page


def test_h1_the_country_is_never_read_from_an_address(guest: Client) -> None:
    page = guest.get("/help/?country=FR", secure=True, REMOTE_ADDR="2001:660::1").content.decode()
    assert 'href="tel:116123"' in page
    assert 'href="tel:3114"' not in page


@pytest.mark.parametrize("country", ["", "XX", "<script>"])
def test_a_country_that_does_not_exist_is_not_kept(guest: Client, country: str) -> None:
    answer = guest.post("/help/", {"country": country}, secure=True)
    assert answer.status_code == 422
    assert "country" not in answer.cookies
    assert 'href="tel:116123"' in answer.content.decode()


def test_another_sites_page_cannot_choose_for_the_reader(guest: Client) -> None:
    answer = guest.post("/help/", {"country": "FR"}, secure=True, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "country" not in answer.cookies
