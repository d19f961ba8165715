"""M6: one bucket a person or address, emptied atomically, filled steadily, and forgotten."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from pytest_django import Settings

from alongside.matching import views
from alongside.pacing.bucket import FINDING, Pace, address, forget, household, take
from alongside.pacing.models import Bucket
from alongside.stories.models import Story, StoryQuerySet
from tests.cast import NOW
from tests.home.browser import Browser, plain_static

__all__ = ["plain_static"]

THREE = Pace("three", size=3, per_hour=60)
"""A token a minute."""
NOON = NOW.replace(hour=12)


def taken(pace: Pace, who: str, now: datetime, tries: int) -> list[bool]:
    return [take(pace, who, now) for _ in range(tries)]


@pytest.mark.django_db
def test_m6_as_many_as_the_bucket_holds_and_no_more() -> None:
    assert taken(THREE, "one", NOON, 5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_m6_it_fills_steadily_and_never_above_its_size() -> None:
    taken(THREE, "one", NOON, 3)
    assert taken(THREE, "one", NOON + timedelta(seconds=59), 1) == [False]
    assert taken(THREE, "one", NOON + timedelta(seconds=61), 2) == [True, False]
    assert taken(THREE, "one", NOON + timedelta(hours=9), 5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_m6_asking_in_vain_costs_nothing_more() -> None:
    taken(THREE, "one", NOON, 30)
    assert take(THREE, "one", NOON + timedelta(seconds=61))


@pytest.mark.django_db
def test_m6_each_has_a_bucket_of_their_own_for_each_pace() -> None:
    taken(THREE, "one", NOON, 3)
    assert take(THREE, "other", NOON)
    assert take(FINDING, "one", NOON)


@pytest.mark.django_db
def test_m6_a_clock_that_stumbles_gives_nothing_away() -> None:
    taken(THREE, "one", NOON, 3)
    assert not take(THREE, "one", NOON - timedelta(minutes=30))
    assert taken(THREE, "one", NOON, 2) == [False, False]


@pytest.mark.django_db
def test_m6_no_address_is_kept_and_its_key_is_another_tomorrow() -> None:
    take(THREE, "192.0.2.7", NOON)
    take(THREE, "192.0.2.7", NOON + timedelta(days=1))
    keys = [bytes(bucket.key) for bucket in Bucket.objects.all()]
    assert len(set(keys)) == 2
    assert all(b"192.0.2.7" not in key and len(key) == 32 for key in keys)
    assert str(Bucket.objects.first()) == "Bucket"


@pytest.mark.django_db
def test_m6_who_came_yesterday_is_forgotten() -> None:
    take(THREE, "one", NOON)
    take(THREE, "two", NOON + timedelta(hours=2))
    assert forget(NOON + timedelta(hours=1)) == 1
    assert Bucket.objects.count() == 1


@pytest.mark.django_db
def test_m6_it_is_in_no_log_and_no_backup_of_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'pacing_bucket'")
        assert cursor.fetchone() == ("u",)


def test_m6_twenty_at_once_take_no_token_twice(committed_db: None) -> None:
    pace = Pace("crowd", size=25, per_hour=1)
    start, got = threading.Barrier(20), Counter[bool]()
    lock = threading.Lock()

    def ask() -> None:
        try:
            start.wait(30)
            mine = taken(pace, "one", NOON, 5)
            with lock:
                got.update(mine)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert got == {True: 25, False: 75}


def seen(settings: Settings, proxies: int, peer: str, forwarded: str | None = None) -> str:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


@pytest.mark.parametrize("forged", ["203.0.113.9", "203.0.113.9, 203.0.113.8", "", ", ,", "unknown"])
def test_m6_without_a_trusted_proxy_nobody_says_where_they_come_from(settings: Settings, forged: str) -> None:
    assert seen(settings, 0, "192.0.2.1", forged) == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "198.51.100.4", "198.51.100.4"),
        (1, "203.0.113.9, 198.51.100.4", "198.51.100.4"),
        (1, "203.0.113.9,,198.51.100.4", "198.51.100.4"),
        (2, "203.0.113.9, 198.51.100.4, 10.0.0.1", "198.51.100.4"),
        (2, "10.0.0.1", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_m6_behind_proxies_only_what_the_last_trusted_one_saw_counts(
    settings: Settings, proxies: int, forwarded: str | None, expected: str
) -> None:
    assert seen(settings, proxies, "192.0.2.1", forwarded) == expected


def test_m6_one_household_of_ipv6_is_one_address(settings: Settings) -> None:
    """A house is given 2^64 addresses: to count each would be no limit at all."""
    here = {seen(settings, 0, f"2001:db8:1:2:{part:x}::7") for part in range(20)}
    assert len(here) == 1
    assert seen(settings, 0, "2001:db8:1:3::7") not in here
    assert seen(settings, 0, "::ffff:192.0.2.1") == seen(settings, 0, "192.0.2.1")


def test_s23_where_guessing_is_slowed_a_whole_customer_of_a_provider_is_one_household() -> None:
    def of(peer: str) -> str:
        return household(RequestFactory().get("/", REMOTE_ADDR=peer))

    assert len({of(f"2001:db8:1:{part:x}::7") for part in range(20)}) == 1
    assert of("2001:db8:2::7") != of("2001:db8:1::7")
    assert of("::ffff:192.0.2.1") == of("192.0.2.1") == "192.0.2.1"


@pytest.mark.django_db
def test_m6_a_search_that_fails_costs_its_token_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever finds words on which the search breaks may send them without end."""

    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(views.words, "pace", (Pace("finding", size=3, per_hour=1), ("POST",)))
    monkeypatch.setattr("alongside.matching.views.search", breaks)
    browser = Browser()
    assert [browser.post("/find/words/", {"words": "him"}).status_code for _ in range(5)] == [500] * 3 + [429] * 2


def test_m6_one_slow_search_does_not_hold_up_others_from_the_same_address(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ward shares one address: a bucket is let go as soon as its token is taken."""
    searching, answered, slow_first = threading.Event(), threading.Event(), threading.Semaphore(1)

    def search(*_: object) -> StoryQuerySet:
        if slow_first.acquire(blocking=False):
            searching.set()
            answered.wait(5)
        return Story.objects.none()

    def ask() -> None:
        try:
            Browser().post("/find/words/", {"words": "him"})
        finally:
            connection.close()

    monkeypatch.setattr("alongside.matching.views.search", search)
    slow, quick = (threading.Thread(target=ask, daemon=True) for _ in range(2))
    slow.start()
    assert searching.wait(20)
    quick.start()
    quick.join(3)
    held_up = quick.is_alive()
    answered.set()
    slow.join(20)
    quick.join(20)
    assert not held_up
