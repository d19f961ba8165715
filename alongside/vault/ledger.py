"""The ledger of erasures: for ever, the random ids of keys that were destroyed. No person, no time, no kind.

A key named here never opens again, even when a copy of its record comes back with an old folder. One line
per id in ``ledger`` of each folder: 32 hex digits, 8 hex digits of CRC-32 over them, newline. Lines are
only ever added.
"""

from __future__ import annotations

import logging
import os
import threading
import uuid
import zlib
from collections.abc import Iterable
from pathlib import Path

from alongside.vault import disk
from alongside.vault.errors import VaultUnavailable

NAME = "ledger"
LINE = 41
_log = logging.getLogger(__name__)


def _line(key: bytes) -> bytes:
    digits = key.hex().encode("ascii")
    return digits + b"%08x\n" % zlib.crc32(digits)


def _parse(data: bytes) -> tuple[set[bytes], int]:
    """Return the ids in undamaged lines, and the number of damaged ones (a torn last one included)."""
    lines = [data[at : at + LINE] for at in range(0, len(data), LINE)]
    keys = set()
    for line in lines:
        try:
            key = bytes.fromhex(line[:32].decode("ascii"))
        except ValueError:
            continue
        if _line(key) == line:
            keys.add(key)
    return keys, len(lines) - len(keys)


class _Copy:
    """The ledger in one folder, as it stood when it was last looked at."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.keys: set[bytes] = set()
        self._seen = (-1, -1)

    def refresh(self) -> bool:
        """Read what is new since; return whether anything was."""
        try:
            state = self.path.stat()
            now = (state.st_ino, state.st_size)
            if now == self._seen:
                return False
            grown = now[0] == self._seen[0] and now[1] > self._seen[1]
            start = self._seen[1] // LINE * LINE if grown else 0
            with self.path.open("rb") as file:
                file.seek(start)
                keys, _ = _parse(file.read(now[1] - start))
        except OSError:
            self.keys, self._seen = set(), (-1, -1)
            return False
        self.keys = self.keys | keys if grown else keys
        self._seen = now
        return True

    def append(self, keys: Iterable[bytes]) -> None:
        """Add a line for each key, after cutting off a line that a crash left unfinished; durable on
        return.
        """
        disk.make_folder(self.path.parent)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size % LINE:
                os.ftruncate(handle, size - size % LINE)
            os.write(handle, b"".join(_line(key) for key in keys))
            os.fsync(handle)
        finally:
            os.close(handle)
        disk.sync_folder(self.path.parent)


class Ledger:
    """The ids of erased keys, the same in every folder; what was once read is never forgotten by a process."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._copies = [_Copy(folder) for folder in folders]
        self._keys: set[bytes] = set()
        self._reading = threading.Lock()

    def exists(self) -> bool:
        """Return whether any folder has a ledger (a keyring without one is
        unsound).
        """
        return any(copy.path.exists() for copy in self._copies)

    def __contains__(self, key: uuid.UUID) -> bool:
        self._refresh()
        return key.bytes in self._keys

    def ids(self) -> list[uuid.UUID]:
        """Return every id in the ledger."""
        self._refresh()
        return [uuid.UUID(bytes=key) for key in self._keys]

    def all(self) -> frozenset[bytes]:
        """Return every id in the ledger, each as its 16 bytes."""
        self._refresh()
        return frozenset(self._keys)

    def _refresh(self) -> None:
        # Two stat calls each time: an erasure by another process counts at once, not when a cache runs out.
        with self._reading:
            for copy in self._copies:
                if copy.refresh():
                    self._keys |= copy.keys

    def add(self, keys: Iterable[uuid.UUID] = ()) -> None:
        """Write ``keys``, and whatever one folder's copy lacks, to every folder; durable on return.

        Raise VaultUnavailable when a folder could not be written; the others were.
        """
        failed = 0
        with disk.locked(self._copies[0].path.parent):
            self._refresh()
            with self._reading:
                self._keys |= {key.bytes for key in keys}
                wanted = set(self._keys)
            for number, copy in enumerate(self._copies, start=1):
                lacking = wanted - copy.keys
                if not lacking and copy.path.exists():
                    continue
                try:
                    copy.append(sorted(lacking))
                except OSError:
                    _log.error("the ledger in keyring folder %d cannot be written", number)
                    failed += 1
        if failed:
            raise VaultUnavailable("an erasure could not be written to every keyring folder; it will be repeated")

    def mend(self) -> None:
        """Write a copy anew when a line of it is damaged, with every id that any copy has."""
        with disk.locked(self._copies[0].path.parent):
            self._refresh()
            for copy in self._copies:
                if _parse(disk.read(copy.path) or b"")[1]:
                    disk.write(copy.path, b"".join(_line(key) for key in sorted(self._keys)))

    def damage(self) -> list[str]:
        """Return what is wrong with the copies, for ``doctor``."""
        found = []
        self._refresh()
        for number, copy in enumerate(self._copies, start=1):
            data = disk.read(copy.path)
            if data is None:
                found.append(f"keyring folder {number} has no ledger")
                continue
            keys, damaged = _parse(data)
            if damaged:
                found.append(f"the ledger in keyring folder {number} has {damaged} damaged lines")
            if lacking := len(self._keys - keys):
                found.append(f"the ledger in keyring folder {number} lacks {lacking} of the erased ids")
        return found
