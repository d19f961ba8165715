"""What stands between a person and a running database, in words they can act on."""

from __future__ import annotations


class DatabaseUnavailableError(Exception):
    """The database cannot be started, reached or used; the message says why and what to do."""
