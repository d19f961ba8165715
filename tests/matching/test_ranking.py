"""The `rank` command: nearest first, always an answer, the same one for the same question."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.families.circumstances import Circumstances
from alongside.matching.ranking import RankError, rank
from alongside.matching.reading import Reading, read
from alongside.matching.scoring import Entry, Seeker, Shelf, order

TODAY = date(2026, 11, 22)

STORIES: list[tuple[str, str, dict[str, Any]]] = [
    ("near", "Our son was stillborn at 38 weeks. The placenta came away.", {"kind": "stillbirth", "weeks": 38}),
    ("nah", "Unser Sohn kam in der 37. Woche still zur Welt, die Plazenta hatte sich gelöst.", {}),
    ("early", "I had a miscarriage at eight weeks, at home, on a Sunday.", {"kind": "early_miscarriage", "weeks": 8}),
    ("ended", "We ended the pregnancy at 22 weeks after a diagnosis.", {"kind": "tfmr", "weeks": 22}),
    ("dad", "I'm her dad. She lived for two days.", {"kind": "neonatal_death", "age_days": 2, "relation": "father"}),
    ("again", "I am pregnant again after our daughter was stillborn.", {"kind": "stillbirth"}),
    ("old", "It was 1974 and they took her away. I never saw her.", {"months_since": 620}),
]


def asked(text: str, stories: Iterable[tuple[str, str, dict[str, Any]]] = STORIES, **more: Any) -> list[str]:
    lines = [json.dumps({"op": "story", "id": id, "text": words, "facts": facts}) for id, words, facts in stories]
    query = {"op": "query", "id": "q", "type": "search", "language": "en", "text": text, **more}
    [answer] = rank([*lines, json.dumps(query)], today=TODAY)
    said = json.loads(answer)
    assert said["query"] == "q"
    assert said["ms"] >= 0
    ranking: list[str] = said["ranking"]
    return ranking


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("stillborn at 38 weeks, placental abruption", "near"),
        ("miscarriage at 8 weeks", "early"),
        ("tfmr at 22 weeks", "ended"),
        ("are there other dads", "dad"),
        ("pregnant again after stillbirth", "again"),
        ("fifty years ago they took my baby away", "old"),
    ],
)
def test_the_nearest_comes_first(text: str, first: str) -> None:
    assert asked(text)[0] == first


def test_a_story_in_another_language_stands_beside_its_like() -> None:
    assert set(asked("stillborn at 38 weeks, placental abruption")[:2]) == {"near", "nah"}


def test_facts_of_the_seeker_count_more_than_words() -> None:
    facts = {"kind": "early_miscarriage", "weeks": 8}
    assert asked("I never held my baby", facts=facts)[0] == "early"


def test_every_story_is_ranked_once_and_top_cuts() -> None:
    assert sorted(asked("anything")) == sorted(id for id, _, _ in STORIES)
    assert len(asked("anything", top=3)) == 3


def test_stories_may_come_in_any_order() -> None:
    assert asked("stillborn at 38 weeks") == asked("stillborn at 38 weeks", reversed(STORIES))


def test_a_whole_account_finds_its_like() -> None:
    text = (
        "She was our first. At thirty-eight weeks I bled and my belly was hard. The placenta had come away. She died."
    )
    assert set(asked(text, type="account")[:2]) == {"near", "nah"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [("{", "not JSON"), ("[]", '"op"'), ('{"op":"story","id":"a"}', '"text"'), ('{"op":"x"}', '"op"')],
)
def test_a_line_that_is_neither_is_named(line: str, problem: str) -> None:
    with pytest.raises(RankError, match=f"line 1: .*{problem}"):
        list(rank([line]))


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2)
)
facts = st.dictionaries(
    st.sampled_from(["kind", "weeks", "relation", "cause", "months_since", "age_days", "language", "locale", "x"]),
    anything,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=200), facts=facts, type=st.sampled_from(["account", "search", ""]))
def test_no_words_and_no_facts_are_too_strange(text: str, facts: dict[str, Any], type: str) -> None:
    stories = [("a", text, facts), *STORIES[:2]]
    assert sorted(asked(text, stories, facts=facts, type=type)) == ["a", "nah", "near"]


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(2, 12))
def test_taking_one_story_away_leaves_the_order_of_the_others(seed: int, size: int) -> None:
    """Nothing but the rarity of topics depends on the other stories, and these mention none."""
    numbers = np.random.default_rng(seed)
    entries = [invented(numbers, id) for id in range(size)]
    seeker = Seeker(vector=entries[0].vector, given=entries[-1].chosen)
    whole = ranked(entries, seeker)
    without = ranked(entries[1:], seeker)
    assert [id for id in whole if id != "0"] == without


def test_equal_stories_keep_one_order() -> None:
    twins = [Entry(id=id, language="en", vector=np.zeros(512, dtype=np.float32)) for id in "cab"]
    assert ranked(twins, Seeker(vector=np.ones(512, dtype=np.float32))) == ["a", "b", "c"]


def test_a_fact_that_is_missing_is_neither_near_nor_far() -> None:
    vector = np.zeros(512, dtype=np.float32)
    said = [
        Entry("same", "en", vector, Circumstances(weeks=20, kinds=("missed",))),
        Entry("nothing", "en", vector),
        Entry("far", "en", vector, Circumstances(weeks=40, kinds=("infant",))),
    ]
    seeker = Seeker(vector, Circumstances(weeks=20, kinds=("missed",)))
    assert ranked(said, seeker) == ["same", "nothing", "far"]


def test_an_empty_shelf_has_nothing_to_say() -> None:
    empty = Shelf([])
    seeker = Seeker(np.ones(512, dtype=np.float32), Circumstances(kinds=("missed",), weeks=9))
    assert empty.scores(seeker).shape == (0,)


def test_ten_thousand_stories_are_scored_at_once() -> None:
    numbers = np.random.default_rng(1)
    few = [invented(numbers, id) for id in range(50)]
    shelf = Shelf([few[n % 50] for n in range(10_000)])
    text = "our son died at 20 weeks, are there other dads, years later"
    seeker = Seeker(few[0].vector, few[1].chosen, read(text, today=TODAY))
    best = min(timed(shelf, seeker) for _ in range(9))
    assert best < 0.02, f"{best * 1000:.1f} ms; of processor time; on an idle core it takes 2"


def timed(shelf: Shelf, seeker: Seeker) -> float:
    started = time.thread_time()
    shelf.scores(seeker)
    return time.thread_time() - started


def ranked(entries: list[Entry], seeker: Seeker) -> list[str]:
    shelf = Shelf(entries)
    return [shelf.ids[row] for row in order(shelf.scores(seeker), shelf.ids)]


def invented(numbers: np.random.Generator, id: int) -> Entry:
    vector = numbers.normal(size=512).astype(np.float32)
    kinds = ("missed", "ectopic", "stillbirth_before", "infant", "tfmr_baby")
    chosen = Circumstances(
        kinds=(str(numbers.choice(kinds)),),
        weeks=int(numbers.integers(5, 42)),
        relation=str(numbers.choice(["carried", "father", "grandparent", ""])),
        themes=tuple(sorted({str(numbers.choice(["cord", "heart", "guilt", "faith"])) for _ in range(2)})),
        since_months=int(numbers.integers(0, 400)),
    )
    return Entry(str(id), "en", vector / np.linalg.norm(vector), chosen, Reading())
