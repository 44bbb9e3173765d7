"""Times of day as people write them: ``08:00``, ``8.30``, ``8pm``, ``8 вечера``, ``noon``."""

import functools
import re
from datetime import time

from handlers.texts import typed

_NAMED = {"noon": time(12), "midnight": time(0)}
_HOURS = {
    "morning": {hour: hour for hour in range(12)},
    "afternoon": {11: 11, 12: 12} | {hour: hour + 12 for hour in range(1, 7)},
    "evening": {12: 0} | {hour: hour + 12 for hour in range(4, 12)},
    "night": {hour: hour for hour in range(6)} | {12: 0, 24: 0, 9: 21, 10: 22, 11: 23},
    "am": {12: 0} | {hour: hour for hour in range(1, 12)},
    "pm": {12: 12} | {hour: hour + 12 for hour in range(1, 12)},
}
"""The hour of the day by what is said in each part of it."""
_PARTS = ("morning", "afternoon", "evening", "night")
_NUMBERS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(.*)", re.DOTALL)


@functools.cache
def pattern() -> str:
    """The form of a time of day inside a pattern of somebody else's (case ignored, no groups)."""
    words = typed.CLOCK.pattern
    parts = words(*_PARTS)
    part = rf"[ap]\.?\s?m\b\.?|{parts}|(?:{words('hour')})(?:\s+(?:{parts}))?"
    numbers = rf"\d{{1,2}}(?:[:.]\d{{2}})?(?:\s*(?:{part}))?"
    return rf"(?:(?:{words('at')})\s+)?(?:{words(*_NAMED)}|{numbers})"


@functools.cache
def _beginning() -> re.Pattern[str]:
    return re.compile(rf"({pattern()})(?![\w:.])(?:\s+(.*))?", re.I | re.DOTALL)


@functools.cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"(?:{typed.CLOCK.pattern('at')})\s+", re.I)


@functools.cache
def _hour_word() -> re.Pattern[str]:
    return re.compile(rf"(?:{typed.CLOCK.pattern('hour')})(?!\w)")


def parse_clock(text: str) -> time | None:
    """The time of day that a text is; None where it is none."""
    written = text.strip()
    return _read(written) if re.fullmatch(pattern(), written, re.I) else None


def read_clock(text: str) -> tuple[time, str] | None:
    """The time of day that a text begins with, and what stands after it; else None."""
    match = _beginning().fullmatch(text.strip())
    clock = _read(match[1]) if match else None
    return None if match is None or clock is None else (clock, (match[2] or "").strip())


def _read(written: str) -> time | None:
    bare = _prefix().sub("", written.lower(), count=1)
    named = _NAMED.get(typed.CLOCK.meanings().get(bare, ""))
    match = _NUMBERS.fullmatch(bare)
    if named is not None or match is None:
        return named
    hour = _hour(int(match[1]), _part(match[3]))
    minute = int(match[2] or 0)
    return time(hour, minute) if hour is not None and hour < 24 and minute < 60 else None


def _part(written: str) -> str:
    """The part of the day that stands after a number; nothing where none does."""
    said = _hour_word().sub("", written, count=1).strip()
    letters = re.sub(r"[\s.]", "", said)
    return letters if letters in ("am", "pm", "") else typed.CLOCK.meanings()[said]


def _hour(hour: int, part: str) -> int | None:
    """The hour of the day; None where the part has no such hour. ``20 вечера`` says it twice."""
    if not part:
        return hour
    hours = _HOURS[part]
    twice = hour > 12 and part not in ("am", "pm") and hour in hours.values()
    return hours.get(hour, hour if twice else None)


@functools.cache
def _quiet() -> re.Pattern[str]:
    """``from 22:00 to 7:00 urgent``, ``22:00-7:00``."""
    clock, begin, to = pattern(), typed.QUIET.pattern("from"), typed.QUIET.pattern("to")
    between = rf"(?:-|–|—|\b(?:{to})\b)"
    return re.compile(rf"(?:(?:{begin})\s+)?({clock})\s*{between}\s*({clock})(?:\s+(\w+))?", re.I)


def parse_quiet(text: str) -> tuple[time, time, bool] | None:
    """Start, end and whether urgent alerts pass, of ``22:00-07:00 urgent``; None if it is not of
    that form."""
    match = _quiet().fullmatch(text.strip())
    if match is None or (match[3] and match[3].lower() not in typed.QUIET.words("urgent")):
        return None
    start, end = parse_clock(match[1]), parse_clock(match[2])
    return None if start is None or end is None else (start, end, match[3] is not None)
