"""The kills campaign's judge of photos names what would be wrong with one (D2, S16)."""

from __future__ import annotations

from typing import Any

import pytest

from bench.prove.kills_photos import PICTURES, Answered, Sent, digest, problems

FILE = b"a photo of eighteen"
WHOLE = {"original": {"digest": digest(FILE), "opens": True}} | {
    name: {"digest": name, "opens": True} for name in PICTURES
}
ON_ITS_WAY = {"kept": None, "received": 7, "pieces": digest(FILE[:7])}


def test_nothing_is_wrong_with_what_is_there() -> None:
    assert said({"kept": WHOLE, "received": None, "pieces": ""}, kept=True) == []
    assert said({"kept": WHOLE, "received": None, "pieces": ""}, received=7) == [], "its answer was lost"
    assert said(ON_ITS_WAY, received=7) == []
    assert said(ON_ITS_WAY, received=5) == [], "more than was answered for is no loss"
    assert said({"kept": None, "received": None, "pieces": ""}) == []


@pytest.mark.parametrize(
    ("found", "answered", "problem"),
    [
        pytest.param({"kept": None, "received": None}, {"kept": True}, "is not there", id="a photo"),
        pytest.param(ON_ITS_WAY, {"kept": True}, "is not there", id="a photo, still on its way"),
        pytest.param({"kept": {**WHOLE, "small": None}, "received": None}, {"kept": True}, "half", id="a picture"),
        pytest.param({"kept": {}, "received": None}, {}, "half there: nothing", id="the row alone"),
        pytest.param({"kept": None, "received": None}, {"received": 7}, "none is there", id="every piece"),
        pytest.param(ON_ITS_WAY, {"received": 9}, "9 bytes were answered for, and 7", id="a piece"),
        pytest.param({**ON_ITS_WAY, "pieces": digest(b"a photi")}, {"received": 7}, "not what was sent", id="a byte"),
    ],
)
def test_what_is_wrong_is_named(found: dict[str, Any], answered: dict[str, Any], problem: str) -> None:
    if found["kept"] and found["kept"].get("small", 1) is None:
        found = {**found, "kept": {name: part for name, part in found["kept"].items() if part}}
    (only,) = said(found, **answered)
    assert problem in only


@pytest.mark.parametrize(("part", "known"), [("original", {"digest": "another"}), ("page", {"opens": False})])
def test_a_part_that_is_not_as_it_was_is_named(part: str, known: dict[str, Any]) -> None:
    parts = {**WHOLE, part: {**WHOLE[part], **known}}
    (only,) = said({"kept": parts, "received": None}, kept=True)
    assert part in only


def said(found: dict[str, Any], *, received: int = 0, kept: bool = False) -> list[str]:
    photo = Sent("id", "viewer", FILE)
    photo.was_received(received)
    if kept:
        photo.was_kept()
    return list(problems(photo, Answered.of(photo), found))
