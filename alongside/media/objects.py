"""The object store: sealed objects by their random names, durable before ``write`` returns (S16).

A folder of this machine or a bucket, as ALONGSIDE_MEDIA_URL says. What is inside is sealed by the vault already. A name is
given once, to one object: whoever keeps other bytes gives them another name.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from alongside.media.folder import Folder
from alongside.media.places import Stored


class Store(Protocol):
    """What keeps objects. Everything may raise StoreUnavailable."""

    def write(self, name: uuid.UUID, sealed: bytes | BinaryIO) -> None: ...
    def open(self, name: uuid.UUID) -> BinaryIO: ...
    def read(self, name: uuid.UUID) -> bytes: ...
    def delete(self, name: uuid.UUID) -> None: ...
    def all(self) -> Iterator[Stored]: ...
    def clear_half_written(self, before: datetime, /) -> None: ...
    def put_aside(self, label: str, /) -> None: ...
    def where_aside(self, label: str, /) -> str: ...


def store() -> Store:
    """Return the store that the settings name."""
    if settings.MEDIA_BUCKET is None:
        return Folder(settings.MEDIA_FOLDER)
    from alongside.media.bucket import bucket  # what has no bucket needs no client

    return bucket(settings.MEDIA_BUCKET)


def local() -> Path | None:
    """Return the folder of this machine in which the objects lie; None where they lie elsewhere."""
    return settings.MEDIA_FOLDER if settings.MEDIA_BUCKET is None else None


def write(name: uuid.UUID, sealed: bytes | BinaryIO) -> None:
    """Keep sealed bytes under ``name``; they are kept for good when this returns, or nothing of them is.

    A file is read from where it stands to its end.
    """
    store().write(name, sealed)


def read(name: uuid.UUID) -> bytes:
    """Return the sealed bytes of ``name``; raise FileNotFoundError when there is no such object."""
    return store().read(name)


def open(name: uuid.UUID) -> BinaryIO:
    """Return the sealed bytes of ``name`` as a file that can be sought in; raise FileNotFoundError."""
    return store().open(name)


def delete(name: uuid.UUID) -> None:
    """Forget ``name``; to forget it twice does nothing. Its key was destroyed before (SECURITY 3.3)."""
    store().delete(name)


def all() -> Iterator[Stored]:
    """Yield every object that is there, in no order: its name, when it was written, and its size."""
    return store().all()


def names() -> Iterator[tuple[uuid.UUID, datetime]]:
    """Yield the name of every object that is there, and when it was written."""
    return ((one.name, one.modified) for one in all())
