"""The dates of queries: ``after:2024-05-31``, ``on:31.05.2024``, ``after:7d`` → days."""

import calendar
import difflib
import functools
import re
from datetime import date, datetime, time, timedelta, tzinfo

from storage.errors import QueryError, UsageError
from storage.query.reading.filter_words import DATES_MEANT, DAYS, UNITS
from storage.query.reading.filters import Value

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_DOTTED = re.compile(r"(?:([0-9]{1,2})\.)?([0-9]{1,2})\.([0-9]{4})")

_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(
    r"([0-9]{4})[-/.]?([0-9]{2}|(?<=[-/.])[0-9])[-/.]?([0-9]{2}|(?<=[-/.])[0-9])"
)


@functools.cache
def unit() -> re.Pattern[str]:
    """A unit of time in any language: ``d``, ``weeks``."""
    return re.compile(UNITS.pattern(*UNITS.english), re.IGNORECASE)


@functools.cache
def _ago() -> re.Pattern[str]:
    return re.compile(rf"([0-9]{{1,4}})({UNITS.pattern(*_DAYS)})", re.IGNORECASE)


@functools.cache
def _counted_pattern() -> re.Pattern[str]:
    return re.compile(rf"[-–]?([0-9]{{1,4}})[- ]?({unit().pattern})?", re.IGNORECASE)


def read(
    value: Value, now: datetime | None, zone: tzinfo
) -> tuple[datetime | None, datetime | None, str]:
    """What a date filter asks for: start (inclusive), end (exclusive), and its canonical text."""
    first, following, text = _span(value, now, zone)
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(following, time(), zone)
    if value.name == "after":
        return start, None, text
    return (None, start, text) if value.name == "before" else (start, end, text)


def read_start(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The first moment of the day, month or year that a text names, in any form that queries take:
    ``2024-05-31``, ``31.05.2024``, ``2024-05``, ``7d``, ``yesterday``. Raises UsageError."""
    value = Value(name="after", text=text, column=0, at=0, end=len(text), quoted=False)
    try:
        return datetime.combine(_span(value, now, zone)[0], time(), zone)
    except (QueryError, OverflowError) as error:
        near = error.edit[2] if isinstance(error, QueryError) and error.edit else ""
        hint = f"did you mean {near}?" if near else "write 2024-05-31, 2024-05, 7d or today"
        raise UsageError(f"{text!r} is no date", where="date", hint=hint) from None


def _span(value: Value, now: datetime | None, zone: tzinfo) -> tuple[date, date, str]:
    """The first day of what is named, and the day after its last."""
    text = value.text.strip().lower()
    days = _days_ago(text)
    try:
        if days is not None:
            if now is None:
                raise QueryError(
                    "only a full date can be used here",
                    column=value.column,
                    hint=f"write {value.name}:2024-05-31 or leave it out",
                    edit=(value.column, value.end, ""),
                )
            day = now.astimezone(zone).date() - timedelta(days=days)
            return day, day + timedelta(days=1), text
        if match := _ISO.fullmatch(text):
            return *_period(match[1], match[2], match[3]), text
        if match := _DOTTED.fullmatch(text):
            return *_period(match[3], match[2], match[1]), _iso(match[3], match[2], match[1])
    except (ValueError, OverflowError):
        pass
    name = value.name
    raise value.error(
        f"{value.text!r} is no date",
        f"write {name}:2024-05-31, {name}:2024-05, {name}:7d or {name}:today",
        _nearest(text.strip(".,;:!?")),
    )


def _period(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    """The first day of a year, a month or a day, and the day after its last. Raises ValueError."""
    first = date(int(year), int(month or 1), int(day or 1))
    if day:
        return first, first + timedelta(days=1)
    later = first + timedelta(days=31 if month else 366)
    return first, later.replace(day=1) if month else later.replace(month=1, day=1)


def _iso(year: str, month: str, day: str | None) -> str:
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


def _days_ago(text: str) -> int | None:
    named = DAYS.meanings().get(text)
    if named is not None:
        return 0 if named == "today" else 1
    match = _ago().fullmatch(text)
    if match is None or len(match[2]) > 1:
        return None
    return int(match[1]) * _DAYS[UNITS.meanings()[match[2]]]


def _nearest(text: str) -> str:
    """The nearest valid date to a text that is not one; empty if there is none."""
    if match := _YEAR_LAST.fullmatch(text):
        return _possible(match[3] if len(match[3]) == 4 else f"20{match[3]}", match[2], match[1])
    if match := _YEAR_FIRST.fullmatch(text):
        return _possible(match[1], match[2], match[3])
    if match := _ISO.fullmatch(text):
        return _possible(match[1], match[2] or "1", None)
    if match := _counted_pattern().fullmatch(text):
        return _counted(int(match[1]), (match[2] or "d").lower())
    if meant := DATES_MEANT.meanings().get(text):
        language = DATES_MEANT.language_of(text)
        if meant in DAYS.english:
            return DAYS.word(meant, language)
        return f"{meant[:-1]}{UNITS.word(meant[-1], language)}"
    near = difflib.get_close_matches(text, sorted(DAYS.meanings()), 1)
    return near[0] if near else ""


def _counted(number: int, written: str) -> str:
    """``7d``, for a number of units, in the language of the unit."""
    unit, language = UNITS.meanings()[written], UNITS.language_of(written)
    if unit == "h":
        unit, number = "d", max(1, -(-number // 24))
    return f"{number}{UNITS.word(unit, language)}"


def _possible(year: str, month: str, day: str | None) -> str:
    """The nearest existing day: the 28th for ``2026-02-31``, the 13th of January for
    ``2026-13-01``."""
    if day is not None and int(month) > 12 and 1 <= int(day) <= 12:
        month, day = day, month
    in_year, in_month = int(year), min(max(int(month), 1), 12)
    if not 1 < in_year < 9999:
        return ""
    if day is None:
        return f"{in_year:04}-{in_month:02}"
    last = calendar.monthrange(in_year, in_month)[1]
    return f"{in_year:04}-{in_month:02}-{min(max(int(day), 1), last):02}"
