"""The locks of the jail, closed by the child itself before it reads a byte of the file, and never opened again."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Mapping

from alongside.media.jail import landlock, seccomp

RLIMITS, LANDLOCK, SECCOMP = "rlimits", "landlock", "seccomp"
EVERY = (RLIMITS, LANDLOCK, SECCOMP)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


def die_with(parent: int) -> None:
    """Be killed when the parent ends, however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it ended in between


def close(ceiling: Mapping[str, int]) -> tuple[str, ...]:
    """Close every lock that this machine has, and return their names.

    There is no limit on processes among the rlimits: it counts those of the whole user, and libde265 needs a thread. That
    none is started is the filter's work; where there is none, the parent kills whatever is left of the child's session.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # no core dump, and no other process of this user looks in
    os.nice(5)  # pages first
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, ceiling["given"]),
        (resource.RLIMIT_AS, ceiling["memory"]),
    ):
        resource.setrlimit(limit, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling["cpu"], ceiling["cpu"] + 1))
    closed = [RLIMITS]
    if landlock.close():
        closed.append(LANDLOCK)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # what is open stays open
    if seccomp.close():
        closed.append(SECCOMP)
    return tuple(closed)
