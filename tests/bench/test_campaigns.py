"""The campaigns, small: they hold here, and each is seen to fail where a leak is planted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAKS = {
    # A query logged.
    "alongside/matching/views.py": (
        '    said = form.cleaned_data["sentence"]\n',
        '    said = form.cleaned_data["sentence"]\n    __import__("logging").getLogger("alongside").info("%s", said)\n',
    ),
    # A private name in a plain column.
    "alongside/accounts/models/account.py": (
        "        account = Account(email=email,",
        "        email = name + email if 'canary' in name else email\n        account = Account(email=email,",
    ),
    # An index that is logged.
    "alongside/matching/migrations/0002_index.py": (
        "        migrations.RunSQL(UNLOGGED, LOGGED),\n",
        "        migrations.RunSQL(LOGGED, UNLOGGED),\n",
    ),
    # Addresses copied into the planner's statistics.
    "alongside/accounts/migrations/0005_no_statistics.py": ('RunSQL(statistics("0"),', 'RunSQL(statistics("-1"),'),
    # Words of the editor on a disk: sealed in the browser, and beside it as they are.
    "alongside/static/kept.js": ("nonce, sealed }));", "nonce, sealed, words }));"),
}


def test_s10_s26_no_canary_is_found_where_it_may_not_be() -> None:
    done = prove(ROOT, "canary", "--count", "16", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (verdict,) = json.loads(done.stdout)
    assert (verdict["name"], verdict["checked"], verdict["bad"]) == ("canary", 16, 0)


def test_s10_s26_planted_leaks_are_found_and_named(tmp_path: Path) -> None:
    done = prove(cut(tmp_path, LEAKS), "canary", "--count", "16")
    assert done.returncode == 1, done.stderr[-3000:]
    found = {line.strip() for line in done.stderr.splitlines()}
    assert "query: plain in logs/serve.log" in found
    assert "kept: plain in copies/dump.sql" in found
    assert "open: plain in copies/dump.sql" in found
    assert any(line.startswith("open: plain in copies/base/base/") for line in found)
    assert any(line.startswith("open: plain in data/database/pgdata/pg_wal/") for line in found)
    assert any(line.startswith("kept: plain in data/database/pgdata/base/") for line in found)
    assert any(line.startswith("address: plain in data/database/pgdata/base/") for line in found)
    assert any(line.startswith("killed: ") and " in profile-killed/" in line for line in found)
    # What has a vault of its own leaks nowhere, whatever else does.
    assert not any(line.startswith(("box: plain", "device: plain", "gone: plain", "named: plain")) for line in found)


def cut(tmp_path: Path, holes: dict[str, tuple[str, str]]) -> Path:
    """Copy the product and cut holes in it."""
    scratch = tmp_path / "scratch"
    for folder in ("alongside", "bench"):
        shutil.copytree(ROOT / folder, scratch / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (sound, leaking) in holes.items():
        text = (scratch / name).read_text()
        assert text.count(sound) == 1, name
        (scratch / name).write_text(text.replace(sound, leaking))
    return scratch


def prove(where: Path, *words: str, seed: int = 1) -> subprocess.CompletedProcess[str]:
    """Run a campaign of the product in a folder."""
    ours = ("ALONGSIDE_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "bench.prove", *words, "--seed", str(seed)],
        cwd=where,
        env=kept | {"PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
