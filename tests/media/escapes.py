"""A job that tries to get out: what a decoder would do that a file has taken over. Also run outside, as a control."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

LIBC = ctypes.CDLL(None, use_errno=True)
LEADS = os.getpid() == os.getpgrp() == os.getsid(0)
PTRACE_ATTACH, CLONE_NEWUSER, O_TMPFILE = 16, 0x10000000, 0o20200000


def _called(*arguments: Any) -> int:
    """Call the C library; raise OSError as Python's own wrappers do."""
    name, *rest = arguments
    done = int(getattr(LIBC, name)(*rest))
    if done < 0:
        raise OSError(ctypes.get_errno(), name)
    return done


def _forked() -> None:
    if not (child := os.fork()):
        os._exit(0)
    os.waitpid(child, 0)


def _run_code() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _raised_own_limit() -> None:
    _called("setrlimit", resource.RLIMIT_AS, (ctypes.c_ulong * 2)(1 << 34, 1 << 34))


def _seen_parent() -> None:
    Path(f"/proc/{os.getppid()}/mem").open("rb").close()


def _read_parent() -> None:
    seen = ctypes.create_string_buffer(8)
    here = (ctypes.c_size_t * 2)(ctypes.addressof(seen), 8)
    _called("process_vm_readv", os.getppid(), here, 1, here, 1, 0)


def _sent(kind: socket.AddressFamily, where: Any) -> None:
    with socket.socket(kind, socket.SOCK_STREAM) as made:
        made.connect(where)


ATTEMPTS: dict[str, Callable[[Path], Any]] = {
    "read a file": lambda _: Path("/etc/passwd").read_bytes(),
    "read its own code": lambda _: Path(__file__).read_bytes(),
    "list a folder": lambda _: os.listdir("/"),  # noqa: PTH208
    "write a file": lambda place: (place / "out").write_bytes(b"out"),
    "write a file without a name": lambda place: os.open(place, os.O_RDWR | O_TMPFILE, 0o600),
    "make a folder": lambda place: (place / "made").mkdir(),
    "remove a file": lambda place: (place / "bait").unlink(),
    "connect": lambda _: _sent(socket.AF_INET, ("127.0.0.1", 9)),
    "connect on this machine": lambda _: _sent(socket.AF_UNIX, "\0alongside"),
    "fork": lambda _: _forked(),
    "run a program": lambda _: os.execv("/bin/true", ["true"]),
    "run memory as code": lambda _: _run_code(),
    "make a file in memory": lambda _: os.memfd_create("out"),
    "kill its parent": lambda _: os.kill(os.getppid(), signal.SIGTERM),
    "trace its parent": lambda _: _called("ptrace", PTRACE_ATTACH, os.getppid(), 0, 0),
    "read its parent's memory": lambda _: _read_parent(),
    "open its parent's memory": lambda _: _seen_parent(),
    "reach its parent's files": lambda _: os.pidfd_open(os.getppid()),
    "have a world of its own": lambda _: _called("unshare", CLONE_NEWUSER),
    "raise its own limits": lambda _: _raised_own_limit(),
    "be somebody else": lambda _: os.setuid(65534),
    "change its root": lambda _: os.chroot("/"),
}


def tried(what: str, place: Path) -> str:
    """Try one thing; return "done", or the name of the kernel's refusal."""
    try:
        ATTEMPTS[what](place)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "?")
    return "done"


def work(source: BinaryIO, asked: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Try what is asked for; what is expected to end the process is in ``ends``."""
    if end := asked.get("end"):
        ENDS[end]()
    if asked.get("echo"):
        return {"environment": dict(os.environ), "leads": LEADS}, (source.read(),)
    return {what: tried(what, Path(asked["place"])) for what in ATTEMPTS}, ()


def _held_too_much() -> None:
    bytearray(2 * 1024**3)


def _turned_for_ever() -> None:
    while True:
        pass


def _ended() -> None:
    os._exit(1)


def _crashed() -> None:
    ctypes.string_at(8)


def _wrote_too_much() -> None:
    while True:
        os.write(3, bytes(1 << 20))


def _lied() -> None:
    os.write(3, b"\xff\xff\xff\xff" + b"{" * 4096)
    os._exit(0)


def _wandered() -> None:
    threading.Thread(target=lambda: None).start()
    raise RuntimeError("CANARY-51.5007N")


ENDS: dict[str, Callable[[], None]] = {
    "holds too much": _held_too_much,
    "turns for ever": _turned_for_ever,
    "sleeps for ever": lambda: time.sleep(3600),
    "crashes": _crashed,
    "ends": _ended,
    "writes too much": _wrote_too_much,
    "lies": _lied,
    "raises": _wandered,
}
