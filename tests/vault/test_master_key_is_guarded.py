"""S15: the master key comes from a file of its owner alone, and shows nowhere."""

from __future__ import annotations

import shutil
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.fixtures import Settings

from alongside import ids
from alongside.vault import check, masterkey, records, sealing, vaults
from alongside.vault.errors import VaultUnavailable
from alongside.vault.sealing import Place
from alongside.vault.vaults import Vaults
from tests.vault.conftest import Restart, place
from tests.vault.test_keys_survive import Folders, is_read, sealed_one


def test_it_is_made_on_the_first_start_for_its_owner_alone(home: Vaults) -> None:
    path = settings.MASTER_KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [other.name for other in path.parent.iterdir()] == [path.name]
    assert path.read_text().startswith("m1:")


def test_a_fresh_disk_counts_as_empty(folders: Folders, tmp_path: Path, settings: Settings) -> None:
    (folders[1] / "lost+found").mkdir(parents=True)
    settings.KEYRING_FOLDERS = folders
    settings.MASTER_KEY_FILE = tmp_path / "master.key"
    where, sealed = sealed_one()
    assert is_read(where, sealed)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o606, 0o644])
def test_one_that_others_can_read_is_refused(restart: Restart, mode: int) -> None:
    sealed_one()
    settings.MASTER_KEY_FILE.chmod(mode)
    assert any("chmod 600" in problem for problem in check.problems())
    with pytest.raises(VaultUnavailable, match="chmod 600"):
        restart()
    assert any("chmod 600" in problem for problem in check.problems())


@pytest.mark.parametrize("left", ["both folders", "one folder", "a ledger"])
def test_a_missing_one_beside_a_keyring_is_refused_and_never_made_anew(
    restart: Restart, folders: Folders, left: str
) -> None:
    sealed_one()
    settings.MASTER_KEY_FILE.unlink()
    if left != "both folders":
        shutil.rmtree(folders[0])
    if left == "a ledger":
        shutil.rmtree(folders[1] / "records")
    with pytest.raises(VaultUnavailable, match="master key file is missing"):
        restart()
    assert not settings.MASTER_KEY_FILE.exists()


@pytest.mark.parametrize(
    "text",
    ["", "m1:short\n", "m1:" + "A" * 44, "x1:" + "A" * 43, "m1:" + "A" * 43 + "\nm1:" + "B" * 43, "m0:" + "A" * 43],
)
def test_a_spoiled_one_is_refused_without_repeating_it(home: Vaults, text: str, tmp_path: Path) -> None:
    path = tmp_path / "spoiled.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(VaultUnavailable) as refused:
        masterkey.load(path, create=False)
    assert "AAAA" not in str(refused.value)


def test_another_key_of_the_same_name_opens_nothing(restart: Restart) -> None:
    where, sealed = sealed_one()
    settings.MASTER_KEY_FILE.write_text("m1:" + "A" * 43 + "\n")
    restart()
    with pytest.raises(Exception, match="does not open"):
        sealing.open(where, sealed)
    assert any("does not open" in problem for problem in check.problems())


def test_a_second_key_wraps_what_is_new_and_the_first_opens_what_is_old(restart: Restart) -> None:
    old, old_sealed = sealed_one()
    path = settings.MASTER_KEY_FILE
    first = path.read_text()
    path.write_text(first + "m2:" + "B" * 42 + "A\n")
    home = restart()
    new, new_sealed = sealed_one()
    assert is_read(old, old_sealed)
    assert is_read(new, new_sealed)
    assert [home.keyring.get(where.vault).slots[0].opener for where in (old, new)] == ["m1", "m2"]
    vaults.add_item(old.vault, ids.new_id())
    assert home.keyring.get(old.vault).slots[0].opener == "m2"
    path.write_text(first)
    restart()
    with pytest.raises(VaultUnavailable, match="m2"):
        sealing.open(new, new_sealed)


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "master.key"
    gate = threading.Barrier(20, timeout=60)

    def start(_: int) -> masterkey.MasterKeys:
        gate.wait()
        return masterkey.load(path, create=True)

    with ThreadPoolExecutor(20) as pool:
        every = list(pool.map(start, range(20)))
    vault = ids.new_id()
    record = records.lock(vault, "box", 1, records.Keys(b"k" * 32, {}), every[0])
    assert all(records.unlock(record, keys).vault == b"k" * 32 for keys in every)


def test_s15_no_key_shows_in_a_repr(home: Vaults) -> None:
    where, _ = sealed_one()
    opened = home.open(where.vault, where.item)
    assert where.item is not None
    kept = home.keyring.get(where.vault)
    shown = "".join(map(repr, (home, home.masters, home.keyring, home.held, opened, opened.keys, kept, kept.slots[0])))
    master = settings.MASTER_KEY_FILE.read_text()[3:20]
    assert master not in shown
    for key in (opened.keys.vault, opened.keys.items[where.item], kept.items, kept.slots[0].wrapped):
        assert repr(key)[2:-1] not in shown
        assert key.hex() not in shown


def test_a_vaults_record_does_not_open_under_another_name_kind_or_generation(home: Vaults) -> None:
    where: Place = place(vaults.create("box"))
    good = home.keyring.get(where.vault)
    for forged in (
        records.Record(ids.new_id(), good.kind, good.generation, good.slots, good.items),
        records.Record(good.vault, "story", good.generation, good.slots, good.items),
        records.Record(good.vault, good.kind, good.generation + 1, good.slots, good.items),
        records.Record(good.vault, good.kind, good.generation, (), good.items),
    ):
        with pytest.raises(Exception, match="record"):
            records.unlock(forged, home.masters)
    with pytest.raises(ValueError):
        vaults.create("Box|1")
