"""Sealing values for one place: a value opens only in the row, column and vault it was sealed for.

Sealed value: 1 byte format version (1), 1 byte algorithm (1 = AES-256-GCM), 12 bytes nonce, ciphertext and
16 bytes tag. Inside: 4 bytes length, the value, zeros up to the next of 256 B, 1, 4, 16, 64 KiB (then
multiples of 64 KiB), so that sizes say little. Key: HKDF-SHA256(vault or item key, info="field"). Nonces
are random; a key is good for 2**31 values, far above what one vault holds (a new vault or item has a new
key), so they are not counted.
"""

from __future__ import annotations

import logging
import secrets
import uuid
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from alongside.vault import vaults
from alongside.vault.errors import Tampered
from alongside.vault.records import NONCE

VERSION = 1
AES_256_GCM = 1
_HEADER = bytes((VERSION, AES_256_GCM))
_SIZES = (256, 1024, 4096, 16384, 65536)
_LENGTH = 4
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs: its key (the item's; without ``item`` the vault's) and its row."""

    vault: uuid.UUID
    item: uuid.UUID | None
    table: str
    column: str
    row: uuid.UUID

    @property
    def aad(self) -> bytes:
        """The associated data: ``alongside/1|table|column|row|key id``."""
        return f"alongside/1|{self.table}|{self.column}|{self.row}|{self.item or self.vault}".encode()

    def __post_init__(self) -> None:
        if "|" in self.table or "|" in self.column:
            raise ValueError("a table or column with | in its name could be mistaken for another")

    def tampered(self) -> Tampered:
        """Return (and log) the refusal of what was found here."""
        _log.error("%s: what is stored here was changed", self)
        return Tampered(f"{self}: not what was sealed for this place")

    def __str__(self) -> str:
        return f"{self.table}.{self.column} row {self.row} vault {self.vault} item {self.item}"


def _padded(plain: bytes) -> bytes:
    length = _LENGTH + len(plain)
    size = next((size for size in _SIZES if length <= size), -(-length // _SIZES[-1]) * _SIZES[-1])
    return (len(plain).to_bytes(_LENGTH) + plain).ljust(size, b"\0")


def seal(place: Place, plain: bytes) -> bytes:
    """Return ``plain`` sealed for ``place``; raise KeyErased or KeyMissing."""
    cipher = vaults.here().open(place.vault, place.item).field_cipher(place.item)
    nonce = secrets.token_bytes(NONCE)
    return _HEADER + nonce + cipher.encrypt(nonce, _padded(plain), place.aad)


def open(place: Place, sealed: bytes) -> bytes:
    """Return what was sealed for ``place``; raise Tampered for anything else, KeyErased or KeyMissing."""
    cipher = vaults.here().open(place.vault, place.item).field_cipher(place.item)
    start = len(_HEADER)
    if sealed[:start] != _HEADER:
        raise place.tampered()
    nonce = sealed[start : start + NONCE]
    try:
        padded = cipher.decrypt(nonce, sealed[start + NONCE :], place.aad)
    except (InvalidTag, ValueError):
        raise place.tampered() from None
    length = int.from_bytes(padded[:_LENGTH])
    return padded[_LENGTH : _LENGTH + length]
