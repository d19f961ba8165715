"""The documentation is true or the build fails: settings, commands, promises, paths and links are checked against the code."""

from __future__ import annotations

import argparse
import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside import __main__ as command_line
from alongside import env
from tests.house.test_house_rules import ROOT, tracked

DOCS = tracked("*.md")
PROMISES = ROOT / "docs" / "promises.md"
SETTINGS = ROOT / "docs" / "operators" / "settings.md"
COMMANDS = ROOT / "docs" / "developers" / "command-line.md"
# What belongs to the operating system and is no setting of ours.
OF_THE_SYSTEM = {"PATH", "PWD", "HOME", "LD_LIBRARY_PATH", "DEBIAN_FRONTEND", "FONTCONFIG_FILE"}
NAME = re.compile(r"[A-Z][A-Z0-9_]+")


def is_environment(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "env") or (
        isinstance(node, ast.Attribute) and node.attr == "environ"
    )


def names_asked(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what a piece of code asks of the environment: ``environ[…]``, ``.get(…)``, ``… in env``, ``_number(env, …)``."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and is_environment(node.value):
        yield node.slice
    elif isinstance(node, ast.Compare) and is_environment(node.comparators[0]):
        yield node.left
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and is_environment(node.func.value):
            yield from node.args[:1]
        elif any(is_environment(given) for given in node.args):
            yield from node.args


def read_by_python(source: str) -> set[str]:
    return {
        name.value
        for node in ast.walk(ast.parse(source))
        for name in names_asked(node)
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and NAME.fullmatch(name.value)
    }


def read_by_shell(source: str) -> set[str]:
    """Return the variables a script reads that it has not set itself; ``${NAME-…}`` always counts as read."""
    script = re.sub(r"(^|\s)#.*", "", source)
    read = set(re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", script))
    asked = set(re.findall(r"\$\{([A-Z][A-Z0-9_]+):?[-=?]", script))
    made = set(re.findall(r"(?:^|\s)([A-Z][A-Z0-9_]+)=", script))
    return asked | (read - made - OF_THE_SYSTEM)


def read_by_the_code() -> set[str]:
    python = [*tracked("alongside/*.py", "bench/*.py"), ROOT / "tests" / "plugin.py", *tracked("tests/*conftest.py")]
    read = set().union(*(read_by_python(path.read_text(encoding="utf-8")) for path in python))
    return read.union(*(read_by_shell(path.read_text(encoding="utf-8")) for path in tracked("bin/*", ".ci/*")))


def cells(text: str) -> list[list[str]]:
    """Return the rows of all tables in a page, without their heads."""
    rows = re.findall(r"^\|(.+)\|$", text, re.MULTILINE)
    split = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in rows]
    return [row for row in split if not set("".join(row)) <= set("-: ")]


def documented_settings() -> dict[str, list[str]]:
    rows = cells(SETTINGS.read_text(encoding="utf-8"))
    return {match[1]: row[1:] for row in rows if (match := re.fullmatch(r"`([A-Z][A-Z0-9_]+)`", row[0]))}


def test_settings_md_lists_exactly_what_the_code_reads() -> None:
    assert set(documented_settings()) == read_by_the_code()


def test_settings_md_gives_the_defaults_that_the_code_has(tmp_path: Path) -> None:
    said, bare = documented_settings(), env.read({"ALONGSIDE_DATA": str(tmp_path / "none")})
    for name, default in {
        "ALONGSIDE_COUNTRY": bare.country,
        "ALONGSIDE_EXIT_URL": bare.exit_url,
        "ALONGSIDE_MASTER_KEY_FILE": "secrets/master.key",
        "ALONGSIDE_NAME": bare.name,
        "ALONGSIDE_PROXIES": str(bare.proxies),
        "ALONGSIDE_SECRET_KEY_FILE": "secrets/django.key",
        "PORT": str(bare.port),
    }.items():
        assert f"`{default}`" in said[name][0], name
    assert bare.master_key_file == tmp_path / "none" / "secrets" / "master.key"
    assert bare.secret_key_file == tmp_path / "none" / "secrets" / "django.key"


def test_the_reading_of_sources_sees_each_way_of_asking() -> None:
    source = """
port = _number(env, "PORT", 8000)
said = os.environ.get("ASKED", "HERE") or env["TAKEN"] or ("SEEN" in os.environ)
os.environ["MADE"] = "1"
"""
    assert read_by_python(source) == {"PORT", "ASKED", "TAKEN", "SEEN"}
    script = 'export DATA="${DATA:-here}"\nMADE=$PWD\necho "$MADE $OTHER" # $COMMENT\n'
    assert read_by_shell(script) == {"DATA", "OTHER"}


def parsers() -> dict[str, argparse.ArgumentParser]:
    (commands,) = (part for part in command_line._parser()._actions if isinstance(part, argparse._SubParsersAction))
    return dict(commands.choices)


def test_command_line_md_lists_exactly_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    rows = [row for row in cells(COMMANDS.read_text(encoding="utf-8")) if row[0].startswith("`")]
    said = {row[0].strip("`").split()[0]: row for row in rows}
    assert set(said) == set(parsers())
    for name, parser in parsers().items():
        usage, does = said[name][0], " ".join(said[name][1:])
        options = {long for part in parser._actions for long in part.option_strings if long.startswith("--")}
        takes = {str(part.metavar) for part in parser._actions if not part.option_strings}
        assert set(re.findall(r"--[a-z-]+", usage)) == options - {"--help"}, name
        assert set(re.findall(r"[A-Z]+", re.sub(r"\[[^]]*\]|--[\w-]+ [A-Z]+", "", usage))) == takes, name
        for part in parser._actions:
            if part.option_strings and part.default not in {None, False, "", argparse.SUPPRESS}:
                assert f"`{part.default}`" in does, f"{name} {part.option_strings[0]}"


def marked_in_templates() -> dict[str, set[str]]:
    """Return {promise id: templates whose first comment names it} ("Promises on this page: no-record, not-kept.")."""
    found: dict[str, set[str]] = {}
    for path in tracked("alongside/*.html"):
        comments = re.findall(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", path.read_text(encoding="utf-8"), re.DOTALL
        )
        for comment in comments:
            for said in re.findall(r"Promises(?: on this page)?: ([a-z, \n-]+)", comment):
                for promise in re.findall(r"[a-z]+(?:-[a-z]+)*", said):
                    found.setdefault(promise, set()).add(str(path.relative_to(ROOT)))
    return found


def promises() -> list[tuple[str, str, str, str]]:
    """Return (id, sentence, template, tests) of each row in docs/promises.md."""
    rows = [row for row in cells(PROMISES.read_text(encoding="utf-8")) if len(row) == 5 and row[0] != "id"]
    return [(row[0].strip("`"), row[1], row[2].strip("`"), row[4]) for row in rows]


def words_on_screen(template: str) -> str:
    text = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}",
        "",
        (ROOT / template).read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    return " ".join(html.unescape(text).replace("’", "'").split())


