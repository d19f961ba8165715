"""The keyring: the store of vaults' records, outside the database, in two folders at once.

``DirKeyring`` is the one for a laptop and a single server. Records come and go as wholes; every write is on
both disks before the call returns. Format and order of steps: docs/developers/vault.md.
"""

from __future__ import annotations

import builtins
import contextlib
import logging
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from alongside.vault import disk, ledger, records, segments
from alongside.vault.errors import KeyErased, KeyMissing, Overtaken, Tampered, VaultError, VaultUnavailable
from alongside.vault.folder import RECORDS, Folder
from alongside.vault.ledger import Ledger
from alongside.vault.records import Broken, Record
from alongside.vault.segments import MOST, Segments

_log = logging.getLogger(__name__)


def is_empty(folders: Iterable[Path]) -> bool:
    """Return whether none of the folders holds a keyring, or what is left of one."""
    names = (ledger.NAME, RECORDS, segments.FOLDER)
    return not any((folder / name).exists() for folder in folders for name in names)


class DirKeyring:
    """A keyring in folders, each a whole copy. One that is lost or damaged is made good from the other.

    ``authentic`` says whether a record opens under the master key. It is asked only when copies differ, so
    that a forged or garbled copy never overwrites a good one.
    """

    def __init__(self, folders: Sequence[Path], authentic: Callable[[Record], bool]) -> None:
        self.segments = Segments(folders)
        self.folders = [Folder(path, number, self.segments) for number, path in enumerate(folders)]
        self.ledger = Ledger(folders)
        self._authentic = authentic
        if not self.ledger.exists() and not is_empty(folders):
            raise VaultUnavailable(
                "the keyring has no ledger of erasures, so erased keys could come back: "
                "bring back the newest keyring with its ledger"
            )
        with contextlib.suppress(OSError, VaultUnavailable):
            self.ledger.add()

    def erased(self, key: uuid.UUID) -> bool:
        """Return whether the key of a vault or item was erased, by any process of this machine."""
        return key in self.ledger

    def get(self, vault: uuid.UUID) -> Record:
        """Return the newest record of ``vault``; raise KeyErased, KeyMissing, or Tampered when no copy is
        whole.
        """
        self._refuse_erased(vault)
        first, *others = copies = self._copies(vault)
        if isinstance(first, Record) and all(copy == first for copy in others):
            return first
        if not any(copies) and self.segments.find(vault) is None:
            raise KeyMissing(f"vault {vault}: no key in the keyring")
        try:
            # A writer may be half-way: wait for it before calling a difference damage.
            with disk.locked(self.folders[0].shard(vault)):
                self._refuse_erased(vault)
                return self._repair(vault)
        except OSError:
            _log.error("vault %s: keyring folder 1 cannot be used; reading from what is left", vault)
            return self._newest(vault, copies)

    def put(self, record: Record, *, erasing: Collection[uuid.UUID] = ()) -> None:
        """Write ``record``, which must be the next generation of its vault; raise Overtaken when it is not.

        Item ids in ``erasing`` go to the ledger first, and copies that still hold their keys are overwritten.
        Raise VaultUnavailable when a folder cannot be written.
        """
        vault = record.vault
        with self._writing(vault):
            self._refuse_erased(vault)
            copies = self._copies(vault)
            present = self._newest(vault, copies).generation if any(copies) else 0
            if present != record.generation - 1:
                raise Overtaken(f"vault {vault}: its record was changed by another writer")
            if erasing:
                self.ledger.add(erasing)
            for folder in self.folders:
                if erasing:
                    folder.replace(record)
                else:
                    folder.write(record)

    def newest(self, vault: uuid.UUID) -> Record | None:
        """Return the newest record that opens, whatever the ledger says of it; None when there is none."""
        whole = [copy for copy in self._copies(vault) if isinstance(copy, Record) and self._authentic(copy)]
        return max(whole, key=lambda record: record.generation, default=None)

    def changed_at(self, vault: uuid.UUID) -> float:
        """Return when the vault's record was last written, in seconds since 1970; the latest of all copies."""
        seat = self.segments.find(vault)
        times = [0.0]
        for folder in self.folders:
            for path in (folder.file(vault), folder.path / segments.FOLDER / seat.segment if seat else None):
                with contextlib.suppress(OSError):
                    times.append(path.stat().st_mtime if path else 0.0)
        return max(times)

    def has(self, vault: uuid.UUID) -> bool:
        """Return whether anything, whole or not, lies in the place of the vault's record."""
        return any(self._copies(vault))

    def put_back(self, record: Record) -> None:
        """Let a record take the place of older or damaged ones, whatever its generation: for a restore alone."""
        with self._writing(record.vault):
            self._refuse_erased(record.vault)
            for folder in self.folders:
                folder.replace(record)

    def put_many(self, batch: Iterable[Record]) -> None:
        """Write records of new vaults into segments: in each folder one file, one fsync for up to 1,000 of
        them.
        """
        alike: dict[int, list[bytes]] = {}
        try:
            for record in batch:
                data = records.encode(record)
                group = alike.setdefault(len(data).bit_length(), [])
                group.append(data)
                if len(group) == MOST:
                    self.segments.write(group)
                    group.clear()
            for group in alike.values():
                if group:
                    self.segments.write(group)
        except OSError as error:
            raise VaultUnavailable("a keyring folder cannot be written") from error

    def erase(self, vault: uuid.UUID) -> None:
        """Destroy the record of ``vault`` for ever, in every folder. Repeatable; an unknown id is noted as
        erased.

        Raise VaultUnavailable when a folder could not be written: what could be destroyed is, and a repeat
        finishes.
        """
        with self._writing(vault), contextlib.ExitStack() as steps:
            # Each step runs though another fails; the ledger, last in, comes first.
            for folder in self.folders:
                steps.callback(folder.destroy, vault)
            steps.callback(self.ledger.add, [vault])

    def list(self) -> list[uuid.UUID]:
        """Return the vaults that have a record and are not erased."""
        return sorted(self._present() - set(self.ledger.ids()))

    def snapshot(self, target: Path) -> int:
        """Write the whole keyring into the new folder ``target``, itself a keyring folder then; return its
        vaults.

        A key that is erased meanwhile may be in a record of the snapshot, but its ledger, copied last,
        names it.
        """
        if not is_empty([target]):
            raise VaultUnavailable("a snapshot is written to a new folder")
        copy = DirKeyring([target], self._authentic)
        count = 0

        def living() -> Iterator[Record]:
            nonlocal count
            for vault in self.list():
                try:
                    yield self.get(vault)
                    count += 1
                except VaultError:
                    _log.error("vault %s: not in the snapshot", vault)

        copy.put_many(living())
        copy.ledger.add(self.ledger.ids())
        return count

    def returned(self) -> builtins.list[uuid.UUID]:
        """Return the vaults that the ledger names as erased and that have a record all the same."""
        return sorted(vault for vault in self._present() & set(self.ledger.ids()) if any(self._copies(vault)))

    def recover(self) -> builtins.list[uuid.UUID]:
        """Finish what crashes left, and destroy records whose vault the ledger names; return those vaults."""
        try:
            self.ledger.mend()
            self.segments.recover()
        except OSError as error:
            raise VaultUnavailable("a keyring folder cannot be written") from error
        back = self.returned()
        for vault in back:
            self.erase(vault)
        left = {vault for vault, path in self._files() if path.suffix in (disk.NEW, disk.OLD)}
        moved = {vault for vault, _ in self._files()} & set(self.segments.vaults())
        for vault in left | moved:
            with contextlib.suppress(VaultError):
                self.get(vault)
            with self._writing(vault):
                for folder in self.folders:
                    folder.leave_segment(vault)
                    folder.sweep(vault)
        return back

    def _files(self) -> Iterator[tuple[uuid.UUID, Path]]:
        for folder in self.folders:
            yield from folder.files()

    def _present(self) -> set[uuid.UUID]:
        files = {vault for vault, path in self._files() if path.suffix not in (disk.NEW, disk.OLD)}
        return files | set(self.segments.vaults())

    def _refuse_erased(self, vault: uuid.UUID) -> None:
        if vault in self.ledger:
            raise KeyErased(f"vault {vault}: its key was erased")

    def _copies(self, vault: uuid.UUID) -> builtins.list[Record | Broken | None]:
        return [folder.read(vault) for folder in self.folders]

    def _newest(self, vault: uuid.UUID, copies: Sequence[Record | Broken | None]) -> Record:
        whole = [copy for copy in copies if isinstance(copy, Record)]
        if any(copy != whole[0] for copy in whole):
            whole = [copy for copy in whole if self._authentic(copy)]
        if whole:
            return max(whole, key=lambda record: record.generation)
        if any(copies):
            raise Tampered(f"vault {vault}: no copy of its record is whole")
        raise KeyMissing(f"vault {vault}: no key in the keyring")

    def _repair(self, vault: uuid.UUID) -> Record:
        copies = self._copies(vault)
        newest = self._newest(vault, copies)
        for folder, copy in zip(self.folders, copies, strict=True):
            if copy == newest:
                continue
            try:
                folder.write(newest)
                _log.warning("vault %s: record in keyring folder %d made good", vault, folder.number + 1)
            except OSError:
                _log.error("vault %s: record in keyring folder %d cannot be made good", vault, folder.number + 1)
        return newest

    @contextlib.contextmanager
    def _writing(self, vault: uuid.UUID) -> Iterator[None]:
        try:
            with disk.locked(self.folders[0].shard(vault)):
                yield
        except OSError as error:
            raise VaultUnavailable(f"vault {vault}: a keyring folder cannot be written") from error
