"""Rules about the code itself: names, sizes, who imports views and forms, and no row asked past the policy."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "alongside"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "services.py", "signals.py", "admin.py", "misc.py", "common.py"}
PRIVATE_MODELS = {
    "Story",
    "Chapter",
    "Revision",
    "ChapterDraft",
    "Consent",
    "Link",
    "LinkYes",
    "LinkDevice",
    "StoryPhoto",
    "StorySound",
    "KeepsakeBox",
    "Entry",
    "StoryVector",
    "Memory",
    "MemoryVersion",
    "Baby",
    "Sheet",
    "SheetVersion",
}
ASKED = {"visible_to", "told_by_family_of", "held_by", "written_by", "kept_for"}


def tracked(*patterns: str) -> list[Path]:
    """Return the files that git knows, or would know, by pattern."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


SOURCES = [path for path in tracked("*.py") if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", tracked("*.py", "*.html", "*.css", "*.js"), ids=lambda path: path.name)
def test_no_file_is_too_long(path: Path) -> None:
    if "migrations" in path.parts:
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE, path


def test_no_function_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in SOURCES
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1
        > (LONGEST_VIEW if path.name == "views.py" else LONGEST_FUNCTION)
    ]
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [path for path in SOURCES if path.name in FORBIDDEN_NAMES or "core" in path.parts]


def test_every_package_says_what_lives_in_it() -> None:
    packages = [path for path in HOUSE.glob("*/__init__.py") if path.parent.name != "__pycache__"]
    assert len(packages) > 10
    assert not [path for path in packages if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]


def test_only_urls_import_views_and_only_views_import_forms() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in SOURCES
        if path.is_relative_to(HOUSE)
        for name in imports(path)
        if name.startswith("alongside.")
        and (
            (name.endswith(".views") and path.name != "urls.py")
            or (".forms" in name and path.name not in {"views.py", "forms.py"})
        )
    ]
    assert not wrong


def unasked(path: Path) -> list[str]:
    """Return the places in a views module where rows of a private model are read without asking the policy."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)):
            continue
        if node.value.id not in PRIVATE_MODELS:
            continue
        then = parents.get(node)
        if not (isinstance(then, ast.Attribute) and then.attr in ASKED):
            found.append(f"{path.name}:{node.lineno} {node.value.id}.objects")
    return found


def test_v3_views_ask_the_policy_before_anything_else() -> None:
    views = sorted(HOUSE.glob("**/views.py"))
    assert len(views) >= 5
    assert not [place for path in views for place in unasked(path)]


def test_v3_the_rule_finds_a_view_that_forgets(tmp_path: Path) -> None:
    view = tmp_path / "views.py"
    view.write_text("def all(request):\n    return Story.objects.filter(pk=1)\n", encoding="utf-8")
    assert unasked(view) == ["views.py:2 Story.objects"]


def test_nothing_marks_text_as_safe_or_goes_round_the_token() -> None:
    words = ("mark_" + "safe", "|" + "safe", ".ra" + "w(", "@csrf_" + "exempt")
    guilty = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked("alongside/*.py", "alongside/*.html")
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert not guilty


def test_no_address_in_the_pins_and_no_path_of_a_machine() -> None:
    for path in tracked("requirements/*"):
        assert "://" not in path.read_text(encoding="utf-8"), path
    here = (str(ROOT.parent) + "/", str(Path.home()) + "/")
    guilty = [
        path
        for path in tracked("*.py", "*.md", "*.toml", "*.html", "bin/*", ".ci/*")
        if any(place in path.read_text(encoding="utf-8") for place in here if len(place) > 4)
    ]
    assert not guilty
