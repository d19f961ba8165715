"""S24, M6 and going live: sessions end at once, and nobody is hurried out by somebody else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.test import Client

from alongside.matching import views
from alongside.pacing.bucket import Pace
from alongside.stories.models import Story
from tests.cast import Cast, told
from tests.home.browser import Browser
from tests.home.test_every_page_is_private import carries_everything


@pytest.mark.django_db
def test_s24_leaving_ends_the_session_at_once(cast: Cast) -> None:
    browser = Browser(cast.mara)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    answer = browser.get("/leave/")
    assert answer.status_code == 302
    assert answer["Location"] == settings.EXIT_URL
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not Session.objects.exists()
    again = Browser()
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert "You are" not in again.get("/").content.decode()


@pytest.mark.django_db
def test_s24_a_session_given_by_somebody_else_is_not_taken_over(cast: Cast) -> None:
    """Fixation: a key that a stranger planted is neither kept at signing in nor ever made into a session."""
    planted = Browser()
    planted.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    answer = planted.get("/read/")
    assert answer.status_code == 200
    assert not Session.objects.exists()
    planted.force_login(cast.mara)
    assert planted.cookies[settings.SESSION_COOKIE_NAME].value != "a" * 32


def test_s24_the_sessions_cookie_is_for_this_host_alone_and_for_no_script() -> None:
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
    assert settings.CSRF_COOKIE_NAME.startswith("__Host-")
    for kind in ("SESSION", "CSRF"):
        assert getattr(settings, f"{kind}_COOKIE_SECURE")
        assert getattr(settings, f"{kind}_COOKIE_HTTPONLY")
        assert getattr(settings, f"{kind}_COOKIE_SAMESITE") in {"Lax", "Strict"}
    assert not settings.DEBUG


def test_plain_http_is_sent_to_https() -> None:
    answer = Client().get("/read/?after=x")
    assert answer.status_code == 301
    assert answer["Location"].startswith("https://")


KNOWN = {
    "security.W002": "frame-ancestors in the policy says it to every browser there is",
    "security.W005": "other hosts under an operator's domain are not ours to decide about",
    "security.W021": "nor is the browsers' list",
    "auth.W004": "unique without case, which Django does not see",
}


def test_django_finds_nothing_amiss_for_going_live() -> None:
    found = {problem.id for problem in run_checks(include_deployment_checks=True) if problem.id}
    assert found <= KNOWN.keys()


@pytest.mark.django_db
def test_m6_who_asks_too_often_is_told_kindly_and_reading_still_works(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for view in (views.words, views.find):
        monkeypatch.setattr(view, "pace", (Pace("finding", size=3, per_hour=1), ("POST",)))
    told(cast)
    browser = Browser()
    got = [browser.post("/find/words/", {"words": "screen"}).status_code for _ in range(5)]
    assert got == [200, 200, 200, 429, 429]
    answer = browser.post("/find/", {"sentence": "our son died at 20 weeks"})
    assert answer.status_code == 429
    carries_everything(answer)
    assert "going slowly" in answer.content.decode()
    assert browser.get("/read/").status_code == browser.get("/help/").status_code == 200
    assert Story.objects.told().count() == 1
