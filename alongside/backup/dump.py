"""The database into a file and out of it again, by PostgreSQL's own programs."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from alongside.backup.refused import BackupRefused
from alongside.database import binaries
from alongside.database.unavailable import DatabaseUnavailableError

# Rows that a restore must not bring back: open sessions, which whoever has the dump could use, and jobs done long ago.
_WITHOUT = ("public.django_session", "public.accounts_signin", "public.procrastinate_*")
_NEWER_SETTING = b"SET transaction_timeout = 0;\n"
_HEAD = 64 * 1024  # bytes in which pg_restore's own settings stand


@dataclass(frozen=True)
class State:
    """The server's major version, the database's bytes, and by app the names of the migrations that it has had."""

    postgres: int
    size: int
    migrations: dict[str, list[str]]


def look(login: Mapping[str, Any]) -> State:
    """Return the state of the database; raise BackupRefused when it does not answer or nothing is in it."""
    try:
        with psycopg.connect(**login) as connection:
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            done = connection.execute("SELECT app, array_agg(name ORDER BY name) FROM django_migrations GROUP BY app")
            return State(connection.info.server_version // 10000, size[0] if size else 0, dict(done.fetchall()))
    except psycopg.OperationalError:
        raise BackupRefused("The database does not answer.") from None
    except psycopg.errors.UndefinedTable:
        raise BackupRefused("The database is empty: there is nothing to back up yet.") from None


def dump(login: Mapping[str, Any], target: Path) -> None:
    """Write the database into ``target``, without the finding index.

    ``login`` is the owner's, as libpq's keywords. The dump is of one moment, whatever is written meanwhile.
    """
    server = _major(login)
    command = [
        *(_program("pg_dump", server), "--format=custom", "--compress=1", "--schema=public", "--file", str(target)),
        *("--no-unlogged-table-data", "--no-comments", *(f"--exclude-table-data={name}" for name in _WITHOUT)),
        *("--no-password", "--dbname", _without_password(login)),
    ]
    target.touch(mode=0o600)
    done = subprocess.run(command, env=_environment(login), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupRefused(f"The database could not be dumped.{_last_line(done.stderr)}")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def load(login: Mapping[str, Any], source: Path, written_by: int) -> None:
    """Fill the empty schema ``public`` from a dump, all in one transaction; ``written_by`` is the server it came from."""
    server = _major(login)
    if server < written_by:
        raise BackupRefused(
            f"The backup was taken from PostgreSQL {written_by}, and this database is PostgreSQL {server}: "
            "restore into one that is as new."
        )
    read = [_program("pg_restore", max(server, written_by)), "--no-owner", "--no-privileges", "--schema=public"]
    write = [
        *(_program("psql", server), "--no-psqlrc", "--quiet", "--no-password"),
        # Of an error its number alone: a message repeats rows.
        *("--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate", "--output", os.devnull, _without_password(login)),
    ]
    with (
        subprocess.Popen(  # noqa: S603 - PostgreSQL's own programs
            [*read, "--file=-", str(source)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as reading,
        subprocess.Popen(  # noqa: S603
            write, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(login)
        ) as writing,
    ):
        with contextlib.suppress(BrokenPipeError):
            _pour(reading, writing)
        said = writing.stderr.read().decode(errors="replace") if writing.stderr else ""
        reading.kill()
        if writing.wait():
            raise BackupRefused(_why_not(said))
        if reading.wait():
            raise BackupRefused("The dump could not be read to its end.")


def _pour(reading: subprocess.Popen[bytes], writing: subprocess.Popen[bytes]) -> None:
    """Send a script through in one transaction. Only a whole one is committed: whoever dies on the way, it is undone."""
    assert reading.stdout is not None
    assert writing.stdin is not None
    with writing.stdin as script:
        script.write(b"BEGIN;\n")
        # Older servers do not know this setting.
        script.write(reading.stdout.read(_HEAD).replace(_NEWER_SETTING, b"", 1))
        shutil.copyfileobj(reading.stdout, script, 1024 * 1024)
        if reading.wait() == 0:
            script.write(b"COMMIT;\n")


def readable(source: Path, written_by: int) -> bool:
    """Return whether pg_restore can read the table of contents of a dump."""
    command = [_program("pg_restore", written_by), "--list", str(source)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def _program(name: str, least: int) -> str:
    """Return a program of PostgreSQL as new as ``least``: ours, else one that is installed."""
    try:
        if binaries.major(binaries.embedded()) >= least:
            return str(binaries.embedded() / name)
    except DatabaseUnavailableError:
        pass
    for folder in [f"/usr/lib/postgresql/{least}/bin", *os.get_exec_path()]:
        path = Path(folder) / name
        if path.is_file() and _version(path) >= least:
            return str(path)
    raise BackupRefused(f"The database is PostgreSQL {least}: install its client programs ({name}) on this machine.")


def _version(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


def _major(login: Mapping[str, Any]) -> int:
    try:
        with psycopg.connect(**login) as connection:
            return connection.info.server_version // 10000
    except psycopg.OperationalError:
        raise BackupRefused("The database does not answer.") from None


def _without_password(login: Mapping[str, Any]) -> str:
    # What stands on a command line can be read by everyone on the machine.
    return make_conninfo("", **{name: value for name, value in login.items() if name != "password"})


def _environment(login: Mapping[str, Any]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith("PG") or name == "HOME"}
    password = {"PGPASSWORD": str(login["password"])} if login.get("password") else {}
    return {"PATH": os.defpath, "LC_ALL": "C", **kept, **password}


def _last_line(said: str) -> str:
    lines = said.strip().splitlines()
    return f" {lines[-1]}" if lines else ""


def _why_not(said: str) -> str:
    if "53100" in said:
        return "The disk is full: make room for the database and restore again; the backup is as it was."
    return f"The database did not take the dump in.{_last_line(said)}"
