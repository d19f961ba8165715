"""What the stylesheet and its neighbours promise: equal dark tokens, the size of a first view, letters of our own."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "alongside" / "static"
CSS = (STATIC / "alongside.css").read_text()
BUDGET = {"alongside.css": 6 * 1024, "alongside.js": 3 * 1024, "shapes.svg": 1200}
"""DESIGN 9, gzip bytes; the page's own HTML has 5 KB of the 15."""


def tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r" \{(.*?)\}", CSS, re.DOTALL)
    assert block, selector
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", block[1]))


def test_dark_is_the_same_by_device_and_by_choice() -> None:
    by_device = tokens(':root:not([data-theme="light"])')
    assert len(by_device) > 20
    assert by_device == tokens(':root[data-theme="dark"]')


def test_every_token_used_is_given() -> None:
    given = set(re.findall(r"(--[\w-]+):", CSS))
    assert set(re.findall(r"var\((--[\w-]+)", CSS)) <= given


def test_first_view_files_keep_their_budget() -> None:
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in BUDGET}
    assert {name: size for name, size in sizes.items() if size > BUDGET[name]} == {}


def test_the_two_letters_of_a_first_view_weigh_at_most_80_kilobytes() -> None:
    assert sum((STATIC / f"fonts/{name}-latin.woff2").stat().st_size for name in ("literata", "atkinson")) <= 80 * 1024


def test_h3_style_and_script_name_no_other_place() -> None:
    for name in ("alongside.css", "alongside.js"):
        assert not re.search(r"(?:https?:)?//\w+\.", (STATIC / name).read_text()), name


def test_letters_come_with_their_licences() -> None:
    files = {path.name for path in (STATIC / "fonts").iterdir()}
    assert set(re.findall(r"fonts/([\w-]+\.woff2)", CSS)) == {name for name in files if name.endswith(".woff2")}
    assert {"literata-OFL.txt", "atkinson-OFL.txt"} <= files
