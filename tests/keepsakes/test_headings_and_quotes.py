"""Plain text as families write it: what a line begins with makes that line a heading or a quote, and nothing else."""

from __future__ import annotations

import pytest

from alongside.keepsakes.said import blocks
from tests.keepsakes.household import Household, at


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Dear you,\nI write.\n\nAnd on.", [("paragraph", "Dear you,\nI write."), ("paragraph", "And on.")]),
        ("## The room\nIt was quiet.", [("heading", "The room"), ("paragraph", "It was quiet.")]),
        ("It was quiet.\n## The room", [("paragraph", "It was quiet."), ("heading", "The room")]),
        ("## One\n## Two", [("heading", "One"), ("heading", "Two")]),
        ("> a\n> b", [("quote", "a\nb")]),
        ("> a\n>\n> b", [("quote", "a\n\nb")]),
        (
            "She said\r\n> hold him\r\nand I did.",
            [("paragraph", "She said"), ("quote", "hold him"), ("paragraph", "and I did.")],
        ),
        ("3 > 2\n#1\n##", [("paragraph", "3 > 2\n#1\n##")]),
        ("## \n\n>\n\n \n", [("paragraph", "##")]),
    ],
)
def test_a_line_is_what_it_begins_with(text: str, parts: list[tuple[str, str]]) -> None:
    assert list(blocks(text)) == parts


@pytest.mark.django_db
def test_the_page_of_a_keepsake_shows_them_and_the_editor_says_how(house: Household) -> None:
    memory = house.keeps(house.mara, "## The room\nIt was quiet.\n> a\n> b")
    page = house.tobias.sees(at("item", memory.pk))
    assert '<h2 class="beat" dir="auto">The room</h2>' in page
    assert '<blockquote class="beat" dir="auto">a\nb</blockquote>' in page
    for path in (at("write", memory.pk), "/write/"):
        assert "A line that begins with “## ” is a heading, one with “&gt; ” a quote." in house.mara.sees(path)
