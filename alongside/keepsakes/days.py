"""Days as a family gives them: whole, or a month, a year, a day that comes back each year. None is ever worked out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

PARTS = ("day_of_month", "month", "year")
"""The three fields of parts/day.html. Empty ones are an answer too."""
_ISO = re.compile(r"(?:(?P<year>[0-9]{4})|-(?=-))(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_LEAP_YEAR = 2000
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or as much of one as was given; None for what was not."""

    year: int | None
    month: int | None
    day: int | None

    @classmethod
    def read(cls, said: str) -> Day | None:
        """Return the day that 2024-03-14, 2024-03, 2024, --03-14 or --03 is; None for anything else."""
        found = _ISO.fullmatch(said)
        if found is None:
            return None
        year, month, day = (int(part) if (part := found[name]) else None for name in ("year", "month", "day"))
        if year is None and month is None:
            return None
        try:
            date(_LEAP_YEAR if year is None else year, 1 if month is None else month, 1 if day is None else day)
        except ValueError:
            return None
        return cls(year, month, day)

    def in_words(self) -> str:
        """Return "14 March 2024", "March 2024", "2024", "14 March" or "March"."""
        shape = {
            (True, True, True): pgettext("shape of a date", "j F Y"),
            (True, True, False): pgettext("shape of a date", "F Y"),
            (False, True, True): pgettext("shape of a date", "j F"),
        }.get((self.year is not None, self.month is not None, self.day is not None))
        if shape is None:
            return str(self.year) if self.month is None else str(MONTHS[self.month])
        return date_format(date(self.year or _LEAP_YEAR, self.month or 1, self.day or 1), shape)


def in_words(said: str) -> str:
    """Return a day as it is shown: in words where it is one, else as the family typed it."""
    day = Day.read(said)
    return day.in_words() if day else said


def when(said: str, kept_at: datetime) -> tuple[int, int, int]:
    """Return where something belongs in time: by its day where one was given, else by when it was kept.

    Less of a day comes before more of it; a day without a year belongs to the year in which it was kept.
    """
    day = Day.read(said)
    if day is None:
        return kept_at.year, kept_at.month, kept_at.day
    return day.year or kept_at.year, day.month or 0, day.day or 0


def typed(form: Mapping[str, str]) -> str:
    """Return the day that three fields say, or what was typed in them, word for word, where they make no day."""
    if not any(name in form for name in PARTS):
        return form.get("day", "")
    day, month, year = (form.get(name, "").strip().replace("/", "-")[:_LONGEST] for name in PARTS)
    if not (day or month or year):
        return ""
    iso = f"{year or '-'}-{_padded(month)}-{_padded(day)}".removesuffix("-").removesuffix("-")
    return iso if Day.read(iso) else f"{day}/{month}/{year}"


def _padded(number: str) -> str:
    return number.zfill(2) if number else ""


def parts(said: str) -> dict[str, str]:
    """Return the three fields that ``typed`` made ``said`` from; empty when it came from elsewhere."""
    day = Day.read(said)
    if day is not None:
        values = [str(part) if part else "" for part in (day.day, day.month, day.year)]
    else:
        values = said.split("/") if said.count("/") == 2 else ["", "", ""]
    return dict(zip(PARTS, values, strict=True))


def is_as_typed(said: str) -> bool:
    """Whether the three fields can say it; if not, it is carried along as it is."""
    return not said or Day.read(said) is not None or said.count("/") == 2


def unclear(said: str) -> str:
    """Return what is needed when a day is none of the calendar's; "" when it is one, or none was given."""
    if not said or Day.read(said) or not is_as_typed(said):
        return ""
    return gettext("We can’t find this day in a calendar. A month or a year alone is fine, and so is no day")


def months() -> list[tuple[str, str]]:
    """Return the months to choose from, the first of them none."""
    return [("", ""), *((str(number), str(name)) for number, name in MONTHS.items())]
