"""S11, S12: ``bin/prove tamper`` and ``bin/prove erase``, small: they hold, and are seen to fail where a fault is planted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULTS = {
    "tamper": {
        # A value is not bound to its row.
        "alongside/vault/sealing.py": (
            "|{self.column}|{self.row}|{self.item or self.vault}",
            "|{self.column}|{self.item or self.vault}",
        ),
        # Of an object that was changed, what was read until then is given out.
        "alongside/vault/objects.py": (
            "    except TinkError:\n        raise place.tampered() from None\n    # Tink",
            "    except TinkError:\n        return\n    # Tink",
        ),
        # A picture and its original may change places.
        "alongside/keepsakes/models/file.py": (
            '"keepsakes_memoryobject", self.part,',
            '"keepsakes_memoryobject", "object",',
        ),
        # A record that does not open is not told of.
        "alongside/vault/vaults.py": ('            _log.error("%s", refusal)\n', ""),
    },
    "erase": {
        # Copies of the keys are kept for ever.
        "alongside/backup/shelf.py": ("KEYRING_DAYS = 14", "KEYRING_DAYS = 14000"),
    },
}


@pytest.mark.parametrize(("name", "count"), [("tamper", 400), ("erase", 2)])
def test_the_promise_holds(name: str, count: int) -> None:
    checked, bad, said = prove(ROOT, name, count)
    assert checked >= count
    assert bad == 0, said


def test_s11_planted_faults_are_found_and_named(tmp_path: Path) -> None:
    _, bad, said = prove(planted(tmp_path, "tamper"), "tamper", 60)
    assert bad
    assert "swapped with keepsakes_baby.told_sealed" in said
    assert "given out: BabyTold" in said
    assert "in both folders: the log does not say which vault" in said
    assert "changed for its picture, page asked for: given out: 2200" in said
    lines = said.splitlines()
    assert any(
        line.startswith("  original of photo") and "cut at 2097154: given out: 1048576 bytes" in line for line in lines
    )
    assert any(line.startswith("  original cut at 2097154, whole: bytes were given out") for line in lines)
    assert any(line.startswith("  sound ") and line.endswith("bytes were given out") for line in lines)


def test_s12_a_copy_of_the_keys_that_is_kept_too_long_is_found(tmp_path: Path) -> None:
    _, bad, said = prove(planted(tmp_path, "erase"), "erase", 2)
    assert bad
    for thing in ("box", "keepsake", "sheet", "photo", "object"):
        assert any(thing in line and "erased, and opened by the attacker" in line for line in said.splitlines()), thing
    assert "opened after a restore" not in said


def planted(folder: Path, what: str) -> Path:
    """Return a copy of the product with faults in it."""
    for part in ("alongside", "bench"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, (sound, faulty) in FAULTS[what].items():
        text = (folder / name).read_text()
        assert text.count(sound) == 1, name
        (folder / name).write_text(text.replace(sound, faulty))
    return folder


def prove(where: Path, name: str, count: int) -> tuple[int, int, str]:
    """Run a campaign; return what it checked, what was bad, and what it said of that."""
    ours = ("ALONGSIDE_", "DATABASE_", "DJANGO_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"from bench.prove.{name} import {name}; print(list({name}({count}, 1)))"],
        cwd=where,
        env=kept | {"PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    checked, bad = json.loads(done.stdout)
    return checked, bad, done.stderr
