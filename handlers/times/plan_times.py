"""When a plan comes, as people write it: ``daily 08:00``, ``weekdays 8, 18:00``, ``weekly mon 9``,
``every 3h``, ``hourly 9-18``, ``по будням в 8 и 18``. Pure.

Whatever is written, it is days of the week with times of the day: ``every 3h`` are the eight times
of every day that are counted from midnight.
"""

import functools
import re
from collections.abc import Sequence
from datetime import time
from typing import Literal

from msgspec import Struct

from handlers.texts import typed
from handlers.times import clocks
from storage.errors import UsageError
from storage.query.reading.filter_words import UNITS

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKENDS = frozenset({5, 6})
STEPS = (1, 2, 3, 4, 6, 8, 12)
"""Hours between times that come round once a day."""
MOST_TIMES = 24
"""Times of a day that one plan has at most."""
_OFTEN = 3
"""From this number on, times an hour apart are told as ``hourly``."""
_GROUPS = {"daily": EVERY_DAY, "weekly": EVERY_DAY, "weekdays": WEEKDAYS, "weekends": WEEKENDS}
_BETWEEN = r"\s*[,;]\s*"
_DASH = r"\s*[-–—]\s*"

Problem = Literal["time", "day", "step", "hours", "many"]
"""What is missing or wrong: a time of day; a day of the week; the hours between; from when to
when; too many times."""


class TimesError(UsageError):
    """Times that cannot be read. ``problem`` says what is wrong with ``text``."""

    def __init__(self, problem: Problem, text: str) -> None:
        super().__init__(f"{problem}: {text!r}", where="times of a plan")
        self.problem = problem
        self.text = text


class PlanTimes(Struct, frozen=True):
    """Days of the week (0: Monday) and times of the day, in order; neither is empty."""

    days: frozenset[int]
    times: tuple[time, ...]

    @property
    def step(self) -> int | None:
        """The hours between its times where they come all around the day; else None."""
        steps = (step for step in STEPS if self.times == _all_day(step))
        return next(steps, None)

    @property
    def hours(self) -> tuple[time, time] | None:
        """The first and the last of its times where they follow each hour; else None."""
        first, last = self.times[0], self.times[-1]
        span = last.hour - first.hour + 1
        is_hourly = len(self.times) == span >= _OFTEN and {at.minute for at in self.times} == {0}
        return (first, last) if is_hourly else None

    @property
    def one_a_day(self) -> time | None:
        """Its time where that is the only one, of every day; else None."""
        return self.times[0] if self.days == EVERY_DAY and len(self.times) == 1 else None


def write_times(when: PlanTimes) -> str:
    """As a plan keeps them, which ``parse_times`` reads the same in any language."""
    days = _written_days(when.days)
    if when.step is not None:
        often = f"every {when.step}h"
        return often if days == "daily" else f"{days} {often}"
    if when.hours is not None:
        often = f"hourly {when.hours[0].hour}-{when.hours[1].hour}"
        return often if days == "daily" else f"{days} {often}"
    return f"{days} {', '.join(f'{at:%H:%M}' for at in when.times)}"


def _written_days(days: frozenset[int]) -> str:
    names = {EVERY_DAY: "daily", WEEKDAYS: "weekdays", WEEKENDS: "weekends"}
    return names.get(days) or "weekly " + ", ".join(DAYS[day] for day in sorted(days))


def parse_times(text: str) -> PlanTimes:
    """Times with nothing behind them. Raises TimesError."""
    found = read_times(text)
    if found is None or found[1]:
        raise TimesError("time", found[1] if found else text)
    return found[0]


def read_times(text: str) -> tuple[PlanTimes, str] | None:
    """The times that a text begins with, and what stands behind them; None where it does not begin
    like any. Raises TimesError for what begins so and goes wrong."""
    rest = " ".join(text.split())
    days, rest_of_days = _read_days(rest)
    often = _read_often(rest_of_days)
    if often is not None:
        times, behind = often
        return PlanTimes(_days_of(days, rest), times), behind
    clocks_read, behind = _read_clocks(rest_of_days)
    if clocks_read:
        return PlanTimes(_days_of(days, rest), _in_order(clocks_read, rest)), behind
    if days is None and not rest[:1].isdigit():
        return None
    raise TimesError(*(("day", rest) if days == "weekly" else ("time", rest_of_days)))


def _days_of(days: frozenset[int] | Literal["weekly"] | None, written: str) -> frozenset[int]:
    if days == "weekly":
        raise TimesError("day", written)
    return EVERY_DAY if days is None else days


