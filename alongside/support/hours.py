"""Opening hours of a line, kept in the line's own time zone and said in plain words.

Of two readings of a wall-clock time that a change of clocks allows, the one that promises less is taken: a
line opens at the later and closes at the earlier, so that nobody is told of someone awake who may not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_RULE = re.compile(r"(?P<days>[A-Za-z][A-Za-z -]*) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_DAY = 24 * 60  # minutes


@dataclass(frozen=True)
class Rule:
    """One line of a timetable: week days (0 is Monday), minutes after midnight; ``closes`` may pass 24:00."""

    days: tuple[int, ...]
    opens: int
    closes: int


@dataclass(frozen=True)
class Hours:
    """When a line answers: always, by weekly rules in an IANA time zone, or (neither) not known."""

    always: bool = False
    zone: str = "UTC"
    rules: tuple[Rule, ...] = ()

    @property
    def known(self) -> bool:
        return self.always or bool(self.rules)

    def is_open(self, at: datetime) -> bool:
        """Say whether somebody answers at ``at`` (aware); False where the hours are not known."""
        return self.always or any(opens <= at < closes for opens, closes in self._open_times(at))

    def closes_at(self, at: datetime) -> datetime | None:
        """Return when the line, open at ``at``, closes; None if it is closed, or stays open for a week."""
        for opens, closes in self._open_times(at):
            if opens <= at < closes and closes - at < timedelta(days=7):
                return closes
        return None

    def opens_at(self, at: datetime) -> datetime | None:
        """Return when the line, closed at ``at``, next opens; None if it is open, or its hours unknown."""
        if self.is_open(at):
            return None
        return next((opens for opens, _closes in self._open_times(at) if opens > at), None)

    def _open_times(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield, in order, the open stretches around ``at`` and for eight days after, in the line's zone."""
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        stretches = sorted(
            (_wall(day, rule.opens), _wall(day, rule.closes))
            for day in (today + timedelta(days=ahead) for ahead in range(-1, 9))
            for rule in self.rules
            if day.weekday() in rule.days
        )
        for opens, closes in _joined(stretches):
            starts, ends = max(_readings(opens, zone)), min(_readings(closes, zone))
            if starts < ends:
                yield starts.astimezone(zone), ends.astimezone(zone)


def read_hours(written: object, zone: object) -> Hours:
    """Return the hours an entry states: "always", "unknown", or rules such as "Mon-Fri 09:00-17:00".

    Raises ValueError, with words for the person who wrote the file, for anything else.
    """
    if written in ("always", "unknown"):
        return Hours(always=written == "always")
    if not isinstance(written, list) or not written:
        raise ValueError('takes "always", "unknown" or a list such as ["Mon-Fri 09:00-17:00"]')
    if not isinstance(zone, str):
        raise ValueError('need a zone, such as zone = "Europe/London"')
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'name a zone that does not exist: "{zone}"') from error
    return Hours(zone=zone, rules=tuple(_rule(line) for line in written))


def until(hours: Hours, at: datetime) -> str:
    """Return the closing time as "2 am", in the line's own zone; empty where it is closed or never closes."""
    closes = hours.closes_at(at)
    return _clock(closes) if closes else ""


def again(hours: Hours, at: datetime) -> str:
    """Return when a closed line opens, "9 am", "9 am tomorrow", "9 am on Monday", or empty."""
    opens = hours.opens_at(at)
    if opens is None:
        return ""
    days_ahead = (opens.date() - at.astimezone(opens.tzinfo).date()).days
    if days_ahead == 0 or opens - at <= timedelta(hours=12):
        return _clock(opens)
    if days_ahead == 1:
        return _("%(time)s tomorrow") % {"time": _clock(opens)}
    return _("%(time)s on %(day)s") % {"day": WEEKDAYS[opens.weekday()], "time": _clock(opens)}


def timetable(hours: Hours) -> str:
    """Return the whole week in words, with the place whose clock it follows; empty where it is not known."""
    if hours.always:
        return _("At any hour")
    if not hours.rules:
        return ""
    lines = "; ".join(
        _("%(days)s %(opens)s to %(closes)s")
        % {
            "days": _days(rule.days),
            "opens": _clock(_wall(date.min, rule.opens)),
            "closes": _clock(_wall(date.min, rule.closes)),
        }
        for rule in hours.rules
    )
    place = hours.zone.rpartition("/")[2].replace("_", " ")
    return _("%(lines)s (%(place)s time)") % {"lines": lines[0].upper() + lines[1:], "place": place}


def _rule(line: object) -> Rule:
    match = _RULE.fullmatch(line) if isinstance(line, str) else None
    if match is None:
        raise ValueError(f'cannot be read: "{line}"; they take days and times, such as "Mon-Fri 09:00-17:00"')
    opens, closes = _minutes(match["opens"]), _minutes(match["closes"])
    if opens >= _DAY:
        raise ValueError(f'cannot open at 24:00: "{line}"; that is 00:00 of the next day')
    days = sorted({day for word in match["days"].split() for day in _days_of(word)})
    return Rule(tuple(days), opens, closes if closes > opens else closes + _DAY)


def _days_of(word: str) -> Iterable[int]:
    if word == "Daily":
        return range(7)
    first, _dash, last = word.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f'name a day that cannot be read: "{word}"; days are {" ".join(DAYS)} and Daily')
    start, end = DAYS.index(first), DAYS.index(last or first)
    return (day % 7 for day in range(start, end + 1 if end >= start else end + 8))


def _minutes(clock: str) -> int:
    hour, minute = int(clock[:2]), int(clock[3:])
    if minute > 59 or hour * 60 + minute > _DAY:
        raise ValueError(f'name a time that does not exist: "{clock}"')
    return hour * 60 + minute


def _wall(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time.min) + timedelta(minutes=minutes)


def _joined(stretches: list[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Yield stretches (sorted by opening) with those that touch or overlap made one."""
    if not stretches:
        return
    opens, closes = stretches[0]
    for next_opens, next_closes in stretches[1:]:
        if next_opens > closes:
            yield opens, closes
            opens, closes = next_opens, next_closes
        closes = max(closes, next_closes)
    yield opens, closes


def _readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return both moments, in UTC, that a wall-clock time may mean (one, but for a change of clocks)."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def _clock(at: datetime) -> str:
    if (at.hour, at.minute) == (0, 0):
        return _("midnight")
    if (at.hour, at.minute) == (12, 0):
        return _("noon")
    clock = f"{(at.hour + 11) % 12 + 1}" + (f":{at.minute:02}" if at.minute else "")
    return (_("%(clock)s am") if at.hour < 12 else _("%(clock)s pm")) % {"clock": clock}


def _days(days: tuple[int, ...]) -> str:
    names = [str(WEEKDAYS[day]) for day in days]
    if len(days) == 7:
        return _("every day")
    if len(days) > 2 and all(after - before == 1 for before, after in pairwise(days)):
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    if len(days) == 1:
        return names[0]
    return _("%(several)s and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]}
