"""Every sealed column of every model, found by what a column is and not by a list that somebody has to keep."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from alongside.vault import sealing
from alongside.vault.errors import Tampered
from alongside.vault.fields import SealedBytes, SealedField, SealedJSON, SealedText
from alongside.vault.sealing import Place

ROWS = 6
"""Of each table: enough that two rows are of one family, and two of different ones."""


@dataclass(frozen=True)
class Column:
    """One sealed value of one row, with the attribute that opens it."""

    instance: models.Model = field(repr=False)
    opener: Any = field(repr=False)
    name: str
    place: Place
    sealed: bytes = field(repr=False)
    plain: bytes = field(repr=False)

    @property
    def table(self) -> str:
        return self.place.table

    @property
    def row(self) -> uuid.UUID:
        return self.place.row

    def __str__(self) -> str:
        return f"{self.table}.{self.name} of {self.row}"


def columns() -> tuple[list[Column], list[str]]:
    """Return a value of each sealed column for some rows of each table, and columns that no row has."""
    found, untried = [], []
    for model in apps.get_models():
        sealed = {one.attname for one in model._meta.local_fields if isinstance(one, SealedField)}
        openers = [one for _, one in inspect.getmembers_static(model) if _opens(one)]
        # A column that nothing opens yet is opened here as bytes.
        openers += [SealedBytes(name) for name in sorted(sealed - {one.column for one in openers})]
        rows = list(model._base_manager.using("owner").select_related()[:ROWS]) if sealed else []
        untried += [f"{model._meta.db_table}.{name}" for name in sealed if not rows]
        for row in rows:
            for opener in openers:
                place = opener.place(row)
                value = getattr(row, opener.column)
                plain = b"invented for the campaign" if value is None else sealing.open(place, bytes(value))
                sealed_value = sealing.seal(place, plain) if value is None else bytes(value)
                found.append(Column(row, opener, opener.column, place, sealed_value, plain))
    return found, sorted(untried)


def _opens(one: Any) -> bool:
    return isinstance(one, SealedText | SealedBytes | SealedJSON)


def through_the_model(value: Column, bad: bytes) -> Callable[[], str]:
    """Return a check: does a row that holds ``bad`` refuse to be read? "" is well; else what is wrong."""

    def check() -> str:
        setattr(value.instance, value.name, bad)
        try:
            given = value.opener.__get__(value.instance, type(value.instance))
        except Tampered as refusal:
            return _tells(value, refusal)
        except Exception as error:
            return f"refused by {type(error).__name__}, which is not the refusal for it"
        finally:
            setattr(value.instance, value.name, value.sealed)
        return f"given out: {type(given).__name__}"

    return check


def _tells(value: Column, refusal: Tampered) -> str:
    """Return what is wrong with a refusal: it names the row, and holds nothing of what is sealed."""
    said = f"{refusal!r} {refusal} {refusal.__cause__!r}"
    if str(value.row) not in said:
        return "the refusal does not say which row"
    words = value.plain[:24]
    return "the refusal holds words" if len(words) > 8 and words.decode(errors="replace") in said else ""
