"""Asking again: what a seeker gave travels with the page as hidden fields, and is kept by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict  # noqa: TID251 - what a sent form's data is

LAST_PAGE = 40
_OURS = frozenset({"page", "include", "do"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of what was found, with or without stories of a new pregnancy."""

    page: int
    include: bool
    answers: Sequence[tuple[str, str]]

    def hidden(self) -> list[tuple[str, str]]:
        """Return the fields that ask the same again; the button pressed says what changes."""
        include = [("include", "on")] if self.include else []
        return [*self.answers, ("page", str(self.page)), *include]


def asked_of(form: forms.Form) -> Asked:
    """Return what a sent form asks for: its ``do`` is "more", "include" or nothing."""
    data = form.data
    assert isinstance(data, QueryDict)
    do, page = data.get("do", ""), str(data.get("page", "0"))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 0
    answers = [(name, value) for name in form.fields for value in data.getlist(name)]
    return Asked(
        page=0 if do == "include" else min(number + (do == "more"), LAST_PAGE),
        include=do == "include" or data.get("include") == "on",
        answers=[(name, value) for name, value in answers if name not in _OURS],
    )
