"""Times of day as people write them: ``08:00``, ``8.30``, ``8pm``, ``8 вечера``, ``noon``."""

import re
from datetime import time

_NAMED = {
    "noon": time(12),
    "midday": time(12),
    "midnight": time(0),
    "полдень": time(12),
    "полночь": time(0),
}
_HOURS = {
    "утра": {hour: hour for hour in range(12)},
    "дня": {11: 11, 12: 12} | {hour: hour + 12 for hour in range(1, 7)},
    "вечера": {12: 0} | {hour: hour + 12 for hour in range(4, 12)},
    "ночи": {hour: hour for hour in range(6)} | {12: 0, 24: 0, 9: 21, 10: 22, 11: 23},
    "am": {12: 0} | {hour: hour for hour in range(1, 12)},
    "pm": {12: 12} | {hour: hour + 12 for hour in range(1, 12)},
}
"""The hour of the day by what is said in each part of it."""
_PART = r"[ap]\.?\s?m\b\.?|утра|дня|вечера|ночи|час(?:а|ов)?(?:\s+(?:утра|дня|вечера|ночи))?"
CLOCK = rf"(?:(?:at|в|к)\s+)?(?:{'|'.join(_NAMED)}|\d{{1,2}}(?:[:.]\d{{2}})?(?:\s*(?:{_PART}))?)"
"""The form of a time of day inside a pattern of somebody else's (case ignored, no groups)."""

_PREFIX = re.compile(r"(?:at|в|к)\s+", re.I)
_NUMBERS = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(.*)", re.DOTALL)
_BEGINNING = re.compile(rf"({CLOCK})(?![\w:.])(?:\s+(.*))?", re.I | re.DOTALL)


def parse_clock(text: str) -> time | None:
    """The time of day that a text is; None where it is none."""
    written = text.strip()
    return _read(written) if re.fullmatch(CLOCK, written, re.I) else None


def read_clock(text: str) -> tuple[time, str] | None:
    """The time of day that a text begins with, and what stands after it; else None."""
    match = _BEGINNING.fullmatch(text.strip())
    clock = _read(match[1]) if match else None
    return None if match is None or clock is None else (clock, (match[2] or "").strip())


def _read(written: str) -> time | None:
    bare = _PREFIX.sub("", written.lower(), count=1)
    if bare in _NAMED:
        return _NAMED[bare]
    match = _NUMBERS.fullmatch(bare)
    if match is None:
        return None
    part = re.sub(r"час(а|ов)?|[\s.]", "", match[3])
    hour = _hour(int(match[1]), part)
    minute = int(match[2] or 0)
    return time(hour, minute) if hour is not None and hour < 24 and minute < 60 else None


def _hour(hour: int, part: str) -> int | None:
    """The hour of the day; None where the part has no such hour. ``20 вечера`` says it twice."""
    if not part:
        return hour
    hours = _HOURS[part]
    twice = hour > 12 and part not in ("am", "pm") and hour in hours.values()
    return hours.get(hour, hour if twice else None)
