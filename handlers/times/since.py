"""From when on, as people say it: ``friday``, ``since yesterday``, ``3d``, ``неделю``. Pure."""

import functools
import re
from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from handlers.texts import typed
from handlers.times import spans
from storage.languages import formats
from storage.languages.catalogue import spoken

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_FIRST = date(1900, 1, 1)
"""No post is older; what is, is a number of a query."""
_LENGTHS = {"week": 7 * _DAY, "month": 30 * _DAY}
_ISO = r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
_SLASHED = r"(?P<day_first>\d{1,2})/(?P<then_month>\d{1,2})/(?P<then_year>\d{4})"
_DOTTED = r"(?P<day>\d{1,2})\.(?P<month>\d{2})(?:\.(?P<year>\d{4}))?"


def cut_since(
    text: str, *, now: datetime, zone: tzinfo, last: datetime | None = None
) -> tuple[str, datetime | None]:
    """A text without the time that it ends with, and that time (aware); None where it ends with
    none. A day begins at its midnight in the zone, and a day of the week is the last that is over:
    said on a Friday, ``friday`` is a week ago. ``last``: that of the last digest, if any. It may be
    any time ago."""
    rest, span = spans.cut_span(text)
    if span is not None:
        return _without_since(rest), now - span
    found = _pattern().search(text.rstrip())
    start = _start(found, now, zone, last) if found else None
    if found is None or start is None:
        return text.strip(), None
    return _without_since(text[: found.start()]), start


def _start(
    found: re.Match[str], now: datetime, zone: tzinfo, last: datetime | None
) -> datetime | None:
    today = now.astimezone(zone).date()
    if not found["word"]:
        day = _dated(found, today)
        return None if day is None or not _FIRST <= day <= today else _midnight(day, now, zone)
    meant = typed.SINCE.meanings()[found["word"].lower()]
    if meant == "digest":
        return last
    if meant in _LENGTHS:
        return now - _LENGTHS[meant]
    back = {"today": 0, "yesterday": 1}.get(meant)
    if back is None:
        back = (today.weekday() - WEEKDAYS.index(meant)) % 7 or 7
    return _midnight(today - back * _DAY, now, zone)


def _dated(found: re.Match[str], today: date) -> date | None:
    """The date that is written; without a year, the last of that day."""
    try:
        if found["iso"]:
            return date(*(int(part) for part in found["iso"].split("-")))
        day, month, year = _day_month_year(found)
        if year:
            return date(year, month, day)
        return next(one for one in _days(month, day, today.year) if one <= today)
    except ValueError:
        return None


def _day_month_year(found: re.Match[str]) -> tuple[int, int, int]:
    """What is written; 0 for no year. Where slashes part them the day comes first, as with dots."""
    if found["day_first"]:
        return int(found["day_first"]), int(found["then_month"]), int(found["then_year"])
    if found["day"]:
        return int(found["day"]), int(found["month"]), int(found["year"] or 0)
    month = _months()[(found["month_after"] or found["month_before"]).lower()]
    return int(found["day_before"] or found["day_after"]), month, int(found["named_year"] or 0)


@functools.cache
def _months() -> Mapping[str, int]:
    """The months by their names in any language."""
    return {
        name: number
        for language in reversed(spoken())
        for name, number in formats.numbered_months(language).items()
    }


def _days(month: int, day: int, latest: int) -> Iterator[date]:
    """A day of the years up to the latest, latest first: at least two, also of 29 February."""
    for year in range(latest, latest - 13, -1):
        if (month, day) != (2, 29) or isleap(year):
            yield date(year, month, day)


def _midnight(day: date, now: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(now.tzinfo)


def _without_since(text: str) -> str:
    """What stands before the time, without the word that led to it."""
    return _leading().sub("", text.strip(), count=1).strip()


@functools.cache
def _pattern() -> re.Pattern[str]:
    words = typed.SINCE.pattern("today", "yesterday", *_LENGTHS, "digest", *WEEKDAYS)
    months = "|".join(re.escape(name) for name in sorted(_months(), key=lambda name: -len(name)))
    named = (
        rf"(?:(?P<day_before>\d{{1,2}})\s+(?P<month_after>{months})\.?"
        rf"|(?P<month_before>{months})\.?\s+(?P<day_after>\d{{1,2}}))(?:,?\s+(?P<named_year>\d{{4}}))?"
    )
    dates = f"{_ISO}|{_SLASHED}|{_DOTTED}|{named}"
    return re.compile(rf"(?:^|(?<=\s))(?:(?P<word>{words})|{dates})$", re.IGNORECASE)


@functools.cache
def _leading() -> re.Pattern[str]:
    word = typed.SINCE.pattern("since")
    return re.compile(rf"(?:^|(?<=\s))(?:(?:{word})(?:\s+|$))+$", re.IGNORECASE)
