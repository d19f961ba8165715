"""A page does not wait long for a database that is away, and goes on by itself when it is back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.base import DatabaseWrapper

from alongside.database.server import Server
from alongside.database.url import PATIENCE, databases
from tests.database.way import way_to

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture
def pages(made_once: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """The way from pages to the database, as it is configured, with the database away."""
    with django_db_blocker.unblock(), way_to(databases({}, made_once)["default"]) as way:
        yield way


def test_h1_a_page_waits_three_seconds_for_a_database_that_is_away(pages: DatabaseWrapper) -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError):
        pages.ensure_connection()
    assert PATIENCE - 0.5 < time.monotonic() - began < PATIENCE + 1
    assert PATIENCE == 3


def test_a_page_outlasts_a_database_that_starts_again(pages: DatabaseWrapper, made_once: Path) -> None:
    server = Server(made_once, fast=True)
    with server.running():
        with pages.cursor() as cursor:
            cursor.execute("SELECT 1")
        pages.close()
        server.stop()
        server.start()
        with pages.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        pages.close()
