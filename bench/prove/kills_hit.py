"""The processes of one installation, found from its supervisor on down, and killed by number. Nobody else's are touched."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

from alongside.database.server import Server
from bench.prove.place import Place

KINDS = {"web": 1, "web worker": 1, "worker": 2, "postmaster": 3, "backend": 3}
"""granian and the process that answers for it, the worker of jobs, PostgreSQL, and one of its processes that serve us;
with how often each is killed beside the others: most where writing itself is torn."""


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
    found = living(place)[kind]
    if not found:
        return False
    try:
        os.kill(chance.choice(found), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


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
