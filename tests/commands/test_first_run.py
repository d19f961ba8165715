"""The operator's first run, in a throw-away installation: what is open is said in words, and nothing when all is seen to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.commands.mail_server import mail_server

ROOT = Path(__file__).resolve().parent.parent.parent
ONE_DISK = "both keyring folders are on one disk"


class Installation:
    """A new installation in folders of its own, with what its operator says of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "its data"
        self.said: dict[str, str] = {}

    def environment(self) -> dict[str, str]:
        ours = ("ALONGSIDE_", "DATABASE_", "DJANGO_", "EMAIL_", "PORT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"ALONGSIDE_DATA": str(self.data), "PYTHONPATH": str(ROOT)} | self.said

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "alongside", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=120
        )

    def serve(self) -> tuple[str, str]:
        """Start serving, stop once the address is said, and return what was said before: (standard output, error)."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        serving = subprocess.Popen(
            self.command("serve", "--port", str(port)),
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert serving.stdout is not None
        address = serving.stdout.readline()
        serving.send_signal(signal.SIGINT)
        more, errors = serving.communicate(timeout=60)
        assert serving.returncode == 0
        return address + more, errors

    def see_to_all(self, mail_port: int) -> None:
        """Say what docs/operators/first-run.md tells an operator to say."""
        self.said = {
            "ALONGSIDE_NAME": "Harbour Lane",
            "ALONGSIDE_ABOUT": "a family support group",
            "ALONGSIDE_COUNTRY": "GB",
            "ALONGSIDE_LANGUAGES": "en",
            "ALONGSIDE_HOSTS": "stories.example.org",
            "ALONGSIDE_PROXIES": "1",
            "ALONGSIDE_JOINING": "invitation",
            "ALONGSIDE_MASTER_KEY_FILE": str(self.folder / "master" / "master.key"),
            "ALONGSIDE_KEYRING_URL": f"dir:{self.folder / 'keys a'},{self.folder / 'keys b'}",
            "ALONGSIDE_MAIL_FROM": "hello@example.org",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)


@pytest.fixture(scope="module")
def any_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation that a test leaves as it was."""
    return Installation(tmp_path_factory.mktemp("any"))


@pytest.fixture
def mail_port() -> Iterator[int]:
    with mail_server() as port:
        yield port


def test_a_new_installation_says_in_five_lines_what_is_open_and_serves(installation: Installation) -> None:
    said, open_yet = installation.serve()
    assert said.startswith("http://localhost:")
    assert said.count("\n") == 1, "scripts read the address there"
    lines = open_yet.splitlines()
    assert 2 <= len(lines) <= 5
    assert lines[0].startswith("This place is new.")
    assert "host add EMAIL --steward" in lines[1]
    assert lines[2].startswith("  name: nobody is named")
    assert "more" in lines[-1]


def test_an_operator_who_sees_to_everything_is_told_that_all_is_well(
    installation: Installation, mail_port: int
) -> None:
    installation.see_to_all(mail_port)
    steward = installation.run("host", "add", "ruth@example.org", "--steward")
    assert steward.returncode == 0, steward.stderr
    assert "They sign in at /sign-in/ with a code sent to that address" in steward.stdout
    assert installation.run("host", "list").stdout.startswith("ruth@example.org: host since ")
    (installation.data / "last-backup").write_text(datetime.now(UTC).isoformat())

    doctor = installation.run("doctor")
    looks = [line for line in doctor.stdout.splitlines() if line.startswith("LOOK")]
    assert looks == ["LOOK second factor"], "only she herself can add it"
    assert doctor.returncode == 1
    page = (ROOT / "docs" / "operators" / "README.md").read_text(encoding="utf-8")
    table = page.partition("| check | LOOK | hint |")[2].partition("\n\n")[0]
    named = [row.split("|")[1].strip() for row in table.splitlines()[2:]]
    assert named == [line[5:] for line in doctor.stdout.splitlines() if re.match(r"ok  |hint|LOOK", line)]
    hints = [line for line in doctor.stdout.splitlines() if line.startswith("     (")]
    assert len(hints) == 1
    assert ONE_DISK in hints[0]

    assert installation.serve()[1] == "", "somebody looks after it"
    assert installation.run("host", "remove", "ruth@example.org").returncode == 0
    assert "Nobody yet" in installation.run("host", "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add",), "it is  host add EMAIL"),
        (("remove",), "it is  host add EMAIL"),
        (("list", "ruth@example.org"), "it is  host add EMAIL"),
        (("remove", "ruth@example.org", "--steward"), "it is  host add EMAIL"),
        (("add", "ruth at example"), "that is no e-mail address"),
        (("remove", "nobody@example.org"), "nobody@example.org"),
    ],
)
def test_a_slip_is_said_in_words(any_installation: Installation, words: tuple[str, ...], said: str) -> None:
    ended = any_installation.run("host", *words)
    assert ended.returncode == 1
    assert ended.stderr.startswith("alongside: ")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("port", ["99999", "-1", "eight"])
def test_a_port_that_is_none_is_said_in_words(any_installation: Installation, port: str) -> None:
    ended = any_installation.run("serve", f"--port={port}")
    assert (ended.returncode, ended.stderr) == (1, "alongside: --port takes a whole number up to 65535\n")


def test_a_folder_that_cannot_be_the_data_folder_is_said_in_words(installation: Installation) -> None:
    installation.data.write_text("a file")
    ended = installation.run("doctor")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "ALONGSIDE_DATA" in ended.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_nobody_runs_another_users_installation(installation: Installation) -> None:
    key = installation.data / "secrets" / "django.key"
    key.parent.mkdir(parents=True)
    key.write_text("x" * 64)
    os.chown(key, 65534, 65534)
    for command in (("doctor",), ("host", "list"), ("serve",)):
        ended = installation.run(*command)
        assert ended.returncode == 1
        assert "run this as that user" in ended.stderr
    assert not (installation.data / "database").exists(), "nothing was made"
