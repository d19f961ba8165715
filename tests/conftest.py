"""Fixtures that many tests share; the database comes from tests/plugin.py."""

from __future__ import annotations

import pytest

from tests.cast import Cast, gather
from tests.plugin import committed_db, django_db_setup
from tests.s3 import empty_bucket, s3

__all__ = ["committed_db", "django_db_setup", "empty_bucket", "s3"]


LONGEST_FIRST = (
    "database/test_run_on_a_system_postgresql.py",
    "bench/test_campaigns.py",
    "journeys/test_keeping_in_a_box.py",
    "journeys/test_writing_and_crashing.py",
    "journeys/test_everyone_can_use_it.py",
    "journeys/test_photos_and_voices.py",
    "house/test_permission_matrix.py",
    "journeys/test_writing.py",
    "backup/test_campaigns_can_fail.py",
    "backup/test_cut_short.py",
    "commands/test_first_run.py",
    "bench/test_kills.py",
    "journeys/test_finding.py",
    "journeys/test_signing_in.py",
    "bench/test_campaigns_of_sharing.py",
    "bench/test_takeback.py",
    "home/test_two_worlds.py",
)
"""Files that take more than half a minute: begun first, so that at the end neither of two processes waits for the other."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files; within them and behind them the shuffled order stays."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(places)))


@pytest.fixture
def cast(db: None) -> Cast:
    """The named cast, with nothing told yet."""
    return gather()
