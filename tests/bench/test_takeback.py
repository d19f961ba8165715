"""S7: ``bin/prove takeback``, small: it holds, and its judge names what is given out too late, or again."""

from __future__ import annotations

import json

from bench.prove.takeback import WAYS
from bench.prove.takeback_judge import Asked, faults, longest
from tests.bench.test_campaigns import ROOT, prove

COMMITTED = 100.0


def asked(began: float, *, given: bool, what: str = "page", port: int = 1) -> Asked:
    return Asked(what, port, began, began + 0.1, given)


def test_s7_what_is_taken_back_in_any_way_is_refused_at_once_by_two_processes() -> None:
    done = prove(ROOT, "takeback", "--count", str(len(WAYS)), "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (verdict,) = json.loads(done.stdout)
    assert (verdict["name"], verdict["checked"], verdict["bad"]) == ("takeback", len(WAYS), 0)


def test_s7_refused_at_the_next_request_is_right() -> None:
    right = [asked(99.9, given=True), asked(100.05, given=True), asked(100.3, given=False), asked(101.5, given=False)]
    assert faults(right, COMMITTED) == []
    assert round(longest(right, COMMITTED), 2) == 0.4


def test_s7_given_out_for_too_long_is_named() -> None:
    late = [asked(101.2, given=True), asked(101.4, given=False)]
    assert faults(late, COMMITTED) == ["page, port 1: given out 1.20 s after"]


def test_s7_given_out_again_by_the_same_process_is_named() -> None:
    again = [asked(100.1, given=False), asked(100.3, given=True), asked(100.5, given=False)]
    assert faults(again, COMMITTED) == ["page, port 1: given out again after it was refused"]


def test_s7_a_process_that_never_refuses_is_named() -> None:
    one_of_two = [asked(100.1, given=False), asked(100.1, given=True, port=2)]
    assert faults(one_of_two, COMMITTED) == ["page, port 2: never refused"]