def names_in(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_h6_every_promise_that_a_template_marks_is_in_the_table() -> None:
    assert marked_in_templates()
    assert set(marked_in_templates()) <= {promise for promise, *_ in promises()}


def test_h6_every_promise_stands_on_the_screen_that_the_table_names() -> None:
    gone = [
        f"{sentence} ({template})"
        for _, sentence, template, _ in promises()
        if sentence.replace("’", "'") not in words_on_screen(template)
    ]
    assert not gone


def test_h6_every_promise_names_tests_that_exist() -> None:
    wrong = []
    for promise, _, _, said in promises():
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", said)
        missing = [
            f"{path}::{test}" for path, test in named if not (ROOT / path).exists() or test not in names_in(ROOT / path)
        ]
        wrong += [f"{promise}: {name} does not exist" for name in missing]
        wrong += [] if named else [f"{promise}: needs a test"]
    assert not wrong


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_that_are_named_exist(page: Path) -> None:
    if page.parent.name == "decisions":
        return  # a decision may name what it refused, or what is to come
    named = re.findall(
        r"`((?:alongside|tests|bench|bin|docs|requirements|\.ci)/[\w./*-]+)`", page.read_text(encoding="utf-8")
    )
    assert not [path for path in named if not any(ROOT.glob(path.rstrip("/")))]
