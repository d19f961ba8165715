"""Reading circumstances from a sentence, in the words people use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from alongside.matching.reading import Reading, read
from tests.matching.sentences import CASES

TODAY = date(2026, 11, 22)


def test_there_are_many_sentences_in_every_language() -> None:
    assert len(CASES) >= 150
    assert {language for language, _, _ in CASES} == {"en", "es", "fr", "de"}


@pytest.mark.parametrize(("language", "sentence", "facts"), CASES, ids=[sentence for _, sentence, _ in CASES])
def test_a_sentence_is_understood(language: str, sentence: str, facts: dict[str, Any]) -> None:
    for hint in ("", language):
        found = read(sentence, language=hint, today=TODAY)
        assert not missing(found, facts), (hint, found)


def missing(found: Reading, facts: dict[str, Any]) -> list[str]:
    """The names of the facts that were not read."""
    said = found.circumstances
    checks: dict[str, Callable[[Any], bool]] = {
        "kinds": lambda kinds: set(kinds) <= set(said.kinds),
        "not_kinds": lambda kinds: not set(kinds) & set(said.kinds),
        "leans": lambda kind: max(found.kinds, key=lambda one: found.kinds[one]) == kind,
        "weeks": lambda weeks: said.weeks == weeks,
        "no_weeks": lambda _: said.weeks is None,
        "relation": lambda relation: said.relation == relation,
        "themes": lambda themes: set(themes) <= set(said.themes),
        "not_themes": lambda themes: not set(themes) & set(said.themes),
        "since": lambda months: said.since_months is not None and abs(said.since_months - months) <= 1 + months / 20,
        "age": lambda days: said.age_days == days,
        "wishes": lambda wishes: set(wishes) <= set(found.wishes),
    }
    return [name for name, wanted in facts.items() if not checks[name](wanted)]


@pytest.mark.parametrize(
    "sentence",
    [
        "our son died at 20 weeks",
        "Unser Sohn starb in der 20. Woche",
        "nuestro hijo murió a las 20 semanas",
        "notre fils est mort à 20 semaines",
    ],
)
def test_the_weeks_are_never_turned_into_a_word(sentence: str) -> None:
    """A kind follows for nearness, but none is said that the person did not say (PRODUCT: my words)."""
    found = read(sentence, today=TODAY)
    assert found.circumstances.weeks == 20
    assert "second_trimester" not in found.circumstances.kinds
    assert found.kinds["second_trimester"] > 0


@pytest.mark.parametrize(
    "text",
    ["", " ", "ectopic", "no idea", "💔😢", "\x00\ud800", "'; DROP TABLE stories; --", "<script>alert(1)</script>",
     "a" * 200_000, "weeks " * 5000, "20+3 " * 5000, "Straciłam dziecko w 20 tygodniu", "死産でした", "24 24 24"],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(read(text, today=TODAY), Reading)


def test_a_language_that_is_not_ours_says_nothing_rather_than_something_wrong() -> None:
    assert not read("Straciłam dziecko i nie wiem jak dalej żyć", today=TODAY).circumstances


def test_a_grandmother_is_not_taken_for_a_mother() -> None:
    text = "My daughter lost her son at 30 weeks. My husband and I drove all night. She is my only daughter."
    assert read(text, today=TODAY).circumstances.relation == "grandparent"


def test_a_story_tells_more_than_one_number_and_the_loss_is_the_later() -> None:
    text = "At the 20 week scan all was well. At 31 weeks she died inside me and she was born two days later." * 8
    assert read(text, today=TODAY).circumstances.weeks == 31


def test_accents_and_capitals_do_not_matter() -> None:
    plain = read("embarazo ectopico, perdi la trompa", today=TODAY)
    assert plain.circumstances.kinds == read("EMBARAZO ECTÓPICO, PERDÍ LA TROMPA", today=TODAY).circumstances.kinds
