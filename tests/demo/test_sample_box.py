"""Ansel's box in the demonstration: what Mara and Tobias keep in it, and what Ilse sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from alongside.accounts.models import Account, may_keep
from alongside.database.viewer import acting_for
from alongside.demo import sample
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.visibility.reader import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def ansel_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle Ansel's family and nobody else's: the whole sample takes its time."""
    found = (sample.FOLDER / "ansel.toml").read_text(encoding="utf-8")
    (tmp_path / "ansel.toml").write_text(found, encoding="utf-8")
    alone = list(sample.read_families(tmp_path))
    monkeypatch.setattr(sample, "read_families", lambda: alone)
    sample.settle()


def seen_by(name: str) -> set[tuple[str, str]]:
    account = Account.objects.get(email=f"{name}@example.org")
    with acting_for(account.pk):
        kept = Memory.objects.visible_to(Reader.of(account))
        return {(memory.kind, memory.now_says().title) for memory in kept}


@pytest.mark.usefixtures("ansel_alone")
def test_the_box_holds_what_the_picture_shows_and_ilse_sees_her_part() -> None:
    everything = {
        ("text", "The blind"),
        ("object", "Ilse’s hat"),
        ("date", "His band"),
        ("text", "What I had my back to"),
        ("tribute", "For a July baby"),
        ("photo", "The wall, about seven"),
        ("photo", "In his blanket"),
        ("voice", "Tobias humming"),
    }
    assert seen_by("mara") == seen_by("tobias") == everything
    assert seen_by("ilse") == {("object", "Ilse’s hat"), ("tribute", "For a July baby")}
    assert seen_by("dami") == set()
    mara = Account.objects.get(email="mara@example.org")
    with acting_for(mara.pk):
        assert [baby.told.name for baby in KeepsakeBox.objects.get().babies.all()] == ["Ansel"]
        assert may_keep(mara)


@pytest.mark.usefixtures("ansel_alone")
def test_settling_again_does_nothing() -> None:
    before = Memory.objects.count(), Account.objects.count()
    sample.settle()
    assert (Memory.objects.count(), Account.objects.count()) == before
