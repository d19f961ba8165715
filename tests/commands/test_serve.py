"""Serving: said when ready, kept alive, ended together, and kind about what stands in the way."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside import serve
from alongside.database.server import Server

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0  # seconds, on a busy machine

# A stand-in for the product: what serving does must not depend on what is served.
WSGI = """
import os, time
def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow":
        time.sleep(1)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"words" if path != "/pid" else str(os.getpid()).encode()]
"""
MAIN = """
import os, pathlib, signal, sys
pathlib.Path(os.environ["STAND_IN"], "worker").write_text(str(os.getpid()))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.pause()
"""
SERVE = """
import functools, sys
from pathlib import Path
from alongside import serve
serve.ROOT = Path(sys.argv[1])
run = functools.partial(serve.run, data=serve.ROOT / "data", host="127.0.0.1", port=int(sys.argv[2]), workers=1)
sys.exit(run(prepare=lambda: print("prepared", flush=True), reload="reload" in sys.argv))
"""


@pytest.fixture
def place(tmp_path: Path, made_once: Path) -> Path:
    package = tmp_path / "stand in" / "alongside"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "wsgi.py").write_text(WSGI)
    (package / "__main__.py").write_text(MAIN)
    (package.parent / "data").symlink_to(made_once)
    return package.parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@contextlib.contextmanager
def _serving(place: Path, port: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    supervisor = subprocess.Popen(
        [*_command(place, port), *words],
        cwd=ROOT,
        env=_environment(place),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "prepared\n"
    assert supervisor.stdout.readline() == f"http://localhost:{port}\n"
    yield supervisor
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    _until(lambda: not _hears(port))
    Server(place / "data").stop()


@pytest.fixture
def serving(place: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    with _serving(place, port) as supervisor:
        yield supervisor


def _command(place: Path, port: int) -> list[str]:
    return [sys.executable, "-c", SERVE, str(place), str(port)]


def _environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return kept | {"STAND_IN": str(place)}


def _ask(port: int, path: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as asking:
        asking.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        answer = b""
        while more := asking.recv(4096):
            answer += more
    return answer.partition(b"\r\n\r\n")[2].decode()


def _hears(port: int, path: str = "/") -> str:
    """What is answered, or nothing while nobody listens."""
    with contextlib.suppress(OSError):
        return _ask(port, path)
    return ""


def _until(true: object) -> None:
    assert callable(true)
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def _worker(place: Path) -> int:
    file = place / "worker"
    _until(lambda: file.exists() and file.read_text())
    return int(file.read_text())


def _alive(process: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def _never() -> None:
    pytest.fail("prepared although it could not serve")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_all_of_it_and_an_open_request_is_answered_first(
    serving: subprocess.Popen[str], place: Path, port: int, how: signal.Signals
) -> None:
    worker, web, server = _worker(place), int(_ask(port, "/pid")), Server(place / "data").postmaster()
    assert server is not None
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as asking:
        asking.sendall(b"GET /slow HTTP/1.0\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        serving.send_signal(how)
        assert b" 200 " in asking.recv(20)
    assert serving.wait(PATIENCE) == 0
    assert not any(map(_alive, (worker, web, server)))


def test_a_child_that_dies_is_started_again(serving: subprocess.Popen[str], place: Path, port: int) -> None:
    worker, web = _worker(place), int(_ask(port, "/pid"))
    for process in (worker, web):
        os.kill(process, signal.SIGKILL)
    _until(lambda: _worker(place) != worker)
    _until(lambda: _hears(port, "/pid") not in {"", str(web)})


def test_a_postgresql_that_dies_is_started_again(serving: subprocess.Popen[str], place: Path) -> None:
    server = Server(place / "data")
    killed = server.postmaster()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    _until(lambda: server.answers() and server.postmaster() != killed)


def test_a_killed_supervisor_leaves_no_child_and_the_next_start_adopts_the_database(
    serving: subprocess.Popen[str], place: Path, port: int
) -> None:
    worker, web = _worker(place), int(_ask(port, "/pid"))
    server = Server(place / "data")
    adopted = server.postmaster()
    serving.kill()
    serving.wait()
    _until(lambda: not _alive(worker) and not _alive(web))
    with server.running():
        assert server.postmaster() == adopted
    assert server.postmaster() is None


def test_a_busy_port_is_said_before_anything_is_done(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status = serve.run(data=data, host="127.0.0.1", port=port, workers=1, prepare=_never)
    assert status == 1
    assert f"PORT={port + 1}" in capsys.readouterr().err
    assert not data.exists()


def test_a_full_disk_is_said_before_anything_is_done(
    data: Path, port: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", ["total", "used", "free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 5 * 10**6, 5 * 10**6))
    assert serve.run(data=data, host="127.0.0.1", port=port, workers=1, prepare=_never) == 1
    assert "nearly full: 5 MB" in capsys.readouterr().err
    assert not data.exists()


def test_a_disk_that_fills_while_preparing_is_said_in_words(
    data: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def prepare() -> None:
        raise OSError(28, "No space left on device")

    assert serve.run(data=data, host="127.0.0.1", port=port, workers=1, prepare=prepare) == 1
    assert "The disk is full" in capsys.readouterr().err


def test_a_web_process_that_never_starts_is_given_up_in_words(place: Path, port: int) -> None:
    (place / "alongside" / "wsgi.py").write_text("raise RuntimeError")
    command, environment = _command(place, port), _environment(place)
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "The web process does not start" in ended.stderr
    assert not _alive(_worker(place))


def test_while_developing_the_web_process_starts_again_when_a_file_changes(place: Path, port: int) -> None:
    with _serving(place, port, "reload"):
        source = place / "alongside" / "wsgi.py"
        source.write_text(source.read_text().replace("words", "other words"))
        _until(lambda: _hears(port) == "other words")


def test_s1_what_people_read_is_not_recorded(serving: subprocess.Popen[str], port: int) -> None:
    _ask(port, "/heliotrope-lanterns")
    serving.send_signal(signal.SIGTERM)
    said = serving.communicate(timeout=PATIENCE)[0]
    assert "heliotrope" not in said
