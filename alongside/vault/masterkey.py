"""Master keys (KEKs): they open the keyring, and come from one file that nobody else may read.

The file has one line per key, ``m1:<32 bytes as 43 base64url characters>``; the last line wraps what is
new, earlier ones open what they wrapped. Only ciphers made from the keys are kept, so no repr, log or
traceback has bytes to show.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alongside.vault import disk
from alongside.vault.errors import VaultUnavailable

_NONCE = 12
_SEAL = b"alongside/1|seal|"
_LINE = re.compile(r"(m[1-9][0-9]{0,5}):([A-Za-z0-9_-]{43})")


class MasterKeys:
    """The KEKs by id. ``current`` is the id of the one that wraps."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.current = list(keys)[-1]

    def cipher(self, name: str) -> AESGCM:
        """Return the cipher of the KEK ``name``; raise VaultUnavailable when the file has no such key."""
        try:
            return self._ciphers[name]
        except KeyError:
            raise VaultUnavailable(f"the keyring needs master key {name}, which the master key file lacks") from None

    def seal(self, message: bytes) -> str:
        """Return what only who has the current key can make of ``message``: it shows later that it is unchanged and ours."""
        nonce = secrets.token_bytes(_NONCE)
        return f"{self.current}:{(nonce + self.cipher(self.current).encrypt(nonce, b'', _SEAL + message)).hex()}"

    def is_sealed(self, message: bytes, seal: str) -> bool:
        """Whether one of these keys made ``seal`` of ``message``."""
        name, _, said = seal.partition(":")
        try:
            made = bytes.fromhex(said)
            return self.cipher(name).decrypt(made[:_NONCE], made[_NONCE:], _SEAL + message) == b""
        except (VaultUnavailable, InvalidTag, ValueError):
            return False

    def __repr__(self) -> str:
        return f"<MasterKeys {', '.join(self._ciphers)}>"


def load(path: Path, *, create: bool) -> MasterKeys:
    """Return the keys in ``path``, made first when it is missing and ``create`` says that no keyring exists
    yet.

    Raise VaultUnavailable when the file is missing beside a keyring, open to others, or not in the format.
    """
    if not path.exists():
        if not create:
            raise VaultUnavailable(
                "the master key file is missing, but a keyring exists: nothing can be opened without it. "
                "Bring the file back from where you keep it (ALONGSIDE_MASTER_KEY_FILE)."
            )
        _create(path)
    refuse_unsafe(path)
    return MasterKeys(_parse(path.read_text(encoding="ascii", errors="replace")))


def refuse_unsafe(path: Path) -> None:
    """Raise VaultUnavailable unless the file is this user's and nobody else's."""
    try:
        state = path.stat()
    except OSError:
        raise VaultUnavailable(f"the master key file cannot be read: {path}") from None
    if state.st_mode & 0o077:
        raise VaultUnavailable(f"the master key file can be read by others: run chmod 600 {path}")
    if state.st_uid != os.geteuid():
        raise VaultUnavailable(f"the master key file belongs to another user: run chown on {path}")


def _parse(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line.strip())
        if match is None or match[1] in keys:
            # The line itself may be a key with a typing error in it: only its number is told.
            raise VaultUnavailable(f"line {number} of the master key file is not a key")
        try:
            keys[match[1]] = base64.urlsafe_b64decode(match[2] + "=")
        except binascii.Error:
            raise VaultUnavailable(f"line {number} of the master key file is not a key") from None
    if not keys:
        raise VaultUnavailable("the master key file is empty")
    return keys


def _create(path: Path) -> None:
    disk.make_folder(path.parent)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"m1:" + key + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, not a rename: of two first starts at once, both must wrap with the same key.
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        # Not overwritten: the link above is the same file.
        fresh.unlink(missing_ok=True)
    disk.sync_folder(path.parent)
