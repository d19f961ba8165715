"""Files that are on the disk when a function returns, and files that are overwritten before they are
forgotten.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

NEW = ".new"
OLD = ".old"


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create ``folder`` (mode 0700) and its parents durably; an existing one is left as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def read(path: Path) -> bytes | None:
    """Return the bytes of ``path``, or None when there is no such file."""
    try:
        with path.open("rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` (mode 0600): whole or not at all, durable on return. One writer at a time.

    A crash leaves at most ``<path>.new``, which the next write replaces and ``destroy`` removes.
    """
    make_folder(path.parent)
    new = path.with_name(path.name + NEW)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    sync_folder(path.parent)


def overwrite(path: Path, offset: int, data: bytes) -> None:
    """Replace bytes of ``path`` in place, durable on return."""
    handle = os.open(path, os.O_WRONLY)
    try:
        os.pwrite(handle, data, offset)
        os.fsync(handle)
    finally:
        os.close(handle)


def destroy(path: Path) -> None:
    """Overwrite, fsync, unlink, fsync the folder. A path that is not there is left so.

    Overwriting reaches the old blocks on file systems that write in place; on a copy-on-write file system
    and on flash it may not. Whoever finds them there still lacks the master key (docs/developers/vault.md).
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        overwrite(path, 0, secrets.token_bytes(path.stat().st_size))
        path.unlink()
        sync_folder(path.parent)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder`` against every other thread and process of this machine that asks by this function."""
    make_folder(folder)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
