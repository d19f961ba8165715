"""S14: ``doctor`` names every fault that was put into a keyring, and none in a sound one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from alongside import ids
from alongside.vault import check, vaults
from alongside.vault.vaults import Vaults
from tests.vault.conftest import Restart
from tests.vault.test_keys_survive import Folders, record, sealed_one, segment

Fault = Callable[[Path], object]


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def any_record(folder: Path) -> Path:
    return next(path for path in (folder / "records").glob("*/*"))


FAULTS: dict[str, tuple[Fault, str]] = {
    "a record lost": (lambda folder: any_record(folder).unlink(), "is missing"),
    "a record flipped": (lambda folder: flip(any_record(folder), 30), "is damaged"),
    "a record cut": (lambda folder: any_record(folder).write_bytes(b"AVR1"), "is damaged"),
    "a record open to others": (lambda folder: any_record(folder).chmod(0o644), "open to others"),
    "the folder open to others": (lambda folder: folder.chmod(0o755), "open to others"),
    "a strange file": (lambda folder: any_record(folder).with_name("strange").touch(0o600), "is no record"),
    "a leftover": (lambda folder: any_record(folder).with_suffix(".new").touch(0o600), "left by a crash"),
    "a segment lost": (lambda folder: segment(folder).unlink(), "is missing"),
    "a segment cut": (lambda folder: segment(folder).write_bytes(segment(folder).read_bytes()[:-1]), "is damaged"),
    "a segment's head flipped": (lambda folder: flip(segment(folder), 5), "is damaged"),
    "a segment's record flipped": (lambda folder: flip(segment(folder), 60), "damaged records"),
    "the ledger lost": (lambda folder: (folder / "ledger").unlink(), "has no ledger"),
    "the ledger emptied": (lambda folder: (folder / "ledger").write_bytes(b""), "lacks 1"),
    "the ledger flipped": (lambda folder: flip(folder / "ledger", 3), "damaged lines"),
    "the folder lost": (shutil.rmtree, "is missing"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("number", [0, 1])
def test_s14_doctor_names_the_fault_and_recovery_ends_it(
    restart: Restart, folders: Folders, name: str, number: int
) -> None:
    kept = [sealed_one()[0].vault, *vaults.create_many("story", 3)]
    vaults.erase_vault(sealed_one()[0].vault)
    assert check.problems() == []
    fault, said = FAULTS[name]
    fault(folders[number])
    # The process that runs at the time sees it, without a new start.
    found = check.problems()
    assert any(said in problem and f"folder {number + 1}" in problem for problem in found), found
    restart()
    vaults.recover()
    assert vaults.here().keyring.list() == sorted(kept)
    rest = check.problems()
    assert not rest or any(words in name for words in ("others", "strange")), rest


def test_a_folder_that_came_back_old_is_named(restart: Restart, folders: Folders, tmp_path: Path) -> None:
    where, _ = sealed_one()
    old = record(folders[0], where.vault).read_bytes()
    vaults.add_item(where.vault, ids.new_id())
    record(folders[0], where.vault).write_bytes(old)
    assert any("folder 1 is older" in problem for problem in check.problems())


def test_one_disk_is_a_hint_and_no_problem(home: Vaults) -> None:
    assert check.problems() == []
    assert any("disk" in hint for hint in check.hints())
    assert settings.KEYRING_FOLDERS
