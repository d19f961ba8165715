"""S1, S5: ``doctor`` names what an outside server lets into its log, and what the web's login could become."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from alongside.database import check
from alongside.database.roles import WEB, ensure_roles
from alongside.database.server import Server
from alongside.database.url import databases
from tests.database.way import way_to

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

# The tests' own server may lose its data, and doctor says so.
FAST = [
    "fsync is off; set it to on on the database server",
    "full_page_writes is off; set it to on on the database server",
]
LOUD = {
    "log_statement": "all",
    "log_min_duration_statement": "100ms",
    "log_min_duration_sample": "100ms",
    "log_transaction_sample_rate": "0.5",
    "log_parameter_max_length_on_error": "64B",
    "log_error_verbosity": "default",
    "log_min_messages": "warning",
    "log_min_error_statement": "error",
}


class Outside:
    """A server of somebody else's, with a database for us, and doctor looking at it."""

    def __init__(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.monkeypatch, self.data = server, monkeypatch, server.data
        for line in ("create role landlord login", "create database house owner landlord"):
            self.admin(line)
        ensure_roles(server.conninfo(dbname="postgres"))
        self.admin(f"grant {WEB} to landlord")
        with psycopg.connect(server.conninfo(user="landlord", dbname="house"), autocommit=True) as owner:
            owner.execute("create table told (id int)")

    def admin(self, line: str) -> None:
        with psycopg.connect(self.server.conninfo(dbname="postgres"), autocommit=True) as admin:
            admin.execute(line.encode())

    def problems(self, login: str = WEB, *, steps_down: bool = False) -> list[str]:
        env = {"DATABASE_URL": self.server.conninfo(user=login, dbname="house")}
        env |= {} if steps_down else {"DATABASE_WEB_URL": env["DATABASE_URL"]}
        with way_to(databases(env, self.data)["default"]) as way:
            self.monkeypatch.setattr(check, "connection", way)
            found = check.problems()
        assert [problem for problem in found if problem in FAST] == FAST
        return [problem for problem in found if problem not in FAST]


@pytest.fixture
def outside(made_once: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker) -> Iterator[Outside]:
    server = Server(made_once, fast=True)
    with server.running(), django_db_blocker.unblock():
        found = Outside(server, monkeypatch)
        yield found
        for line in ("drop database house with (force)", "drop role landlord", f"alter role {WEB} nobypassrls"):
            found.admin(line)


def test_a_server_that_keeps_words_to_itself_is_well(outside: Outside) -> None:
    assert outside.problems() == []


@pytest.mark.parametrize("name", LOUD)
def test_s1_each_setting_that_lets_words_into_the_log_is_named(outside: Outside, name: str) -> None:
    outside.admin(f"alter database house set {name} = '{LOUD[name]}'")
    (said,) = outside.problems()
    assert said.startswith(f"{name} is {LOUD[name]}; set it to ")


def test_s5_an_owner_that_only_steps_down_is_named_with_what_to_do(outside: Outside) -> None:
    (said,) = outside.problems("landlord", steps_down=True)
    assert "the role that owns the tables, and only steps down" in said
    assert f"ALTER ROLE {WEB} LOGIN PASSWORD" in said
    assert "DATABASE_WEB_URL" in said


def test_s5_an_administrator_that_only_steps_down_is_named(outside: Outside) -> None:
    (said,) = outside.problems("alongside_owner", steps_down=True)
    assert "an administrator's rights, and only steps down" in said


def test_s5_a_web_role_that_owns_or_passes_row_level_security_is_named(outside: Outside) -> None:
    assert any("owns tables" in said for said in outside.problems("landlord"))
    outside.admin(f"alter role {WEB} bypassrls")
    assert any("can pass row-level security" in said for said in outside.problems())
