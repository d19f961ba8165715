"""``bin/alongside backup``: data and keyring, each whole or not at all, while families go on writing.

In this order: the database, then the keys, then the objects. Keys and objects are durable before the row that names
them, so whatever a dumped row needs is there when its turn comes; what was erased meanwhile is gone, as it should be.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from alongside.backup import dump, manifest, shelf
from alongside.backup.manifest import Manifest
from alongside.backup.refused import BackupRefused
from alongside.backup.unfinished import refuse_unfinished
from alongside.community.first_run import LAST_BACKUP
from alongside.database.url import owner_conninfo
from alongside.env import ROOT
from alongside.media import objects
from alongside.media.places import Stored, place_of
from alongside.media.unavailable import StoreUnavailable
from alongside.vault import disk, vaults
from alongside.vault.keyring import is_empty
from alongside.vault.unite import Snapshot

MEDIA = "media"
OWN = "support"
"""The operator's own helplines, a folder of the data folder."""
_SPARE = 50_000_000  # bytes that stay free
_LARGE_RECORD = 4096  # bytes: a vault of some eighty items
SECRETS = (
    "The master key and the signing key are in no backup. Keep a copy of both apart from it: without the first nothing can "
    "be opened again."
)


@dataclass(frozen=True)
class Taken:
    """What was written, what was removed because its time was over, and what needs a person."""

    written: tuple[Path, ...]
    removed: tuple[Path, ...]
    problems: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what to tell the operator."""
        yield from (f"Written: {path}" for path in self.written)
        yield from (f"Removed, its time being over: {path}" for path in self.removed)
        yield from (f"LOOK: {problem}" for problem in self.problems)
        yield SECRETS


def take(
    folder: Path,
    *,
    keyring_folder: Path | None = None,
    data: bool = True,
    keyring: bool = True,
    keep: int = shelf.KEEP_DAYS,
    now: datetime | None = None,
) -> Taken:
    """Write a backup of this installation into ``folder`` (its keys into ``keyring_folder``, if given).

    The database must be up. ``keep``: days for which data are kept. Raise BackupRefused, DatabaseUnavailableError,
    VaultUnavailable.
    """
    now = now or timezone.now()
    place, key_place = folder.absolute(), (keyring_folder or folder).absolute()
    _refuse(*([place] if data else []), *([key_place] if keyring else []))
    written, removed, problems = [], [], []
    try:
        with contextlib.ExitStack() as held:
            for one in sorted({*([place] if data else []), *([key_place] if keyring else [])}):
                held.enter_context(disk.locked(one))
            with _taking_data(place, now) if data else contextlib.nullcontext():
                if keyring:
                    problems = _take_keyring(key_place, now)
                    written.append(key_place / shelf.name(shelf.KEYRING, now))
            if data:
                written.append(place / shelf.name(shelf.DATA, now))
                removed += shelf.prune(place, shelf.DATA, now, keep)
            if keyring:
                removed += shelf.prune(key_place, shelf.KEYRING, now, shelf.KEYRING_DAYS - 1)
            if data and keyring and not problems:
                # For doctor, which says when there was none for two days.
                disk.write(settings.DATA / LAST_BACKUP, now.isoformat().encode())
    except OSError as error:
        raise BackupRefused(_why_not(error, place)) from error
    return Taken(tuple(written), tuple(removed), tuple(problems))


def _why_not(error: OSError, place: Path) -> str:
    if isinstance(error, StoreUnavailable):
        return f"The objects could not be read: {error.strerror or error}."
    return f"The backup could not be written: {error.strerror} ({error.filename or place})."


def _refuse(*places: Path) -> None:
    refuse_unfinished(settings.DATA)
    if is_empty(settings.KEYRING_FOLDERS):
        raise BackupRefused("There is nothing here to back up yet, or the keyring folders are not mounted.")
    for place in places:
        if not place.is_dir():
            # Never made here: where a disk is not mounted, the backup would land on the one that it is to outlive.
            raise BackupRefused(f"There is no folder {place}. Is its disk mounted? If it is new: mkdir -m 700 {place}")
        for ours in (settings.DATA, settings.MEDIA_FOLDER, *settings.KEYRING_FOLDERS):
            if place.resolve().is_relative_to(ours.resolve()):
                raise BackupRefused(
                    f"{place} is inside {ours}: what is backed up and its backup would be lost together."
                )


def refuse_full(place: Path, size: int) -> None:
    """Raise BackupRefused unless so many bytes fit into ``place``."""
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < size + _SPARE:
        raise BackupRefused(
            f"There is not enough room in {place}: about {(size + _SPARE) // 1_000_000} MB are needed and "
            f"{free // 1_000_000} MB are free. Nothing was written."
        )


@contextlib.contextmanager
def _taking_data(place: Path, now: datetime) -> Iterator[None]:
    """Write a backup of the data; the keys are copied in the block, after the database and before the objects."""
    shelf.clear_left_over(place, shelf.DATA)
    login = owner_conninfo(os.environ, settings.DATA)
    before, there = _earlier(place)
    state = dump.look(login)
    fresh_objects = sum(one.size for one in objects.all() if _in_a_backup(one) not in there)
    refuse_full(
        place, state.size + fresh_objects + sum(_size(path) for name, path in _own_files() if name not in there)
    )
    with shelf.placing(place, shelf.DATA, now) as fresh:
        dump.dump(login, fresh / shelf.DUMP)
        if not dump.readable(fresh / shelf.DUMP, state.postgres):
            raise BackupRefused("The dump that was written cannot be read again. Is the disk sound?")
        yield
        files = {shelf.DUMP: manifest.sha256(fresh / shelf.DUMP)}
        for one in sorted(objects.all()):
            name = _in_a_backup(one)
            with contextlib.suppress(FileNotFoundError):  # erased meanwhile
                files[name] = _copy_object(one, fresh / name, before / name, there.get(name))
        for name, path in _own_files():
            files[name] = _copy(path, fresh / name, before / name if name in there else None)
        about = Manifest(shelf.DATA, now.isoformat(), product(), files, state.postgres, state.migrations)
        about.write(fresh, vaults.here().masters)


def _earlier(place: Path) -> tuple[Path, Mapping[str, str]]:
    """Return the newest backup of the data that is there and its files, with which the next may share objects."""
    for one in reversed(shelf.whole(place, shelf.DATA)):
        with contextlib.suppress(BackupRefused):
            return one.path, manifest.read(one.path).files
    return place, {}


def _in_a_backup(one: Stored) -> str:
    return f"{MEDIA}/{place_of(one.name)}"


def _own_files() -> Iterator[tuple[str, Path]]:
    """Yield the operator's own files, by their name in a backup."""
    for path in sorted((settings.DATA / OWN).glob("*.toml")):
        yield f"{OWN}/{path.name}", path


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _copy_object(one: Stored, target: Path, earlier: Path, was: str | None) -> str:
    """Copy an object, durably, or share it with an earlier backup that has it whole; return its SHA-256.

    A name is given once, to one object: what an earlier backup has under it is the same, and need not be fetched again.
    """
    disk.make_folder(target.parent)
    if was and _size(earlier) == one.size and manifest.sha256(earlier) == was:
        with contextlib.suppress(OSError):  # a file system without hard links
            os.link(earlier, target)
            return was
    sealed = objects.read(one.name)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as write:
        write.write(sealed)
        write.flush()
        os.fsync(write.fileno())
    return hashlib.sha256(sealed).hexdigest()


