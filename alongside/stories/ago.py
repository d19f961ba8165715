"""Times in words: "two years ago", and small numbers spelled out, as people say them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext, ngettext

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_word(number: int) -> str:
    """Return a number up to twelve as a word, a larger one in figures."""
    return gettext(_NUMBERS[number]) if 0 <= number < len(_NUMBERS) else str(number)


def ago(then: datetime, now: datetime) -> str:
    """Return how long before ``now`` something was, no finer than a day and without a date."""
    days = max(0, (now - then).days)
    if days < 2:
        return gettext("in the last day or two")
    if days < 14:
        return gettext("some days ago")
    if days < 60:
        count = days // 7
        return ngettext("%(count)s week ago", "%(count)s weeks ago", count) % {"count": number_word(count)}
    if days < 365:
        count = days // 30
        return ngettext("%(count)s month ago", "%(count)s months ago", count) % {"count": number_word(count)}
    count = days // 365
    return ngettext("%(count)s year ago", "%(count)s years ago", count) % {"count": number_word(count)}
