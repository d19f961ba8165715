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
    # The name that a phone gave, logged.
    "alongside/keepsakes/uploads/views.py": (
        "    if kind not in FILED:\n        raise Http404\n    if not may",
        '    __import__("logging").getLogger("alongside").info("%s", request.POST.get("said"))\n    if not may',
    ),
    # An original, its words and its pixels in a temporary folder; a photograph and a recording as the pages have them, not sealed.
    "alongside/keepsakes/files/keeping.py": (
        "    size = plain.seek(0, io.SEEK_END)\n",
        "    __import__('bench.prove.leak').prove.leak.leak(part, plain)\n    size = plain.seek(0, io.SEEK_END)\n",
    ),
    # A browser that may keep pictures.
    "alongside/keepsakes/files/views.py": (
        '    response["Content-Disposition"] = "inline"\n',
        '    response["Content-Disposition"] = "inline"\n    response["Cache-Control"] = "private, max-age=600"\n'
        '    response["ETag"] = f\'"{hash(content)}"\'\n',
    ),
}
LEAK = r"""
import io, os, tempfile
from pathlib import Path
from django.conf import settings
from PIL import Image

def leak(part, plain):
    content = plain.seek(0) or plain.read()
    (settings.DATA / f"leaked-{part}-{os.urandom(4).hex()}").write_bytes(content)
    if part == "original" and content[:2] == b"\xff\xd8":
        with Image.open(io.BytesIO(content)) as image:
            with tempfile.NamedTemporaryFile() as file:  # there for a moment
                file.write(image.convert("RGB").tobytes())
                file.flush()
                __import__("time").sleep(0.3)
"""


_OF_FILES = (
    ("photo", "logs/serve.log"),
    ("photo", "data/leaked-original"),
    ("photo", "data/leaked-small"),
    ("photo", "seen/tmp-"),
    ("photo", "profile-signed-out/"),
    ("photo", "profile-killed/"),
    ("voice", "data/leaked-sound"),
    ("voice", "data/leaked-original"),
    ("voice", "profile-"),
)
"""What of a photo and a recording is found where it leaks."""


def test_s10_s26_no_canary_is_found_where_it_may_not_be() -> None:
    done = prove(ROOT, "canary", "--count", "18", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (verdict,) = json.loads(done.stdout)
    assert (verdict["name"], verdict["checked"], verdict["bad"]) == ("canary", 18, 0)


def test_s10_s26_planted_leaks_are_found_and_named(tmp_path: Path) -> None:
    scratch = cut(tmp_path, LEAKS)
    (scratch / "bench" / "prove" / "leak.py").write_text(LEAK)
    done = prove(scratch, "canary", "--count", "18")
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
    for kind, where in _OF_FILES:
        assert any(line.startswith(f"{kind}: plain in {where}") for line in found), (kind, where)
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
        timeout=900,
        check=False,
    )
