"""S14: no crash, lost folder, flipped byte or second writer makes a key unreadable."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from alongside import ids
from alongside.vault import check, sealing, vaults
from alongside.vault.errors import KeyErased, KeyMissing, Tampered, VaultError, VaultUnavailable
from alongside.vault.sealing import Place
from alongside.vault.vaults import Vaults
from tests.vault.conftest import Restart, place
from tests.vault.crashes import run_until

Folders = tuple[Path, Path]


def record(folder: Path, vault: uuid.UUID) -> Path:
    return folder / "records" / vault.hex[:2] / vault.hex


def segment(folder: Path) -> Path:
    (found,) = (folder / "segments").iterdir()
    return found


def sealed_one(batch: bool = False) -> tuple[Place, bytes]:
    item = ids.new_id()
    vault = vaults.create_many("story", 3, [[item]])[0] if batch else vaults.create("box", [item])
    where = place(vault, item)
    return where, sealing.seal(where, b"He was here.")


def is_read(where: Place, sealed: bytes) -> bool:
    return sealing.open(where, sealed) == b"He was here."


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("batch", [False, True])
def test_s14_one_lost_folder_loses_nothing(
    restart: Restart, folders: Folders, lost: int, batch: bool, caplog: pytest.LogCaptureFixture
) -> None:
    where, sealed = sealed_one(batch)
    shutil.rmtree(folders[lost])
    restart()
    assert is_read(where, sealed)
    assert f"vault {where.vault}: record in keyring folder {lost + 1} made good" in caplog.text
    shutil.rmtree(folders[1 - lost])
    restart()
    assert is_read(where, sealed)


@pytest.mark.parametrize("flipped", [0, 1])
def test_s14_a_flipped_byte_anywhere_in_one_copy_is_made_good(restart: Restart, folders: Folders, flipped: int) -> None:
    where, sealed = sealed_one()
    path = record(folders[flipped], where.vault)
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes((good[at] ^ 0x40,)) + good[at + 1 :])
        vaults.here().held.forget(where.vault)
        assert is_read(where, sealed)
        assert path.read_bytes() == good
    for other in [*(good[:cut] for cut in range(len(good))), good + b"\x01", good + good]:
        path.write_bytes(other)
        vaults.here().held.forget(where.vault)
        assert is_read(where, sealed)
        assert path.read_bytes() == good
    assert check.problems() == []


def test_s14_a_flipped_byte_in_a_segment_is_made_good(restart: Restart, folders: Folders) -> None:
    where, sealed = sealed_one(batch=True)
    good = segment(folders[0]).read_bytes()
    for at in range(0, len(good), 5):
        segment(folders[0]).write_bytes(good[:at] + bytes((good[at] ^ 0x40,)) + good[at + 1 :])
        restart()
        assert is_read(where, sealed)


def test_s14_both_copies_damaged_is_said_and_not_called_erased(restart: Restart, folders: Folders) -> None:
    where, sealed = sealed_one()
    for folder in folders:
        path = record(folder, where.vault)
        path.write_bytes(path.read_bytes()[:-1])
    restart()
    with pytest.raises(Tampered):
        sealing.open(where, sealed)


def test_a_forged_newer_copy_does_not_replace_the_good_one(restart: Restart, folders: Folders) -> None:
    where, sealed = sealed_one()
    from alongside.vault import records

    good = records.decode(record(folders[0], where.vault).read_bytes())
    forged = records.Record(good.vault, good.kind, 99, good.slots, good.items)
    record(folders[0], where.vault).write_bytes(records.encode(forged))
    restart()
    assert is_read(where, sealed)
    assert record(folders[0], where.vault).read_bytes() == record(folders[1], where.vault).read_bytes()


@pytest.mark.parametrize("old", [0, 1])
def test_s14_a_folder_that_came_back_old_is_brought_up_to_date(
    restart: Restart, folders: Folders, tmp_path: Path, old: int
) -> None:
    where, sealed = sealed_one()
    gone, gone_sealed = sealed_one()
    shutil.copytree(folders[old], tmp_path / "copy")
    vaults.add_item(where.vault, later := ids.new_id())
    new = place(where.vault, later)
    new_sealed = sealing.seal(new, b"He was here.")
    vaults.erase_vault(gone.vault)
    shutil.rmtree(folders[old])
    shutil.copytree(tmp_path / "copy", folders[old])
    restart()
    assert any(str(gone.vault) in problem for problem in check.problems())
    assert is_read(new, new_sealed)
    assert is_read(where, sealed)
    with pytest.raises(KeyErased):
        sealing.open(gone, gone_sealed)
    assert vaults.recover() == 1
    assert check.problems() == []
    assert not record(folders[old], gone.vault).exists()


ACTS: dict[str, Callable[[uuid.UUID, uuid.UUID], object]] = {
    "adding an item": lambda vault, other: vaults.add_item(vault, ids.new_id()),
    "erasing another item": vaults.erase_item,
    "making a vault": lambda vault, other: vaults.create("box"),
    "making a batch": lambda vault, other: vaults.create_many("story", 3),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("batch", [False, True])
def test_s14_a_power_cut_at_any_step_leaves_every_key_readable(
    restart: Restart, act: Callable[[uuid.UUID, uuid.UUID], object], batch: bool
) -> None:
    for step in count():
        where, sealed = sealed_one(batch)
        other = ids.new_id()
        if not batch:
            vaults.add_item(where.vault, other)
        cut = run_until(step, partial(act, where.vault, other))
        restart()
        assert is_read(where, sealed)
        vaults.recover()
        assert check.problems() == []
        assert is_read(where, sealed)
        if not cut:
            break
    assert step > 4


def test_a_half_written_file_is_no_key_and_stands_in_nobodys_way(restart: Restart, folders: Folders) -> None:
    where, sealed = sealed_one()
    for folder in folders:
        path = record(folder, where.vault)
        path.with_name(path.name + ".new").write_bytes(path.read_bytes()[:50])
    home = restart()
    assert home.keyring.list() == [where.vault]
    assert is_read(where, sealed)
    vaults.add_item(where.vault, ids.new_id())
    assert is_read(where, sealed)
    assert check.problems() == []


def test_a_write_that_reaches_one_folder_only_is_not_called_kept(home: Vaults, folders: Folders) -> None:
    where, sealed = sealed_one()
    shutil.rmtree(folders[1])
    folders[1].write_text("not a folder")
    with pytest.raises(VaultUnavailable):
        vaults.create("box")
    with pytest.raises(VaultUnavailable):
        vaults.create_many("box", 2)
    home.held.forget(where.vault)
    assert is_read(where, sealed)


@pytest.mark.parametrize("lost", [0, 1])
def test_reading_goes_on_while_a_folder_cannot_be_used(home: Vaults, folders: Folders, lost: int) -> None:
    where, sealed = sealed_one()
    shutil.rmtree(folders[lost])
    folders[lost].write_text("not a folder")
    home.held.forget(where.vault)
    assert is_read(where, sealed)


def test_an_unknown_vault_is_missing(home: Vaults) -> None:
    with pytest.raises(KeyMissing):
        home.open(ids.new_id(), None)


def test_a_hundred_threads_lose_no_item(home: Vaults) -> None:
    vault = vaults.create("box")
    items = [ids.new_id() for _ in range(100)]
    gate = threading.Barrier(100, timeout=60)
    doomed = [vaults.create("box") for _ in range(10)]

    def work(number: int) -> None:
        where = place(vault, items[number])
        gate.wait()
        vaults.add_item(vault, items[number])
        assert is_read(where, sealing.seal(where, b"He was here."))
        vaults.erase_vault(doomed[number % 10])
        if number % 2:
            vaults.erase_item(vault, items[number])

    with ThreadPoolExecutor(100) as pool:
        list(pool.map(work, range(100)))
    assert set(home.open(vault, None).keys.items) == set(items[::2])
    assert home.keyring.list() == [vault]
    assert check.problems() == []


def _add(folders: Folders, key_file: Path, vault: uuid.UUID, items: list[uuid.UUID]) -> None:
    other = vaults._of.__wrapped__(folders, key_file)
    for item in items:
        other.add_items(vault, [item])


def test_several_processes_lose_no_item(home: Vaults, folders: Folders, tmp_path: Path) -> None:
    vault = vaults.create("box")
    items = [ids.new_id() for _ in range(24)]
    about = (folders, tmp_path / "secrets" / "master.key", vault)
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_add, args=(*about, items[start::3])) for start in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert set(home.open(vault, None).keys.items) == set(items)


def test_a_batch_costs_a_few_syncs(home: Vaults, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = os.fsync

    def counted(handle: int) -> None:
        calls.append(handle)
        real(handle)

    monkeypatch.setattr(os, "fsync", counted)
    made = vaults.create_many("story", 1000)
    assert len(calls) <= 8
    assert len(set(made)) == 1000
    for vault in made[::100]:
        where = place(vault)
        assert is_read(where, sealing.seal(where, b"He was here."))


def test_s14_a_snapshot_opens_as_a_keyring_of_its_own(
    restart: Restart, folders: Folders, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ones = [sealed_one(batch) for batch in (True, False, False)]
    gone, gone_sealed = sealed_one()
    vaults.add_items(ones[1][0].vault, [ids.new_id() for _ in range(300)])
    vaults.erase_vault(gone.vault)
    with caplog.at_level(logging.WARNING):
        assert vaults.here().keyring.snapshot(tmp_path / "snapshot") == 5
    assert caplog.text == ""
    for folder in folders:
        shutil.rmtree(folder)
    shutil.move(tmp_path / "snapshot", folders[1])
    restart()
    assert all(is_read(where, sealed) for where, sealed in ones)
    with pytest.raises(KeyErased):
        sealing.open(gone, gone_sealed)
    with pytest.raises(VaultError):
        vaults.here().keyring.snapshot(folders[0])


def test_s14_zeros_that_a_failing_disk_left_in_a_segment_do_not_count_as_an_erasure(
    restart: Restart, folders: Folders
) -> None:
    where, sealed = sealed_one(batch=True)
    path = segment(folders[0])
    data = path.read_bytes()
    path.write_bytes(data[:16] + bytes(len(data) - 16))
    restart()
    vaults.recover()
    assert is_read(where, sealed)
    assert check.problems() == []