def _copy(source: Path, target: Path, earlier: Path | None) -> str:
    """Copy a file, durably, or share it with an earlier backup that has the very same bytes; return its SHA-256."""
    disk.make_folder(target.parent)
    if earlier is not None and manifest.sha256(earlier) == manifest.sha256(source):
        with contextlib.suppress(OSError):  # a file system without hard links
            os.link(earlier, target)
            return manifest.sha256(target)
    copy_durably(source, target)
    return manifest.sha256(target)


def copy_durably(source: Path, target: Path) -> None:
    """Put a copy of a file at ``target`` (mode 0600); its bytes are on the disk when this returns."""
    with (
        source.open("rb") as read,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as write,
    ):
        shutil.copyfileobj(read, write, 1024 * 1024)
        write.flush()
        os.fsync(write.fileno())


def product() -> str:
    """Return this product's version."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(said["project"]["version"])


def _take_keyring(place: Path, now: datetime) -> list[str]:
    """Write a snapshot of the keyring; return the problems with it."""
    shelf.clear_left_over(place, shelf.KEYRING)
    ring = vaults.here().keyring
    wanted = set(ring.list())
    refuse_full(place, len(wanted) * _LARGE_RECORD)
    with shelf.placing(place, shelf.KEYRING, now) as fresh:
        ring.snapshot(fresh)
        copied = Snapshot(fresh)
        lost = wanted - copied.vaults() - set(copied.erased())
        about = Manifest(shelf.KEYRING, now.isoformat(), product(), manifest.of_files(fresh))
        about.write(fresh, vaults.here().masters)
    if not lost:
        return []
    return [f"{len(lost)} keys cannot be read and are not in the snapshot: run bin/alongside doctor"]
