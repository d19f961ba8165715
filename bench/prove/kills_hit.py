"""The processes of one installation, found from its supervisor on down, and killed by number. Nobody else's are touched."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from alongside.database.server import Server
from bench.prove.place import Place

KINDS = {"web": 1, "web worker": 1, "worker": 2, "postmaster": 3, "backend": 3, "decoder": 1, "object write": 2}
"""granian and the process that answers for it, the worker of jobs, PostgreSQL, one of its processes that serve us; a child
that decodes a photo, and the process that is just writing an object: with how often each is killed beside the others."""
_DECODER = "jail/child.py"
_MOMENT = 5.0  # seconds for which is waited until something is decoded, or written
_DECODES = (0.0, 0.4)  # seconds after a child was seen, while it starts and decodes
_WRITES = (0.0, 0.012)  # seconds after a half-written file was seen: in it, after it, before its row is kept


def living(place: Place) -> dict[str, list[int]]:
    """Return the process ids by kind; a kind that is being started has none."""
    children = list(_children(place.supervisor))
    web = [pid for pid in children if "granian" in _command(pid)]
    postmaster = Server(place.data).postmaster()
    return {
        "web": web,
        "web worker": [pid for one in web for pid in _children(one) if "granian" in _command(pid)],
        "worker": [pid for pid in children if _command(pid).rstrip().endswith("alongside worker")],
        "postmaster": [postmaster] if postmaster else [],
        "backend": [pid for pid in _children(postmaster) if "alongside_web" in _command(pid)] if postmaster else [],
    }


def kill(place: Place, kind: str, chance: random.Random) -> bool:
    """Kill one process of a kind as a power cut would; return whether there was one."""
    if kind == "decoder":
        found = _await(lambda: decoders(place), 0.01)
        time.sleep(chance.uniform(*_DECODES))
        found = [pid for pid in found if _DECODER in _command(pid)]
    elif kind == "object write":
        workers = living(place)["web worker"]
        found = _await(lambda: [pid for pid in workers if _writes(pid, place.data)], 0.0005)
        time.sleep(chance.uniform(*_WRITES))
    else:
        found = living(place)[kind]
    if not found:
        return False
    try:
        os.kill(chance.choice(found), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def decoders(place: Place) -> list[int]:
    """Return the children in which a file is being decoded."""
    workers = living(place)["web worker"]
    return [pid for one in workers for pid in _children(one) if _DECODER in _command(pid)]


def descendants(parent: int) -> list[int]:
    """Return a process and all that it has started, and they in turn."""
    return [parent, *(pid for child in _children(parent) for pid in descendants(child))]


def _writes(pid: int, data: Path) -> bool:
    """Whether a process has an object open that has no name yet."""
    for handle in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            path = handle.readlink()
        except OSError:  # closed meanwhile
            continue
        if path.name.startswith(".") and data / "media" in path.parents:
            return True
    return False


def _await(look: Callable[[], Sequence[int]], every: float) -> list[int]:
    until = time.monotonic() + _MOMENT
    while not (found := look()) and time.monotonic() < until:
        time.sleep(every)
    return list(found)


def kill_browser(profile: Path) -> None:
    """Kill every process of the browser that has this profile open, by the folder that is its alone."""
    ours = f"--user-data-dir={profile}"
    for entry in Path("/proc").glob("[0-9]*"):
        if ours in _command(int(entry.name)):
            try:
                os.kill(int(entry.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def _children(parent: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # After the name, which may hold anything: state, then the parent.
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(entry.name)
        except OSError:
            continue


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    except OSError:
        return ""
