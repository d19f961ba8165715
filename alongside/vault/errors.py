"""Why a vault did not open. Messages carry ids and names of columns only: never a key, a word or a byte of
content.
"""

from __future__ import annotations


class VaultError(Exception):
    """Base of everything the vault refuses."""


class KeyErased(VaultError):
    """The key was destroyed on purpose; what it locked cannot be read again by anyone."""


class KeyMissing(VaultError):
    """No key of that id is in the keyring, and the ledger does not say that it was erased."""


class Tampered(VaultError):
    """Bytes are not the ones that were sealed for this place: changed, cut, moved, of an unknown format."""


class VaultUnavailable(VaultError):
    """The keyring or the master key cannot be used as it stands; the message says what to do."""


class Overtaken(VaultError):
    """Another writer changed the record first; read it again and repeat."""
