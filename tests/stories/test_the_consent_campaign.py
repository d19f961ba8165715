"""S6: ``bin/prove consent``, small: it holds, by the product's lock and by the database's alone, and fails without either."""

from __future__ import annotations

import pytest
from django.db import connections

from alongside.stories.models import StoryQuerySet
from bench.prove.consent_histories import play
from bench.prove.consent_log import keep_a_diary

HISTORIES, RACES = 12, 8


@pytest.fixture
def diary(committed_db: None) -> None:
    keep_a_diary()


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: whoever publishes or takes back waits for nobody."""
    monkeypatch.setattr(StoryQuerySet, "select_for_update", lambda self, **how: self)


def test_s6_nobody_reads_what_not_every_parent_agreed_to(diary: None) -> None:
    ledger = play(range(HISTORIES), range(RACES), seed=1)
    assert ledger.bad == []
    assert ledger.histories == HISTORIES + RACES
    assert ledger.counts["seen"], "nobody ever read anything"


def test_s6_the_database_refuses_what_the_lock_would_have_kept_out(diary: None, unlocked: None) -> None:
    assert play(range(0), range(RACES), seed=1).bad == []


def test_s6_with_neither_lock_nor_refusal_it_is_found(diary: None, unlocked: None) -> None:
    with connections["owner"].cursor() as cursor:
        for table in ("stories_story", "stories_chapter", "families_parent"):
            cursor.execute(f"drop trigger every_yes on {table}")
    connections["owner"].close()
    games = (play(range(0), range(10), seed=seed, name=str(seed)) for seed in range(20))
    assert any(any(" without the yes of 1 parent" in what for what in ledger.bad) for ledger in games)
