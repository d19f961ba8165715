"""The keyring's records: tampered with in both folders they are refused, in one of them they are made good."""

from __future__ import annotations

import hashlib
import logging
import random
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from alongside.vault import vaults
from alongside.vault.errors import Tampered
from bench.prove.tamper_files import Heard


def keyring_cases(chance: random.Random) -> Iterator[tuple[str, str]]:
    """Tamper, ask, put back; yield what was done, and what was wrong or ""."""
    heard = Heard()
    logging.getLogger("alongside.vault").addHandler(heard)
    files = sorted(path.name for path in settings.KEYRING_FOLDERS[0].glob("records/*/*"))
    vault, other = (uuid.UUID(hex=name) for name in chance.sample(files, 2))
    paths = [folder / "records" / vault.hex[:2] / vault.hex for folder in settings.KEYRING_FOLDERS]
    sound = paths[0].read_bytes()
    for what, bad in _ways(sound, other):
        yield f"record {what}, in both folders", _refused(vault, paths, bad, sound, heard)
        yield f"record {what}, in one folder", _made_good(vault, paths, bad, sound)


def _ways(sound: bytes, other: uuid.UUID) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(sound), 5):
        yield f"byte {at} flipped", sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :]
    for at in range(90, len(sound) - 16, 40):
        # Whoever has the disk can make the check at its end right again.
        forged = sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 : -16]
        yield f"byte {at} flipped and its check made right", forged + hashlib.sha256(forged).digest()[:16]
    for size in (0, 3, len(sound) // 2, len(sound) - 1):
        yield f"cut to {size} bytes", sound[:size]
    yield "longer by a byte", sound + b"\1"
    path = settings.KEYRING_FOLDERS[0] / "records" / other.hex[:2] / other.hex
    yield "of another vault", path.read_bytes()


def _refused(vault: uuid.UUID, paths: list[Path], bad: bytes, sound: bytes, heard: Heard) -> str:
    for path in paths:
        path.write_bytes(bad)
    heard.lines.clear()
    vaults.here().held.forget(vault)
    try:
        vaults.here().open(vault, None)
    except Tampered as refusal:
        if str(vault) not in str(refusal):
            return "the refusal does not say which vault"
        return "" if any(str(vault) in line for line in heard.lines) else "the log does not say which vault"
    except Exception as error:
        return f"refused by {type(error).__name__}, which is not the refusal for it"
    finally:
        for path in paths:
            path.write_bytes(sound)
    return "its keys were given out"


def _made_good(vault: uuid.UUID, paths: list[Path], bad: bytes, sound: bytes) -> str:
    paths[0].write_bytes(bad)
    vaults.here().held.forget(vault)
    try:
        vaults.here().open(vault, None)
        return "" if paths[0].read_bytes() == sound else "the damaged copy was left as it is"
    except Exception as error:
        return f"the sound copy was not used: {type(error).__name__}"
    finally:
        paths[0].write_bytes(sound)
