"""``run``: the one way to have a file decoded. The file goes in, an answer comes out, the process is gone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from alongside.media.jail.answer import MARK, Answer, NoAnswer, unpack
from alongside.media.jail.turns import PATIENCE, turn
from alongside.media.refused import DAMAGED, REASONS, TOO_LARGE, TOOK_TOO_LONG, Refused

_CHILD = Path(__file__).with_name("child.py")
_ROOT = _CHILD.parents[3]
_PATH = os.pathsep.join(dict.fromkeys((str(_ROOT), *(sysconfig.get_path(name) for name in ("purelib", "platlib")))))
_PIECE = 1024 * 1024
_LOOKS_EVERY = 0.004
_ERROR = re.compile(rb"\b[A-Za-z]{1,40}(?:Error|Exception|Unfit)\b")


class JailUnfit(RuntimeError):
    """The jail itself could not be made: the installation's fault, never the file's."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that one file may cost: bytes of memory, seconds of processor, seconds by the clock, bytes in and out."""

    memory: int = 1024**3
    cpu: int = 20
    clock: int = 60
    taken: int = 100_000_000
    given: int = 32 * 1024**2


USUAL = Ceiling()


def run(
    job: str,
    source: BinaryIO,
    asked: Mapping[str, Any] | None = None,
    *,
    ceiling: Ceiling = USUAL,
    patience: float = PATIENCE,
) -> Answer:
    """Have the module ``job`` work on ``source`` in a process of its own, and return its answer.

    ``asked`` are plain values for the job. Raises Refused, Busy after ``patience`` seconds, or JailUnfit. What comes
    back is as trustworthy as the file: whoever calls looks at every fact before using it.
    """
    question = {"job": job, "asked": dict(asked or {}), "ceiling": asdict(ceiling), "parent": os.getpid()}
    with _nameless() as given, _nameless() as out:
        with turn(patience):
            _copy(source, given, ceiling.taken)
            status = _live(json.dumps(question), given.fileno(), out.fileno(), ceiling.clock)
        return _judge(status, os.pread(out.fileno(), ceiling.given + 1, 0))


def _nameless() -> BinaryIO:
    """Return a file in memory that has no name and is on no disk."""
    return open(os.memfd_create("file"), "r+b")  # noqa: PTH123 - a descriptor


def _copy(source: BinaryIO, given: BinaryIO, most: int) -> None:
    taken = 0
    while piece := source.read(_PIECE):
        taken += len(piece)
        if taken > most:
            raise Refused(TOO_LARGE)
        given.write(piece)
    given.seek(0)


def _live(question: str, given: int, out: int, clock: float) -> int:
    """Let a child live, for ``clock`` seconds at most; return its status, or that of the signal that ended it."""
    child = subprocess.Popen(  # noqa: S603 - this project's own script
        [sys.executable, "-I", "-S", str(_CHILD), _PATH, question],
        stdin=given,
        stdout=out,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        _await_end(child.pid, clock)
    finally:
        os.killpg(child.pid, signal.SIGKILL)  # before it is reaped: until then nobody else can have its number
        child.wait()
    return child.returncode


def _await_end(pid: int, clock: float) -> None:
    """Wait until a child has ended, and leave it to be reaped; raise Refused when it takes too long."""
    until = time.monotonic() + clock
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > until:
            raise Refused(TOOK_TOO_LONG)
        time.sleep(_LOOKS_EVERY)


def _judge(status: int, data: bytes) -> Answer:
    """Make an answer of what a child left behind, or say why there is none."""
    if status in {-signal.SIGXCPU, -signal.SIGKILL}:
        # The second comes of the first, or of a machine that has no memory left.
        raise Refused(TOOK_TOO_LONG)
    if not data.startswith(MARK):
        # Of what it says the name of an error and no more: it may have been taken over, and this goes into a log.
        named = _ERROR.search(data[:4000])
        why = named[0].decode() if named else "nothing said"
        raise JailUnfit(f"the child ended with {status} before it was locked in: {why}")
    try:
        head, parts = unpack(data[len(MARK) :])
    except NoAnswer:
        raise Refused(DAMAGED) from None
    if refused := head.get("refused"):
        raise Refused(refused if isinstance(refused, str) and refused in REASONS else DAMAGED)
    facts, locks = head.get("facts"), head.get("locks")
    cpu, peak = head.get("cpu"), head.get("peak")
    if not (isinstance(facts, dict) and isinstance(locks, list) and isinstance(cpu, float) and isinstance(peak, int)):
        raise Refused(DAMAGED)
    return Answer(facts, parts, tuple(str(lock) for lock in locks), cpu, peak)
