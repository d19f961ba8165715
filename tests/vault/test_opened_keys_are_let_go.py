"""Opened keys stay in a process for 60 s at most, and for so many vaults at most."""

from __future__ import annotations

import time

import pytest

from alongside import ids
from alongside.vault import opened, vaults
from alongside.vault.opened import OpenedKeys
from alongside.vault.vaults import Vaults


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(home: Vaults) -> Clock:
    clock = Clock()
    home.held = OpenedKeys(most=3, clock=clock)
    return clock


def test_a_key_is_let_go_after_60_seconds_however_often_it_is_used(home: Vaults, clock: Clock) -> None:
    vault = vaults.create("box")
    first = home.open(vault, None)
    for _ in range(5):
        clock.now += 11.9
        assert home.open(vault, None) is first
    clock.now += 0.6
    assert len(home.held) == 1
    assert home.open(vault, None) is not first


def test_the_longest_held_goes_when_there_are_too_many(home: Vaults, clock: Clock) -> None:
    made = [vaults.create("box") for _ in range(5)]
    held = [home.open(vault, None) for vault in made]
    assert len(home.held) == 3
    assert home.held.get(made[0]) is None
    assert home.held.get(made[4]) is held[4]


def test_a_new_item_and_an_erasure_are_seen_at_once(home: Vaults, clock: Clock) -> None:
    vault = vaults.create("box")
    home.open(vault, None)
    vaults.add_item(vault, item := ids.new_id())
    assert item in home.open(vault, item).keys.items
    vaults.erase_vault(vault)
    assert len(home.held) == 0


def test_an_idle_process_lets_go_too(home: Vaults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "SECONDS", 0.05)
    made = [vaults.create("box") for _ in range(3)]
    for vault in made:
        home.open(vault, None)
        time.sleep(0.03)
    until = time.monotonic() + 5
    # Looked at from inside: asking the cache itself would sweep it.
    while home.held._held and time.monotonic() < until:
        time.sleep(0.02)
    assert not home.held._held
