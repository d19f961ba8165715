"""Vaults and items: making, opening and erasing their keys. A key is durable before the id of it is returned.

Order for callers (SECURITY 3.3): key first, then the row that needs it; to erase: refuse the row to all
readers, commit, erase the key, then delete what it locked. Every erasure may be repeated.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from alongside import ids
from alongside.vault import keyring as keyrings
from alongside.vault import masterkey, records
from alongside.vault.errors import KeyErased, KeyMissing, Overtaken, Tampered
from alongside.vault.masterkey import MasterKeys
from alongside.vault.opened import Opened, OpenedKeys
from alongside.vault.records import KEY, Keys, Record

_starting = threading.Lock()
_log = logging.getLogger(__name__)


class Vaults:
    """The vaults of one keyring under one set of master keys. Thread-safe."""

    def __init__(self, keyring: keyrings.DirKeyring, masters: MasterKeys) -> None:
        self.keyring = keyring
        self.masters = masters
        self.held = OpenedKeys()

    def create_many(self, kind: str, n: int, items: Sequence[Collection[uuid.UUID]] = ()) -> list[uuid.UUID]:
        """Make ``n`` vaults in one batch, the first ``len(items)`` of them with keys for those items."""
        vaults = [ids.new_id() for _ in range(n)]

        def fresh() -> Iterator[Record]:
            for number, vault in enumerate(vaults):
                keys = _with_new({}, items[number] if number < len(items) else ())
                yield records.lock(vault, kind, 1, Keys(secrets.token_bytes(KEY), keys), self.masters)

        self.keyring.put_many(fresh())
        return vaults

    def create(self, kind: str, items: Collection[uuid.UUID] = ()) -> uuid.UUID:
        """Make a vault, with keys for ``items``."""
        vault = ids.new_id()
        keys = Keys(secrets.token_bytes(KEY), _with_new({}, items))
        self.keyring.put(records.lock(vault, kind, 1, keys, self.masters))
        return vault

    def add_items(self, vault: uuid.UUID, items: Iterable[uuid.UUID]) -> None:
        """Give each item a key; one that has a key keeps it. Raise KeyErased for an id that was erased."""
        items = list(items)
        for item in items:
            self._refuse_erased(vault, item)
        while True:
            opened = self.read(vault)
            if all(item in opened.keys.items for item in items):
                return
            if self._write(opened, _with_new(opened.keys.items, items)):
                return

    def erase_item(self, vault: uuid.UUID, item: uuid.UUID) -> None:
        """Destroy one item's key for ever. In an erased vault, or when done before, nothing is left to do.

        Where the vault's record is lost or damaged, the ledger shuts the item: it stays shut if the record comes back.
        """
        while True:
            try:
                opened = self.read(vault)
            except KeyErased:
                return
            except (KeyMissing, Tampered):
                if not self.keyring.ledger.exists():
                    raise  # no keyring lies there: its disk may not be mounted
                self.keyring.ledger.add([item])
                return
            left = {name: key for name, key in opened.keys.items.items() if name != item}
            if self._write(opened, left, erasing=[item]):
                return

    def erase_vault(self, vault: uuid.UUID) -> None:
        """Destroy the keys of a vault and of all its items for ever."""
        self.held.forget(vault)
        self.keyring.erase(vault)
        self.held.forget(vault)

    def recover(self) -> int:
        """Finish what crashes left, make lost copies good, and erase again what a restore brought back; return
        how many erased keys had come back.
        """
        back = len(self.keyring.recover())
        for vault in self.keyring.list():
            # What cannot be read is for doctor to tell; the others must not wait for it.
            with contextlib.suppress(KeyErased, KeyMissing, Tampered):
                for item in self.read(vault).keys.items:
                    if self.keyring.erased(item):
                        self.erase_item(vault, item)
                        back += 1
        return back

    def open(self, vault: uuid.UUID, item: uuid.UUID | None) -> Opened:
        """Return the opened keys of a vault; raise KeyErased when it or the item was erased, KeyMissing,
        Tampered.
        """
        # Asked each time, whatever is held: an erasure counts at once, in every process.
        self._refuse_erased(vault, item)
        opened = self.held.get(vault)
        if opened is None or (item is not None and item not in opened.keys.items):
            opened = self.read(vault)
            self.held.keep(opened)
        return opened

    def _refuse_erased(self, vault: uuid.UUID, item: uuid.UUID | None) -> None:
        if self.keyring.erased(vault):
            self.held.forget(vault)
            raise KeyErased(f"vault {vault}: its key was erased")
        if item is not None and self.keyring.erased(item):
            self.held.forget(vault)
            raise KeyErased(f"vault {vault}: the key of item {item} was erased")

    def read(self, vault: uuid.UUID) -> Opened:
        """Return the opened keys as they lie in the keyring, holding nothing; raise KeyErased, KeyMissing, Tampered."""
        try:
            record = self.keyring.get(vault)
            return Opened(record, records.unlock(record, self.masters))
        except (KeyMissing, Tampered) as refusal:
            _log.error("%s", refusal)
            raise

    def _write(self, opened: Opened, items: dict[uuid.UUID, bytes], erasing: Collection[uuid.UUID] = ()) -> bool:
        was = opened.record
        keys = Keys(opened.keys.vault, items)
        self.held.forget(was.vault)
        try:
            self.keyring.put(records.lock(was.vault, was.kind, was.generation + 1, keys, self.masters), erasing=erasing)
        except Overtaken:
            return False
        finally:
            self.held.forget(was.vault)
        return True


def _with_new(keys: Mapping[uuid.UUID, bytes], items: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    return {item: secrets.token_bytes(KEY) for item in items} | dict(keys)


@lru_cache(maxsize=4)
def _of(folders: tuple[Path, ...], key_file: Path) -> Vaults:
    masters = masterkey.load(key_file, create=keyrings.is_empty(folders))

    def authentic(record: Record) -> bool:
        try:
            records.unlock(record, masters)
        except Tampered:
            return False
        return True

    return Vaults(keyrings.DirKeyring(folders, authentic), masters)


def here() -> Vaults:
    """Return the vaults of this installation; raise VaultUnavailable when keyring or master key cannot be
    used.
    """
    with _starting:
        return _of(tuple(settings.KEYRING_FOLDERS), settings.MASTER_KEY_FILE)


def create(kind: str, items: Collection[uuid.UUID] = ()) -> uuid.UUID:
    """Make a vault of ``kind`` ("box", "story"), with keys for ``items``, and return its id."""
    return here().create(kind, items)


def create_many(kind: str, n: int, items: Sequence[Collection[uuid.UUID]] = ()) -> list[uuid.UUID]:
    """Make ``n`` vaults with one fsync per 1,000, the first ``len(items)`` with keys for those items."""
    return here().create_many(kind, n, items)


def add_item(vault: uuid.UUID, item: uuid.UUID) -> None:
    """Give an item a key of its own; when it has one, nothing changes."""
    here().add_items(vault, [item])


def add_items(vault: uuid.UUID, items: Iterable[uuid.UUID]) -> None:
    """Give each item a key of its own, in one write."""
    here().add_items(vault, items)


def erase_item(vault: uuid.UUID, item: uuid.UUID) -> None:
    """Destroy an item's key for ever. Repeatable."""
    here().erase_item(vault, item)


def erase_vault(vault: uuid.UUID) -> None:
    """Destroy the keys of a vault and all its items for ever. Repeatable."""
    here().erase_vault(vault)


def recover() -> int:
    """Put the keyring in order after a crash or a restore, and replay the ledger; return how many erased keys
    had come back. To be run before serving, and safe to run while serving.
    """
    return here().recover()
