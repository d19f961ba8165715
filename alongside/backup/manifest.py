"""What a backup holds: every file with its SHA-256, and of what it is a backup. The last file that is written.

Its sum shows damage to anybody. Its seal, which the master key alone makes, shows that the backup is ours: a ledger that
somebody added a line to would shut living vaults for good.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from alongside.backup.refused import BackupRefused, Damaged
from alongside.vault import disk
from alongside.vault.masterkey import MasterKeys

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """``files``: SHA-256 in hexadecimal by name. Of a keyring ``postgres`` is 0 and ``migrations`` is empty."""

    kind: str
    taken_at: str
    product: str
    files: Mapping[str, str]
    postgres: int = 0
    migrations: Mapping[str, list[str]] = field(default_factory=dict)

    def write(self, folder: Path, masters: MasterKeys) -> None:
        """Put it into ``folder``, sealed, durable on return."""
        said = {"format": FORMAT, **asdict(self)}
        shown = said | {"sum": _sum(said), "seal": masters.seal(_bytes(said))}
        disk.write(folder / NAME, json.dumps(shown, indent=1, sort_keys=True).encode())


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup; raise Damaged, or BackupRefused for one of a newer format."""
    try:
        said = json.loads((folder / NAME).read_bytes())
        said.pop("seal", None)
        if said.pop("sum") != _sum(said):
            raise ValueError
        if said.pop("format") != FORMAT:
            raise BackupRefused(f"{folder.name} was written by another version of Alongside ({said['product']}).")
        return Manifest(**said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(folder.name, [NAME]) from None


def is_ours(folder: Path, masters: MasterKeys) -> bool:
    """Whether the manifest was written under one of these master keys, and nothing in it was changed since."""
    try:
        said = json.loads((folder / NAME).read_bytes())
        seal, _ = str(said.pop("seal", "")), said.pop("sum", "")
        return masters.is_sealed(_bytes(said), seal)
    except (OSError, ValueError, AttributeError):
        return False


def damage(folder: Path, manifest: Manifest) -> list[str]:
    """Return the names of files that are not as they were written. Reads all of them."""
    return [name for name, was in sorted(manifest.files.items()) if sha256(folder / name) != was]


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal; "" for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def of_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below ``folder``, by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}


def _sum(said: Mapping[str, object]) -> str:
    return hashlib.sha256(_bytes(said)).hexdigest()


def _bytes(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, sort_keys=True).encode()
