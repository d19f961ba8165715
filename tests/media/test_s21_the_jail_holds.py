"""S21: from inside the jail there is no way out, however it is tried; and whatever happens there, the parent goes on."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from pytest_django import Settings

from alongside.media.jail import answer, locks
from alongside.media.jail.parent import Ceiling, JailUnfit, run
from alongside.media.jail.turns import turn
from alongside.media.refused import Busy, Refused
from tests.media import escapes

JOB = "tests.media.escapes"
ROOT = Path(__file__).resolve().parents[2]
Seen = TypeVar("Seen")


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reached")
    (folder / "bait").touch()
    return folder


@pytest.fixture(scope="module")
def outcomes(place: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of every attempt, all made in one child."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.DATA", tmp_path_factory.mktemp("data"))
        return dict(run(JOB, io.BytesIO(), {"place": str(place)}).facts)


@pytest.mark.parametrize("what", escapes.ATTEMPTS)
def test_s21_no_attempt_to_escape_succeeds(outcomes: dict[str, str], what: str) -> None:
    assert outcomes[what] == "EPERM"


def test_s21_the_attempts_left_nothing_and_took_nothing(outcomes: dict[str, str], place: Path) -> None:
    assert len(outcomes) >= 8
    assert [path.name for path in place.iterdir()] == ["bait"]


@pytest.mark.parametrize(
    "what",
    [
        "read a file",
        "list a folder",
        "write a file",
        "make a folder",
        "fork",
        "run memory as code",
        "make a file in memory",
    ],
)
def test_s21_outside_the_jail_the_same_attempts_succeed(what: str, tmp_path: Path) -> None:
    """Else the test above would show nothing."""
    script = f"from pathlib import Path; from tests.media.escapes import tried; print(tried({what!r}, Path({str(tmp_path)!r})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "done"


def test_s21_every_lock_is_closed_where_the_kernel_has_them() -> None:
    assert run(JOB, io.BytesIO(), {"echo": True}).locks == locks.EVERY


def test_s21_nothing_of_the_parent_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_SECRET", "CANARY")
    done = run(JOB, io.BytesIO(b"the file"), {"echo": True})
    assert set(done.facts["environment"]) <= {"LC_CTYPE", "OPENBLAS_NUM_THREADS"}, "what Python and we set anew"
    assert done.facts["leads"], "a session of its own"
    assert done.parts == (b"the file",)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("holds too much", "too large"),
        ("turns for ever", "took too long"),
        ("sleeps for ever", "took too long"),
        ("crashes", "damaged"),
        ("ends", "damaged"),
        ("writes too much", "damaged"),
        ("lies", "damaged"),
        ("raises", "damaged"),
    ],
)
def test_s18_s21_whatever_it_does_it_is_refused_in_time_and_the_parent_goes_on(end: str, reason: str) -> None:
    began = time.monotonic()
    with pytest.raises(Refused) as refusal:
        run(JOB, io.BytesIO(b"x"), {"end": end}, ceiling=Ceiling(cpu=1, clock=4))
    assert refusal.value.reason == reason
    assert time.monotonic() - began < 10
    assert "CANARY" not in repr(refusal.value) + repr(refusal.value.__context__)
    assert run(JOB, io.BytesIO(b"x"), {"echo": True}).parts == (b"x",)


def test_s18_what_is_too_large_to_take_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return bytes(size)

    source = Endless()
    with pytest.raises(Refused, match="too large"):
        run(JOB, source, ceiling=Ceiling(taken=3_000_000))  # type: ignore[arg-type]
    assert source.given < 5_000_000


def test_s21_a_jail_that_cannot_be_made_is_no_fault_of_the_file() -> None:
    with pytest.raises(JailUnfit, match="ModuleNotFoundError"):
        run("tests.media.no_such_job", io.BytesIO(b"x"))


def test_s21_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import io, os, sys; from pathlib import Path; import django; from django.conf import settings\n"
        f"settings.configure(DATA=Path({str(tmp_path)!r}))\n"
        "from alongside.media.jail.parent import run\n"
        f"run({JOB!r}, io.BytesIO(b'x'), {{'end': 'sleeps for ever'}})"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    try:
        child = _awaited(lambda: _children(parent.pid))
        _awaited(lambda: _blocks(child[0]))
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _awaited(lambda: not Path(f"/proc/{child[0]}").exists() or _is_zombie(child[0]))


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _blocks(pid: int) -> bool:
    """Whether it sleeps as the job does, having closed its locks."""
    return "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text()


def _is_zombie(pid: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()


def _awaited(look: Callable[[], Seen]) -> Seen:
    until = time.monotonic() + 20
    while not (seen := look()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return seen


def test_s18_two_at_a_time_and_who_waits_too_long_is_told() -> None:
    with turn(), turn(), pytest.raises(Busy), turn(0.2):
        pytest.fail("a third had a turn")
    with turn(0.2):
        pass


def test_s18_a_turn_comes_back_when_its_holder_is_killed(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from django.conf import settings\n"
        f"settings.configure(DATA=Path({str(tmp_path)!r}))\n"
        "from alongside.media.jail.turns import turn; import time\n"
        "with turn(), turn(): print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Busy), turn(0.1):
        pass
    holder.kill()
    holder.communicate()
    with turn(5):
        pass


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0", answer.pack({})[:-1], answer.pack({}) + b"x", answer.pack({}, [b"ab"])[:-1], b"\x04\0\0\0[[1]",
     b'\x0e\0\0\0{"sizes":[-1]}', b'\x10\0\0\0{"sizes":"none"}', b'\x10\0\0\0{"sizes":[true]}x', b"\0\x3e\0\0" + b"[" * 15872],
)  # fmt: skip
def test_s21_what_is_no_answer_is_not_taken_for_one(data: bytes) -> None:
    with pytest.raises(answer.NoAnswer):
        answer.unpack(data)


def test_s21_an_answer_comes_back_as_it_was_given() -> None:
    assert answer.unpack(answer.pack({"a": 1}, [b"one", b"", b"three"])) == ({"a": 1}, (b"one", b"", b"three"))
