"""A folder of backups: which whole ones lie there, how one is put there, and which are past their time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alongside.backup import manifest
from alongside.backup.refused import BackupRefused
from alongside.vault import disk

DATA = "data"
KEYRING = "keyring"
DUMP = "database.dump"
KEEP_DAYS = 35
KEYRING_DAYS = 14
"""For at most so long after an erasure does a snapshot hold the key. With a backup a day, the last day is for waiting."""
_NAME = re.compile(r"(data|keyring)-(\d{8}T\d{6}Z)")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, order=True)
class Shelved:
    """A whole backup and when it was begun."""

    taken: datetime
    path: Path


def stamp(now: datetime) -> str:
    """Return a time as names have it: 20261122T031200Z."""
    return now.astimezone(UTC).strftime(_STAMP)


def name(kind: str, now: datetime) -> str:
    """Return the name of a backup: data-20261122T031200Z."""
    return f"{kind}-{stamp(now)}"


def whole(folder: Path, kind: str) -> list[Shelved]:
    """Return the whole backups of a kind in ``folder``, oldest first. Half-written ones have other names."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and match[1] == kind and (path / manifest.NAME).is_file():
            found.append(Shelved(datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC), path))
    return sorted(found)


@contextmanager
def placing(folder: Path, kind: str, now: datetime) -> Iterator[Path]:
    """Give an empty folder to write into. What is in it at the end of the block is a whole backup; after an error, none."""
    place = folder / name(kind, now)
    if place.exists():
        raise BackupRefused(f"{place} is there already; try again in a second.")
    fresh = place.with_name(place.name + disk.NEW)
    fresh.mkdir(mode=0o700)
    try:
        yield fresh
        for path in [*(path for path in fresh.rglob("*") if path.is_dir()), fresh]:
            disk.sync_folder(path)
        fresh.rename(place)
    except BaseException:
        _remove(fresh)
        raise
    disk.sync_folder(folder)


def clear_left_over(folder: Path, kind: str) -> None:
    """Remove what a backup that was cut short left behind. Whoever calls holds the folder."""
    for path in folder.glob(f"{kind}-*{disk.NEW}"):
        _remove(path)


def prune(folder: Path, kind: str, now: datetime, days: int) -> list[Path]:
    """Remove whole backups older than ``days``; the newest always stays. Return what went."""
    past = [one.path for one in whole(folder, kind)[:-1] if now - one.taken > timedelta(days=days)]
    for path in past:
        # First no longer whole, so that a removal that is cut short leaves no half of a backup.
        going = path.with_name(path.name + disk.NEW)
        path.rename(going)
        _remove(going)
    return past


def _remove(folder: Path) -> None:
    """Overwrite what holds keys and addresses, and remove the rest, which other backups may share."""
    if folder.name.startswith(KEYRING):
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            disk.destroy(path)
    for told in (DUMP, manifest.NAME):
        disk.destroy(folder / told)
    shutil.rmtree(folder, ignore_errors=True)
    disk.sync_folder(folder.parent)
