"""Enough for today: until the next morning everything hard lies folded, on this device alone (DESIGN 8, S26).

The one cookie holds the time until when, in seconds, and nothing else. Nothing is written on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.utils.translation import gettext

COOKIE = "enough"
MORNING = time(5)
SOONEST = timedelta(hours=3)
"""Whoever has had enough at four in the morning gets more than one hour of it."""
_LONGEST = timedelta(days=2)


def next_morning(now: datetime) -> datetime:
    """Return the next five o'clock in the morning here that is not too soon."""
    today = (now + SOONEST).astimezone(settings.HERE)
    morning = datetime.combine(today.date(), MORNING, tzinfo=settings.HERE)
    if morning < today:
        morning = datetime.combine(today.date() + timedelta(days=1), MORNING, tzinfo=settings.HERE)
    return morning.astimezone(UTC)


def until(cookies: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when everything hard lies folded for this device; None where it does not."""
    said = cookies.get(COOKIE, "")
    if not (said.isascii() and said.isdigit() and len(said) <= len("9999999999")):
        return None
    end = datetime.fromtimestamp(int(said), UTC)
    return end if now < end <= now + _LONGEST else None


def words(end: datetime, now: datetime) -> str:
    """Say until when."""
    if end.astimezone(settings.HERE).date() == now.astimezone(settings.HERE).date():
        return gettext("Folded until five this morning.")
    return gettext("Folded until tomorrow morning.")
