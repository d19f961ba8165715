"""One entry of the helpline files: what it may say, how it is read, and whether it may be shown.

Shown is what somebody has checked: an entry whose source is the organisation's own page (A) or states a check
there (B) and gives the day, or one a host of this installation has confirmed. Anything but a crisis line is
hidden again when that check is more than twelve months old (DOMAIN 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from alongside.support.countries import names
from alongside.support.hours import Hours, read_hours

SCOPES = ("loss", "bereavement", "perinatal", "pregnancy", "crisis", "directory", "emergency")
EVERYWHERE = "*"
_LASTING = ("crisis", "emergency")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PHONE = re.compile(r"\+?\d(?:[ -]?\d)+(?: ext \d+)?")
_SMS = re.compile(r"(?:[A-Z]+ to )?\d(?: ?\d)+")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
_EMAIL = re.compile(r"[^@\s]+@(?:[a-z0-9-]+\.)+[a-z]{2,}")
_LANGUAGE = re.compile(r"[a-z]{2,3}|\+")


class EntryError(Exception):
    """An entry that cannot be used; the message names the field and says what it takes."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A helpline or an organisation. ``line`` is its name as it stands after "someone at"."""

    id: str
    country: str
    scope: str
    name: str
    what: str
    hours: Hours
    languages: tuple[str, ...]
    source: str
    line: str = ""
    phones: tuple[str, ...] = ()
    sms: str = ""
    email: str = ""
    web: str = ""
    confidence: str = "M"
    checked_on: date | None = None
    confirmed_on: date | None = None
    confirmed_by: str = ""
    hidden: bool = False

    def last_checked(self, today: date) -> date | None:
        """Return the day of the newest check that counts; None if nobody has checked.

        A day in the future is a slip of the pen and does not count; tomorrow does: it has begun somewhere.
        """
        checked = self.checked_on if self.confidence in {"A", "B"} else None
        days = [day for day in (checked, self.confirmed_on) if day and day <= today + timedelta(days=1)]
        return max(days, default=None)

    def stale(self, today: date) -> bool:
        """Say whether the newest check is more than twelve months old."""
        checked = self.last_checked(today)
        return checked is not None and _a_year_after(checked) < today

    def shown(self, today: date) -> bool:
        """Say whether a reader may see this entry today."""
        if self.hidden:
            return False
        if self.scope == "emergency":
            return True
        return self.last_checked(today) is not None and (self.scope in _LASTING or not self.stale(today))


def read_entry(table: Mapping[str, object], base: Entry | None = None) -> Entry:
    """Return the entry that a table of a TOML file states, on top of ``base`` where it changes one.

    Raises EntryError.
    """
    values: dict[str, Any] = {}
    for field, value in table.items():
        if field not in _READERS and field not in {"hours", "zone"}:
            raise EntryError(f"{field}: there is no such field")
        try:
            if field in _READERS:
                values[field] = _READERS[field](value)
            elif field == "hours":
                values[field] = read_hours(value, table.get("zone"))
        except ValueError as error:
            raise EntryError(f"{field}: {error}") from error
    if base is None:
        missing = [field for field in _REQUIRED if field not in values]
        if missing:
            raise EntryError(f"{', '.join(missing)}: missing")
    entry = replace(base, **values) if base else Entry(**values)
    if not (entry.phones or entry.sms or entry.email or entry.web):
        raise EntryError("phones, sms, email, web: one of these is needed")
    return entry


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("takes words in quotation marks")
    return value.strip()


def _shaped(pattern: re.Pattern[str], takes: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(f"takes {takes}, not {value!r}")
        return value

    return read


def _each(read: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    def read_all(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError('takes a list, such as ["…", "…"]')
        return tuple(read(item) for item in value)

    return read_all


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in allowed:
            raise ValueError(f"takes one of {', '.join(allowed)}, not {value!r}")
        return str(value)

    return read


def _country(value: object) -> str:
    if value != EVERYWHERE and value not in names():
        raise ValueError(f'takes a two-letter country code in capitals, or "{EVERYWHERE}", not {value!r}')
    return str(value)


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("takes a day without quotation marks, such as 2026-11-22")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("takes true or false")
    return value


_REQUIRED = ("id", "country", "scope", "name", "what", "hours", "languages", "source")
_READERS: dict[str, Callable[[object], Any]] = {
    "id": _shaped(_ID, "small letters and figures with hyphens"),
    "country": _country,
    "scope": _one_of(*SCOPES),
    "name": _text,
    "line": _text,
    "what": _text,
    "phones": _each(_shaped(_PHONE, 'a number such as "0800 123 456" or "0800 123 456 ext 1"')),
    "sms": _shaped(_SMS, 'a number, or a word and a number such as "HELLO to 50808"'),
    "email": _shaped(_EMAIL, "an e-mail address"),
    "web": _shaped(_DOMAIN, 'a domain such as "example.org", without https://'),
    "languages": _each(_shaped(_LANGUAGE, 'a language code such as "en", or "+" for more')),
    "source": _text,
    "confidence": _one_of("A", "B", "C", "M"),
    "checked_on": _day,
    "confirmed_on": _day,
    "confirmed_by": _text,
    "hidden": _yes_or_no,
}
