"""Objects in a folder of this machine: one file per object, durable before ``write`` returns.

Neither Django's storage nor the object-store libraries sync a local file to the disk, so this writer does: a
temporary file, fsync, rename, fsync of the folder (SECURITY 0.7).
"""

from __future__ import annotations

import io
import os
import re
import secrets
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from alongside.media.places import Stored, name_at, place_of
from alongside.media.unavailable import StoreUnavailable

_PIECE = 1024 * 1024
_SHARDS = "[0-9a-f][0-9a-f]"
_HALF_WRITTEN = re.compile(r"\.[0-9a-f]{16}")
_named: set[Path] = set()
"""Folders whose own names this process has put on the disk."""


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


@contextmanager
def _said_kindly() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreUnavailable(error.errno, error.strerror) from error


@dataclass(frozen=True)
class Folder:
    """A store in a folder, made when the first object comes."""

    root: Path

    def write(self, name: uuid.UUID, sealed: bytes | BinaryIO) -> None:
        path = self.root / place_of(name)
        fresh = path.with_name(f".{secrets.token_hex(8)}")
        with _said_kindly():
            _make(path.parent)
            try:
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    shutil.copyfileobj(io.BytesIO(sealed) if isinstance(sealed, bytes) else sealed, file, _PIECE)
                    file.flush()
                    os.fsync(file.fileno())
                fresh.rename(path)
            except BaseException:
                fresh.unlink(missing_ok=True)
                raise
            _sync(path.parent)

    def read(self, name: uuid.UUID) -> bytes:
        with _said_kindly():
            return (self.root / place_of(name)).read_bytes()

    def open(self, name: uuid.UUID) -> BinaryIO:
        with _said_kindly():
            return (self.root / place_of(name)).open("rb")

    def delete(self, name: uuid.UUID) -> None:
        path = self.root / place_of(name)
        with _said_kindly():
            path.unlink(missing_ok=True)
            if path.parent.exists():
                _sync(path.parent)

    def all(self) -> Iterator[Stored]:
        with _said_kindly():
            for path in self.root.glob(f"{_SHARDS}/*.sealed"):
                name = name_at(f"{path.parent.name}/{path.name}")
                try:
                    about = path.stat()
                except FileNotFoundError:  # deleted meanwhile
                    continue
                if name is not None:
                    yield Stored(name, datetime.fromtimestamp(about.st_mtime, UTC), about.st_size)

    def clear_half_written(self, before: datetime) -> None:
        """Remove what a crash left of objects that never got their names."""
        with _said_kindly():
            for path in self.root.glob(f"{_SHARDS}/.*"):
                try:
                    is_old = path.stat().st_mtime < before.timestamp()
                except FileNotFoundError:  # it has its name by now
                    continue
                if is_old and _HALF_WRITTEN.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    def put_aside(self, label: str) -> None:
        """Move every object into a folder ``label`` beside their own, durably. Repeatable."""
        with _said_kindly():
            shards = sorted(self.root.glob(_SHARDS)) if self.root.is_dir() else []
            if not shards:
                return
            aside = self.root / label
            aside.mkdir(mode=0o700, exist_ok=True)
            _sync(self.root)
            for shard in shards:
                shard.rename(aside / shard.name)
            _sync(aside)
            _sync(self.root)

    def where_aside(self, label: str) -> str:
        """Return in words where ``put_aside`` put them, and what to remove once they are not wanted."""
        return f"in {self.root / label}; remove that folder when all is well"
