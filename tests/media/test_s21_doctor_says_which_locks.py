"""S21: where the kernel offers less, ``doctor`` says which locks there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from alongside.media import check
from alongside.media.jail import locks, parent


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path


def test_s21_all_is_well_where_every_lock_is_there() -> None:
    assert (check.problems(), check.hints()) == ([], [])


def test_s21_missing_locks_are_named_and_hinder_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older kernel cannot be had here; what one would answer can."""
    true = parent.run

    def older(*args: object, **more: object) -> object:
        answer = true(*args, **more)  # type: ignore[arg-type]
        return type(answer)(answer.facts, answer.parts, (locks.RLIMITS,), answer.cpu, answer.peak)

    monkeypatch.setattr(check, "run", older)
    assert check.problems() == []
    landlock, seccomp = check.hints()
    assert "Landlock" in landlock
    assert "seccomp" in seccomp
    assert landlock.endswith("there are rlimits")


def test_s21_a_jail_that_cannot_be_made_needs_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "_PATH", "/nowhere")
    assert "cannot be made" in check.problems()[0]
    assert check.hints() == []
