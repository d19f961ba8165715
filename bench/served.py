"""A demonstration on a free port, for a bench or a browser to look at from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE = 300.0  # seconds: a first start settles the sample community


def environment(data: Path, said: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a process about ``data`` is told: nothing of this shell's own Alongside, then ``said``."""
    ours = ("ALONGSIDE_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours) and name != "PORT"}
    return kept | {"ALONGSIDE_DATA": str(data), "PYTHONPATH": str(ROOT)} | dict(said or {})


@contextmanager
def demonstration(data: Path, said: Mapping[str, str] | None = None) -> Iterator[tuple[str, float]]:
    """Serve the demonstration in ``data``, told ``said`` by environment variables.

    Gives its address and the seconds until its first page answered. What its processes say stands in a file
    beside ``data``, named after it (``.log``). Raises RuntimeError when it does not come up.
    """
    port = free_port()
    command = [sys.executable, "-P", "-m", "alongside", "demo", "--port", str(port)]
    log = data.with_name(f"{data.name}.log")
    log.parent.mkdir(parents=True, exist_ok=True)
    address, began = f"http://127.0.0.1:{port}", time.perf_counter()
    with log.open("ab") as out:
        server = subprocess.Popen(command, env=environment(data, said), cwd=ROOT, stdout=out, stderr=out)
    try:
        while not _answers(f"{address}/"):
            if server.poll() is not None or time.perf_counter() - began > _PATIENCE:
                raise RuntimeError(f"the demonstration did not come up: {log.read_text()[-2000:]}")
            time.sleep(0.02)
        yield address, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False
