"""A throw-away installation for each test: folders of its own, and the run's database, which is as new afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from pytest_django import Settings

from alongside.vault import vaults


@pytest.fixture
def home(committed_db: None, settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """The folder in which this installation's data folder and its backups lie."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir(mode=0o700)
    settings.MEDIA_FOLDER = settings.DATA / "media"
    settings.KEYRING_FOLDERS = (settings.DATA / "keyring" / "a", settings.DATA / "keyring" / "b")
    settings.MASTER_KEY_FILE = tmp_path / "safe" / "master.key"
    vaults._of.cache_clear()
    yield tmp_path
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # django-stubs does not know it yet


@pytest.fixture
def place(home: Path) -> Path:
    """Where the backups go."""
    (home / "backups").mkdir(mode=0o700)
    return home / "backups"
