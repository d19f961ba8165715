"""A device that keeps words without an account: its cookie opens them, and nothing else does (PRODUCT 2 "Write")."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_BYTES = 32
_NONCE = 12


class NotThisDevice(Exception):
    """The cookie is not the one that these words were kept under."""


@dataclass(frozen=True, slots=True)
class Device:
    """What a sheet cookie stands for. The secret itself is kept nowhere but in the browser."""

    LASTS: ClassVar[timedelta] = timedelta(days=30)
    """How long its words are kept after the last of them."""

    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Device:
        """Return a device that has kept nothing yet."""
        return cls(secrets.token_bytes(_BYTES))

    @classmethod
    def of_cookie(cls, value: str) -> Device | None:
        """Return the device whose cookie this is; None for anything that is none of ours."""
        try:
            secret = base64.urlsafe_b64decode(value + "=") if value.isascii() else b""
        except (binascii.Error, ValueError):
            return None
        return cls(secret) if len(secret) == _BYTES and cls(secret).cookie == value else None

    @property
    def cookie(self) -> str:
        """The cookie's value: 43 base64url characters."""
        return base64.urlsafe_b64encode(self.secret).rstrip(b"=").decode("ascii")

    @property
    def viewer(self) -> uuid.UUID:
        """Who looks, for row-level security and for finding its rows: a hash, from which the secret cannot be had."""
        return uuid.UUID(bytes=hashlib.sha256(b"alongside/1|sheet viewer|" + self.secret).digest()[:16])

    def key(self, text: uuid.UUID, use: bytes) -> bytes:
        """Return 32 bytes for one use with one text."""
        return HKDF(SHA256(), 32, salt=text.bytes, info=b"alongside/1|sheet|" + use).derive(self.secret)

    def lock(self, text: uuid.UUID, plain: bytes) -> bytes:
        """Return ``plain`` locked for this device and this text; the vault locks it once more."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.key(text, b"words")).encrypt(nonce, plain, text.bytes)

    def unlock(self, text: uuid.UUID, locked: bytes) -> bytes:
        """Return what was locked; raise NotThisDevice."""
        try:
            return AESGCM(self.key(text, b"words")).decrypt(locked[:_NONCE], locked[_NONCE:], text.bytes)
        except (InvalidTag, ValueError):
            raise NotThisDevice(str(text)) from None
