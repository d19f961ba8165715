"""What happens to an operator: a disk breaks, a backup is brought back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from alongside.backup import present, shelf
from alongside.backup.restore import Restored, restore
from alongside.database.url import owner_conninfo
from alongside.vault import vaults
from tests.cast import A_DAY, NOW

EVERYTHING = [True] * 4
"""What Kept.opens() says of a family that lost nothing."""


def login() -> dict[str, Any]:
    """Return the owner's login."""
    return owner_conninfo(os.environ, settings.DATA)


def lose_everything() -> None:
    """The disk breaks: data, media and keyring are gone. The master key lies in a safe."""
    present.close_connections()
    present.put_schema_aside(login(), "LOST", keep=False)
    shutil.rmtree(settings.DATA)
    settings.DATA.mkdir(mode=0o700)
    vaults._of.cache_clear()


def come_back(place: Path, **said: bool) -> Restored:
    """Restore two days later, as a process of its own would."""
    vaults._of.cache_clear()
    done = restore(place, now=NOW + 2 * A_DAY, **said)  # type: ignore[arg-type]
    vaults._of.cache_clear()
    return done


def newest(place: Path, kind: str) -> Path:
    """Return the newest whole backup."""
    return shelf.whole(place, kind)[-1].path


def asked(question: str) -> tuple[Any, ...]:
    """Return the first row of what the database answers to its owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(question)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
