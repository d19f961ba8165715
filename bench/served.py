"""A demonstration on a free port, for a bench to look at from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def demonstration(data: Path) -> Iterator[tuple[str, float]]:
    """Serve the demonstration in ``data``; give its address and the seconds until its first page answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"ALONGSIDE_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "alongside", "demo", "--port", str(port)]
    address, began = f"http://127.0.0.1:{port}", time.perf_counter()
    server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _answers(f"{address}/"):
            if server.poll() is not None or time.perf_counter() - began > 300:
                raise RuntimeError("the demonstration did not come up")
            time.sleep(0.02)
        yield address, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False
