"""``doctor`` names each thing that an operator has yet to see to, and says what to do; and nothing that is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from alongside.accounts.models import Account
from alongside.community import exit_page, first_run
from alongside.community.finding import Finding
from tests.cast import NOW, Cast

SAID = ("ALONGSIDE_COUNTRY", "ALONGSIDE_LANGUAGES", "ALONGSIDE_JOINING", "ALONGSIDE_MAIL_FROM")
ONE_DISK = "both keyring folders are on one disk"


class Place:
    """An installation that is well, to be made worse in one thing."""

    def __init__(self, settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: Path, cast: Cast) -> None:
        self.settings, self.monkeypatch, self.folder, self.cast = settings, monkeypatch, folder, cast
        settings.DATA = folder / "data"
        settings.DATA.mkdir()
        settings.DEMO, settings.MAIL_READY = False, True
        settings.COMMUNITY_NAME, settings.COMMUNITY_ABOUT = "Harbour Lane", "a family support group"
        settings.COUNTRY, settings.EXIT_URL = "GB", "https://www.bbc.co.uk/weather"
        settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES = ["stories.example.org", "localhost", "127.0.0.1"], 1
        settings.MASTER_KEY_FILE = folder / "master" / "master.key"
        settings.KEYRING_FOLDERS = (folder / "a", folder / "b")
        settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "mail.example.org", True, False
        for name in SAID:
            monkeypatch.setenv(name, "said")
        monkeypatch.setattr("alongside.mail.check.problems", list)
        (settings.DATA / first_run.LAST_BACKUP).write_text((NOW - timedelta(hours=20)).isoformat())
        cast.dami.steward_since = NOW
        cast.dami.save()
        Authenticator.objects.create(user=cast.dami, type=Authenticator.Type.TOTP, data={})

    def findings(self) -> dict[str, Finding]:
        return {finding.name: finding for finding in first_run.findings(NOW)}

    def last_backup(self, said: str) -> None:
        (self.settings.DATA / first_run.LAST_BACKUP).write_text(said)


@pytest.fixture
def place(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cast: Cast) -> Place:
    return Place(settings, monkeypatch, tmp_path, cast)


def said(name: str, value: object) -> Callable[[Place], None]:
    return lambda place: setattr(place.settings, name, value)


def unsaid(name: str) -> Callable[[Place], None]:
    return lambda place: place.monkeypatch.delenv(name)


def hosts(*names: str) -> Callable[[Place], None]:
    return said("ALLOWED_HOSTS", [*names, "localhost", "127.0.0.1"])


def in_the_data(name: str, *parts: str) -> Callable[[Place], None]:
    return lambda place: setattr(place.settings, name, place.settings.DATA.joinpath(*parts))


def nobody_tends(place: Place) -> None:
    Account.objects.update(steward_since=None, host_since=None)


def her_account_is_closed(place: Place) -> None:
    Account.objects.update(closed_at=NOW)


def recovery_codes_alone(place: Place) -> None:
    Authenticator.objects.update(type=Authenticator.Type.RECOVERY_CODES)


def one_folder(place: Place) -> None:
    place.settings.KEYRING_FOLDERS = (place.folder / "a", place.folder / "b" / ".." / "a")


def key_in_the_ring(place: Place) -> None:
    place.settings.MASTER_KEY_FILE = place.folder / "a" / "master.key"


def mail_is_away(place: Place) -> None:
    place.monkeypatch.setattr("alongside.mail.check.problems", lambda: ["the mail server does not answer"])


LOOKS: dict[str, tuple[Callable[[Place], None], str, str]] = {
    "the name that it ships with": (said("COMMUNITY_NAME", "Alongside"), "name", "ALONGSIDE_NAME"),
    "no name": (said("COMMUNITY_NAME", ""), "name", "ALONGSIDE_NAME"),
    "no country said": (unsaid("ALONGSIDE_COUNTRY"), "country", "the helplines of the United Kingdom"),
    "no such country": (said("COUNTRY", "UK"), "country", "UK is no country"),
    "a country with nobody to call": (said("COUNTRY", "MN"), "country", "nobody in Mongolia is listed"),
    "an exit that tells": (said("EXIT_URL", "https://www.sands.org.uk/baby-loss"), "exit page", "“baby”"),
    "no address": (hosts(), "address", "ALONGSIDE_HOSTS"),
    "any address": (hosts("*"), "address", "forged"),
    "an address with a scheme": (hosts("https://stories.example.org"), "address", "without https://"),
    "an address with a port": (hosts("stories.example.org:443"), "address", "without a port"),
    "no proxy": (said("TRUSTED_PROXIES", 0), "address", "ALONGSIDE_PROXIES is 0"),
    "mail that is away": (mail_is_away, "mail", "does not answer"),
    "mail that others can read": (said("EMAIL_USE_TLS", False), "mail", "smtp+tls://"),
    "no steward": (nobody_tends, "steward", "host add EMAIL --steward"),
    "a steward who left": (her_account_is_closed, "steward", "host add EMAIL --steward"),
    "a host without a second factor": (recovery_codes_alone, "second factor", "1 of those who look after"),
    "the master key with the data": (
        in_the_data("MASTER_KEY_FILE", "secrets", "master.key"),
        "places of the keys",
        "ALONGSIDE_MASTER_KEY_FILE",
    ),
    "the master key with the keyring": (key_in_the_ring, "places of the keys", "in the keyring that it opens"),
    "one keyring folder": (one_folder, "places of the keys", "the same one"),
}
HINTS: dict[str, tuple[Callable[[Place], None], str, str]] = {
    "nothing about the name": (said("COMMUNITY_ABOUT", ""), "name", "ALONGSIDE_ABOUT"),
    "no languages said": (unsaid("ALONGSIDE_LANGUAGES"), "languages", "ALONGSIDE_LANGUAGES=en,es,fr,de,it"),
    "no way of joining said": (unsaid("ALONGSIDE_JOINING"), "joining", "ALONGSIDE_JOINING=invitation or host"),
    "no sender said": (unsaid("ALONGSIDE_MAIL_FROM"), "mail", "ALONGSIDE_MAIL_FROM"),
    "no copy": (lambda place: (place.settings.DATA / first_run.LAST_BACKUP).unlink(), "copies", "none was made yet"),
    "an old copy": (lambda place: place.last_backup("2026-11-17T03:12:00+00:00"), "copies", "3 days ago"),
    "a copy of no known time": (lambda place: place.last_backup("2026-11-20T03:12:00"), "copies", "cannot be read"),
    "a copy of no time": (lambda place: place.last_backup("yesterday"), "copies", "cannot be read"),
}


def test_a_place_that_is_well_has_nothing_to_see_to(place: Place) -> None:
    findings = place.findings().values()
    assert [finding.name for finding in findings if finding.looks] == []
    assert [hint for finding in findings for hint in finding.hints if ONE_DISK not in hint] == []
    assert first_run.still_open(NOW) == []


@pytest.mark.parametrize("name", LOOKS)
def test_what_needs_a_person_is_named_with_what_to_do(place: Place, name: str) -> None:
    worse, check, words = LOOKS[name]
    worse(place)
    found = place.findings()
    assert words in " ".join(found[check].looks)
    if name != "a steward who left":
        assert [finding.name for finding in found.values() if finding.looks] == [check]


@pytest.mark.parametrize("name", HINTS)
def test_what_could_be_better_is_a_hint_and_needs_nobody(place: Place, name: str) -> None:
    worse, check, words = HINTS[name]
    worse(place)
    found = place.findings()
    assert words in " ".join(found[check].hints)
    assert not any(finding.looks for finding in found.values())


@pytest.mark.parametrize("name", [*LOOKS, *HINTS])
def test_in_a_demonstration_all_of_it_is_well(place: Place, name: str) -> None:
    (LOOKS | HINTS)[name][0](place)
    place.settings.DEMO = True
    assert {line for finding in place.findings().values() for line in finding.lines()} == {
        f"ok   {name}" for name in place.findings()
    }
    assert first_run.still_open(NOW) == []


@pytest.mark.parametrize("worse", range(1, 8))
def test_a_start_names_at_most_five_lines_and_says_how_many_more(place: Place, worse: int) -> None:
    nobody_tends(place)
    for name in list(LOOKS)[: worse * 2 : 2][: worse - 1]:
        LOOKS[name][0](place)
    open_yet = [finding for finding in place.findings().values() if finding.looks]
    lines = first_run.still_open(NOW)
    assert len(lines) == min(len(open_yet) + 1, 5)
    if len(open_yet) > 4:
        assert lines[-1] == f"  … and {len(open_yet) - 3} more"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://www.bbc.co.uk/weather", "not https"),
        ("https://stories.example.org/leave", "own address"),
        ("https://www.example.org/", "own address, or beside it"),
        ("https://help.stories.example.org/", "own address"),
        ("https://localhost/", "own address"),
        ("https://weather.example/?from=stillbirth", "“stillb”"),
        ("https://www.harbour-lane.net/", "this place's name"),
        ("https://www.trauer.de/", "“trauer”"),
        ("https://www.deuil-périnatal.fr/", "“deuil”"),
    ],
)
def test_an_exit_that_is_not_neutral_is_named(url: str, words: str) -> None:
    assert words in " ".join(exit_page.problems(url, ["stories.example.org"], "Harbour Lane"))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.wikipedia.org/",
        "https://www.bbc.co.uk/weather",
        "https://www.schloss-neuschwanstein.de/",
        "https://en.wikipedia.org/wiki/Glossary",
        "https://www.losangeles.gov/",
        "https://news.example.org.uk/",
    ],
)
def test_an_exit_that_is_neutral_is_let_be(url: str) -> None:
    assert list(exit_page.problems(url, ["stories.example.org"], "Harbour Lane")) == []
