"""The address of the database, as Django's settings want it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from alongside.database.roles import OWNER, WEB
from alongside.database.server import DATABASE, socket_folder
from alongside.database.unavailable import DatabaseUnavailableError

PATIENCE = 3.0
"""Seconds that a page waits for a connection before it says that the database is away. A process asks for four at
once at most and its pool holds eight, so nobody waits for another; a restart of PostgreSQL takes about one."""
_DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def is_embedded(env: Mapping[str, str]) -> bool:
    """Whether the embedded server is the one to use: no DATABASE_URL."""
    return not env.get("DATABASE_URL")


def databases(env: Mapping[str, str], data: Path) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: ``default`` logs in as the web role, ``owner`` is for migrating.

    ``env`` may hold DATABASE_URL (the owner's login on an outside server) and DATABASE_WEB_URL (a login that
    owns nothing; without it the owner's login steps down to the role ``alongside_web`` as it connects).
    """
    owner = owner_conninfo(env, data)
    if env.get("DATABASE_WEB_URL"):
        web = _parse("DATABASE_WEB_URL", env["DATABASE_WEB_URL"])
    elif is_embedded(env):
        web = owner | {"user": WEB}
    else:
        web = owner | {"options": f"{owner.get('options', '')} -c role={WEB}".strip()}
    pool = {"min_size": 1, "max_size": 8, "timeout": PATIENCE}
    return {"default": _django(web, {"pool": pool}), "owner": _django(owner, {})}


def owner_dsn(env: Mapping[str, str], data: Path) -> str:
    """Return the owner's login as a libpq connection string. It may hold a password: never print it."""
    return make_conninfo("", **owner_conninfo(env, data))


def owner_conninfo(env: Mapping[str, str], data: Path) -> dict[str, Any]:
    """Return the owner's login as libpq's keywords."""
    if not is_embedded(env):
        return _parse("DATABASE_URL", env["DATABASE_URL"])
    return {"host": str(socket_folder(data)), "port": "5432", "user": OWNER, "dbname": DATABASE}


def _parse(name: str, url: str) -> dict[str, Any]:
    """Read ``postgresql://user:password@host:port/name?options`` or libpq's ``key=value`` form."""
    try:
        found = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # Not chained: psycopg's own message repeats the address, and with it the password.
        raise DatabaseUnavailableError(
            f"{name} cannot be read. It looks like postgresql://user:password@host:5432/name; characters "
            "such as @ : / in a password are written %40 %3A %2F."
        ) from None
    if not found.get("dbname"):
        raise DatabaseUnavailableError(f"{name} names no database: postgresql://user:password@host:5432/name.")
    return dict(found)


def _django(conninfo: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    named = {_DJANGO_NAMES[key]: str(value) for key, value in conninfo.items() if key in _DJANGO_NAMES}
    rest = {key: value for key, value in conninfo.items() if key not in _DJANGO_NAMES}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**rest, "server_side_binding": True, "prepare_threshold": None, **options},
    }
