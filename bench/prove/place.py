"""A throw-away installation in a folder of its own: served over real HTTP, stopped, and looked through."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from alongside.database.server import Server
from alongside.serve import web_command
from bench.served import ROOT, environment, free_port

_PATIENCE = 120.0  # seconds
# As a proxy in front would say it: the installation is a real one, with its secure settings.
_THROUGH_TLS = {"X-Forwarded-Proto": "https", "Accept-Language": "en"}


class Place:
    """One installation; ``folder/data`` is its data, ``folder/logs`` all that its processes said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.logs = folder / "logs"
        self.logs.mkdir()
        (folder / "tmp").mkdir()
        self.port = free_port()
        said = {"ALONGSIDE_PROXIES": "1", "TMPDIR": str(folder / "tmp"), "DJANGO_SETTINGS_MODULE": "alongside.settings"}
        self.environment = environment(self.data, said)
        self._server: subprocess.Popen[bytes] | None = None

    @contextmanager
    def served(self, program: str = "alongside") -> Iterator[None]:
        """Serve for a block by ``program``, with its output kept in the logs; then end everything, cleanly."""
        command = [sys.executable, "-P", "-m", program, "serve", "--port", str(self.port)]
        with (self.logs / "serve.log").open("ab") as log:
            self._server = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=ROOT)
        try:
            self._wait()
            yield
        finally:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(60)

    @property
    def supervisor(self) -> int:
        """The process that started all others."""
        assert self._server is not None
        return self._server.pid

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Take the database away for a block, and keep its supervisor from bringing it back meanwhile."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            Server(self.data).stop()
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)
        self._wait()

    @contextmanager
    def second_web(self) -> Iterator[int]:
        """Serve by one more web process over the same database for a block; give its port."""
        port = free_port()
        with (self.logs / "second.log").open("ab") as log:
            web = subprocess.Popen(
                web_command("127.0.0.1", port, 1), env=self.environment, stdout=log, stderr=log, cwd=ROOT
            )
        try:
            until = time.monotonic() + _PATIENCE
            while self.ask("/readyz", port=port)[0] != 200:
                if time.monotonic() > until or web.poll() is not None:
                    raise RuntimeError(f"no second web process: {(self.logs / 'second.log').read_text()[-2000:]}")
                time.sleep(0.1)
            yield port
        finally:
            web.terminate()
            web.wait(60)

    @contextmanager
    def talking(self, name: str, *words: str) -> Iterator[Callable[[str], str]]:
        """Run ``python -P -m words`` for a block, which answers a line to each line that it is told."""
        with (self.logs / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-P", "-m", *words]
            pipe = subprocess.PIPE
            program = subprocess.Popen(
                command, env=self.environment, stdin=pipe, stdout=pipe, stderr=log, cwd=ROOT, text=True, bufsize=1
            )
        assert program.stdin is not None
        assert program.stdout is not None
        told, answers = program.stdin, program.stdout

        def say(line: str) -> str:
            told.write(f"{line}\n")
            answer = answers.readline()
            if not answer:
                raise RuntimeError(f"{name} ended: {(self.logs / f'{name}.log').read_text()[-2000:]}")
            return answer

        try:
            yield say
        finally:
            told.close()
            program.wait(60)
            answers.close()

    def run(self, name: str, *words: str, said: str = "") -> str:
        """Run ``python -P -m words`` and return what it prints; what it complains of goes to the logs.

        Raises RuntimeError when it fails.
        """
        done = subprocess.run(
            [sys.executable, "-P", "-m", *words],
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        (self.logs / f"{name}.log").write_text(done.stderr)
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
        return done.stdout

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | Sequence[tuple[str, str]] | bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        guest: int = 1,
        port: int = 0,
    ) -> tuple[int, bytes]:
        """Send one request as a browser behind the proxy would; return status and body.

        ``guest`` chooses the network address that it comes from; nothing is retried and no redirect followed. ``port``
        is that of another web process.
        """
        body = form if form is None or isinstance(form, bytes) else urllib.parse.urlencode(form).encode()
        sent = _THROUGH_TLS | {"X-Forwarded-For": f"192.0.2.{guest % 250 + 1}", "Host": "localhost"}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request("GET" if body is None else "POST", path, body, sent | dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, ConnectionError):
            return 0, b""
        finally:
            connection.close()

    def send(self, raw: bytes) -> None:
        """Send bytes that are no proper request."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as sending:
            sending.sendall(raw)
            sending.shutdown(socket.SHUT_WR)
            sending.recv(64)

    def _wait(self) -> None:
        assert self._server is not None
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._server.poll() is None:
            if self.ask("/readyz")[0] == 200:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the installation did not come up: {(self.logs / 'serve.log').read_text()[-2000:]}")


@contextmanager
def throw_away() -> Iterator[Place]:
    """Make an installation that leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-prove-"))
    try:
        yield Place(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
