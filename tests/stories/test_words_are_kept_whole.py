"""What the words of a chapter take, and what they refuse rather than show wrongly."""

from __future__ import annotations

import pytest

from alongside.stories.otherwise import LONGEST as LONGEST_NAME
from alongside.stories.otherwise import MOST
from alongside.stories.words import LONGEST, Words, WordsError
from tests.cast import words


@pytest.mark.parametrize(
    "names",
    [
        {"": "A."},
        {" ": "A."},
        {"Ansel": ""},
        {"Ansel": "A" * (LONGEST_NAME + 1)},
        {"A" * (LONGEST_NAME + 1): "A."},
        {f"Name {number}": "somebody" for number in range(MOST + 1)},
    ],
)
def test_v1_names_that_cannot_be_read_otherwise_are_refused(names: dict[str, str]) -> None:
    with pytest.raises(WordsError):
        words("He is Ansel.", names=names)


def test_d1_words_come_back_as_they_were_kept() -> None:
    said = words("One.\n\n## Two\n\n> Three", notes=("scan",), fold="living_child")
    assert Words.from_json(said.to_json()) == said
    assert Words.from_json(said.to_json()).canonical() == said.canonical()


def test_a_chapter_has_an_end() -> None:
    assert words("a" * LONGEST).text()
    with pytest.raises(WordsError):
        words("a" * (LONGEST + 1))
