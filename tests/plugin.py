"""Loaded with ``-p``, before Django reads its settings: one fast PostgreSQL, a database for each run.

The server's files stay in ``var/test`` from run to run, and so does a migrated database that each run copies
(another migration makes another one). Runs at the same time in one clone share the server; the last stops it.
Tests use the database as the web role, which owns nothing, as in life.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from alongside.database import binaries
from alongside.database.roles import WEB, grant
from alongside.database.server import Server

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
_NAME = f"test_alongside_{os.getpid()}"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the server and say where it is as an operator would (of ALONGSIDE_TEST_PROGRAMS, if given)."""
    chosen = os.environ.get("ALONGSIDE_TEST_PROGRAMS")
    programs = Path(chosen) if chosen else binaries.embedded()
    server = Server(ROOT / "var" / "test" / f"postgresql-{binaries.major(programs)}", True, programs)
    data = ROOT / "var" / "test" / f"run-{os.getpid()}"
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    stack.enter_context(server.running())
    stack.callback(shutil.rmtree, data, ignore_errors=True)
    os.environ |= {
        "ALONGSIDE_DATA": str(data),
        "DATABASE_URL": server.conninfo(dbname=_NAME),
        "DATABASE_WEB_URL": server.conninfo(user=WEB, dbname=_NAME),
    }
    yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make this run's database, migrated by the owner and used by the web role; for tests/conftest.py."""
    with _server() as server, django_db_blocker.unblock():
        _drop_left_over(server)
        template = f"migrated_{_state_of_migrations()}"
        if not _exists(server, template):
            _make_template(server, template)
        _copy(server, template, _NAME)
    yield
    with _server() as server, django_db_blocker.unblock():
        _let_go()
        _drop(server, _NAME)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database for tests that commit, from several connections or processes; afterwards it is as new."""
    with django_db_blocker.unblock():
        yield
        _let_go()
        with _server() as server:
            _drop(server, _NAME)
            _copy(server, f"migrated_{_state_of_migrations()}", _NAME)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped server's data folder in a path with a space; a test that starts it leaves it as it was."""
    data = tmp_path_factory.mktemp("made once")
    with Server(data, fast=True).running():
        return data


def _server() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True)


def _exists(server: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    return server.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def _drop(server: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _copy(server: psycopg.Connection[tuple[object, ...]], template: str, name: str) -> None:
    server.execute(
        sql.SQL("create database {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _make_template(server: psycopg.Connection[tuple[object, ...]], template: str) -> None:
    """Migrate as the owner in this run's own database, then keep that as ``template``."""
    from django.core.management import call_command
    from django.db import connections

    server.execute(sql.SQL("create database {}").format(sql.Identifier(_NAME)))
    call_command("migrate", database="owner", verbosity=0)
    grant(connections["owner"])
    _let_go()
    with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another run was faster
        _copy(server, _NAME, template)
    _drop(server, _NAME)


def _let_go() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # django-stubs does not know it yet


def _drop_left_over(server: psycopg.Connection[tuple[object, ...]]) -> None:
    """Drop the databases of runs that were killed, and migrated ones of earlier days."""
    rows = server.execute(
        "select datname from pg_database where datname ^@ 'test_alongside_' or datname ^@ 'migrated_'"
    ).fetchall()
    current = f"migrated_{_state_of_migrations()}"
    for (name,) in rows:
        assert isinstance(name, str)
        pid = name.rpartition("_")[2]
        if name == current or (pid.isdigit() and Path(f"/proc/{pid}").exists() and name.startswith("test_")):
            continue
        with suppress(psycopg.errors.ObjectInUse, psycopg.errors.InvalidCatalogName):
            server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def _state_of_migrations() -> str:
    """Return a checksum of all that decides what a migrated database holds."""
    files = [ROOT / "requirements" / "dev.txt", *sorted((ROOT / "alongside").glob("*/migrations/*.py"))]
    files += sorted((ROOT / "alongside" / "database").glob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]
