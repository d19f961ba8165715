"""D2, S15: a store that is away, full or strange gives one named error, soon, and nobody reads its keys anywhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_django import Settings

from alongside import ids
from alongside.env import ROOT, BadSetting, BucketAddress
from alongside.media import bucket as module
from alongside.media import objects, store_check
from alongside.media.bucket import bucket, keys_in
from alongside.media.unavailable import StoreUnavailable
from tests.s3 import ACCESS, BUCKET, SECRET, address, key_file

NAME = ids.new_id()
ASKED: dict[str, Callable[[], object]] = {
    "write": lambda: objects.write(NAME, b"sealed"),
    "read": lambda: objects.read(NAME),
    "delete": lambda: objects.delete(NAME),
    "names": lambda: list(objects.names()),
}


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Serve one answer to every request."""

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if self.parse_request():
                answer(self)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def refused_by(what: str) -> StoreUnavailable:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable) as refused:
        ASKED[what]()
    assert time.monotonic() - began < 15
    said = repr(refused.value) + str(refused.value)
    assert ACCESS not in said
    assert SECRET not in said
    assert ids.show(NAME) not in said
    return refused.value


@pytest.mark.parametrize("what", ASKED)
def test_d2_nobody_listens(settings: Settings, tmp_path: Path, what: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.MEDIA_BUCKET = address(f"http://127.0.0.1:{free.getsockname()[1]}", tmp_path)
        assert "does not answer" in str(refused_by(what))


@pytest.mark.parametrize("what", ASKED)
def test_d2_nobody_answers(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(module, "ONE_REQUEST", timedelta(seconds=1))
    with server(lambda _: time.sleep(20)) as endpoint:
        settings.MEDIA_BUCKET = address(endpoint, tmp_path)
        assert "does not answer" in str(refused_by(what))


@pytest.mark.parametrize("what", ASKED)
@pytest.mark.parametrize("status", [301, 400, 500, 503, 507])
def test_d2_it_has_troubles_of_its_own(settings: Settings, tmp_path: Path, what: str, status: int) -> None:
    said = f"<Error><Code>Trouble</Code><AWSAccessKeyId>{ACCESS}</AWSAccessKeyId></Error>".encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 %d Trouble\r\nContent-Length: %d\r\n\r\n%s" % (status, len(said), said))

    with server(answer) as endpoint:
        settings.MEDIA_BUCKET = address(endpoint, tmp_path)
        refused_by(what)


@pytest.mark.parametrize("what", ASKED)
def test_d2_it_has_no_such_bucket(s3: str, settings: Settings, tmp_path: Path, what: str) -> None:
    settings.MEDIA_BUCKET = address(s3, tmp_path, name="another")
    refused_by(what)


@pytest.mark.parametrize("what", ASKED)
def test_d2_it_does_not_know_the_keys(s3: str, settings: Settings, tmp_path: Path, what: str) -> None:
    (tmp_path / "wrong").mkdir()
    settings.MEDIA_BUCKET = address(s3, tmp_path / "wrong", secret="another")
    refused_by(what)


def test_doctor_says_what_is_wrong(s3: str, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_BUCKET = address(s3, tmp_path, name="another")
    assert store_check.problems() == ["nothing can be kept: the object store has no such bucket (ALONGSIDE_MEDIA_URL)"]
    settings.MEDIA_BUCKET = address("http://s3.example", tmp_path)
    assert ["without TLS" in hint for hint in store_check.hints()] == [True]


def test_d2_a_full_or_broken_disk_is_the_same_error(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_BUCKET, settings.MEDIA_FOLDER = None, tmp_path / "media"
    (tmp_path / "media").write_text("a file where a folder should be")
    for what in ("write", "read"):
        with pytest.raises(StoreUnavailable, match=r"Not a directory|File exists"):
            ASKED[what]()


def test_no_proxy_and_no_key_of_the_environment_is_used(
    empty_bucket: BucketAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_SKIP_SIGNATURE"):
        monkeypatch.setenv(name, "true")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    objects.write(NAME, b"sealed")
    assert objects.read(NAME) == b"sealed"


def test_s15_no_key_is_seen_in_what_is_printed(empty_bucket: BucketAddress) -> None:
    store = bucket(empty_bucket)
    seen = [repr(store), repr(empty_bucket), repr(store.store), repr(store.store.config), repr(vars(store))]
    assert not [said for said in seen if ACCESS in said or SECRET in said]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_s15_keys_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path)
    assert keys_in(path) == (ACCESS, SECRET)
    path.chmod(mode)
    with pytest.raises(BadSetting, match=r"ALONGSIDE_MEDIA_KEY_FILE.*chmod 600") as refused:
        keys_in(path)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("said", ["", "\n", "one", "one:", ":two", "one two:three", "one:two\nthree:four", "ä:ö"])
def test_s15_a_file_without_keys_is_refused_by_name(tmp_path: Path, said: str) -> None:
    path = key_file(tmp_path)
    path.write_text(said)
    with pytest.raises(BadSetting, match="ALONGSIDE_MEDIA_KEY_FILE"):
        keys_in(path)


def test_a_start_without_keys_is_refused_by_name(tmp_path: Path) -> None:
    said = {
        "PATH": os.defpath,
        "ALONGSIDE_DATA": str(tmp_path),
        "ALONGSIDE_MEDIA_URL": f"s3://{BUCKET}?endpoint=https://s3.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", "import alongside.settings"], env=said, cwd=ROOT, capture_output=True, text=True
    )
    assert "ALONGSIDE_MEDIA_KEY_FILE" in done.stderr.splitlines()[-1]


def test_a_process_that_was_forked_is_told_and_does_not_wait_for_ever(empty_bucket: BucketAddress) -> None:
    objects.write(NAME, b"sealed")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            objects.read(NAME)
        except StoreUnavailable as error:
            os.write(write, str(error).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        assert b"forked" in answer.read()
    os.waitpid(child, 0)
