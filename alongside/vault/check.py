"""What ``doctor`` says about the vault: all that is wrong with keyring and master key, in words to act on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from alongside.vault import disk, masterkey, records, segments, vaults
from alongside.vault.errors import VaultError, VaultUnavailable
from alongside.vault.folder import Folder
from alongside.vault.keyring import DirKeyring
from alongside.vault.records import Broken, Record
from alongside.vault.vaults import Vaults


def problems() -> list[str]:
    """Return what is wrong; an empty list when all is well. Reads every record: some seconds per 100,000
    vaults.
    """
    try:
        home = vaults.here()
        masterkey.refuse_unsafe(settings.MASTER_KEY_FILE)
    except VaultUnavailable as refusal:
        return [str(refusal)]
    ring = home.keyring
    found = [
        f"vault {vault}: was erased, but its record came back; it stays shut: run alongside restore"
        for vault in ring.returned()
    ]
    found += ring.ledger.damage()
    for vault in ring.list():
        found += _of_record(home, vault)
    for folder in ring.folders:
        if folder.path.is_dir():
            found += [*_of_segments(ring, folder), *_of_files(folder)]
        else:
            found.append(f"keyring folder {folder.number + 1} is missing; what is read is made good from the other")
    return found


def hints() -> list[str]:
    """Return what could be better, though nothing is wrong."""
    devices = {_nearest(folder).stat().st_dev for folder in settings.KEYRING_FOLDERS}
    if len(devices) < len(settings.KEYRING_FOLDERS):
        return ["both keyring folders are on one disk; on two, the keys outlive the loss of either"]
    return []


def _nearest(folder: Path) -> Path:
    return folder if folder.exists() else _nearest(folder.parent)


def _of_record(home: Vaults, vault: uuid.UUID) -> Iterator[str]:
    ring = home.keyring
    copies = [(folder.number, folder.read(vault)) for folder in ring.folders if folder.path.is_dir()]
    newest = max((copy.generation for _, copy in copies if isinstance(copy, Record)), default=0)
    for number, copy in copies:
        said = f"vault {vault}: its record in keyring folder {number + 1}"
        if copy is None:
            yield f"{said} is missing"
        elif isinstance(copy, Broken):
            yield f"{said} is damaged"
        elif copy.generation < newest:
            yield f"{said} is older than the other"
        else:
            yield from _of_keys(home, copy, said)


def _of_keys(home: Vaults, record: Record, said: str) -> Iterator[str]:
    try:
        keys = records.unlock(record, home.masters)
    except VaultError as refusal:
        yield f"{said} does not open: {refusal}"
        return
    for item in keys.items:
        if home.keyring.erased(item):
            yield f"{said} holds the key of item {item}, erased before; it stays shut: run alongside restore"


def _of_segments(ring: DirKeyring, folder: Folder) -> Iterator[str]:
    for name in sorted(ring.segments.names()):
        said = f"segment {name} in keyring folder {folder.number + 1}"
        data = disk.read(folder.path / segments.FOLDER / name)
        if data is None:
            yield f"{said} is missing"
            continue
        try:
            seats = segments.seats(name, data)
        except Broken as broken:
            yield f"{said} is damaged: {broken}"
            continue
        slots = [data[seat.offset : seat.offset + seat.size] for seat in seats]
        if damaged := sum(1 for slot in slots if any(slot) and not records.is_whole(slot)):
            yield f"{said} has {damaged} damaged records"


def _of_files(folder: Folder) -> Iterator[str]:
    number = folder.number + 1
    known = {path for _, path in folder.files()}
    for path in [folder.path, *folder.path.rglob("*")]:
        name = path.relative_to(folder.path)
        if path.stat().st_mode & 0o077:
            yield f"{name} in keyring folder {number} is open to others: run chmod -R go-rwx on the folder"
        if path.suffix in (disk.NEW, disk.OLD):
            yield f"{name} in keyring folder {number} was left by a crash: run alongside restore"
        elif path.is_file() and len(name.parts) == 3 and path not in known:
            yield f"{name} in keyring folder {number} is no record"
