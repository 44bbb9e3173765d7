"""Dates and times as people read them, short and everywhere the same: ``today 21:42``,
``yesterday 9:05``, ``26 Nov``, ``26 Nov 2024``. Pure: where and when one reads is given."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from handlers.texts.words import Words
from storage import times

_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<clock>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
_NO_YEAR = re.compile(r"--(?P<month>\d\d)-(?P<day>\d\d)")


def zone_of(timezone: str) -> tzinfo:
    """The zone of an IANA name; UTC for one that this machine's database does not have."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


class Here(Struct, frozen=True):
    """Where and when something is read; ``now`` is aware."""

    zone: tzinfo
    now: datetime


def here_in(timezone: str, now: datetime) -> Here:
    """Read in the zone of an IANA name (UTC for an unknown one), at ``now``."""
    return Here(zone_of(timezone), now)


def clock(at: time | datetime) -> str:
    """A time of day: ``9:05``, ``21:42``."""
    return f"{at.hour}:{at.minute:02}"


def moment(at: datetime, here: Here, words: Words) -> str:
    """A past instant (aware): with the time for today and yesterday, the day alone before. An
    instant on a day after ``here`` (in a message updated the next day) has day and time."""
    return _written(at, here, words, {-1: words.yesterday, 0: words.today})


def day_of(at: datetime, here: Here, words: Words) -> str:
    """The day of an instant (aware) that has been: ``today``, ``yesterday``, ``26 Nov``."""
    local, today = at.astimezone(here.zone).date(), here.now.astimezone(here.zone).date()
    names = {-1: words.yesterday, 0: words.today}
    year = None if local.year == today.year else local.year
    return names.get((local - today).days) or _day(local.day, local.month, year, words)


def coming(at: datetime, here: Here, words: Words) -> str:
    """An instant (aware) to come: ``today 21:42``, ``tomorrow 8:00``, ``28 Nov 8:00``."""
    return _written(at, here, words, {0: words.today, 1: words.tomorrow})


def dated(at: datetime, zone: tzinfo, words: Words) -> str:
    """A late instant (aware), for what may be read on another day: ``26 Nov 21:42``."""
    local = at.astimezone(zone)
    return _day_and_clock(_day(local.day, local.month, None, words), local, words)


def lasting(text: str | None, here: Here, words: Words) -> str | None:
    """A partial ISO 8601 date for a text that is read later, such as a feed: an instant with year
    and zone (``2026-11-26 21:42 CET``), a day with its year; None if it is not such a date."""
    at = times.from_instant(text)
    if at is None:
        return _partial(text, here, words, this_year=None)
    try:
        return in_full(at, here.zone)
    except OverflowError:  # in the year 1 or 9999, and in another one elsewhere
        return None


def in_full(at: datetime, zone: tzinfo) -> str:
    """An instant (aware) with its year and zone: ``2026-11-26 21:42 CET``."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _written(at: datetime, here: Here, words: Words, names: Mapping[int, str]) -> str:
    local, today = at.astimezone(here.zone), here.now.astimezone(here.zone).date()
    days = (local.date() - today).days
    if days in names:
        return _day_and_clock(names[days], local, words)
    day = _day(local.day, local.month, None if local.year == today.year else local.year, words)
    return _day_and_clock(day, local, words) if days > 0 else day


def _day(day: int, month: int, year: int | None, words: Words) -> str:
    template = words.day_of_year if year else words.day
    return template.format(day=day, month=words.months_short[month - 1], year=year)


def _day_and_clock(day: str, at: datetime, words: Words) -> str:
    return words.day_and_clock.format(day=day, clock=clock(at))


def partial_date(text: str | None, here: Here, words: Words) -> str | None:
    """A partial ISO 8601 date, no more exact than it is; None if it is not one.

    An instant is shown in the reader's zone. A time without a zone is no instant: its day is shown
    as written.
    """
    return _partial(text, here, words, this_year=here.now.astimezone(here.zone).year)


def _partial(text: str | None, here: Here, words: Words, *, this_year: int | None) -> str | None:
    """The same; of days ``this_year`` is left out."""
    match = _YEAR_FIRST.fullmatch(text or "") or _NO_YEAR.fullmatch(text or "")
    if match is None:
        return None
    known = match.groupdict()
    if known.get("zone"):
        at = times.from_instant(text)
        try:
            return moment(at, here, words) if at else None
        except OverflowError:  # in the year 1 or 9999, and in another one elsewhere
            return None
    year, month = known.get("year"), int(known["month"] or 1)
    if not 1 <= month <= 12:
        return None
    if not known["month"]:
        return year
    if not known["day"]:
        return words.month_of_year.format(month=words.months[month - 1], year=year)
    if year is None:
        return f"{_day(int(known['day']), month, None, words)} ({words.year_unknown})"
    return _day(int(known["day"]), month, None if int(year) == this_year else int(year), words)
