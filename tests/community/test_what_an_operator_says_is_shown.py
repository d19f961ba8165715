"""What an operator says of languages and of the source is checked, and is what the pages offer."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from alongside import env
from alongside.env import LANGUAGES, BadSetting
from tests.home.browser import Browser


def test_every_language_is_offered_until_some_are_said() -> None:
    assert env.read({}).languages == tuple(LANGUAGES)
    assert env.read({"ALONGSIDE_LANGUAGES": " "}).languages == tuple(LANGUAGES)
    assert env.read({"ALONGSIDE_LANGUAGES": "DE, en,,"}).languages == ("en", "de")


@pytest.mark.parametrize("value", ["english", "en de", "en;de", "xx", "en,tlh"])
def test_languages_that_are_not_known_are_refused_with_those_that_are(value: str) -> None:
    with pytest.raises(BadSetting, match=r"ALONGSIDE_LANGUAGES.*en, es, fr, de, it") as refused:
        env.read({"ALONGSIDE_LANGUAGES": value})
    assert value not in str(refused.value)


@pytest.mark.parametrize("value", ["source.example.org", "javascript:alert(1)", "https:", "/source"])
def test_a_source_that_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(BadSetting, match="ALONGSIDE_SOURCE_URL") as refused:
        env.read({"ALONGSIDE_SOURCE_URL": value})
    assert value not in str(refused.value)


@pytest.mark.django_db
def test_the_page_of_languages_offers_those_that_are_told_here(settings: Settings) -> None:
    settings.STORY_LANGUAGES = ("en", "it")
    page = Browser().get("/languages/").content.decode()
    assert "Italiano" in page
    assert "Deutsch" not in page
    kept = Browser().post("/languages/", {"languages": ["it"]})
    assert kept.cookies["languages"].value == "it"
    other = Browser().post("/languages/", {"languages": ["de"]})
    assert "languages" not in other.cookies


@pytest.mark.django_db
def test_the_source_is_a_link_where_it_is_said_and_else_it_is_said_how_to_ask(settings: Settings) -> None:
    settings.COMMUNITY_NAME, settings.SOURCE_URL = "Harbour Lane", ""
    page = Browser().get("/about/").content.decode()
    assert "To have it, ask Harbour Lane" in page
    settings.SOURCE_URL = "https://source.example.org/alongside"
    page = Browser().get("/about/").content.decode()
    assert '<a href="https://source.example.org/alongside" rel="noreferrer">' in page
    assert "To have it" not in page
    settings.COMMUNITY_NAME, settings.SOURCE_URL = "", ""
    assert "ask whoever told you" in Browser().get("/about/").content.decode()
