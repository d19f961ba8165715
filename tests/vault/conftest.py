"""A keyring and a master key of one's own for each test."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from alongside import ids
from alongside.vault import vaults
from alongside.vault.sealing import Place
from alongside.vault.vaults import Vaults

Restart = Callable[[], Vaults]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "first", tmp_path / "second"


@pytest.fixture
def home(settings: Settings, tmp_path: Path, folders: tuple[Path, Path]) -> Vaults:
    settings.KEYRING_FOLDERS = folders
    settings.MASTER_KEY_FILE = tmp_path / "secrets" / "master.key"
    return vaults.here()


@pytest.fixture
def restart(home: Vaults) -> Restart:
    """Begin again as a new process would: nothing remembered but what the disks hold."""

    def begin() -> Vaults:
        vaults._of.cache_clear()
        return vaults.here()

    return begin


def place(vault: uuid.UUID, item: uuid.UUID | None = None, row: uuid.UUID | None = None) -> Place:
    return Place(vault, item, "letters", "words", row or ids.new_id())
