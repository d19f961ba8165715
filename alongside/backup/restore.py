"""``bin/alongside restore``: data from a backup, the newest keys there are, and what was erased stays erased.

Nothing is served before all of it is done (``unfinished``). Every step may be repeated; after a crash the command is
given again. What was here before is put aside, not deleted.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from alongside.backup import dump, manifest, present, shelf, unfinished
from alongside.backup.erased import Finished, finish_erased
from alongside.backup.keys import hold_the_sweep
from alongside.backup.manifest import Manifest
from alongside.backup.refused import BackupRefused, Damaged
from alongside.backup.take import MEDIA, OWN, copy_durably, refuse_full
from alongside.backup.unfinished import Begun
from alongside.database.roles import ensure_roles, grant
from alongside.database.url import is_embedded, owner_conninfo, owner_dsn
from alongside.media import objects, store_check
from alongside.media.places import name_at
from alongside.media.unavailable import StoreUnavailable
from alongside.vault import disk, ledger, masterkey, unite, vaults
from alongside.vault.keyring import is_empty
from alongside.vault.masterkey import MasterKeys
from alongside.vault.unite import United


@dataclass(frozen=True)
class Restored:
    """What was brought back and what was put aside."""

    backup: str
    aside: str
    lost: tuple[str, ...]
    keys: United
    erased: Finished

    def lines(self) -> Iterator[str]:
        """Yield what to tell the operator."""
        yield f"Restored: {self.backup}"
        yield from (f"LOOK: {name} was damaged and is not back" for name in self.lost)
        if self.keys.shut:
            yield f"LOOK: {len(self.keys.shut)} keys open in no keyring and in no snapshot: run bin/alongside doctor"
        yield f"Erased since that backup, and erased again: {self.erased.closed + self.erased.removed}"
        yield from (f"LOOK: {one} was erased since, and its row stays: it opens for nobody" for one in self.erased.left)
        if self.erased.waiting:
            yield f"Let go of before that backup, with 72 hours anew to bring back: {self.erased.waiting}"
        if self.aside:
            yield self.aside
        yield (
            "LOOK: all else is as it was on the day of that backup. What families took back after it stands again: stories "
            "withdrawn, relatives taken out of a box, parents who left, people not to be met, passkeys removed. Tell them, "
            "with the day, before you serve."
        )
        yield "Run bin/alongside doctor, then serve."


def restore(
    folder: Path,
    *,
    keyring_folder: Path | None = None,
    replace_present: bool = False,
    despite_damage: bool = False,
    now: datetime | None = None,
) -> Restored:
    """Bring back the newest whole backup in ``folder`` (or the one that ``folder`` is), and the newest keys.

    The database must be up and nothing served. Raise BackupRefused, Damaged, DatabaseUnavailableError, VaultUnavailable.
    """
    now = now or timezone.now()
    data, snapshots = _choose(folder.absolute(), (keyring_folder or folder).absolute())
    about, lost = _verify(data, snapshots, despite_damage)
    _refuse_newer(about)
    _refuse_strange([data, *snapshots], _refuse_without_keys(snapshots))
    login = owner_conninfo(os.environ, settings.DATA)
    present.close_connections()
    present.refuse_while_served(login)
    this = unfinished.begun(settings.DATA) or Begun(
        data.name, shelf.stamp(now), keep=present.is_kept(login, replace_present)
    )
    _refuse_without_a_store(sum((data / name).stat().st_size for name in about.files if name not in lost))
    this = replace(this, backup=data.name)
    unfinished.begin(settings.DATA, this)
    present.put_schema_aside(login, this.stamp, keep=this.keep)
    dump.load(login, data / shelf.DUMP, about.postgres)
    if not this.media_aside:
        objects.store().put_aside(present.BEFORE + this.stamp)
        unfinished.begin(settings.DATA, replace(this, media_aside=True))
    _bring_files(data, [name for name in about.files if name not in lost])
    keys = unite.unite(vaults.here(), snapshots)
    _make_current()
    erased = finish_erased(now)
    hold_the_sweep(now)
    unfinished.end(settings.DATA)
    aside = present.said(this.stamp) if this.keep else ""
    return Restored(str(data), aside, tuple(lost), keys, erased)


def _choose(folder: Path, key_folder: Path) -> tuple[Path, list[Path]]:
    """Return the backup of the data and every snapshot of the keyring, newest first."""
    if (folder / manifest.NAME).is_file():
        data = folder
        key_folder = folder.parent if key_folder == folder else key_folder
    else:
        found = shelf.whole(folder, shelf.DATA)
        if not found:
            raise BackupRefused(f"There is no whole backup in {folder}.")
        data = found[-1].path
    if manifest.read(data).kind != shelf.DATA:
        raise BackupRefused(f"{folder} is a copy of the keys. Name the folder in which the backups lie.")
    return data, [one.path for one in reversed(shelf.whole(key_folder, shelf.KEYRING))]


def _verify(data: Path, snapshots: Sequence[Path], despite_damage: bool) -> tuple[Manifest, list[str]]:
    """Return the manifest of the data, and the damaged files to go without; raise Damaged."""
    about = manifest.read(data)
    lost = manifest.damage(data, about)
    if lost and (shelf.DUMP in lost or not despite_damage):
        raise Damaged(data.name, lost)
    for snapshot in snapshots:
        if not despite_damage and (changed := manifest.damage(snapshot, manifest.read(snapshot))):
            raise Damaged(snapshot.name, changed)
    return about, lost


def _refuse_newer(about: Manifest) -> None:
    known = set(MigrationLoader(None).disk_migrations)
    unknown = [(app, name) for app, names in about.migrations.items() for name in names if (app, name) not in known]
    if unknown:
        raise BackupRefused(
            f"The backup was written by Alongside {about.product}, which is newer than this one: it has been through "
            f"{unknown[0][0]} {unknown[0][1]}. Install that version and restore again. Nothing was changed."
        )


def _refuse_without_keys(snapshots: Sequence[Path]) -> MasterKeys:
    """Refuse where nothing could be opened afterwards, else return the master keys; none is ever made anew here."""
    if is_empty(settings.KEYRING_FOLDERS) and not snapshots:
        raise BackupRefused("There is no keyring here and no copy of one in the backup: nothing could be opened.")
    if not settings.MASTER_KEY_FILE.exists():
        raise BackupRefused("Bring the master key file back first (ALONGSIDE_MASTER_KEY_FILE): it is in no backup.")
    masters = masterkey.load(settings.MASTER_KEY_FILE, create=False)
    for snapshot in snapshots:
        if not unite.opens_any(snapshot, masters):
            raise BackupRefused(f"The master key file does not open {snapshot.name}: it is the key of another place.")
    return masters


def _refuse_strange(backups: Sequence[Path], masters: MasterKeys) -> None:
    """Refuse what was not written under this master key, and a list of erasures that is not as it was written.

    Whatever else is damaged: every line of that list shuts something for good.
    """
    for one in backups:
        if not manifest.is_ours(one, masters):
            raise BackupRefused(
                f"{one.name} bears no seal of this master key: somebody changed its {manifest.NAME} or made it elsewhere, or "
                "Alongside wrote it before backups were sealed. Move it out of the folder; nothing was changed."
            )
        known = manifest.read(one).files.get(ledger.NAME)
        if known is not None and manifest.sha256(one / ledger.NAME) != known:
            raise BackupRefused(
                f"The list of erasures in {one.name} is not as it was written. Move it out of the folder; nothing was changed."
            )


def _refuse_without_a_store(size: int) -> None:
    """Refuse where the objects could not be put, before anything is changed."""
    here = objects.local()
    if here is not None:
        refuse_full(here, size)
    for problem in store_check.problems():
        raise BackupRefused(f"The objects could not be brought back: {problem}. Nothing was changed.")


def _bring_files(data: Path, names: Sequence[str]) -> None:
    """Put objects and the operator's own files where they belong, all durable on return."""
    for name in names:
        top, _, rest = name.partition("/")
        if top == MEDIA and (kept := name_at(rest)):
            _bring_object(kept, (data / name).read_bytes())
        elif top == OWN and ".." not in Path(rest).parts:
            _bring_own(data / name, settings.DATA / OWN / rest)


def _bring_object(name: uuid.UUID, sealed: bytes) -> None:
    try:
        objects.write(name, sealed)
    except StoreUnavailable as error:
        raise BackupRefused(
            f"The objects could not be brought back: {error.strerror or error}. Run the same command again when that is "
            "put right; until then nothing is served."
        ) from error


def _bring_own(source: Path, target: Path) -> None:
    if target.exists():
        return
    disk.make_folder(target.parent)
    fresh = target.with_name(target.name + disk.NEW)
    copy_durably(source, fresh)
    fresh.rename(target)
    disk.sync_folder(target.parent)


def _make_current() -> None:
    """Migrate what an older version wrote, and let the web role in."""
    if not is_embedded(os.environ):
        ensure_roles(owner_dsn(os.environ, settings.DATA))
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    grant(connections["owner"])
