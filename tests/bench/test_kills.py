"""The kills campaign, small: it holds here (D1, S32-S34), and its judge names what would be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.prove.kills_judge import Known, Promised, Versions, problems
from tests.bench.test_campaigns import ROOT, cut, prove


def test_d1_s34_what_was_said_to_be_kept_survives_every_kill() -> None:
    done = prove(ROOT, "kills", "--count", "6", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (verdict,) = json.loads(done.stdout)
    assert (verdict["checked"], verdict["bad"]) == (6, 0)


def test_s16_a_product_that_keeps_half_of_a_photo_is_found(tmp_path: Path) -> None:
    hole = ("    for one in renditions:\n        _keep(", "    for one in list(renditions)[:2]:\n        _keep(")
    done = prove(cut(tmp_path, {"alongside/keepsakes/files/keeping.py": hole}), "kills", "--count", "2")
    assert done.returncode == 1
    assert "photo: it is half there: large, original, page" in done.stderr
    assert "half after the sweep" in done.stderr


def test_nothing_is_wrong_with_what_is_there() -> None:
    assert _wrong("a b c", ["a", "a b", "a b c"], ["a b c"]) == []
    assert _wrong("a b", ["a", "a b", "a b c"], ["a b", "a b c"]) == [], "more than was said to be kept is no loss"


@pytest.mark.parametrize(
    ("kept", "sent", "there", "said"),
    [
        pytest.param("a b", ["a", "a b"], ["a"], "1 words are missing", id="a word"),
        pytest.param("a b", ["a", "a b"], [], "2 words are missing", id="all of it"),
        pytest.param("a", ["a", "a b"], ["a", "a b", "a "], "nothing that somebody sent", id="half of a sending"),
        pytest.param("a", ["a"], ["a", "a"], "two effects", id="the same twice"),
        pytest.param("a b", ["a", "a b"], ["a b", "a"], "an older version stands", id="the older one last"),
    ],
)
def test_what_is_wrong_is_named(kept: str, sent: list[str], there: list[str], said: str) -> None:
    assert any(said in problem for problem in _wrong(kept, sent, there))


def test_a_head_that_nobody_made_is_named() -> None:
    known = _known("a b", ["a", "a b"])
    two = [{"number": 1, "stands": True, "words": "a"}, {"number": 2, "stands": True, "words": "a b"}]
    assert any("nobody else wrote" in problem for problem in problems(known, Promised.of(known), two))
    known.alone = False
    known.pages = {"one", "other"}
    assert list(problems(known, Promised.of(known), two)) == []


def test_what_was_put_together_of_two_is_whole() -> None:
    known = _known("a", ["a", "a b", "c", "a\n\nc d"])
    known.alone = False
    for whole in ("a b\n\nc", "a\n\nc d\n\na b"):
        assert list(problems(known, Promised.of(known), _versions([whole]))) == []
    assert list(problems(known, Promised.of(known), _versions(["a\n\nd"]))) != []


def _wrong(kept: str, sent: list[str], there: list[str]) -> list[str]:
    known = _known(kept, sent)
    return list(problems(known, Promised.of(known), _versions(there)))


def _known(kept: str, sent: list[str]) -> Known:
    known = Known("sheet", "id")
    for text in sent:
        known.sends(text, "page")
    known.was_kept(kept)
    return known


def _versions(there: list[str]) -> Versions:
    last = len(there) - 1
    return [{"number": place, "stands": place == last, "words": words} for place, words in enumerate(there)]
