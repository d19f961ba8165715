"""Who is looking: the setting that row-level security compares with, for one transaction and never longer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def set_viewer(viewer: uuid.UUID | None) -> None:
    """Make ``viewer`` (an account, or the hash of a guest sheet's cookie; None for nobody) the one who looks.

    Holds until the transaction ends; outside a transaction it holds for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("select set_config('alongside.viewer', %s, true)", [str(viewer) if viewer else ""])


def current_viewer() -> uuid.UUID | None:
    """Return who looks in this transaction, or None."""
    with connection.cursor() as cursor:
        cursor.execute("select nullif(current_setting('alongside.viewer', true), '')::uuid")
        viewer: uuid.UUID | None = cursor.fetchone()[0]
        return viewer


@contextmanager
def acting_for(viewer: uuid.UUID | None) -> Iterator[None]:
    """Run a block in a transaction (or savepoint) in which ``viewer`` looks; then who looked before does."""
    with transaction.atomic():
        before = current_viewer()
        set_viewer(viewer)
        yield
        # After an error the rollback has already put it back.
        set_viewer(before)
