"""The record of one vault: its key and its items' keys, wrapped. Format: docs/developers/vault.md."""

from __future__ import annotations

import hashlib
import re
import secrets
import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alongside.vault.errors import Tampered
from alongside.vault.masterkey import MasterKeys

KEY = 32
NONCE = 12
HOST = 0  # the slot that the host's KEK opens; other ways in are other numbers
_MAGIC = b"AVR1"
_HEAD = struct.Struct(">4sI16sQB")
_CHECK = 16
_KIND = re.compile(r"[a-z][a-z-]{0,31}")


class Broken(ValueError):
    """Bytes that are no whole record."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the vault's key: which sort, which key opens it, and the wrapped key."""

    sort: int
    opener: str
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """What the keyring stores of a vault; nothing in it is readable without a master key but ids."""

    vault: uuid.UUID
    kind: str
    generation: int
    slots: tuple[Slot, ...] = field(repr=False)
    items: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keys:
    """The opened keys of a vault, 32 bytes each."""

    vault: bytes = field(repr=False)
    items: Mapping[uuid.UUID, bytes] = field(repr=False)


def derive(key: bytes, info: bytes) -> bytes:
    """Return 32 bytes for one use (``info``) of a key: HKDF-SHA256 without salt."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=info).derive(key)


def _aad(use: str, vault: uuid.UUID, kind: str, generation: int) -> bytes:
    return f"alongside/1|{use}|{vault}|{kind}|{generation}".encode("ascii")


def _seal(cipher: AESGCM, plain: bytes, aad: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + cipher.encrypt(nonce, plain, aad)


def lock(vault: uuid.UUID, kind: str, generation: int, keys: Keys, masters: MasterKeys) -> Record:
    """Return the record that holds ``keys`` under the current master key."""
    if not _KIND.fullmatch(kind):
        raise ValueError("a kind is 1 to 32 small letters and hyphens")
    wrapped = _seal(masters.cipher(masters.current), keys.vault, _aad("wrap", vault, kind, generation))
    plain = b"".join(item.bytes + key for item, key in sorted(keys.items.items()))
    items = _seal(AESGCM(derive(keys.vault, b"items")), plain, _aad("items", vault, kind, generation))
    return Record(vault, kind, generation, (Slot(HOST, masters.current, wrapped),), items)


def unlock(record: Record, masters: MasterKeys) -> Keys:
    """Return the keys in ``record``; raise Tampered, or VaultUnavailable when its master key is not there."""
    about = (record.vault, record.kind, record.generation)
    slot = next((slot for slot in record.slots if slot.sort == HOST), None)
    if slot is None:
        raise Tampered(f"vault {record.vault}: its record has no slot for the host")
    cipher = masters.cipher(slot.opener)
    try:
        key = cipher.decrypt(slot.wrapped[:NONCE], slot.wrapped[NONCE:], _aad("wrap", *about))
        body = AESGCM(derive(key, b"items"))
        plain = body.decrypt(record.items[:NONCE], record.items[NONCE:], _aad("items", *about))
    except (InvalidTag, ValueError):
        raise Tampered(f"vault {record.vault}: its record does not open") from None
    step = 16 + KEY
    items = {uuid.UUID(bytes=plain[at : at + 16]): plain[at + 16 : at + step] for at in range(0, len(plain), step)}
    return Keys(key, items)


def encode(record: Record) -> bytes:
    """Return the bytes of ``record``, about 150 and 48 for each item."""
    kind = record.kind.encode("ascii")
    slots = [
        bytes((slot.sort, len(slot.opener))) + slot.opener.encode("ascii") + _sized(slot.wrapped)
        for slot in record.slots
    ]
    body = kind + bytes((len(slots),)) + b"".join(slots) + record.items
    length = _HEAD.size + len(body) + _CHECK
    whole = _HEAD.pack(_MAGIC, length, record.vault.bytes, record.generation, len(kind)) + body
    return whole + hashlib.sha256(whole).digest()[:_CHECK]


def _sized(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def whole(data: bytes) -> bytes:
    """Return the record's own bytes at the start of ``data`` (a segment pads with zeros); raise Broken."""
    if len(data) < _HEAD.size + _CHECK or data[:4] != _MAGIC:
        raise Broken("not a record")
    length = int.from_bytes(data[4:8])
    end = length - _CHECK
    if not _HEAD.size <= end <= len(data) - _CHECK:
        raise Broken("a record that was cut")
    if hashlib.sha256(data[:end]).digest()[:_CHECK] != data[end:length] or any(data[length:]):
        raise Broken("a record that was changed")
    return data[:length]


def is_whole(data: bytes) -> bool:
    """Return whether ``data`` starts with a record of which no byte was changed or lost."""
    try:
        whole(data)
    except Broken:
        return False
    return True


def name_of(data: bytes) -> uuid.UUID:
    """Return the vault that the record in ``data`` is of; raise Broken."""
    return uuid.UUID(bytes=whole(data)[8:24])


def decode(data: bytes) -> Record:
    """Return the record in ``data``; raise Broken when a byte was changed, lost or added."""
    data = whole(data)
    _, _, vault, generation, kind_length = _HEAD.unpack_from(data)
    try:
        at = _HEAD.size + kind_length
        kind = data[_HEAD.size : at].decode("ascii")
        count, at = data[at], at + 1
        slots = []
        for _ in range(count):
            sort, opener_length = data[at], data[at + 1]
            middle = at + 2 + opener_length
            end = middle + 2 + int.from_bytes(data[middle : middle + 2])
            slots.append(Slot(sort, data[at + 2 : middle].decode("ascii"), data[middle + 2 : end]))
            at = end
    except (IndexError, UnicodeDecodeError):
        raise Broken("a record of another format") from None
    return Record(uuid.UUID(bytes=vault), kind, generation, tuple(slots), data[at:-_CHECK])
