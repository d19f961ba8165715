"""The sweep of keys that no row names, by night; and when it must not be done."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections
from psycopg import sql

from alongside.backup.shelf import KEEP_DAYS
from alongside.vault import disk
from alongside.vault.sweep import sweep

HELD = "restored"
"""A file in the data folder: when an old backup took the place of newer data, keys that it does not name may be wanted."""
_log = logging.getLogger(__name__)
_COLUMNS = (
    "SELECT table_schema, table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
    "USING (table_schema, table_name) WHERE data_type = 'uuid' AND table_type = 'BASE TABLE' "
    "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
)


def hold_the_sweep(now: datetime) -> None:
    """Sweep nothing for as long as backups are kept: another one may be restored yet."""
    until = now + timedelta(days=KEEP_DAYS)
    disk.write(settings.DATA / HELD, until.isoformat().encode())


def sweep_unnamed_keys(now: datetime) -> int:
    """Destroy keys that are a day old and that no row of any table names; return how many. Repeatable, for a job."""
    return 0 if is_held(now) else sweep(named_among, now)


def is_held(now: datetime) -> bool:
    """Return whether nothing may be swept yet, neither keys nor objects: a backup was restored not long ago."""
    held = disk.read(settings.DATA / HELD)
    return held is not None and now < datetime.fromisoformat(held.decode())


def named_among(keys: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return those that stand in a uuid column of any table, as the owner sees them: no policy hides a row from it."""
    named: set[uuid.UUID] = set()
    with connections["owner"].cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = cursor.fetchall()
        if not columns:
            return keys
        for schema, table, column in columns:
            cursor.execute(
                sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} IS NOT NULL").format(
                    sql.Identifier(column), sql.Identifier(schema, table)
                )
            )
            named |= keys.intersection(row[0] for row in cursor.fetchall())
    connections["owner"].close()
    return named