def _read_days(text: str) -> tuple[frozenset[int] | Literal["weekly"] | None, str]:
    """The days that a text begins with, and what is left; ``weekly`` where no day follows it."""
    meanings = typed.PLAN_DAYS.meanings()
    word = _days_pattern().match(text)
    if word is None:
        return None, text
    meant, rest = meanings[word[1].lower()], text[word.end() :].strip()
    if meant == "weekly":
        days, rest = _read_days(rest)
        return ("weekly" if days is None else days), rest
    days = _GROUPS.get(meant) or frozenset({DAYS.index(meant)})
    if meant in DAYS and (until := re.match(_DASH, text[word.end() :])):
        last, behind = _one_day(text[word.end() + until.end() :])
        if last is not None:
            return _from_to(DAYS.index(meant), last), behind
    joined = _joint().match(text[word.end() :])
    if joined is not None:
        more, behind = _read_days(text[word.end() + joined.end() :])
        if isinstance(more, frozenset):
            return days | more, behind
    return days, rest.lstrip(",;: ")


def _one_day(text: str) -> tuple[int | None, str]:
    word = _days_pattern().match(text)
    meant = typed.PLAN_DAYS.meanings()[word[1].lower()] if word else ""
    if word is None or meant not in DAYS:
        return None, text
    return DAYS.index(meant), text[word.end() :].strip()


def _from_to(first: int, last: int) -> frozenset[int]:
    return frozenset((first + more) % 7 for more in range((last - first) % 7 + 1))


def _read_often(text: str) -> tuple[tuple[time, ...], str] | None:
    """``every 3h`` or ``hourly 9-18``, and what is left."""
    step = _step_pattern().match(text)
    if step is not None:
        if int(step[1]) not in STEPS:
            raise TimesError("step", step[0])
        return _all_day(int(step[1])), text[step.end() :].strip()
    word = _hourly_pattern().match(text)
    if word is None:
        return None
    rest = text[word.end() :].strip()
    span = _span_pattern().match(rest)
    if span is None:
        if rest[:1].isdigit():
            raise TimesError("hours", rest)
        return _all_day(1), rest
    first, last = clocks.parse_clock(span[1]), clocks.parse_clock(span[2])
    if first is None or last is None:
        raise TimesError("hours", span[0])
    return _hours_between(first, last), rest[span.end() :].strip()


def _hours_between(first: time, last: time) -> tuple[time, ...]:
    """Each hour from one to the other, over midnight where the last is the earlier."""
    start, end = first.hour, last.hour
    count = (end - start) % 24 + 1
    return tuple(sorted(time((start + more) % 24, first.minute) for more in range(count)))


def _all_day(step: int) -> tuple[time, ...]:
    return tuple(time(hour) for hour in range(0, 24, step))


def _read_clocks(text: str) -> tuple[list[time], str]:
    """The times of day that a text begins with, and what is left."""
    times: list[time] = []
    rest = text
    while (match := _clock_pattern().match(rest)) is not None:
        at = clocks.parse_clock(match[1])
        if at is None:
            raise TimesError("time", match[1])
        times.append(at)
        rest = rest[match.end() :]
        joined = _joint().match(rest)
        if joined is None or _clock_pattern().match(rest[joined.end() :]) is None:
            break
        rest = rest[joined.end() :]
    return times, rest.strip()


def _in_order(times: Sequence[time], written: str) -> tuple[time, ...]:
    ordered = tuple(sorted(set(times)))
    if len(ordered) > MOST_TIMES:
        raise TimesError("many", written)
    return ordered


@functools.cache
def _days_pattern() -> re.Pattern[str]:
    words = typed.PLAN_DAYS.pattern(*typed.PLAN_DAYS.english)
    return re.compile(rf"({words})\b\.?", re.I)


@functools.cache
def _joint() -> re.Pattern[str]:
    return re.compile(rf"{_BETWEEN}|\s+(?:{typed.PLAN_AND.pattern('and')})\s+", re.I)


@functools.cache
def _step_pattern() -> re.Pattern[str]:
    every, hours = typed.PLAN_HOURS.pattern("every"), UNITS.pattern("h")
    return re.compile(rf"(?:{every})\s+(\d{{1,3}})\s?(?:{hours})(?!\w)\.?", re.I)


@functools.cache
def _hourly_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{typed.PLAN_HOURS.pattern('hourly')})(?!\w)", re.I)


@functools.cache
def _span_pattern() -> re.Pattern[str]:
    start, to, clock = (
        typed.PLAN_HOURS.pattern("from"),
        typed.PLAN_HOURS.pattern("to"),
        clocks.pattern(),
    )
    between = rf"{_DASH}|\s+(?:{to})\s+"
    return re.compile(rf"(?:(?:{start})\s+)?({clock})(?:{between})({clock})(?![\w:.])", re.I)


@functools.cache
def _clock_pattern() -> re.Pattern[str]:
    return re.compile(rf"({clocks.pattern()})(?![\w:.])", re.I)
