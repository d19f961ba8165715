"""A throw-away installation in a folder of its own: served over real HTTP, stopped, and looked through."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# As a proxy in front would say it: the installation is a real one, with its secure settings.
_THROUGH_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1", "Accept-Language": "en"}


class Place:
    """One installation; ``folder/data`` is its data, ``folder/logs`` all that its processes said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.logs = folder / "logs"
        self.logs.mkdir()
        (folder / "tmp").mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ALONGSIDE_", "DATABASE_"))},
            "ALONGSIDE_DATA": str(self.data),
            "ALONGSIDE_PROXIES": "1",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder / "tmp"),
        }

    def run(self, module: str, *words: str, name: str) -> subprocess.Popen[bytes]:
        """Start ``python -m module`` with its output kept in the logs."""
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", module, *words], env=self.environment, stdout=log, stderr=log, cwd=ROOT
            )

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve for a block; then end everything, cleanly."""
        server = self.run("alongside", "serve", "--port", str(self.port), name="serve")
        try:
            self._wait(server)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Send one request as a browser behind the proxy would; return status and body."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, _THROUGH_TLS)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and server.poll() is None:
            try:
                if self.ask("/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the installation did not come up: {(self.logs / 'serve.log').read_text()[-2000:]}")


@contextmanager
def throw_away() -> Iterator[Place]:
    """Make an installation that leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-prove-"))
    try:
        yield Place(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
