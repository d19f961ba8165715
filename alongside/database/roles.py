"""Two roles: one owns everything and only migrates; the web role owns nothing (S5)."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol

import psycopg
from psycopg import sql

from alongside.database.unavailable import DatabaseUnavailableError

OWNER = "alongside_owner"
WEB = "alongside_web"


class Cursor(Protocol):
    """What granting needs of a cursor, psycopg's or Django's."""

    def execute(self, query: Any, /) -> Any: ...
    def __enter__(self) -> Cursor: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> Any: ...


class Connection(Protocol):
    """What granting needs of a connection, psycopg's or Django's."""

    def cursor(self) -> Any: ...


def ensure_roles(dsn: str, web: str = WEB) -> None:
    """Make the web role where it is missing, and let the login of ``dsn`` step down to it.

    Raises DatabaseUnavailableError when the login may not make roles, with the lines for an administrator.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        role = sql.Identifier(web)
        found = connection.execute(
            "select rolsuper or rolbypassrls, pg_has_role(current_user, oid, 'member') from pg_roles "
            "where rolname = %s",
            [web],
        ).fetchone()
        if found is not None and found[0]:
            raise DatabaseUnavailableError(
                f"The database role {web} can bypass row-level security, so Alongside refuses it."
            )
        try:
            if found is None:
                _create_role(connection, role)
            if found is None or not found[1]:
                connection.execute(sql.SQL("grant {} to current_user").format(role))
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseUnavailableError(
                "The login in DATABASE_URL may not make database roles. Let an administrator run, once:\n"
                f"    create role {web} login nosuperuser nobypassrls;\n"
                f"    grant {web} to {connection.info.user};"
            ) from error


def _create_role(connection: psycopg.Connection[Any], role: sql.Identifier) -> None:
    try:
        connection.execute(sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole nobypassrls").format(role))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return  # another start was faster


def ensure_database(dsn: str, name: str) -> None:
    """Make the database ``name`` where it is missing, owned by the login of ``dsn``."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def grant(connection: Connection, web: str = WEB) -> None:
    """Let the web role read and write rows of every table in ``public``, now and to come, and nothing else.

    Run after each migration, by the owner. No TRUNCATE, no CREATE, no ownership; row-level security decides
    which rows.
    """
    role = sql.Identifier(web)
    with connection.cursor() as cursor:
        for statement in (
            "revoke create on schema public from public",
            "grant usage on schema public to {}",
            "grant select, insert, update, delete on all tables in schema public to {}",
            "grant usage, select on all sequences in schema public to {}",
            "grant execute on all functions in schema public to {}",
            "alter default privileges in schema public grant select, insert, update, delete on tables to {}",
            "alter default privileges in schema public grant usage, select on sequences to {}",
            "alter default privileges in schema public grant execute on functions to {}",
        ):
            cursor.execute(sql.SQL(statement).format(role))
