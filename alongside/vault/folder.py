"""One folder of a keyring: a whole copy, with one small file per vault and segments for batches."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from alongside.vault import disk, records
from alongside.vault.records import Broken, Record
from alongside.vault.segments import Segments

RECORDS = "records"


class Folder:
    """Reads and writes the records of one keyring folder. ``number`` counts from 0; whoever writes holds
    the shard.
    """

    def __init__(self, path: Path, number: int, segments: Segments) -> None:
        self.path = path
        self.number = number
        self._segments = segments

    def shard(self, vault: uuid.UUID) -> Path:
        """Return the folder that the vault's file lies in."""
        return self.path / RECORDS / vault.hex[:2]

    def file(self, vault: uuid.UUID) -> Path:
        """Return the path of the vault's own file."""
        return self.shard(vault) / vault.hex

    def read(self, vault: uuid.UUID) -> Record | Broken | None:
        """Return the vault's record, from its own file or else its segment; None when there is none here."""
        try:
            data = disk.read(self.file(vault))
            if data is None:
                seat = self._segments.find(vault)
                data = None if seat is None else self._segments.read(self.number, seat)
            record = None if data is None else records.decode(data)
        except OSError:
            return Broken("cannot be read")
        except Broken as broken:
            return broken
        return record if record is None or record.vault == vault else Broken("the record of another vault")

    def write(self, record: Record) -> None:
        """Put the record in a file of its own; what a segment held of it is overwritten."""
        disk.write(self.file(record.vault), records.encode(record))
        self._segments.clear(self.number, record.vault)

    def replace(self, record: Record) -> None:
        """Like ``write``, and overwrite the former file's bytes, which still hold the key of an erased
        item.
        """
        path = self.file(record.vault)
        old = path.with_name(path.name + disk.OLD)
        disk.destroy(old)
        with contextlib.suppress(FileNotFoundError):
            os.link(path, old)
        self.write(record)
        disk.destroy(old)

    def leave_segment(self, vault: uuid.UUID) -> None:
        """Overwrite what a segment still holds of a vault that has a whole file of its own."""
        if self.file(vault).exists() and isinstance(self.read(vault), Record):
            self._segments.clear(self.number, vault)

    def sweep(self, vault: uuid.UUID) -> None:
        """Overwrite and remove what a crash left half-done."""
        path = self.file(vault)
        for suffix in (disk.NEW, disk.OLD):
            disk.destroy(path.with_name(path.name + suffix))

    def destroy(self, vault: uuid.UUID) -> None:
        """Overwrite and remove every trace of the vault's record."""
        disk.destroy(self.file(vault))
        self.sweep(vault)
        self._segments.clear(self.number, vault)

    def files(self) -> Iterator[tuple[uuid.UUID, Path]]:
        """Yield each vault's file, and what crashes left (names that end in ``.new`` or ``.old``)."""
        for path in (self.path / RECORDS).glob("[0-9a-f][0-9a-f]/*"):
            with contextlib.suppress(ValueError):
                yield uuid.UUID(hex=path.name.removesuffix(disk.NEW).removesuffix(disk.OLD)), path
