"""S38, D3, L1: a backup is whole or none, comes back whole, and never brings back what was erased."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from alongside.backup import dump, manifest, present, shelf, unfinished
from alongside.backup.refused import BackupRefused, Damaged
from alongside.backup.restore import Restored, restore
from alongside.backup.take import take
from alongside.backup.unfinished import RestoreUnfinished, refuse_unfinished
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.vault import check, vaults
from tests.backup.family import keep
from tests.cast import A_DAY, NOW
from tests.vault.crashes import PowerCut

EVERYTHING, NOTHING = [True] * 4, [False] * 4


@pytest.fixture
def place(home: Path) -> Path:
    return home / "backups"


def lose_everything() -> None:
    """The disk breaks: data, media and keyring are gone. The master key lies in a safe."""
    present.close_connections()
    login = dump_login()
    present.put_schema_aside(login, "LOST", keep=False)
    shutil.rmtree(settings.DATA)
    settings.DATA.mkdir(mode=0o700)
    vaults._of.cache_clear()


def dump_login() -> dict[str, object]:
    from alongside.database.url import owner_conninfo

    return owner_conninfo(os.environ, settings.DATA)


def come_back(place: Path, **said: bool) -> Restored:
    vaults._of.cache_clear()
    done = restore(place, now=NOW + 2 * A_DAY, **said)  # type: ignore[arg-type]
    vaults._of.cache_clear()
    return done


def newest(place: Path, kind: str) -> Path:
    return shelf.whole(place, kind)[-1].path


def test_s38_after_the_loss_of_everything_all_is_there_again(place: Path) -> None:
    kept = [keep("Ansel"), keep("Ida")]
    (settings.DATA / "support").mkdir()
    (settings.DATA / "support" / "ours.toml").write_text("# ours")
    take(place, now=NOW)
    lose_everything()
    done = come_back(place)
    assert [one.opens() for one in kept] == [EVERYTHING, EVERYTHING]
    assert (settings.DATA / "support" / "ours.toml").read_text() == "# ours"
    assert not done.lost
    assert not done.keys.shut
    assert check.problems() == []
    refuse_unfinished(settings.DATA)


def test_s38_a_family_goes_on_writing_after_a_restore(place: Path) -> None:
    keep("Ansel")
    take(place, now=NOW)
    lose_everything()
    come_back(place)
    assert keep("Ida").opens() == EVERYTHING
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_table_privilege('keepsakes_memory', 'TRUNCATE')")
        assert cursor.fetchone() == ("alongside_web", False), "the web's role may do what it could before, and no more"


def test_l1_what_was_erased_since_stays_erased_and_leaves_no_half_thing(place: Path) -> None:
    living, boxless, emptied = keep("Ansel"), keep("Ida"), keep("Noor")
    take(place, now=NOW)
    with acting_for(boxless.mara.pk):
        erasing.agree_to_erase_box(boxless.box, boxless.mara, NOW + A_DAY)
    with acting_for(emptied.mara.pk):
        erasing.let_go_of_memory(emptied.memory, emptied.mara, NOW + A_DAY)
    assert erasing.finish_due(NOW + 5 * A_DAY, erasing.REMOVE) == 2
    done = come_back(place, replace_present=True)
    assert living.opens() == EVERYTHING
    assert boxless.opens() == [False, False, True, True], "a story has a life of its own"
    assert emptied.opens() == [True, False, True, True]
    with acting_for(boxless.mara.pk):
        assert KeepsakeBox.objects.get(pk=boxless.box.pk).erase_at is not None
        assert not Memory.objects.filter(box=boxless.box).exists(), "its rows went too"
    with acting_for(emptied.mara.pk):
        assert not Memory.objects.filter(pk=emptied.memory.pk).exists()
    assert done.erased.left == ()
    assert (done.erased.closed, done.erased.removed) == (1, 5), (
        "a box shut and emptied; two memories, each with its words"
    )
    assert check.problems() == []


def test_l1_the_keys_come_from_the_newest_copy_and_the_erasures_from_every_copy(place: Path) -> None:
    living, gone = keep("Ansel"), keep("Ida")
    take(place, now=NOW)
    vaults.erase_vault(gone.box.vault)
    take(place, data=False, now=NOW + A_DAY)
    lose_everything()
    come_back(place)
    assert living.opens() == EVERYTHING
    assert gone.opens() == [False, False, True, True]
    shutil.rmtree(newest(place, shelf.KEYRING))
    come_back(place, replace_present=True)
    assert gone.opens() == [False, False, True, True], "here the living keyring knows it"


def test_l1_an_old_snapshot_beside_a_living_keyring_brings_no_key_back(place: Path) -> None:
    gone = keep("Ida")
    take(place, now=NOW)
    assert gone.memory.item is not None
    vaults.erase_item(gone.box.vault, gone.memory.item)
    come_back(place, replace_present=True)
    assert gone.opens() == [True, False, True, True]
    opened = vaults.here().open(gone.box.vault, None)
    assert gone.memory.item not in opened.keys.items


def test_what_was_let_go_of_before_a_backup_gets_its_time_anew(place: Path) -> None:
    """It may have been brought back since: an old backup must not destroy it."""
    kept = keep("Ansel")
    with acting_for(kept.mara.pk):
        erasing.let_go_of_memory(kept.memory, kept.mara, NOW - 3 * A_DAY)
    take(place, now=NOW)
    with acting_for(kept.mara.pk):
        erasing.bring_memory_back(Erasure.objects.get(), kept.mara, NOW - 1 * A_DAY)
    done = come_back(place, replace_present=True)
    assert done.erased.waiting == 1
    assert erasing.finish_due(NOW + 3 * A_DAY, erasing.REMOVE) == 0
    with acting_for(kept.mara.pk):
        assert Memory.objects.get(pk=kept.memory.pk).erase_at == NOW + 5 * A_DAY
        erasing.bring_memory_back(Erasure.objects.get(), kept.mara, NOW + 3 * A_DAY)
    assert kept.opens() == EVERYTHING


def test_a_place_with_families_in_it_is_put_aside_and_never_deleted(place: Path) -> None:
    first = keep("Ansel")
    take(place, now=NOW)
    later = keep("Ida")
    with pytest.raises(BackupRefused, match="--replace"):
        come_back(place)
    assert later.opens() == EVERYTHING, "nothing was changed"
    done = come_back(place, replace_present=True)
    assert first.opens() == EVERYTHING
    with pytest.raises(KeepsakeBox.DoesNotExist), acting_for(later.mara.pk):
        later.box.refresh_from_db()
    aside = f"before-{shelf.stamp(NOW + 2 * A_DAY)}"
    assert aside in done.aside
    assert len(list((settings.MEDIA_FOLDER / aside).glob("*/*.sealed"))) == 2
    with present_owner() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{aside.lower()}".keepsakes_keepsakebox')
        assert cursor.fetchone()[0] == 2
        cursor.execute(f"SELECT has_schema_privilege('alongside_web', '{aside.lower()}', 'USAGE')")
        assert not cursor.fetchone()[0], "the web has nothing to do there"
    vaults.here().open(later.box.vault, later.memory.item)


def present_owner():  # type: ignore[no-untyped-def]
    from django.db import connections

    return connections["owner"].cursor()


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


def test_half_a_backup_is_never_taken_for_a_whole_one(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    keep("Ida")
    with monkeypatch.context() as patch:
        patch.setattr("alongside.backup.take._copy", _the_power_goes)
        with pytest.raises(PowerCut):
            take(place, now=NOW + A_DAY)
    (place / "data-20990101T000000Z.new").mkdir()
    (place / "data-20990101T000000Z").mkdir()
    assert [one.taken for one in shelf.whole(place, shelf.DATA)] == [NOW]
    lose_everything()
    come_back(place)
    assert kept.opens() == EVERYTHING
    take(place, now=NOW + 3 * A_DAY)
    assert not list(place.glob("*.new")), "the next backup clears away what was left"


def _the_power_goes(*_: object) -> str:
    raise PowerCut


STEPS = [
    "put_schema_aside",
    "load",
    "put_media_aside",
    "_bring_files",
    "unite",
    "_make_current",
    "finish_erased",
    "end",
]


@pytest.mark.parametrize("step", STEPS)
def test_s38_a_restore_that_was_cut_short_is_repeated_and_nothing_is_served_until_then(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept, gone = keep("Ansel"), keep("Ida")
    take(place, now=NOW)
    vaults.erase_vault(gone.box.vault)
    later = keep("Noor")
    with monkeypatch.context() as patch:
        _cut_after(patch, step)
        with pytest.raises(PowerCut):
            come_back(place, replace_present=True)
    if step != "end":
        with pytest.raises(RestoreUnfinished, match="restore again"):
            refuse_unfinished(settings.DATA)
        with pytest.raises(RestoreUnfinished):
            take(place, now=NOW + 3 * A_DAY)
        restore(place, now=NOW + 4 * A_DAY)
    refuse_unfinished(settings.DATA)
    assert kept.opens() == EVERYTHING
    assert gone.opens() == [False, False, True, True]
    aside = f"before-{shelf.stamp(NOW + 2 * A_DAY)}"
    assert (settings.MEDIA_FOLDER / aside / later.photo.hex[:2]).is_dir()
    with present_owner() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{aside.lower()}".keepsakes_keepsakebox')
        assert cursor.fetchone()[0] == 3, "what was here is aside, as it was"
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before-%'")
        assert cursor.fetchone()[0] == 1


def _cut_after(patch: pytest.MonkeyPatch, step: str) -> None:
    from alongside.backup import restore as module
    from alongside.vault import unite

    owner = {
        "put_schema_aside": present,
        "put_media_aside": present,
        "load": dump,
        "unite": unite,
        "begin": unfinished,
        "end": unfinished,
    }
    where = owner.get(step, module)
    real = getattr(where, step)

    def cut(*args: object, **said: object) -> None:
        real(*args, **said)
        raise PowerCut

    patch.setattr(where, step, cut)


def test_a_dump_that_breaks_off_is_not_committed(place: Path) -> None:
    keep("Ansel")
    take(place, now=NOW)
    data = newest(place, shelf.DATA)
    whole = (data / shelf.DUMP).read_bytes()
    present.close_connections()
    present.put_schema_aside(dump_login(), "LOST", keep=False)
    (data / shelf.DUMP).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupRefused):
        dump.load(dump_login(), data / shelf.DUMP, 15)
    with present_owner() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone()[0] == 0


def test_a_backup_of_a_newer_version_is_refused_by_name(place: Path) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    data = newest(place, shelf.DATA)
    about = manifest.read(data)
    names = {**about.migrations, "keepsakes": [*about.migrations["keepsakes"], "0099_of_tomorrow"]}
    manifest.Manifest(about.kind, about.taken_at, "9.9", about.files, about.postgres, names).write(data)
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
    with psycopg.connect(**dump_login()), pytest.raises(BackupRefused, match="being served"):  # type: ignore[arg-type]
        come_back(place, replace_present=True)


def test_the_manifest_says_what_is_in_it(place: Path) -> None:
    keep("Ansel")
    done = take(place, now=NOW)
    said = json.loads((newest(place, shelf.DATA) / manifest.NAME).read_text())
    assert {"database.dump"} < set(said["files"])
    assert said["product"]
    assert "0001_initial" in said["migrations"]["keepsakes"]
    assert list(done.lines())[-1].startswith("The master key and the signing key are in no backup.")


def test_time_anew_is_what_it_says() -> None:
    assert timedelta(hours=72) == erasing.TIME_TO_UNDO
