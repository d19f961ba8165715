"""The words on screen keep DESIGN section 5 (H4), and no page asks anything of another place (H3)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ALONGSIDE = Path(__file__).parents[2] / "alongside"
TEMPLATES = sorted(ALONGSIDE.glob("**/templates/**/*.html"))
MODULES = sorted(p for p in ALONGSIDE.glob("**/*.py") if "migrations" not in p.parts)

# DESIGN 5, the column "Not" and the rules below it. What a person wrote is not ours: it is not judged here.
FORBIDDEN = re.compile(
    r"\b(?:"
    r"passed (?:away|on)|gone to sleep|f(?:o)?etus|tissue|products|terminat\w+|lost (?:your|their|a|the) baby"
    r"|survivors?|users?|members|save|discard|hide|reveal|delete\w*"
    r"|posts?|content|messages?|profile|pending|overdue|reminders?|don['’]t forget|only \d+ left"
    r"|healed|recovered|closure|moved? on|journey|rainbow|happy news|congratulations?"
    r"|moderators?|flagged|violation|banned"
    r"|please|just|simply|oops|sorry|at least|strong|brave|everything happens|he or she|her or him"
    r"|streaks?|badges?|ranking|sensitive|graphic|warning"
    r")\b",
    re.IGNORECASE,
)
LOUD = re.compile(r"!|\b[A-Z]{4,}\b")
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]")
INLINE = re.compile(r"\s(?:style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"https?:|(?:src|href|action)=[\"']//", re.IGNORECASE)
SPOKEN = {"alt", "title", "aria-label", "placeholder", "data-wait", "data-offline", "value"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


class _Spoken(HTMLParser):
    """Collect what a person sees or hears of a page: its text and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said.extend(value for name, value in attrs if value and name in SPOKEN)


def without_comments(template: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template, flags=re.DOTALL)


def spoken(template: str) -> str:
    """Return the words a template puts on screen, translations unwrapped, placeholders and tags gone."""
    words = re.sub(
        r"\{%\s*translate\s+(?:\"([^\"]*)\"|'([^']*)').*?%\}",
        lambda m: (m[1] or m[2]).replace('"', ""),
        without_comments(template),
    )
    reader = _Spoken()
    reader.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", words, flags=re.DOTALL))
    return " ".join(" ".join(reader.said).split())


def faults_in_words(words: str) -> list[str]:
    return [m[0] for pattern in (FORBIDDEN, LOUD, EMOJI) for m in pattern.finditer(words)]


def faults(template: str) -> list[str]:
    """Return everything in a template that DESIGN 5, the security policy or H3 forbids."""
    markup = re.sub(r"\{%.*?%\}", "", without_comments(template), flags=re.DOTALL)
    built = [m[0].strip() for pattern in (INLINE, ELSEWHERE) for m in pattern.finditer(markup)]
    return faults_in_words(spoken(template)) + built


def said_by_code(module: str) -> Iterator[str]:
    """Yield the strings a module hands to gettext."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in GETTEXT:
            words = [said.value for said in node.args if isinstance(said, ast.Constant)]
            yield from (said for said in words if isinstance(said, str))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ALONGSIDE)))
def test_h4_templates_say_it_kindly(path: Path) -> None:
    assert faults(path.read_text()) == []


def test_h4_code_says_it_kindly() -> None:
    wrong = {
        f"{path.relative_to(ALONGSIDE)}: {words}": found
        for path in MODULES
        for words in said_by_code(path.read_text())
        if (found := faults_in_words(words))
    }
    assert wrong == {}


def test_every_template_is_looked_at() -> None:
    names = {path.name for path in TEMPLATES}
    assert {"base.html", "first.html", "story.html", "results.html", "help.html"} <= names


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ('<p>{% translate "Please try again" %}</p>', "Please"),
        ("<p>{% blocktranslate %}Welcome back, {{ name }}!{% endblocktranslate %}</p>", "!"),
        ("<p>Your baby is a rainbow</p>", "rainbow"),
        ("<p>At least it was early</p>", "At least"),
        ("<p>Thinking of you \U0001f49b</p>", "\U0001f49b"),
        ("<button aria-label=\"{% translate 'Delete' %}\">x</button>", "Delete"),
        ("<p>READ THIS</p>", "READ"),
        ('<p style="color: red">a</p>', "style="),
        ('<a onclick="x()">a</a>', "onclick="),
        ("<script>x()</script>", "<script"),
        ('<img src="https://elsewhere.example/a.png">', "https:"),
        ('<img src="//elsewhere.example/a.png">', 'src="//'),
    ],
)
def test_the_lint_can_fail(template: str, fault: str) -> None:
    assert fault in faults(template)


@pytest.mark.parametrize(
    "template",
    [
        "{# Please! #}<p>{{ story.content }}</p>",
        "{% comment %}style= https: !{% endcomment %}<p>Kept at 3:12.</p>",
        '<strong>24 weeks</strong><input name="message" type="hidden">{% if users %}a{% endif %}',
        '<script type="module" src="{% static \'alongside.js\' %}"></script>',
    ],
)
def test_the_lint_leaves_names_in_code_alone(template: str) -> None:
    assert faults(template) == []


def test_the_lint_reads_code() -> None:
    module = 'x = _("Sorry")\ny = gettext_lazy("Come in")\nz = "Oops"'
    assert list(said_by_code(module)) == ["Sorry", "Come in"]
