"""A second implementation of docs/developers/vault.md, written from it alone: it shares no code with alongside.vault.

Opens what is stored with the keyring folder, the master key file and a value's place; raises ValueError for the rest.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MEBIBYTE = 1 << 20


def hkdf(key: bytes, info: bytes, salt: bytes = bytes(32)) -> bytes:
    """RFC 5869 with SHA-256, one block: 32 bytes."""
    return hmac.digest(hmac.digest(salt, key, "sha256"), info + b"\x01", "sha256")


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        raise ValueError("does not open") from None


def master_keys(file: Path) -> dict[str, bytes]:
    lines = (line.split(":") for line in file.read_text().split())
    return {name: base64.urlsafe_b64decode(key + "=") for name, key in lines}


def erased(folder: Path) -> set[str]:
    return {line[:32] for line in (folder / "ledger").read_text().splitlines()}


def find(folder: Path, vault: str) -> bytes:
    """Return the record of a vault (32 hex digits) from its own file or a segment."""
    own = folder / "records" / vault[:2] / vault
    if own.exists():
        return own.read_bytes()
    for segment in (folder / "segments").iterdir():
        data = segment.read_bytes()
        magic, size, count, _ = struct.unpack_from(">4sIII", data)
        if magic != b"AVS1":
            raise ValueError("not a segment")
        for at in range(16, 16 + size * count, size):
            if data[at + 8 : at + 24].hex() == vault:
                return data[at : at + int.from_bytes(data[at + 4 : at + 8])]
    raise ValueError("no record")


def keys_of(folder: Path, masters: dict[str, bytes], vault: str) -> dict[str, bytes]:
    """Return the vault's key and its items' keys by id (32 hex digits)."""
    if vault in erased(folder):
        raise ValueError("erased")
    record = find(folder, vault)
    magic, length, name, generation, n = struct.unpack_from(">4sI16sQB", record)
    if magic != b"AVR1" or length != len(record) or name.hex() != vault:
        raise ValueError("not the record")
    if hashlib.sha256(record[:-16]).digest()[:16] != record[-16:]:
        raise ValueError("changed")
    kind, at = record[33 : 33 + n].decode(), 33 + n
    slots, at = record[at], at + 1
    key = b""
    for _ in range(slots):
        sort, n = record[at], record[at + 1]
        opener, at = record[at + 2 : at + 2 + n].decode(), at + 2 + n
        n = int.from_bytes(record[at : at + 2])
        wrapped, at = record[at + 2 : at + 2 + n], at + 2 + n
        if sort == 0:
            aad = f"alongside/1|wrap|{dashed(vault)}|{kind}|{generation}".encode()
            key = gcm_open(masters[opener], wrapped[:12], wrapped[12:], aad)
    aad = f"alongside/1|items|{dashed(vault)}|{kind}|{generation}".encode()
    plain = gcm_open(hkdf(key, b"items"), record[at : at + 12], record[at + 12 : -16], aad)
    items = {plain[i : i + 16].hex(): plain[i + 16 : i + 48] for i in range(0, len(plain), 48)}
    gone = erased(folder)
    return {vault: key} | {item: key for item, key in items.items() if item not in gone}


def dashed(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def aad_of(key_id: str, table: str, column: str, row: str) -> bytes:
    return f"alongside/1|{table}|{column}|{dashed(row)}|{dashed(key_id)}".encode()


def open_field(keys: dict[str, bytes], key_id: str, table: str, column: str, row: str, sealed: bytes) -> bytes:
    if sealed[:2] != b"\x01\x01":
        raise ValueError("another format")
    aad = aad_of(key_id, table, column, row)
    padded = gcm_open(hkdf(keys[key_id], b"field"), sealed[2:14], sealed[14:], aad)
    return padded[4 : 4 + int.from_bytes(padded[:4])]


def open_object(keys: dict[str, bytes], key_id: str, table: str, column: str, row: str, sealed: bytes) -> bytes:
    if sealed[:3] != b"\x01\x02\x28":
        raise ValueError("another format")
    sealed = sealed[2:]
    salt, prefix = sealed[1:33], sealed[33:40]
    key = hkdf(hkdf(keys[key_id], b"object"), aad_of(key_id, table, column, row), salt)
    ends = [*range(MEBIBYTE, len(sealed), MEBIBYTE), len(sealed)]
    starts = [40, *ends[:-1]]
    return b"".join(
        gcm_open(key, prefix + struct.pack(">IB", number, end == len(sealed)), sealed[start:end], b"")
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    )
