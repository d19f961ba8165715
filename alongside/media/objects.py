"""The object store: one file per object, named by a random id, durable before ``write`` returns.

Neither Django's storage nor the object-store libraries sync a local file to the disk, so this writer does: a
temporary file, fsync, rename, fsync of the folder (SECURITY 0.7). What is inside is sealed by the vault already.
"""

from __future__ import annotations

import os
import secrets
import uuid
from pathlib import Path

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


def write(name: uuid.UUID, sealed: bytes) -> None:
    """Keep sealed bytes under ``name``; they are on the disk when this returns, or nothing of them is."""
    path = _path(name)
    _make(path.parent)
    fresh = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
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


def delete(name: uuid.UUID) -> None:
    """Forget ``name``; to forget it twice does nothing. Its key was destroyed before (SECURITY 3.3)."""
    path = _path(name)
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _sync(path.parent)
