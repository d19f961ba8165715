"""What an operator should know of the helplines; ``doctor`` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from alongside.support.directory import answers_at_any_hour
from alongside.support.entry import EVERYWHERE, Entry
from alongside.support.listing import Listing, listing


def problems(now: datetime) -> list[str]:
    """Return, in words, what needs this installation's hands at ``now`` (aware).

    Its own files that cannot be read, stale entries of its own country, and its own country without a number
    that is answered day and night.
    """
    known = listing()
    country = settings.COUNTRY
    own = [*known.of(country), *known.of(EVERYWHERE)]
    return [*known.problems, *_stale(own, now), *_silent(known, {country}, now), *_future(known, now)]


def notes(now: datetime) -> list[str]:
    """Return the same of every other country: worth a host's time where readers come from there."""
    known = listing()
    others = {entry.country for entry in known.entries if entry.scope != "emergency"}
    others -= {EVERYWHERE, settings.COUNTRY}
    elsewhere = (entry for entry in known.entries if entry.country in others)
    return [*_stale(elsewhere, now), *_silent(known, others, now)]


def _stale(entries: Iterable[Entry], now: datetime) -> list[str]:
    today = now.date()
    return [
        f"helpline {entry.id}: checked on {entry.last_checked(today)}, more than 12 months ago; "
        + ("shown, and the page says so" if entry.shown(today) else "hidden until a host confirms it")
        for entry in entries
        if not entry.hidden and entry.stale(today)
    ]


def _silent(known: Listing, countries: Iterable[str], now: datetime) -> list[str]:
    today = now.date()
    return [
        f"helplines of {country}: no checked number is answered day and night; the directory stands in"
        for country in sorted(countries)
        if not any(answers_at_any_hour(entry) and entry.shown(today) for entry in known.of(country))
    ]


def _future(known: Listing, now: datetime) -> list[str]:
    return [
        f"helpline {entry.id}: confirmed_on {entry.confirmed_on} has not come yet, and does not count"
        for entry in known.entries
        if entry.confirmed_on and (entry.confirmed_on - now.date()).days > 1
    ]
