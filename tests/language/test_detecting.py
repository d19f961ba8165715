"""Knowing the language of a short sentence."""

from __future__ import annotations

import pytest

from alongside.language.detect import LANGUAGES, detect, likely
from tests.matching.sentences import CASES


def test_nearly_every_sentence_of_three_words_is_known() -> None:
    long = [(language, sentence) for language, sentence, _ in CASES if len(sentence.split()) >= 3]
    wrong = [sentence for language, sentence in long if detect(sentence) not in (language, "")]
    unsure = [sentence for language, sentence in long if detect(sentence) == ""]
    assert not wrong
    assert len(unsure) < 0.12 * len(long), unsure


@pytest.mark.parametrize(
    "text",
    [
        "Straciłam dziecko w dwudziestym tygodniu i nie wiem jak żyć",
        "ho perso mia figlia a venti settimane",
        "perdi meu filho com trinta semanas",
        "ik heb mijn kind verloren en ik weet niet hoe het verder moet",
        "12345",
        "💔",
        "",
    ],
)
def test_another_language_is_not_taken_for_one_of_ours(text: str) -> None:
    assert detect(text) == ""


def test_a_single_clinical_word_may_be_in_any() -> None:
    assert likely("ectopic") == LANGUAGES


def test_the_language_one_writes_in_is_likeliest() -> None:
    assert likely("nuestro hijo murió y nadie habla de él")[0] == "es"
