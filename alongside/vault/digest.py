"""A digest that only this vault's key can make: what somebody agreed to, provable and saying nothing (C6)."""

from __future__ import annotations

import hmac
import uuid

from alongside.vault import vaults


def keyed_digest(vault: uuid.UUID, message: bytes) -> bytes:
    """Return the 32-byte HMAC-SHA256 of ``message`` under HKDF-SHA256(vault key, info="digest")."""
    return hmac.digest(vaults.here().open(vault, None).key(None, b"digest"), message, "sha256")
