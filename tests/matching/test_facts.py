"""The facts of the `rank` command on the vocabulary."""

from __future__ import annotations

from typing import Any

import pytest

from alongside.families.circumstances import Circumstances
from alongside.matching.facts import circumstances_of, language_of

KINDS = [
    "early_miscarriage",
    "late_miscarriage",
    "missed_miscarriage",
    "recurrent",
    "chemical",
    "ectopic",
    "molar",
    "failed_ivf",
    "tfmr",
    "stillbirth",
    "neonatal_death",
    "infant_death",
    "twin_loss",
    "other",
]
RELATIONS = [
    "mother",
    "father",
    "grandmother",
    "grandfather",
    "partner-female",
    "sibling",
    "surrogate",
    "aunt",
    "friend",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_place(kind: str) -> None:
    assert circumstances_of({"kind": kind}).kinds


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_has_its_place(relation: str) -> None:
    assert circumstances_of({"relation": relation}).relation


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"kind": "neonatal_death", "age_days": 2}, ("neonatal_early",)),
        ({"kind": "neonatal_death", "age_days": 12}, ("neonatal_late",)),
        ({"kind": "neonatal_death", "age_days": 0, "weeks": 22}, ("born_too_early", "neonatal_early")),
        ({"kind": "infant_death", "cause": "sids"}, ("infant", "sudden")),
        ({"kind": "missed"}, ("missed",)),
        ({"kind": "dragon"}, ()),
    ],
)
def test_kinds_look_at_the_other_facts(facts: dict[str, Any], kinds: tuple[str, ...]) -> None:
    assert circumstances_of(facts).kinds == kinds


@pytest.mark.parametrize(
    ("cause", "theme"),
    [
        ("placenta", "placenta"),
        ("trisomy 18", "chromosome"),
        ("preeclampsia", "pre_eclampsia_hellp"),
        ("Nabelschnur", "cord"),
        ("infección", "infection_chorio"),
        ("cervical insufficiency", "cervix_opened_early"),
        ("heart defect", "heart"),
        ("unknown", "unknown"),
        ("kidneys", "kidneys_no_fluid"),
        ("genetic_condition", "genetic_condition"),
    ],
)
def test_a_plain_word_for_a_cause_is_understood(cause: str, theme: str) -> None:
    assert theme in circumstances_of({"cause": cause}).themes


@pytest.mark.parametrize(
    "facts",
    [{"weeks": -3}, {"weeks": 99}, {"weeks": "20"}, {"weeks": float("nan")}, {"age_days": True}, {"kind": ["a"]},
     {"relation": 4}, {"cause": None}, {"months_since": 10**9}, {}],
)  # fmt: skip
def test_what_cannot_be_is_left_out(facts: dict[str, Any]) -> None:
    assert circumstances_of(facts) == Circumstances()


def test_weeks_with_days_are_rounded() -> None:
    assert circumstances_of({"weeks": 20.4, "months_since": 12}) == Circumstances(weeks=20, since_months=12)


def test_a_locale_names_a_language() -> None:
    assert language_of({"locale": "es-AR"}) == "es"
    assert language_of({"language": "de"}) == "de"
    assert language_of({"language": 3}) == ""
