"""Uniting keyrings after a loss: of each vault the newest record that opens, and every erasure that any of them knows.

For ``restore``. A key that any ledger names stays shut, wherever a record of it lies.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alongside.vault import disk, records
from alongside.vault.errors import Tampered, VaultUnavailable
from alongside.vault.folder import Folder
from alongside.vault.ledger import Ledger
from alongside.vault.masterkey import MasterKeys
from alongside.vault.records import Record
from alongside.vault.segments import Segments
from alongside.vault.vaults import Vaults


@dataclass(frozen=True, slots=True)
class United:
    """How many vaults came from snapshots, and which have a record that opens nowhere."""

    brought: int
    shut: tuple[uuid.UUID, ...]


class Snapshot:
    """A keyring folder that is only read."""

    def __init__(self, path: Path) -> None:
        self._segments = Segments([path])
        self._folder = Folder(path, 0, self._segments)
        self._ledger = Ledger([path])

    def erased(self) -> list[uuid.UUID]:
        """Return the ids that its ledger names."""
        return self._ledger.ids()

    def vaults(self) -> set[uuid.UUID]:
        """Return every vault that has a record here, whole or not."""
        files = {vault for vault, path in self._folder.files() if path.suffix not in (disk.NEW, disk.OLD)}
        return files | set(self._segments.vaults())

    def record(self, vault: uuid.UUID, masters: MasterKeys) -> Record | None:
        """Return the vault's record when it opens under these master keys."""
        record = self._folder.read(vault)
        if not isinstance(record, Record):
            return None
        try:
            records.unlock(record, masters)
        except Tampered:
            return None
        return record


def opens_any(snapshot: Path, masters: MasterKeys) -> bool:
    """Return whether these master keys open something here, or nothing is here to be opened."""
    ring = Snapshot(snapshot)
    with contextlib.suppress(VaultUnavailable):
        return not ring.vaults() or any(ring.record(vault, masters) for vault in ring.vaults())
    return False


def unite(home: Vaults, snapshots: Sequence[Path]) -> United:
    """Bring into a keyring what snapshots know better; erasures first. Repeatable; nothing is taken away but by them.

    Raise VaultUnavailable when a folder cannot be written.
    """
    rings = [Snapshot(path) for path in snapshots]
    home.keyring.ledger.add({key for ring in rings for key in ring.erased()})
    shut: list[uuid.UUID] = []
    brought = 0

    def missing() -> Iterator[Record]:
        nonlocal brought
        for vault in sorted({vault for ring in rings for vault in ring.vaults()}):
            if home.keyring.erased(vault):
                continue
            best = _best(vault, rings, home.masters)
            present = home.keyring.newest(vault)
            if best is None and present is None:
                shut.append(vault)
            elif best is not None and (present is None or present.generation < best.generation):
                brought += 1
                if home.keyring.has(vault):
                    home.keyring.put_back(best)
                else:
                    yield best

    home.keyring.put_many(missing())
    home.recover()
    return United(brought, tuple(shut))


def _best(vault: uuid.UUID, rings: Sequence[Snapshot], masters: MasterKeys) -> Record | None:
    found = [record for ring in rings if (record := ring.record(vault, masters)) is not None]
    return max(found, key=lambda record: record.generation, default=None)
