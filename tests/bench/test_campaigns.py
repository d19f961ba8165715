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
    "alongside/accounts/models.py": (
        "        account = Account(email=email.strip(),",
        '        account = Account(email=f"{name}{email.strip()}",',
    ),
    # An index that is logged.
    "alongside/matching/migrations/0002_index.py": (
        "        migrations.RunSQL(UNLOGGED, LOGGED),\n",
        "        migrations.RunSQL(LOGGED, UNLOGGED),\n",
    ),
}


def test_s10_no_canary_is_found_where_it_may_not_be() -> None:
    done = _prove(ROOT, "canary", "--count", "8", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (verdict,) = json.loads(done.stdout)
    assert (verdict["name"], verdict["checked"], verdict["bad"]) == ("canary", 8, 0)


def test_s10_planted_leaks_are_found_and_named(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    for folder in ("alongside", "bench"):
        shutil.copytree(ROOT / folder, scratch / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (sound, leaking) in LEAKS.items():
        text = (scratch / name).read_text()
        assert text.count(sound) == 1, name
        (scratch / name).write_text(text.replace(sound, leaking))
    done = _prove(scratch, "canary", "--count", "8")
    assert done.returncode == 1, done.stderr[-3000:]
    assert "canary: 8 checked, 11 bad" in done.stdout, "every word, and three vectors of meaning"
    found = {line.strip() for line in done.stderr.splitlines()}
    assert "query: plain in logs/serve.log" in found
    assert "kept: plain in copies/dump.sql" in found
    assert "open: plain in copies/dump.sql" in found
    assert any(line.startswith("open: plain in copies/base/base/") for line in found)
    assert any(line.startswith("open: plain in data/database/pgdata/pg_wal/") for line in found)
    assert any(line.startswith("kept: plain in data/database/pgdata/base/") for line in found)


def _prove(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    ours = ("ALONGSIDE_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "bench.prove", *words, "--seed", "1"],
        cwd=where,
        env=kept | {"PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
