"""SECURITY 3.3: a key left by a crash goes after a day; a key that any row names never does."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from alongside import ids
from alongside.backup.keys import hold_the_sweep, sweep_unnamed_keys
from alongside.vault import check, vaults
from alongside.vault.errors import KeyErased
from tests.backup.family import keep

NOW = datetime.fromtimestamp(time.time(), UTC)
BEFORE = (NOW - timedelta(days=2)).timestamp()


def make_old() -> None:
    for folder in settings.KEYRING_FOLDERS:
        for path in folder.rglob("*"):
            if path.is_file():
                os.utime(path, (BEFORE, BEFORE))


@pytest.fixture
def left(home: Path) -> tuple[object, object, object]:
    kept = keep("Ansel")
    vaults.add_item(kept.box.vault, item := ids.new_id())
    box = vaults.create("box", [ids.new_id()])
    return kept, box, item


def erased(key: object) -> bool:
    return vaults.here().keyring.erased(key)  # type: ignore[arg-type]


def test_a_key_without_a_row_goes_after_a_day_and_all_others_stay(left: tuple[object, object, object]) -> None:
    kept, box, item = left
    assert sweep_unnamed_keys(NOW) == 0, "its row may yet come"
    make_old()
    assert sweep_unnamed_keys(NOW) == 2
    assert erased(box)
    assert erased(item)
    with pytest.raises(KeyErased):
        vaults.here().open(box, None)  # type: ignore[arg-type]
    assert kept.opens() == [True] * 4  # type: ignore[attr-defined]
    assert sweep_unnamed_keys(NOW) == 0
    assert check.problems() == []


def test_a_kind_that_no_row_names_is_left_alone(left: tuple[object, object, object]) -> None:
    strange = vaults.create("of-another-package")
    make_old()
    assert sweep_unnamed_keys(NOW) == 2
    assert not erased(strange)


def test_too_many_at_once_are_no_crash_and_none_of_them_goes(
    left: tuple[object, object, object], caplog: pytest.LogCaptureFixture
) -> None:
    vaults.create_many("box", 30)
    make_old()
    assert sweep_unnamed_keys(NOW) == 0
    assert "too many to be swept" in caplog.text
    assert not erased(left[1])


def test_after_a_restore_nothing_is_swept_until_every_other_backup_has_gone(
    left: tuple[object, object, object],
) -> None:
    make_old()
    hold_the_sweep(NOW)
    assert sweep_unnamed_keys(NOW + timedelta(days=34)) == 0
    assert sweep_unnamed_keys(NOW + timedelta(days=36)) == 2
