"""What a page shows of an entry: a card on the help page, a line on the first page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.dates import MONTHS
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from alongside.support.entry import Entry
from alongside.support.hours import Hours, again, timetable, until

# Languages that answer somewhere and that Django's own list of names lacks.
_LANGUAGES = {"mi": "Māori"}


@dataclass(frozen=True)
class Phone:
    """A number as it is read, and the digits a telephone dials (for ``tel:`` and ``sms:``)."""

    number: str
    tel: str


@dataclass(frozen=True)
class Card:
    """One entry on the help page; an empty string means there is nothing to show.

    ``hours`` says how it stands now and then the whole week. ``also`` holds further numbers of the same line.
    ``sms`` is a whole phrase ("Text SHOUT to 85258"), ``sms_tel`` its digits.
    """

    name: str
    what: str
    number: str
    tel: str
    also: tuple[Phone, ...]
    sms: str
    sms_tel: str
    email: str
    url_text: str
    url: str
    hours: str
    languages: str
    checked: str
    stale: bool


@dataclass(frozen=True)
class Line:
    """Whom the first page names: "Someone at ``name`` is awake until ``open_until``. ``number``".

    Closed: "``name`` opens again at ``opens_again``. Right now you can call ``now.name``, ``now.number``."
    Where nobody whose number was checked answers in this country, it is the directory: no number, but ``url``
    and ``url_text``. ``now`` always answers: a crisis line, else the emergency number; None where this line
    itself is the crisis line, or where no such number is known.
    """

    name: str
    number: str = ""
    tel: str = ""
    at_any_hour: bool = False
    open_until: str = ""
    opens_again: str = ""
    url: str = ""
    url_text: str = ""
    now: Line | None = None


def card(entry: Entry, now: datetime) -> Card:
    """Return ``entry`` as the help page shows it at ``now`` (aware)."""
    phones = [Phone(number, dialled(number)) for number in entry.phones]
    first = phones[0] if phones else Phone("", "")
    return Card(
        name=entry.name,
        what=entry.what,
        number=first.number,
        tel=first.tel,
        also=tuple(phones[1:]),
        sms=_("Text %(what)s") % {"what": entry.sms} if entry.sms else "",
        sms_tel=dialled(entry.sms.rpartition(" to ")[2]),
        email=entry.email,
        url_text=entry.web,
        url=f"https://{entry.web}" if entry.web else "",
        hours=_hours(entry.hours, now),
        languages=_languages(entry.languages),
        checked=_checked(entry.last_checked(now.date())),
        stale=entry.stale(now.date()),
    )


def line(entry: Entry, at: datetime, now: Line | None = None) -> Line:
    """Return ``entry`` as the first page names it at ``at``, with the line that answers ``now`` beside it."""
    number = entry.phones[0] if entry.phones else ""
    return Line(
        name=entry.line or entry.name,
        number=number,
        tel=dialled(number),
        at_any_hour=entry.hours.is_open(at) and entry.hours.closes_at(at) is None,
        open_until=until(entry.hours, at),
        opens_again=again(entry.hours, at),
        url=f"https://{entry.web}" if entry.web else "",
        url_text=entry.web,
        now=now,
    )


def dialled(number: str) -> str:
    """Return what a telephone dials of ``number``: its digits and a leading plus, without an extension."""
    return re.sub(r"[^+\d]", "", number.partition(" ext ")[0])


def _hours(hours: Hours, now: datetime) -> str:
    week = timetable(hours)
    if closes := until(hours, now):
        return _("Until %(time)s. %(week)s") % {"time": closes, "week": week}
    if opens := again(hours, now):
        return _("Opens again at %(time)s. %(week)s") % {"time": opens, "week": week}
    return week


def _languages(codes: tuple[str, ...]) -> str:
    named = [_language(code) for code in codes if code != "+"]
    return ", ".join([*named, _("more languages")] if named and "+" in codes else named)


def _language(code: str) -> str:
    try:
        return _LANGUAGES.get(code) or str(get_language_info(code)["name_translated"])
    except KeyError:  # a host's file may name any language
        return code


def _checked(day: date | None) -> str:
    return _("Checked in %(month)s %(year)s") % {"month": MONTHS[day.month], "year": day.year} if day else ""
