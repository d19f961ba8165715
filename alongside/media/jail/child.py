"""The child, started as a script: imports its job, closes the locks, reads the file, answers, ends.

``child.py ROOT,SITE,… QUESTION``; the file is its standard input, the answer goes to its standard output.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from importlib import import_module

sys.path += sys.argv[1].split(os.pathsep)

from alongside.media.jail import answer, locks
from alongside.media.refused import DAMAGED, TOO_LARGE, Refused

_OUT = 3


def _give(head: dict[str, object], parts: tuple[bytes, ...] = ()) -> None:
    left = memoryview(answer.pack(head, parts))
    while left:
        left = left[os.write(_OUT, left) :]


def _cost(status: int) -> dict[str, object]:
    held = re.search(rb"VmHWM:\s+(\d+) kB", os.pread(status, 8192, 0)) if status >= 0 else None
    return {"cpu": round(time.process_time(), 4), "peak": int(held[1]) * 1024 if held else 0}


def _own_status() -> int:
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return -1


def main() -> None:
    question = json.loads(sys.argv[2])
    os.dup2(1, _OUT)
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        locks.die_with(question["parent"])
        work = import_module(question["job"]).work
        source, status = open(0, "rb"), _own_status()  # noqa: SIM115 - a descriptor, open for good
        closed = locks.close(question["ceiling"])
    except Exception as error:
        # Nothing of the file was read yet, so its name may be said.
        os.write(_OUT, f"{type(error).__name__}: {error}"[:500].encode())
        return
    os.write(_OUT, answer.MARK)
    refused, facts, parts = "", {}, ()
    try:
        facts, parts = work(source, question["asked"])
    except Refused as refusal:
        refused = refusal.reason
    except MemoryError:
        refused = TOO_LARGE
    except BaseException:  # whatever a decoder stumbles over
        refused = DAMAGED
    _give({"refused": refused, "facts": facts, "locks": closed, **_cost(status)}, tuple(parts))


if __name__ == "__main__":
    main()
    os._exit(0)
