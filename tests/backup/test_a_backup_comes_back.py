"""S38, D3, L1: a backup is whole or none, comes back whole, and never brings back what was erased."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from alongside.backup import manifest, shelf
from alongside.backup.refused import BackupRefused
from alongside.backup.take import take
from alongside.backup.unfinished import refuse_unfinished
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.vault import check, vaults
from tests.backup.family import keep
from tests.backup.loss import EVERYTHING, asked, come_back, lose_everything, newest
from tests.cast import A_DAY, NOW


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
    assert asked(f'SELECT count(*) FROM "{aside.lower()}".keepsakes_keepsakebox')[0] == 2
    assert not asked(f"SELECT has_schema_privilege('alongside_web', '{aside.lower()}', 'USAGE')")[0], (
        "the web has nothing to do there"
    )
    vaults.here().open(later.box.vault, later.memory.item)


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
