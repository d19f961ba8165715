"""Another kind of grief is noticed, and nobody who belongs here is sent away."""

from __future__ import annotations

import pytest

from alongside.matching.elsewhere import elsewhere
from tests.matching.sentences import CASES

OTHERS = [
    ("my dog died yesterday", "pet"),
    ("we had to put our old cat to sleep", "pet"),
    ("mi perro murió", "pet"),
    ("mon chat est mort", "pet"),
    ("unser Hund musste eingeschläfert werden", "pet"),
    ("my mum died in March", "adult"),
    ("I lost my husband", "adult"),
    ("murió mi padre hace dos meses", "adult"),
    ("ma mère est décédée", "adult"),
    ("mein Vater ist gestorben", "adult"),
    ("my boyfriend left me", "breakup"),
    ("mi novio me dejó", "breakup"),
    ("mon copain m'a quittée", "breakup"),
    ("mein Freund hat Schluss gemacht", "breakup"),
    ("I lost my job", "no_loss"),
    ("perdí mi trabajo", "no_loss"),
]

AT_HOME = [
    "my dog kept me company after our daughter died",
    "my mother held him",
    "meine Mutter hat ihn gehalten",
    "my husband died and I was pregnant",
    "my best friend lost her baby",
    "my mother lost a baby in 1962",
    "perdí a mi bebé, mi madre estaba conmigo",
    "mon père est mort la même semaine que notre fils",
    "mein Vater ist gestorben, kurz nach der Fehlgeburt",
    "my boyfriend left me after the miscarriage",
    "mi marido me dejó cuando perdimos a la niña",
    "ectopic",
    "💔",
    "'; DROP TABLE stories; --",
    "",
]


@pytest.mark.parametrize(("text", "category"), OTHERS)
def test_another_grief_is_noticed(text: str, category: str) -> None:
    assert elsewhere(text) == category


@pytest.mark.parametrize("text", [*AT_HOME, *[sentence for _, sentence, _ in CASES]])
def test_a_loss_of_a_baby_is_at_home_here(text: str) -> None:
    assert elsewhere(text) is None


@pytest.mark.parametrize("text", ["you people are attention seekers", "kill yourself", "you jinxed it by posting"])
def test_hostile_words_are_words_like_any_other(text: str) -> None:
    assert elsewhere(text) is None


def test_a_story_is_never_judged() -> None:
    assert elsewhere("My mum died in March. " * 100) is None
