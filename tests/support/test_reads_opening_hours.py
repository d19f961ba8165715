"""Opening hours in the line's own zone: past midnight, through changes of clocks, and in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.support.hours import DAYS, Hours, again, read_hours, timetable, until

LONDON = ZoneInfo("Europe/London")
OFFICE = read_hours(["Mon-Fri 10:00-15:00", "Tue Wed Thu 18:00-21:00"], "Europe/London")
NIGHT = read_hours(["Daily 20:00-02:00"], "Europe/London")

zones = st.sampled_from(
    [
        "Europe/London",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Pacific/Apia",
        "Africa/Cairo",
    ]
)
moments = st.integers(0, 4 * 365 * 24 * 60).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
clocks = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
rules = st.lists(
    st.builds("{} {}-{}".format, st.sampled_from([*DAYS, "Daily", "Mon-Fri", "Sat-Mon"]), clocks, clocks),
    min_size=1,
    max_size=4,
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A London time in the week from Monday 23 November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "closes", "opens"),
    [
        (at(23, 9, 59), "", "10 am"),
        (at(23, 10), "3 pm", ""),
        (at(23, 14, 59), "3 pm", ""),
        (at(23, 15), "", "10 am tomorrow"),
        (at(24, 16), "", "6 pm"),
        (at(24, 20), "9 pm", ""),
        (at(27, 16), "", "10 am on Monday"),
        (at(23, 1), "", "10 am"),
    ],
)
def test_office_hours_in_words(moment: datetime, closes: str, opens: str) -> None:
    assert (until(OFFICE, moment), again(OFFICE, moment)) == (closes, opens)
    assert OFFICE.is_open(moment) == bool(closes)


def test_open_past_midnight() -> None:
    assert until(NIGHT, at(23, 23)) == "2 am"
    assert until(NIGHT, at(24, 1, 59)) == "2 am"
    assert not NIGHT.is_open(at(24, 2))
    assert again(NIGHT, at(24, 2)) == "8 pm"


def test_hours_are_the_lines_own_wherever_the_reader_is() -> None:
    melbourne = read_hours(["Mon-Fri 10:00-20:00"], "Australia/Melbourne")
    assert until(melbourne, datetime(2026, 11, 23, 0, tzinfo=UTC)) == "8 pm"
    assert timetable(melbourne) == "Monday to Friday 10 am to 8 pm (Melbourne time)"


def test_always_and_unknown() -> None:
    always, unknown = read_hours("always", None), read_hours("unknown", None)
    for moment in (at(23, 3), at(29, 12)):
        assert always.is_open(moment)
        assert not unknown.is_open(moment)
        assert [until(always, moment), again(always, moment)] == ["", ""]
        assert [until(unknown, moment), again(unknown, moment)] == ["", ""]
    assert (timetable(always), timetable(unknown)) == ("At any hour", "")


def test_stretches_that_touch_are_one() -> None:
    hours = read_hours(["Mon 09:00-24:00", "Tue 00:00-08:30"], "Europe/London")
    assert until(hours, at(23, 22)) == "8:30 am"
    week = read_hours(["Daily 00:00-24:00"], "Europe/London")
    assert week.is_open(at(23, 0))
    assert week.closes_at(at(23, 0)) is None


def test_midnight_and_noon_have_names() -> None:
    hours = read_hours(["Mon 12:00-24:00"], "Europe/London")
    assert again(hours, at(23, 9)) == "noon"
    assert until(hours, at(23, 12)) == "midnight"


def test_when_clocks_go_back_the_line_promises_the_earlier_closing() -> None:
    hours = read_hours(["Sat 20:00-01:30"], "Europe/London")
    first = datetime(2026, 10, 25, 0, 29, tzinfo=UTC)  # 1:29 am, before the clocks go back
    assert until(hours, first) == "1:30 am"
    assert not hours.is_open(first + timedelta(minutes=1))
    assert not hours.is_open(first + timedelta(hours=1))  # 1:29 am for the second time


def test_when_clocks_go_forward_a_time_that_is_not_there_promises_less() -> None:
    opens, closes = (
        read_hours(["Sun 01:30-05:00"], "Europe/London"),
        read_hours(["Sat 20:00-01:30"], "Europe/London"),
    )
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 1 am becomes 2 am
    assert not opens.is_open(change)
    assert opens.is_open(change + timedelta(minutes=30))
    assert not closes.is_open(change - timedelta(minutes=15))


@pytest.mark.parametrize(
    ("written", "zone", "says"),
    [
        ("weekdays", "Europe/London", "always"),
        ([], "Europe/London", "always"),
        (["Mon-Fri 9-17"], "Europe/London", "Mon-Fri 9-17"),
        (["Mon-Fry 09:00-17:00"], "Europe/London", "Mon-Fry"),
        (["Mon 09:00-25:00"], "Europe/London", "25:00"),
        (["Mon 24:00-25:00"], "Europe/London", "25:00"),
        (["Mon 24:00-02:00"], "Europe/London", "24:00"),
        (["Mon 09:00-17:75"], "Europe/London", "17:75"),
        (["Mon 09:00-17:00"], "Europe/Londn", "Europe/Londn"),
        (["Mon 09:00-17:00"], "../etc/passwd", "zone"),
        (["Mon 09:00-17:00"], None, "zone"),
        ([7], "Europe/London", "7"),
    ],
)
def test_hours_that_cannot_be_read_are_named(written: object, zone: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_hours(written, zone)


@given(rules, zones, moments)
def test_open_closed_and_the_next_change_agree(written: list[str], zone: str, moment: datetime) -> None:
    hours = read_hours(written, zone)
    closes, opens = hours.closes_at(moment), hours.opens_at(moment)
    a_second = timedelta(seconds=1)
    if hours.is_open(moment):
        assert opens is None
        if closes:
            assert closes > moment
            assert hours.is_open(closes - a_second)
            assert not hours.is_open(closes)
    else:
        assert closes is None
        assert opens is not None
        assert opens > moment
        assert hours.is_open(opens)
        assert not hours.is_open(opens - a_second)


@given(zones, moments, st.integers(0, 23))
def test_a_day_without_change_of_clocks_is_plain_arithmetic(zone: str, moment: datetime, hour: int) -> None:
    hours = Hours(zone=zone, rules=read_hours([f"Daily {hour:02}:00-{hour:02}:30"], zone).rules)
    local = moment.astimezone(ZoneInfo(zone))
    offsets = {(moment + timedelta(hours=ahead)).astimezone(ZoneInfo(zone)).utcoffset() for ahead in range(-48, 49)}
    if len(offsets) == 1:
        assert hours.is_open(moment) == (local.hour == hour and local.minute < 30)
