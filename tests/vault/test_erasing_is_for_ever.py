"""L1, S12: an erased key never opens again: in no process, from no old folder, after no crash, by nobody's hand."""

from __future__ import annotations

import shutil
import uuid
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings

from alongside import ids
from alongside.vault import check, sealing, vaults
from alongside.vault.errors import KeyErased, KeyMissing, VaultUnavailable
from alongside.vault.vaults import Vaults
from tests.vault import second_opener
from tests.vault.conftest import Restart, place
from tests.vault.crashes import run_until
from tests.vault.test_keys_survive import Folders, is_read, record, sealed_one, segment


def kept_bytes(folders: Folders) -> bytes:
    return b"".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("batch", [False, True])
def test_l1_an_erased_vault_never_opens_and_leaves_no_byte(restart: Restart, folders: Folders, batch: bool) -> None:
    where, sealed = sealed_one(batch)
    neighbours = vaults.here().keyring.list()
    before = second_opener.find(folders[0], where.vault.hex)
    assert before in kept_bytes(folders)
    vaults.erase_vault(where.vault)
    for _ in range(2):
        with pytest.raises(KeyErased):
            sealing.open(where, sealed)
        with pytest.raises(KeyErased):
            sealing.seal(where, b"more")
        with pytest.raises(KeyErased):
            vaults.add_item(where.vault, ids.new_id())
        assert before[40:] not in kept_bytes(folders)
        restart()
    vaults.erase_vault(where.vault)
    for vault in set(neighbours) - {where.vault}:
        vaults.here().open(vault, None)
    assert where.vault not in vaults.here().keyring.list()
    assert check.problems() == []


@pytest.mark.parametrize("batch", [False, True])
def test_l1_an_erased_item_leaves_no_record_that_held_its_key(restart: Restart, folders: Folders, batch: bool) -> None:
    where, sealed = sealed_one(batch)
    assert where.item is not None
    vaults.add_item(where.vault, other := ids.new_id())
    kept = place(where.vault, other)
    kept_sealed = sealing.seal(kept, b"He was here.")
    old = [second_opener.find(folder, where.vault.hex) for folder in folders]
    handles = [record(folder, where.vault).open("rb") for folder in folders]
    vaults.erase_item(where.vault, where.item)
    for handle, before in zip(handles, old, strict=True):
        # The old file itself was overwritten, not only its name.
        assert handle.read() != before
        handle.close()
    assert all(before not in kept_bytes(folders) for before in old)
    masters = second_opener.master_keys(settings.MASTER_KEY_FILE)
    for folder in folders:
        keys = second_opener.keys_of(folder, masters, where.vault.hex)
        assert set(keys) == {where.vault.hex, other.hex}
    for _ in range(2):
        with pytest.raises(KeyErased):
            sealing.open(where, sealed)
        with pytest.raises(KeyErased):
            vaults.add_item(where.vault, where.item)
        assert is_read(kept, kept_sealed)
        restart()
    vaults.erase_item(where.vault, where.item)
    assert check.problems() == []


def test_a_record_in_a_segment_is_overwritten_when_its_vault_changes(home: Vaults, folders: Folders) -> None:
    where, sealed = sealed_one(batch=True)
    before = second_opener.find(folders[0], where.vault.hex)
    vaults.add_item(where.vault, ids.new_id())
    assert all(before[40:] not in segment(folder).read_bytes() for folder in folders)
    assert is_read(where, sealed)


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("whole", [True, False], ids=["a vault", "an item"])
def test_l1_a_power_cut_while_erasing_ends_in_before_or_after(
    restart: Restart, folders: Folders, batch: bool, whole: bool
) -> None:
    for step in count():
        where, sealed = sealed_one(batch)
        vault, item = where.vault, where.item
        assert item is not None
        act = partial(vaults.erase_vault, vault) if whole else partial(vaults.erase_item, vault, item)
        cut = run_until(step, act)
        home = restart()
        noted = home.keyring.erased(vault if whole else item)
        if noted:
            with pytest.raises(KeyErased):
                sealing.open(where, sealed)
        else:
            assert is_read(where, sealed)
        # The worker comes back and finishes.
        act()
        with pytest.raises(KeyErased):
            sealing.open(where, sealed)
        vaults.recover()
        assert check.problems() == []
        if not cut:
            break
    assert step > 8


