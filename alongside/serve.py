"""Everything that serves: PostgreSQL, the web process and the worker, started, kept alive and ended together.

The children belong to this process: when it ends in whatever way, the kernel ends them (Linux). PostgreSQL
alone outlives a supervisor that was killed, so that it can finish writing; the next start adopts it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg

from alongside.database.server import Server
from alongside.database.unavailable import DatabaseUnavailableError
from alongside.database.url import is_embedded

ROOT = Path(__file__).resolve().parent.parent
_LEAST_FREE = 200_000_000  # bytes of disk
_PORT_PATIENCE = 2.0  # seconds: the children of a killed supervisor are still letting go of it
_DRAIN = 20.0  # seconds for open requests, or for jobs under way
_LONGEST_PAUSE = 30.0  # seconds between two starts of a child that keeps ending
_STEADY = 60.0  # seconds after which a child counts as having started well
_TICK = 0.2  # seconds
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_LIBC = ctypes.CDLL(None)  # loaded here: nothing may be loaded between fork and exec


class CannotServeError(Exception):
    """Serving cannot go on; the message says why and what to do."""


@dataclass
class Child:
    """A program that is started again whenever it ends, after a pause that doubles each time."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    ended_early: int = 0
    due: float = field(default_factory=time.monotonic)

    def tend(self) -> None:
        """Start the program if it is due; notice that it has ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self._start(now)
        elif self.process.poll() is not None:
            self._sweep()
            self.process = None
            self.ended_early = 1 if now - self.started > _STEADY else self.ended_early + 1
            self.due = now + min(0.5 * 2 ** (self.ended_early - 1), _LONGEST_PAUSE)
            print(f"The {self.name} process ended and is being started again.", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Ask the program to finish its work and end; after a while end it and all that it started."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_DRAIN)
        self._sweep()
        self.process.wait()
        self.process = None

    def _start(self, now: float) -> None:
        self.started = now
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            self.command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            # Its own group: Ctrl-C reaches this process alone, which then ends things in order.
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def _sweep(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def run(*, data: Path, host: str, port: int, workers: int, prepare: Callable[[], None], reload: bool = False) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit status.

    ``prepare`` runs once the database answers (migrations, a sample). ``reload`` starts the web process again
    when a source file changes. Whatever stands in the way is said on standard error in words.
    """
    try:
        with _interrupts():
            refuse_busy_port(host, port)
            refuse_full_disk(data)
            with contextlib.ExitStack() as stack:
                server = Server(data) if is_embedded(os.environ) else None
                if server:
                    stack.enter_context(server.running())
                prepare()
                _supervise(server, host, port, workers, reload)
    except KeyboardInterrupt:
        return 0
    except (CannotServeError, DatabaseUnavailableError) as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        if not _is_full_disk(error):
            raise
        print(f"The disk is full. Make room for {data} and start again; nothing was lost.", file=sys.stderr)
        return 1
    return 0


def refuse_busy_port(host: str, port: int) -> None:
    """Raise CannotServeError unless this process could listen there."""
    until = time.monotonic() + _PORT_PATIENCE
    while True:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
            return
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(_TICK)
                continue
            raise CannotServeError(_why_not(error, host, port)) from error


def refuse_full_disk(data: Path) -> None:
    """Raise CannotServeError when too little of the disk is free to start."""
    place = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if free < _LEAST_FREE:
        raise CannotServeError(
            f"The disk is nearly full: {free // 1_000_000} MB are free for {data}, and Alongside needs "
            f"{_LEAST_FREE // 1_000_000} MB to start. Make room, or choose another place with ALONGSIDE_DATA."
        )


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Choose another with PORT, such as PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}. Choose one above 1023 with PORT."
    return f"Alongside cannot listen on {host}, port {port}: {error.strerror or error}."


def _supervise(server: Server | None, host: str, port: int, workers: int, reload: bool) -> None:
    web = Child("web", web_command(host, port, workers))
    worker = Child("worker", [sys.executable, "-P", "-m", "alongside", "worker"])
    ready, seen = False, _newest_source() if reload else 0.0
    try:
        while True:
            web.tend()
            worker.tend()
            if not ready and (ready := _answers(host, port)):
                print(f"{_address(host, port)}", flush=True)
            if not ready and web.ended_early >= 4:
                raise CannotServeError("The web process does not start; what it said is above.")
            if server is not None and server.postmaster() is None:
                server.start()
            if reload and _newest_source() != seen:
                seen = _newest_source()
                web.end()
            time.sleep(_TICK)
    finally:
        # From here on everything ends in order; an impatient second Ctrl-C does not leave half of it running.
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        web.end()
        worker.end()


def web_command(host: str, port: int, workers: int) -> list[str]:
    """Return the command of the process that answers requests."""
    return [
        *(sys.executable, "-P", "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--backlog", "1024", "--http", "1", "--no-ws"),
        # What people read is recorded nowhere (S1).
        *("--no-access-log", "--log-level", "warning"),
        *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "15"),
        "alongside.wsgi:application",
    ]


def _answers(host: str, port: int) -> bool:
    """Whether ``/readyz`` answers 200 (over a plain socket: the house bans HTTP clients)."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((near, port), timeout=5) as asking:
            asking.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return asking.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def _address(host: str, port: int) -> str:
    everywhere = host in {"127.0.0.1", "localhost", "0.0.0.0", "::", "::1", ""}  # noqa: S104
    return f"http://{'localhost' if everywhere else host}:{port}"


def _newest_source() -> float:
    kinds = {".py", ".html", ".css", ".js", ".toml", ".txt"}
    files = (path for path in (ROOT / "alongside").rglob("*") if path.suffix in kinds)
    return max(path.stat().st_mtime for path in files)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def _interrupts() -> Iterator[None]:
    """Turn SIGINT, SIGTERM and a closed terminal into KeyboardInterrupt; a nohup stays in force."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for each in before:
        if each != signal.SIGHUP or before[each] != signal.SIG_IGN:
            signal.signal(each, _interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _is_full_disk(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        error = error.__cause__ or error.__context__
    return False
