"""What the words of a chapter take, and what they refuse rather than show wrongly."""

from __future__ import annotations

import pytest

from alongside.stories.words import LONGEST, Words, WordsError
from tests.cast import words


def test_v1_a_name_meant_for_the_family_alone_is_refused_while_no_page_can_keep_it_from_others() -> None:
    with pytest.raises(WordsError):
        words("He is Ansel.", names={"Ansel": "A."})


def test_d1_words_come_back_as_they_were_kept() -> None:
    said = words("One.\n\n## Two\n\n> Three", notes=("scan",), fold="living_child")
    assert Words.from_json(said.to_json()) == said
    assert Words.from_json(said.to_json()).canonical() == said.canonical()


def test_a_chapter_has_an_end() -> None:
    assert words("a" * LONGEST).text()
    with pytest.raises(WordsError):
        words("a" * (LONGEST + 1))
