"""Our words, the chosen name, country and languages; and every page of mine is a guest's way to signing in."""

from __future__ import annotations

import pytest
from django.db import connection

from alongside import ids
from alongside.accounts.choices import Choices
from alongside.accounts.own_words import OwnWords
from alongside.database.viewer import acting_for
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import Comer, comes_in
from tests.cast import Cast
from tests.sheets.writer import Writer

pytestmark = pytest.mark.django_db
MINE = ["", "words/", "here/", "must-not-see/", "sign-ins/", "agreed/", "address/", "again/", "keys/", "keys/passkey/"]


@pytest.mark.parametrize("page", MINE)
def test_a_guest_is_led_to_sign_in_and_back(db: None, page: str) -> None:
    answer = Comer().get(f"/you/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=%2Fyou%2F")


def test_without_a_word_of_hers_nothing_is_said_for_her() -> None:
    said = OwnWords()
    assert said.your_baby() == "your baby"
    assert said.what_happened() == "Your baby died."
    assert said.me_to() == said.pronoun == ""


@pytest.mark.parametrize(
    ("said", "whom", "what"),
    [
        (OwnWords(name="Ansel", happened="still"), "Ansel", "Ansel was born still."),
        (OwnWords(baby="pregnancy", happened="ended"), "your pregnancy", "The pregnancy ended."),
        (
            OwnWords(baby="little bean", happened="left us {too} soon."),
            "your little bean",
            "Your little bean left us too soon.",
        ),
    ],
)
def test_the_pages_say_it_as_she_does(said: OwnWords, whom: str, what: str) -> None:
    assert said.your_baby() == whom
    assert said.what_happened() == what
    assert OwnWords.read(said.plain()) == said


def test_our_words_are_kept_sealed_and_come_back(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    said = {"name": "Ansel", "baby": "own", "baby_own": "our star", "pronoun": "he", "me": "", "happened": "still"}
    assert mara.fill("/you/words/", said)["Location"] == "/you/"
    profile = type(cast.mara.profile).objects.get(account=cast.mara)
    assert profile.own_words == OwnWords("Ansel", "our star", "he", "", "still")
    page = mara.get("/you/words/").content.decode()
    assert 'value="our star"' in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT own_words_sealed FROM accounts_profile WHERE account_id = %s", [cast.mara.pk])
        assert b"Ansel" not in bytes(cursor.fetchone()[0])


def test_a_word_of_her_own_counts_also_when_its_choice_is_not_ticked(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    nothing = dict.fromkeys(("name", "baby", "pronoun", "me", "happened"), "")
    mara.fill("/you/words/", nothing | {"baby_own": "little bean", "me": "dad", "me_own": "mama"})
    assert type(cast.mara.profile).objects.get(account=cast.mara).own_words == OwnWords(baby="little bean", me="mama")
    # The word that stands there is not said again: another choice takes its place.
    mara.fill("/you/words/", nothing | {"baby": "pregnancy", "baby_own": "little bean", "me": "own", "me_own": "mama"})
    assert type(cast.mara.profile).objects.get(account=cast.mara).own_words == OwnWords(baby="pregnancy", me="mama")


@pytest.mark.parametrize(
    ("said", "whom"),
    [(OwnWords(), "your baby"), (OwnWords(baby="pregnancy"), "your pregnancy"), (OwnWords(name="Noa"), "Noa")],
)
def test_pages_without_a_box_speak_as_she_does(cast: Cast, said: OwnWords, whom: str) -> None:
    writer = Writer(cast.ruth)
    writer.keeps("Dear you,")
    with acting_for(cast.ruth.pk):
        profile = type(cast.ruth.profile).objects.select_related("account").get(account=cast.ruth)
        profile.own_words = said
        profile.save()
    for page in ("/box/", f"/write/{ids.show(writer.sheet)}/put/", "/you/"):
        assert f"<bdi>{whom}</bdi>" in writer.get(page).content.decode(), page


def test_country_and_languages_come_along_to_another_device(cast: Cast, newest: Newest) -> None:
    phone = comes_in("mara@example.org", newest)
    phone.fill("/you/here/", {"name": "Mara", "pronouns": "she", "country": "DE", "languages": ["de", "en"]})
    profile = type(cast.mara.profile).objects.get(account=cast.mara)
    assert profile.choices == Choices("she", "DE", ("en", "de")) or profile.choices.languages == ("de", "en")
    laptop = comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.8")
    assert laptop.cookies["country"].value == "DE"
    assert set(laptop.cookies["languages"].value.split(".")) == {"de", "en"}
