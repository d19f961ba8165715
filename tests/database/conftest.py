"""A database made once, copied for each test that needs one of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from alongside.database.server import Server

# Without a PostgreSQL of the machine's own there is nothing to run once more (bin/test looks for one).
collect_ignore = [] if os.environ.get("ALONGSIDE_SYSTEM_POSTGRES") else ["test_run_on_a_system_postgresql.py"]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped server's data folder, with its roles and its empty database."""
    data = tmp_path_factory.mktemp("made")
    with Server(data, fast=True).running():
        return data


@pytest.fixture
def data(made_once: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, in a path with a space."""
    place = tmp_path / "a place"
    shutil.copytree(made_once, place, ignore=shutil.ignore_patterns("socket"))
    return place
