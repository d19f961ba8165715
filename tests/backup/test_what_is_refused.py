"""S38, S14: a damaged, strange or impossible backup is refused before anything is changed, and the reason is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from alongside.backup import manifest, shelf
from alongside.backup.refused import BackupRefused, Damaged
from alongside.backup.take import take
from alongside.backup.unfinished import refuse_unfinished
from alongside.vault import ledger, vaults
from tests.backup.family import keep
from tests.backup.loss import EVERYTHING, come_back, login, lose_everything, newest
from tests.cast import A_DAY, NOW


@pytest.mark.parametrize("what", ["dump", "media", "keyring", "manifest", "missing"])
def test_s38_a_damaged_backup_is_refused_and_the_file_is_named(place: Path, what: str) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    data, ring = newest(place, shelf.DATA), newest(place, shelf.KEYRING)
    found = {
        "dump": data / shelf.DUMP,
        "media": next(data.glob("media/*/*.sealed")),
        "keyring": next(ring.glob("segments/*")),
        "manifest": data / manifest.NAME,
        "missing": next(data.glob("media/*/*.sealed")),
    }[what]
    bad = bytearray(found.read_bytes())
    bad[len(bad) // 2] ^= 1
    found.unlink()
    if what != "missing":
        found.write_bytes(bad)
    with pytest.raises(Damaged, match=found.name):
        come_back(place, replace_present=True)
    assert kept.opens() == EVERYTHING, "nothing was changed"
    refuse_unfinished(settings.DATA)


def _forge(snapshot: Path, add: bytes, *, mend_the_manifest: bool) -> None:
    """Add a line to a copy's list of erasures, and work its sums out anew."""
    listed = snapshot / ledger.NAME
    listed.write_bytes(listed.read_bytes() + ledger._line(add))
    if mend_the_manifest:
        said = json.loads((snapshot / manifest.NAME).read_bytes())
        seal, _ = said.pop("seal", ""), said.pop("sum")
        said["files"][ledger.NAME] = manifest.sha256(listed)
        shown = json.dumps(said | {"sum": manifest._sum(said), "seal": seal})
        (snapshot / manifest.NAME).write_text(shown)


@pytest.mark.parametrize("mended", [True, False])
@pytest.mark.parametrize("despite", [False, True])
def test_l1_s38_a_list_of_erasures_that_somebody_wrote_in_shuts_nothing(
    place: Path, mended: bool, despite: bool
) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    _forge(newest(place, shelf.KEYRING), kept.box.vault.bytes, mend_the_manifest=mended)
    with pytest.raises(BackupRefused, match=r"keyring-.* (bears no seal|is damaged)|list of erasures in keyring-"):
        come_back(place, replace_present=True, despite_damage=despite)
    assert kept.opens() == EVERYTHING
    assert not vaults.here().keyring.erased(kept.box.vault)
    refuse_unfinished(settings.DATA)


def test_s38_a_backup_without_a_seal_is_refused_whatever_is_said(place: Path) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    path = newest(place, shelf.DATA) / manifest.NAME
    said = json.loads(path.read_bytes())
    del said["seal"]
    path.write_text(json.dumps(said))
    for despite in (False, True):
        with pytest.raises(BackupRefused, match=r"data-.* bears no seal"):
            come_back(place, replace_present=True, despite_damage=despite)
    assert kept.opens() == EVERYTHING


def test_a_damaged_photograph_need_not_cost_all_the_rest(place: Path) -> None:
    kept = [keep("Ansel"), keep("Ida")]
    take(place, now=NOW)
    next(newest(place, shelf.DATA).glob(f"media/{kept[0].photo.hex[:2]}/*.sealed")).write_bytes(b"rotten")
    lose_everything()
    done = come_back(place, despite_damage=True)
    assert len(done.lost) == 1
    assert kept[1].opens() == EVERYTHING
    with pytest.raises(FileNotFoundError):
        kept[0].opens()
    newest(place, shelf.DATA).joinpath(shelf.DUMP).write_bytes(b"rotten")
    with pytest.raises(Damaged):
        come_back(place, despite_damage=True, replace_present=True)


def test_s38_a_damaged_copy_of_the_keys_is_made_good_from_an_older_one(place: Path) -> None:
    kept, gone = keep("Ansel"), keep("Ida")
    take(place, now=NOW)
    vaults.erase_vault(gone.box.vault)
    take(place, data=False, now=NOW + A_DAY)
    for path in newest(place, shelf.KEYRING).glob("segments/*"):
        path.write_bytes(b"rotten")
    lose_everything()
    done = come_back(place, despite_damage=True)
    assert not done.keys.shut
    assert kept.opens() == EVERYTHING
    assert gone.opens() == [False, False, True, True], "its ledger was whole"


def test_a_backup_of_a_newer_version_is_refused_by_name(place: Path) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    data = newest(place, shelf.DATA)
    about = manifest.read(data)
    names = {**about.migrations, "keepsakes": [*about.migrations["keepsakes"], "0099_of_tomorrow"]}
    manifest.Manifest(about.kind, about.taken_at, "9.9", about.files, about.postgres, names).write(
        data, vaults.here().masters
    )
    with pytest.raises(BackupRefused, match=r"9\.9.*keepsakes 0099_of_tomorrow"):
        come_back(place, replace_present=True)
    assert kept.opens() == EVERYTHING


def test_s14_nothing_is_restored_without_the_keys_that_open_it(place: Path) -> None:
    keep("Ansel")
    take(place, now=NOW)
    lose_everything()
    safe = settings.MASTER_KEY_FILE.rename(settings.MASTER_KEY_FILE.with_name("elsewhere"))
    with pytest.raises(BackupRefused, match="master key"):
        come_back(place)
    assert not settings.MASTER_KEY_FILE.exists(), "none was made anew"
    settings.MASTER_KEY_FILE.write_text("m1:" + "A" * 43 + "\n")
    settings.MASTER_KEY_FILE.chmod(0o600)
    with pytest.raises(BackupRefused, match="another place"):
        come_back(place)
    safe.rename(settings.MASTER_KEY_FILE)
    shutil.rmtree(newest(place, shelf.KEYRING))
    with pytest.raises(BackupRefused, match="no keyring"):
        come_back(place)


def test_nothing_is_restored_while_the_place_is_served(place: Path) -> None:
    import psycopg

    keep("Ansel")
    take(place, now=NOW)
    with psycopg.connect(**login()), pytest.raises(BackupRefused, match="being served"):
        come_back(place, replace_present=True)
