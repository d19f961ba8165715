"""The paper as the server gives it: what stands on it is whole, and no browser remembers it (D1, S26, DESIGN 6)."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from alongside.keepsakes.paper import Paper

STATIC = Path(__file__).parents[2] / "alongside" / "static"
WORDS = "\nDear Ansel,\n</textarea><script>x</script> & \"so\" 'on'"

pytestmark = pytest.mark.usefixtures("plain_static")


class _Fields(HTMLParser):
    """Collect the elements of a page by name, and the text of its textarea."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag == "textarea"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data

    def one(self, tag: str, **attrs: str) -> dict[str, str | None]:
        (only,) = [has for name, has in self.found if name == tag and attrs.items() <= has.items()]
        return only


@pytest.fixture
def plain_static(settings: Any) -> None:
    """Let pages name their static files without collecting them first."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def page(**more: Any) -> tuple[_Fields, str]:
    said: dict[str, Any] = {
        "action": "/write/x/",
        "name": "sheet:x",
        "text": WORDS,
        "base": 7,
        "tab": "t" * 22,
        "label": "Start",
    } | more
    html = render_to_string("parts/paper.html", {"paper": Paper(**said)})
    fields = _Fields()
    fields.feed(html)
    return fields, html


def test_d1_the_words_stand_there_to_the_letter() -> None:
    fields, html = page()
    assert fields.text == f"\n{WORDS}"  # A browser leaves out the first line break, which is ours.
    assert "<script>x" not in html
    assert [has.get("name") for _, has in fields.found if has.get("type") == "hidden"] == ["base", "tab", "stroke"]


def test_s26_no_field_is_remembered_by_a_browser() -> None:
    fields, _ = page()
    assert fields.one("form", id="paper")["autocomplete"] == "off"
    assert fields.one("textarea")["autocomplete"] == "off"


def test_kept_is_said_by_the_server_only_of_words_that_are_kept() -> None:
    visible = re.compile(r"<template.*?</template>", re.DOTALL)
    assert "won’t lose it" not in visible.sub("", page()[1])
    assert "won’t lose it" not in visible.sub("", page(kept=True, text="")[1])
    assert "Kept. Closing the page won’t lose it." in page(kept=True)[1]
    assert "Kept for this device. Closing the page won’t lose it." in page(kept=True, device=True)[1]


def test_s37_a_sending_says_whether_somebody_was_signed_in() -> None:
    assert page(signed_in=True)[0].one("input", name="signed_in")["value"] == "1"
    assert "signed_in" not in page()[1]


def test_every_token_of_its_style_is_given() -> None:
    style = (STATIC / "writing.css").read_text()
    given = set(re.findall(r"(--[\w-]+):", style + (STATIC / "alongside.css").read_text()))
    assert set(re.findall(r"var\((--[\w-]+)", style)) <= given


def test_its_files_are_light_and_name_no_other_place() -> None:
    sizes = {}
    for name in ("writing.css", "writing.js", "kept.js"):
        said = (STATIC / name).read_bytes()
        assert not re.search(rb"(?:https?:)?//\w+\.", said), name
        sizes[name] = len(gzip.compress(said, 9))
    assert sizes["writing.js"] <= 3.6 * 1024
    assert sum(sizes.values()) <= 6.5 * 1024


def test_nothing_is_kept_where_it_could_be_read() -> None:
    script = (STATIC / "writing.js").read_text() + (STATIC / "kept.js").read_text()
    assert not re.search(r"localStorage|sessionStorage|innerHTML|document\.title|document\.cookie", script)
