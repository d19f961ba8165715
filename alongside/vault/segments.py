"""Segment files: records of many vaults in one file, for making vaults in batches with one fsync.

A segment has slots of one size, so that a record can be overwritten in place, and a damaged one harms no
other. Format: docs/developers/vault.md.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import struct
import threading
import uuid
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from alongside.vault import disk, records

FOLDER = "segments"
MOST = 1000
_HEAD = struct.Struct(">4sIII")
_MAGIC = b"AVS1"
_log = logging.getLogger(__name__)


class Seat(NamedTuple):
    """Where in the segments a record lies: the same in every folder."""

    segment: str
    offset: int
    size: int


def _head(size: int, count: int) -> bytes:
    body = struct.pack(">4sII", _MAGIC, size, count)
    return body + struct.pack(">I", zlib.crc32(body))


def seats(name: str, data: bytes) -> list[Seat]:
    """Return the seats of a segment; raise Broken when its head is damaged or its end is missing."""
    if len(data) < _HEAD.size:
        raise records.Broken("a segment that was cut")
    _, size, count, _ = _HEAD.unpack_from(data)
    if data[: _HEAD.size] != _head(size, count) or len(data) != _HEAD.size + size * count:
        raise records.Broken("a segment that was changed or cut")
    return [Seat(name, _HEAD.size + size * number, size) for number in range(count)]


class Segments:
    """The segments in the folders of a keyring, and in memory which vault sits where."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = [folder / FOLDER for folder in folders]
        self._index: dict[uuid.UUID, Seat] = {}
        self._indexed: set[str] = set()
        self._seen: tuple[int, ...] = ()
        self._indexing = threading.Lock()

    def write(self, batch: Sequence[bytes]) -> None:
        """Keep encoded records, at most 1,000 of like size, in one new segment in every folder; durable on
        return.
        """
        size = max(len(data) for data in batch)
        whole = _head(size, len(batch)) + b"".join(data.ljust(size, b"\0") for data in batch)
        name = secrets.token_hex(16)
        with disk.locked(self._folders[0]):
            for folder in self._folders:
                disk.write(folder / name, whole)

    def find(self, vault: uuid.UUID) -> Seat | None:
        """Return where ``vault`` sits, after a look at segments that are new since; None when nowhere."""
        seat = self._index.get(vault)
        if seat is None and self._refresh():
            seat = self._index.get(vault)
        return seat

    def vaults(self) -> list[uuid.UUID]:
        """Return the vaults that have, or lately had, a seat."""
        self._refresh()
        with self._indexing:
            return list(self._index)

    def read(self, folder: int, seat: Seat) -> bytes | None:
        """Return a record's bytes in one folder; None for an erased or lost one. A damaged one raises
        Broken.
        """
        data = self._slot(folder, seat)
        return records.whole(data) if data is not None and any(data) else None

    def _slot(self, folder: int, seat: Seat) -> bytes | None:
        try:
            with (self._folders[folder] / seat.segment).open("rb", buffering=0) as file:
                file.seek(seat.offset)
                return file.read(seat.size)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def clear(self, folder: int, vault: uuid.UUID) -> None:
        """Overwrite ``vault``'s seat in one folder with zeros; durable on return."""
        seat = self.find(vault)
        if seat is not None and any(self._slot(folder, seat) or b""):
            disk.overwrite(self._folders[folder] / seat.segment, seat.offset, bytes(seat.size))

    def recover(self) -> None:
        """Remove half-written segments, copy one that a folder lacks, finish what was half overwritten."""
        with disk.locked(self._folders[0]):
            for folder in self._folders:
                disk.make_folder(folder)
                for left in folder.glob(f"*{disk.NEW}"):
                    disk.destroy(left)
            for name in self.names():
                self._recover(name)

    def _recover(self, name: str) -> None:
        files = [folder / name for folder in self._folders]
        copies = [disk.read(file) for file in files]
        source = next((data for data in copies if data is not None and _is_sound(name, data)), None)
        if source is None:
            return
        for file, data in zip(files, copies, strict=True):
            if data is None or len(data) != len(source):
                disk.write(file, source)
            elif data[: _HEAD.size] != source[: _HEAD.size]:
                disk.overwrite(file, 0, source[: _HEAD.size])
        for seat in seats(name, source):
            slots = [self._slot(number, seat) or b"" for number in range(len(files))]
            # Erased in one folder, half erased in another when the power went. A whole one is never cleared here.
            if not all(any(slot) for slot in slots):
                for file, slot in zip(files, slots, strict=True):
                    if any(slot) and not records.is_whole(slot):
                        disk.overwrite(file, seat.offset, bytes(seat.size))

    def names(self) -> set[str]:
        """Return the names of the segments in all folders together."""
        found: set[str] = set()
        for folder in self._folders:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                found |= {path.name for path in folder.iterdir() if path.suffix != disk.NEW}
        return found

    def _refresh(self) -> bool:
        state = tuple(_changed(folder) for folder in self._folders)
        if state == self._seen:
            return False
        with self._indexing:
            for name in sorted(self.names() - self._indexed):
                for vault, seat in self._scan(name):
                    self._index.setdefault(vault, seat)
                self._indexed.add(name)
            self._seen = state
        return True

    def _scan(self, name: str) -> Iterator[tuple[uuid.UUID, Seat]]:
        for number, folder in enumerate(self._folders, start=1):
            data = disk.read(folder / name)
            if data is None:
                continue
            try:
                found = seats(name, data)
            except records.Broken:
                _log.warning("segment %s is damaged in keyring folder %d", name, number)
                continue
            for seat in found:
                slot = data[seat.offset : seat.offset + seat.size]
                if not any(slot):
                    continue
                try:
                    yield records.name_of(slot), seat
                except records.Broken:
                    _log.warning("segment %s has a damaged record in keyring folder %d", name, number)


def _is_sound(name: str, data: bytes) -> bool:
    try:
        seats(name, data)
    except records.Broken:
        return False
    return True


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return -1
