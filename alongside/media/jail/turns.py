"""Two at a time on a machine, whichever process asks: memory for two is what a small server has (S18)."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from alongside.media.refused import Busy

AT_ONCE = 2
PATIENCE = 1.0
"""Seconds that one waits for a turn before ``Busy``: whoever waits holds one of the few threads that answer everybody."""
_LOOKS_EVERY = 0.03


@contextmanager
def turn(patience: float = PATIENCE) -> Iterator[None]:
    """Have one of the turns while the block runs; raise Busy when none became free in time.

    A turn is a lock on a file in the data folder: the kernel gives it back however its holder ends.
    """
    folder = settings.DATA / "jail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handles = [os.open(folder / str(number), os.O_RDWR | os.O_CREAT, 0o600) for number in range(AT_ONCE)]
    try:
        until = time.monotonic() + patience
        while not any(_taken(handle) for handle in handles):
            if time.monotonic() > until:
                raise Busy
            time.sleep(_LOOKS_EVERY)
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
