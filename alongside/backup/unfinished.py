"""A restore that was begun and not finished keeps the place shut: nobody shall see half of it (D3)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from alongside.backup.refused import BackupRefused
from alongside.vault import disk

NAME = "restoring"


class RestoreUnfinished(BackupRefused):
    """A restore was cut short; it has to be repeated before anything is served."""


@dataclass(frozen=True)
class Begun:
    """What a repeat has to know: the name under which things are put aside (or, being empty, not kept), and how far it was."""

    backup: str
    stamp: str
    keep: bool
    media_aside: bool = False


def begun(data: Path) -> Begun | None:
    """Return the restore that is under way in this data folder, or was cut short."""
    said = disk.read(data / NAME)
    return None if said is None else Begun(**json.loads(said))


def begin(data: Path, this: Begun) -> None:
    """Note a restore, durably: from here on nothing is served until ``end``."""
    disk.write(data / NAME, json.dumps(asdict(this)).encode())


def end(data: Path) -> None:
    """Let the place be served again."""
    (data / NAME).unlink(missing_ok=True)
    disk.sync_folder(data)


def refuse_unfinished(data: Path) -> None:
    """Raise RestoreUnfinished when a restore was cut short. To be asked before anything is migrated or served."""
    this = begun(data)
    if this is not None:
        raise RestoreUnfinished(
            f"A restore of {this.backup} was not finished. Run bin/alongside restore again with the same folder; "
            "nothing is served until then."
        )
