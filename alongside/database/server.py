"""The embedded PostgreSQL: made, started, shared, found again after a crash, and stopped by its last user."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from alongside.database import binaries, tuning
from alongside.database.roles import OWNER, ensure_database, ensure_roles
from alongside.database.runner import Runner, choose
from alongside.database.unavailable import DatabaseUnavailableError

DATABASE = "alongside"
_SOCKET_NAME = "/.s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # bytes: macOS has room for 103 and Linux for 107
_LONGEST_LOG = 5_000_000  # bytes
# Trust: the socket's folder is 0700, so who can reach the socket is this user already (decision 0003).
_INITDB_OPTIONS = ("--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions")
_PATIENCE = 60.0  # seconds: recovery after a crash, and zombies that a slow first process has yet to reap


def socket_folder(data: Path) -> Path:
    """Return the folder of the server's socket: beside the data, or a short path where that is too long."""
    near = data.resolve() / "database" / "socket"
    if len(os.fsencode(near)) + len(_SOCKET_NAME) <= _LONGEST_SOCKET_PATH:
        return near
    return Path(tempfile.gettempdir()) / f"alongside-{hashlib.sha256(os.fsencode(near)).hexdigest()[:16]}"


@dataclass(frozen=True)
class Server:
    """The server whose files are in ``data/database``.

    ``fast`` gives up durability (tests only); ``programs`` is the folder of PostgreSQL's programs.
    """

    data: Path
    fast: bool = False
    programs: Path = field(default_factory=binaries.embedded)

    @property
    def home(self) -> Path:
        return self.data.resolve() / "database"

    @property
    def files(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def conninfo(self, user: str = OWNER, dbname: str = DATABASE) -> str:
        """Return libpq's connection string for ``user`` and ``dbname``."""
        return make_conninfo(host=str(socket_folder(self.data)), port=5432, user=user, dbname=dbname)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start the server or share the one that runs; the last user to leave stops it.

        A user that is killed leaves too, since the kernel drops its lock. A server that nobody uses any more
        because all were killed keeps running, and the next user adopts it.
        """
        make_private(self.home)
        with (self.home / "users.lock").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()
            try:
                yield
            finally:
                with suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    def start(self) -> None:
        """Make the files where there are none, start the server unless it runs, see to roles and database."""
        make_private(self.home)
        with (self.home / "start.lock").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not self.answers():
                runner = choose(self.home)
                server = self.reachable_for(runner)
                server._make_files(runner)
                server._check_version()
                server._launch(runner)
            ensure_roles(self.conninfo(dbname="postgres"))
            ensure_database(self.conninfo(dbname="postgres"), DATABASE)

    def stop(self) -> None:
        """Stop the server, if it runs: open transactions are rolled back, everything committed is on disk."""
        pid = self.postmaster()
        if pid is None:
            return
        # Asked to stop while it recovers from a crash, PostgreSQL 18 may never do so: let it finish first.
        self._await_answer(_PATIENCE / 4)
        for how, patience in ((signal.SIGINT, _PATIENCE), (signal.SIGQUIT, 10.0)):
            os.kill(pid, how)
            until = time.monotonic() + patience
            while self.postmaster() == pid:
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
            else:
                return
        raise DatabaseUnavailableError(f"The database (process {pid}) does not stop.")

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            psycopg.connect(self.conninfo(dbname="postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def postmaster(self) -> int | None:
        """Return the server's process id while it lives; a zombie or a stranger with its number is not it."""
        try:
            pid = int((self.files / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if _lives_in(self.files, pid) else None

    def _await_answer(self, patience: float) -> None:
        until = time.monotonic() + patience
        while not self.answers() and self.postmaster() is not None and time.monotonic() < until:
            time.sleep(0.05)

    def reachable_for(self, runner: Runner) -> Server:
        """Return this server with programs that ``runner`` can start: copies beside the data, if need be."""
        if runner.can_run(self.programs / "postgres"):
            return self
        copied = binaries.copy_to(self.home / "programs", self.programs)
        (self.home / "programs").chmod(0o755)
        return Server(self.data, self.fast, copied)

    def _make_files(self, runner: Runner) -> None:
        """Run initdb beside its place and move the result: a killed initdb leaves nothing half made."""
        if self.files.exists():
            self.files.chmod(0o700)  # PostgreSQL refuses anything wider
            return
        unfinished = self.home / "pgdata.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_database_files(self.programs, unfinished, runner, fast=self.fast)
        unfinished.rename(self.files)

    def _check_version(self) -> None:
        written, ours = int((self.files / "PG_VERSION").read_text()), binaries.major(self.programs)
        if written != ours:
            raise DatabaseUnavailableError(
                f"The database in {self.files} was written by PostgreSQL {written}; this version of "
                f"Alongside carries PostgreSQL {ours}. Nothing was changed.\n"
                "Go back to the version of Alongside that ran last, dump the database with it (pg_dump "
                "of its own programs), and restore that with this one. More: docs/decisions/0003-embedded-postgresql.md"
            )

    def _launch(self, runner: Runner) -> None:
        """Start the postmaster, again and again while a killed one still stands in the way."""
        folder = socket_folder(self.data)
        make_private(folder)
        runner.take(folder)
        self._shorten_log()
        options = shlex.join(
            part
            for name, value in tuning.settings(folder, fast=self.fast).items()
            for part in ("-c", f"{name}={value}")
        )
        start: list[str | Path] = [
            self.programs / "pg_ctl",
            "start",
            "-D",
            self.files,
            "-l",
            self.log,
            "-o",
            options,
            "-w",
            "-t",
            "60",
        ]
        until = time.monotonic() + _PATIENCE
        while not self.answers():
            if time.monotonic() > until:
                raise self._does_not_start()
            if self.postmaster() is None:
                _forget_dead_postmaster(self.files)
                if runner.run(start).returncode != 0 and not self._killed_one_in_the_way():
                    raise self._does_not_start()
            time.sleep(0.05)

    def _killed_one_in_the_way(self) -> bool:
        return any(words in self._log_end() for words in ("already exists", "still in use"))

    def _does_not_start(self) -> DatabaseUnavailableError:
        if "No space left" in self._log_end():
            return DatabaseUnavailableError(f"The disk is full: the database in {self.home} has no room to start.")
        return DatabaseUnavailableError(f"The database does not start. Its log, {self.log}, ends:\n{self._log_end()}")

    def _shorten_log(self) -> None:
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LONGEST_LOG:
                self.log.replace(self.log.with_suffix(".log.1"))

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else "(empty)"


def make_database_files(programs: Path, folder: Path, runner: Runner, *, fast: bool = False) -> None:
    """Run initdb into ``folder``, which must not exist; ``fast`` for files that may be lost."""
    builtin = binaries.major(programs) >= 17
    locale = (
        ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else ["--locale=C.UTF-8"]
    )
    options = [*_INITDB_OPTIONS, *(["--no-sync", "--wal-segsize=1"] if fast else [])]
    made = runner.run([programs / "initdb", "-D", folder, "-U", OWNER, "--encoding=UTF8", *locale, *options])
    if made.returncode != 0:
        if "No space left" in made.stderr:
            raise DatabaseUnavailableError(f"The disk is full: there is no room for the database in {folder.parent}.")
        raise DatabaseUnavailableError(f"The database could not be made in {folder}:\n{made.stderr.strip()}")


def make_private(folder: Path) -> None:
    """Make ``folder`` for its owner alone; refuse one that is a link or somebody else's."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or (os.geteuid() != 0 and folder.stat().st_uid != os.geteuid()):
            raise DatabaseUnavailableError(
                f"{folder} belongs to somebody else. Choose another place with ALONGSIDE_DATA."
            )
        folder.chmod(0o700)
    except PermissionError as error:
        raise DatabaseUnavailableError(
            f"This user may not write in {folder}. Choose another with ALONGSIDE_DATA."
        ) from error


def _lives_in(files: Path, pid: int) -> bool:
    """Whether process ``pid`` is alive and works in ``files``, as every process of that server does."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self/cwd").exists():  # macOS
        with suppress(ProcessLookupError):
            os.kill(pid, 0)
            return True
        return False
    try:
        return (process / "cwd").readlink() == files  # a zombie has none
    except OSError:
        return False


def _forget_dead_postmaster(files: Path) -> None:
    """Remove a killed server's lock file once nothing of that server lives.

    PostgreSQL itself goes by the bare process id, and waits for ever for a zombie or for a stranger who was
    given the same number.
    """
    if not Path("/proc/self/cwd").exists():
        return
    if not any(_lives_in(files, int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        (files / "postmaster.pid").unlink(missing_ok=True)
