"""The object store: one file per object, named by a random id, durable before ``write`` returns.

Neither Django's storage nor the object-store libraries sync a local file to the disk, so this writer does: a
temporary file, fsync, rename, fsync of the folder (SECURITY 0.7). What is inside is sealed by the vault already.
"""

from __future__ import annotations

import os
import secrets
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from alongside import ids

_named: set[Path] = set()
"""Folders whose own names this process has put on the disk."""


def _path(name: uuid.UUID) -> Path:
    shown = ids.show(name)
    return settings.MEDIA_FOLDER / name.hex[:2] / f"{shown}.sealed"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make(folder: Path) -> None:
    """Make a folder whose name is on the disk. Whoever made it before may have died before that was so."""
    if folder in _named and folder.exists():
        return
    for new in (folder.parent, folder):
        new.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(new.parent)
    _named.add(folder)


def write(name: uuid.UUID, sealed: bytes | BinaryIO) -> None:
    """Keep sealed bytes under ``name``; they are on the disk when this returns, or nothing of them is."""
    path = _path(name)
    _make(path.parent)
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            if isinstance(sealed, bytes):
                file.write(sealed)
            else:
                shutil.copyfileobj(sealed, file, 1024 * 1024)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def read(name: uuid.UUID) -> bytes:
    """Return the sealed bytes of ``name``; raise FileNotFoundError."""
    return _path(name).read_bytes()


def open(name: uuid.UUID) -> BinaryIO:
    """Return the sealed bytes of ``name`` to be read, from a place that can be sought in; raise FileNotFoundError."""
    return _path(name).open("rb")


def delete(name: uuid.UUID) -> None:
    """Forget ``name``; to forget it twice does nothing. Its key was destroyed before (SECURITY 3.3)."""
    path = _path(name)
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync(path.parent)


def names() -> Iterator[tuple[uuid.UUID, datetime]]:
    """Yield every object's name and when it was written."""
    for path in settings.MEDIA_FOLDER.glob("[0-9a-f][0-9a-f]/*.sealed"):
        yield ids.read(path.stem), datetime.fromtimestamp(path.stat().st_mtime, UTC)
