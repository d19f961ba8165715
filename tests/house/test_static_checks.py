"""The checks of bin/check, each a test, so that bin/test cannot pass without them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str | Path]] = {
    "ruff": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "mypy": [BIN / "mypy"],
    "layers": [BIN / "lint-imports", "--no-logo"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "alongside"],
    "spelling": [BIN / "codespell", "alongside", "bench", "docs", "tests", "bin", "README.md", "CHANGELOG.md"],
}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_nothing(name: str) -> None:
    done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
