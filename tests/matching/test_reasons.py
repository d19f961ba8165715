"""Why a story is near, in gentle words."""

from __future__ import annotations

import re

import pytest

from alongside.families.circumstances import Circumstances
from alongside.families.vocabulary import vocabulary
from alongside.matching.reasons import named, reasons

SEEKER = Circumstances(kinds=("stillbirth_before",), weeks=20, relation="father", themes=("found_at_scan", "cord"))


def test_the_same_circumstances_are_named_most_telling_first() -> None:
    assert reasons(SEEKER, SEEKER) == ["Also a father", "Also at 20 weeks", "Also the cord"]


def test_a_difference_is_said_plainly() -> None:
    later = Circumstances(kinds=("stillbirth_before",), weeks=31, since_months=110)
    assert reasons(SEEKER, later) == ["Also died before birth", "Nine years on", "Later, at 31 weeks"]


def test_about_the_same_weeks() -> None:
    assert "Also at about 20 weeks" in reasons(SEEKER, Circumstances(weeks=21))


def test_nothing_shared_gives_no_reason() -> None:
    assert reasons(SEEKER, Circumstances(relation="grandparent")) == []


@pytest.mark.parametrize("language", ["en", "es", "fr", "de"])
def test_every_language_has_every_sentence_and_no_figure_of_merit(language: str) -> None:
    for kind in vocabulary().kinds:
        said = Circumstances(kinds=(kind,), weeks=20, themes=("cord",), age_days=0, since_months=200)
        for reason in reasons(said, said, language, most=9):
            assert not re.search(r"[%!{}]|\bscore\b", reason)
            assert reason[0].isupper()


def test_a_word_is_never_made_from_the_weeks() -> None:
    """Only what both said is a reason; 38 weeks alone is not "died before birth"."""
    both = Circumstances(weeks=38)
    assert reasons(both, both) == ["Also at 38 weeks"]


@pytest.mark.parametrize("kind", [k for k, entry in vocabulary().kinds.items() if entry.sensitive])
def test_h7_an_ending_is_named_only_where_both_named_it(kind: str) -> None:
    also = vocabulary().kinds[kind].also["en"]
    told = Circumstances(kinds=(kind,), weeks=22)
    assert also in reasons(told, told)
    assert also not in reasons(Circumstances(weeks=22), told, most=9)
    assert also not in reasons(told, Circumstances(weeks=22), most=9)


@pytest.mark.parametrize("theme", [t for t, entry in vocabulary().themes.items() if entry.sensitive])
def test_a_sensitive_theme_is_named_only_where_both_named_it(theme: str) -> None:
    label = vocabulary().themes[theme].label["en"]
    told = Circumstances(themes=(theme,))
    assert reasons(told, told) == [f"Also {label}"]
    assert reasons(told, Circumstances(themes=("cord",))) == []


def test_a_broader_word_is_shared_by_who_says_more() -> None:
    seeker = Circumstances(themes=("placenta",))
    told = Circumstances(themes=("placental_abruption",))
    assert reasons(seeker, told) == ["Also the placenta"]
    assert reasons(told, told) == ["Also the placenta came away early"]


def test_chosen_facts_stand_before_those_read_from_words() -> None:
    chosen = Circumstances(weeks=20)
    read = Circumstances(weeks=31, relation="father")
    assert named(chosen, read) == Circumstances(weeks=20, relation="father")


def test_an_unknown_language_is_answered_in_english() -> None:
    assert reasons(SEEKER, SEEKER, "pl") == reasons(SEEKER, SEEKER, "en")
