"""A database of its own for each test that starts a server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

# Without a PostgreSQL of the machine's own there is nothing to run once more (bin/test looks for one).
collect_ignore = [] if os.environ.get("ALONGSIDE_SYSTEM_POSTGRES") else ["test_run_on_a_system_postgresql.py"]


@pytest.fixture
def data(made_once: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, in a path with a space."""
    place = tmp_path / "a place"
    shutil.copytree(made_once, place)
    return place
