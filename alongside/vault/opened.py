"""Opened keys in memory: for at most 60 s in a process, of at most so many vaults at once."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alongside.vault.errors import KeyMissing
from alongside.vault.records import Keys, Record, derive

SECONDS = 60.0
MOST = 1024
_log = logging.getLogger(__name__)


class Opened:
    """The opened keys of one vault, and what was derived from them. Nothing of it shows in a repr."""

    def __init__(self, record: Record, keys: Keys) -> None:
        self.record = record
        self.keys = keys
        self._fields: dict[uuid.UUID | None, AESGCM] = {}

    def key(self, item: uuid.UUID | None, info: bytes) -> bytes:
        """Return 32 bytes for one use of the vault's key (``item`` None) or an item's; raise KeyMissing."""
        try:
            return derive(self.keys.vault if item is None else self.keys.items[item], info)
        except KeyError:
            _log.error("vault %s: no key of item %s, and it was not erased", self.record.vault, item)
            raise KeyMissing(f"vault {self.record.vault}: no key of item {item}") from None

    def field_cipher(self, item: uuid.UUID | None) -> AESGCM:
        """Return the cipher for fields; raise KeyMissing."""
        cipher = self._fields.get(item)
        if cipher is None:
            cipher = self._fields[item] = AESGCM(self.key(item, b"field"))
        return cipher


class OpenedKeys:
    """The opened vaults of this process. An entry leaves after 60 s, used or not, or when the vault
    changes.
    """

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._held: OrderedDict[uuid.UUID, tuple[float, Opened]] = OrderedDict()
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    def get(self, vault: uuid.UUID) -> Opened | None:
        """Return the vault's opened keys when they are held."""
        with self._lock:
            self._drop_old()
            held = self._held.get(vault)
        return held[1] if held else None

    def keep(self, opened: Opened) -> None:
        """Hold opened keys from now on; the longest held go when there are too many."""
        vault = opened.record.vault
        with self._lock:
            self._drop_old()
            self._held.pop(vault, None)
            self._held[vault] = (self._clock() + SECONDS, opened)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
            self._plan()

    def forget(self, vault: uuid.UUID) -> None:
        """Let go of a vault's keys now."""
        with self._lock:
            self._held.pop(vault, None)

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)

    def _drop_old(self) -> None:
        now = self._clock()
        while self._held and next(iter(self._held.values()))[0] <= now:
            self._held.popitem(last=False)

    def _plan(self) -> None:
        # An idle process must let go too, though nobody asks it for anything.
        if self._held and (self._sweeper is None or not self._sweeper.is_alive()):
            until = next(iter(self._held.values()))[0] - self._clock()
            self._sweeper = threading.Timer(max(until, 0.0) + 0.01, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _sweep(self) -> None:
        with self._lock:
            self._sweeper = None
            self._drop_old()
            self._plan()
