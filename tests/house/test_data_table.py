"""S44: what is held is a table in docs/developers/data.md, and the table is true: no column is missing, none is invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from alongside.vault.fields import SealedField

TABLE = Path(__file__).resolve().parents[2] / "docs" / "developers" / "data.md"
CELLS = ("column", "what", "why", "form", "kept", "found")
"""Form is "plain" or "sealed"; found says what of it stands in the finding index."""


def rows(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return {model label: {column: {cell: words}}} of the tables below headings such as ``### stories.Story``."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for heading, body in re.findall(r"^### ([a-z]+\.[A-Z]\w+)[^\n]*\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL):
        lines = re.findall(r"^\| `(\w+)` \|(.*)\|$", body, re.MULTILINE)
        found[heading] = {
            column: dict(zip(CELLS[1:], (cell.strip() for cell in rest.split("|")), strict=True))
            for column, rest in lines
        }
    return found


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("alongside.")]


def columns(model: type[models.Model]) -> dict[str, models.Field[object, object]]:
    return {str(field.column): field for field in model._meta.concrete_fields}


def test_s44_every_column_is_in_the_table_and_every_row_is_a_column() -> None:
    said = {label: set(table) for label, table in rows(TABLE.read_text(encoding="utf-8")).items()}
    held = {model._meta.label: set(columns(model)) for model in ours()}
    assert said == held


def test_s44_every_row_says_what_why_in_which_form_and_for_how_long() -> None:
    empty = [
        f"{label} {column}: {cell}"
        for label, table in rows(TABLE.read_text(encoding="utf-8")).items()
        for column, cells in table.items()
        for cell in CELLS[1:]
        if not cells[cell]
    ]
    assert not empty


def test_s44_what_the_table_calls_sealed_is_sealed_and_nothing_else_is() -> None:
    table = rows(TABLE.read_text(encoding="utf-8"))
    wrong = [
        f"{model._meta.label} {column}"
        for model in ours()
        for column, field in columns(model).items()
        if table[model._meta.label][column]["form"] != ("sealed" if isinstance(field, SealedField) else "plain")
    ]
    assert not wrong


@pytest.mark.django_db
def test_s44_every_table_of_the_database_is_named() -> None:
    text = TABLE.read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        held = connection.introspection.table_names(cursor)
    assert len(held) > 20
    assert not [name for name in held if f"`{name}`" not in text]


@pytest.mark.django_db
def test_s44_the_tables_called_unlogged_are_unlogged_and_no_others() -> None:
    said = set(re.findall(r"^### [^\n]*`(\w+)`[^\n]*UNLOGGED", TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'")
        assert said == {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_s5_the_tables_said_to_have_row_level_security_have_it_and_no_others() -> None:
    said = set(
        re.findall(r"^### [^\n]*`(\w+)`[^\n]*row-level security", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        assert said == {name for (name,) in cursor.fetchall()}


def test_the_table_is_read_as_it_is_written() -> None:
    assert rows(
        "### a.Bee (`a_bee`)\n\n| column | what |\n|---|---|\n| `id` | x | y | plain | for ever | no |\n\n## C\n"
    ) == {"a.Bee": {"id": {"what": "x", "why": "y", "form": "plain", "kept": "for ever", "found": "no"}}}