def test_l1_old_folders_with_the_newest_ledger_do_not_bring_keys_back(
    restart: Restart, folders: Folders, tmp_path: Path
) -> None:
    gone, gone_sealed = sealed_one()
    part, part_sealed = sealed_one()
    kept, kept_sealed = sealed_one(batch=True)
    assert part.item is not None
    for folder in folders:
        shutil.copytree(folder, tmp_path / "old" / folder.name)
    vaults.erase_vault(gone.vault)
    vaults.erase_item(part.vault, part.item)
    ledger = (folders[0] / "ledger").read_bytes()
    for folder in folders:
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "old" / folder.name, folder)
    (folders[1] / "ledger").write_bytes(ledger)
    restart()
    for where, sealed in ((gone, gone_sealed), (part, part_sealed)):
        with pytest.raises(KeyErased):
            sealing.open(where, sealed)
    assert is_read(kept, kept_sealed)
    said = "\n".join(check.problems())
    assert str(gone.vault) in said
    assert str(part.item) in said
    assert vaults.recover() == 2
    assert check.problems() == []
    assert sorted((folders[0] / "ledger").read_bytes().split()) == sorted(ledger.split())


def test_s14_a_keyring_without_a_ledger_is_refused(restart: Restart, folders: Folders) -> None:
    sealed_one()
    for folder in folders:
        (folder / "ledger").unlink()
    with pytest.raises(VaultUnavailable, match="ledger"):
        restart()
    assert any("ledger" in problem for problem in check.problems())


def test_a_torn_or_flipped_line_of_one_ledger_forgets_nothing(restart: Restart, folders: Folders) -> None:
    gone = [sealed_one()[0].vault for _ in range(3)]
    for vault in gone[:2]:
        vaults.erase_vault(vault)
    path = folders[0] / "ledger"
    good = path.read_bytes()
    path.write_bytes(good[:5] + b"0" + good[6:60] if good[5:6] != b"0" else good[:5] + b"1" + good[6:60])
    home = restart()
    assert all(home.keyring.erased(vault) for vault in gone[:2])
    vaults.erase_vault(gone[2])
    shutil.rmtree(folders[1])
    home = restart()
    assert all(home.keyring.erased(vault) for vault in gone)


def test_an_erasure_counts_at_once_in_another_process(home: Vaults, folders: Folders) -> None:
    where, sealed = sealed_one()
    assert is_read(where, sealed)
    other = vaults._of.__wrapped__(folders, settings.MASTER_KEY_FILE)
    assert where.item is not None
    other.erase_item(where.vault, where.item)
    with pytest.raises(KeyErased):
        sealing.open(where, sealed)
    other.erase_vault(where.vault)
    with pytest.raises(KeyErased):
        sealing.seal(place(where.vault), b"x")
    assert len(home.held) == 0


def test_erasing_goes_as_far_as_it_can_and_says_that_it_is_not_done(
    home: Vaults, folders: Folders, restart: Restart
) -> None:
    where, sealed = sealed_one()
    shutil.move(folders[1], folders[1].with_name("unplugged"))
    folders[1].write_text("not a folder")
    with pytest.raises(VaultUnavailable):
        vaults.erase_vault(where.vault)
    assert not record(folders[0], where.vault).exists()
    folders[1].unlink()
    shutil.move(folders[1].with_name("unplugged"), folders[1])
    restart()
    with pytest.raises(KeyErased):
        sealing.open(where, sealed)
    vaults.erase_vault(where.vault)
    assert not record(folders[1], where.vault).exists()
    assert check.problems() == []


def test_the_ledger_holds_random_ids_alone(home: Vaults, folders: Folders) -> None:
    where, _ = sealed_one()
    vaults.erase_vault(where.vault)
    (line,) = (folders[0] / "ledger").read_text().splitlines()
    assert uuid.UUID(hex=line[:32]) == where.vault
    assert len(line) == 40


def test_l1_an_item_whose_record_is_lost_is_shut_and_stays_shut_when_the_record_comes_back(
    restart: Restart, folders: Folders
) -> None:
    where, sealed = sealed_one()
    assert where.item is not None
    kept = [record(folder, where.vault).read_bytes() for folder in folders]
    for folder in folders:
        record(folder, where.vault).unlink()
    vaults.erase_item(where.vault, where.item)
    for folder, data in zip(folders, kept, strict=True):
        record(folder, where.vault).write_bytes(data)
    restart()
    with pytest.raises(KeyErased):
        sealing.open(where, sealed)
    assert vaults.recover() == 1
    masters = second_opener.master_keys(settings.MASTER_KEY_FILE)
    assert set(second_opener.keys_of(folders[0], masters, where.vault.hex)) == {where.vault.hex}


def test_s14_nothing_is_called_erased_where_no_keyring_lies(restart: Restart, folders: Folders) -> None:
    where, sealed = sealed_one()
    assert where.item is not None
    for folder in folders:
        folder.rename(folder.with_suffix(".unmounted"))
    with pytest.raises(KeyMissing):
        vaults.erase_item(where.vault, where.item)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".unmounted").rename(folder)
    restart()
    assert is_read(where, sealed)
