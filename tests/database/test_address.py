"""The database's address, from the environment into Django's settings."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest

from alongside.database.roles import WEB, ensure_roles
from alongside.database.server import Server
from alongside.database.unavailable import DatabaseUnavailableError
from alongside.database.url import databases, is_embedded, owner_dsn


def test_without_an_address_the_embedded_server_is_used(tmp_path: Path) -> None:
    found = databases({}, tmp_path)
    assert is_embedded({})
    assert found["default"]["USER"] == WEB
    assert found["owner"]["USER"] == "alongside_owner"
    assert found["default"]["HOST"].startswith(str(tmp_path))


def test_an_outside_server_is_read_with_its_odd_characters_and_options(tmp_path: Path) -> None:
    found = databases({"DATABASE_URL": "postgres://a%20b:p%40ss@db.example:6432/name?sslmode=verify-full"}, tmp_path)
    owner = found["owner"]
    assert (owner["USER"], owner["PASSWORD"], owner["HOST"], owner["PORT"]) == (
        "a b",
        "p@ss",
        "db.example",
        "6432",
    )
    assert owner["OPTIONS"]["sslmode"] == "verify-full"
    assert "options" not in owner["OPTIONS"]
    assert found["default"]["OPTIONS"]["options"] == f"-c role={WEB}"


def test_several_hosts_for_fail_over_stay_several(tmp_path: Path) -> None:
    url = "postgresql://u@one,two:5433/name?target_session_attrs=read-write"
    owner = databases({"DATABASE_URL": url}, tmp_path)["owner"]
    assert owner["HOST"] == "one,two"
    assert owner["OPTIONS"]["target_session_attrs"] == "read-write"


def test_a_login_of_its_own_for_the_web_is_used_as_it_is(tmp_path: Path) -> None:
    env = {"DATABASE_URL": "postgresql://owner@h/n", "DATABASE_WEB_URL": "postgresql://web@h/n"}
    found = databases(env, tmp_path)
    assert found["default"]["USER"] == "web"
    assert "options" not in found["default"]["OPTIONS"]


@pytest.mark.parametrize("url", ["postgresql://u:hunter2@h:port/n?nonsense=1", "postgresql://u:hunter2@h/"])
def test_an_address_that_cannot_be_read_is_named_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError, match="DATABASE_URL") as caught:
        databases({"DATABASE_URL": url}, tmp_path)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.fixture
def outside(made_once: Path, tmp_path: Path) -> Server:
    """A server of somebody else's: a copy, since roles are made and taken away in it."""
    return Server(shutil.copytree(made_once, tmp_path / "outside"), fast=True)


def test_s5_the_owners_login_of_an_outside_server_steps_down_to_the_web_role(outside: Server, tmp_path: Path) -> None:
    with outside.running():
        with psycopg.connect(outside.conninfo(), autocommit=True) as admin:
            admin.execute(f"drop role {WEB}")
            admin.execute("create role landlord login createrole")
            admin.execute("create database house owner landlord")
        env = {"DATABASE_URL": outside.conninfo(user="landlord", dbname="house")}
        ensure_roles(owner_dsn(env, tmp_path))
        ensure_roles(owner_dsn(env, tmp_path))
        found = databases(env, tmp_path)["default"]
        with psycopg.connect(env["DATABASE_URL"], options=found["OPTIONS"]["options"], autocommit=True) as web:
            assert web.execute("select current_user::text").fetchone() == (WEB,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("create table mine (id int)")


def test_a_login_that_may_make_no_roles_says_what_an_administrator_runs(outside: Server) -> None:
    with outside.running():
        with psycopg.connect(outside.conninfo(), autocommit=True) as admin:
            admin.execute(f"drop role {WEB}")
            admin.execute("create role tenant login")
        with pytest.raises(DatabaseUnavailableError, match=f"create role {WEB} login"):
            ensure_roles(outside.conninfo(user="tenant"))


def test_s5_a_web_role_that_can_bypass_row_level_security_is_refused(outside: Server) -> None:
    with outside.running():
        with psycopg.connect(outside.conninfo(), autocommit=True) as admin:
            admin.execute(f"alter role {WEB} bypassrls")
        with pytest.raises(DatabaseUnavailableError, match="bypass row-level security"):
            ensure_roles(outside.conninfo())
        with psycopg.connect(outside.conninfo(), autocommit=True) as admin:
            admin.execute(f"alter role {WEB} nobypassrls")
