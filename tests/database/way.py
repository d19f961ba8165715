"""Another way from Django to a database, beside the one that the tests use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

NAME = "another"


@contextmanager
def way_to(said: Mapping[str, Any]) -> Iterator[DatabaseWrapper]:
    """Yield a connection as it is configured. It has a name of its own, since pools are kept by name."""
    connections.settings[NAME] = ConnectionHandler({"default": {}, NAME: dict(said)}).settings[NAME]
    try:
        way = connections[NAME]
        assert isinstance(way, DatabaseWrapper)
        try:
            yield way
        finally:
            way.close()
            way.close_pool()
            del connections[NAME]
    finally:
        del connections.settings[NAME]
