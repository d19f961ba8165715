"""What is here before a restore: whether it is in use, whether it is empty, and how it is put aside."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from alongside.backup.refused import BackupRefused
from alongside.database.roles import WEB
from alongside.media import objects

BEFORE = "before-"
_ENDING = 3.0  # seconds: a connection that was closed is still counted for a moment
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND usename IN (current_user, %s)"
)
_TABLES = (
    "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
    "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = 'vault' AND c.data_type = 'uuid'"
)


def close_connections() -> None:
    """Let go of this process's own connections to the database."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # django-stubs does not know it yet


def refuse_while_served(login: Mapping[str, Any]) -> None:
    """Raise BackupRefused while anything else uses the database; what is just ending is given a moment to end."""
    until = time.monotonic() + _ENDING
    with psycopg.connect(**login, autocommit=True) as connection:
        while (others := connection.execute(_OTHERS, [WEB]).fetchone()) and others[0]:
            if time.monotonic() > until:
                raise BackupRefused("Alongside is being served. Stop it, then restore. Nothing was changed.")
            time.sleep(0.1)


def is_kept(login: Mapping[str, Any], replace: bool) -> bool:
    """Return whether families have kept anything here, so that it is put aside; unless ``replace``, raise BackupRefused."""
    with psycopg.connect(**login) as connection:
        tables = [name for (name,) in connection.execute(_TABLES).fetchall()]
        for name in tables:
            asked = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier("public", name))
            if connection.execute(asked).fetchone() is None:
                continue
            if not replace:
                raise BackupRefused(
                    "This installation is not empty. With --replace what is here is put aside, and the backup takes its "
                    "place. Nothing was changed."
                )
            return True
    return False


def put_schema_aside(login: Mapping[str, Any], stamp: str, *, keep: bool) -> None:
    """Give an empty schema to restore into; with ``keep`` the present one stays under another name.

    An earlier try of the same restore is recognised by the comment on its schema, and dropped.
    """
    mark, aside = f"restore {stamp}", sql.Identifier(f"{BEFORE}{stamp}".lower())
    with psycopg.connect(**login) as connection:
        found = connection.execute("SELECT obj_description(to_regnamespace('public'), 'pg_namespace')").fetchone()
        if keep and (found is None or found[0] != mark):
            connection.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(aside))
            connection.execute(sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}, PUBLIC").format(aside, sql.Identifier(WEB)))
            _empty_the_index(connection, f"{BEFORE}{stamp}".lower())
        connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(mark))


def _empty_the_index(connection: psycopg.Connection[Any], schema: str) -> None:
    """Leave no readable word of a story in what is put aside."""
    rows = connection.execute(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname = %s AND relpersistence = 'u' AND relkind = 'r'",
        [schema],
    ).fetchall()
    for (name,) in rows:
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(schema, name)))


def said(stamp: str) -> str:
    """Return where what was here before lies now, and how to be rid of it."""
    return (
        f'What was here before lies in the database\'s schema "{(BEFORE + stamp).lower()}"; when all is well: '
        f'DROP SCHEMA "{(BEFORE + stamp).lower()}" CASCADE; Its objects lie {objects.store().where_aside(BEFORE + stamp)}.'
    )
