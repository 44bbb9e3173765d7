"""Spans of time as people write them: ``24h``, ``3 days``, ``2 недели``. Pure."""

import functools
import re
from datetime import timedelta

from storage.query.reading.filter_words import UNITS

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=366)
_MOST = 9_999
_LENGTHS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
}


def parse_span(text: str) -> timedelta | None:
    """The span that a text is, from ``SHORTEST`` to ``LONGEST``; None for anything else."""
    rest, span = cut_span(text)
    return span if not rest else None


def cut_span(text: str) -> tuple[str, timedelta | None]:
    """A text without the span that it ends with, and that span; None where it ends with none, or
    with one that is too short or too long: ``odd_span`` tells that from words."""
    found = _pattern().search(text.rstrip())
    span = None if found is None else _length(found[1], UNITS.meanings()[found[2].lower()])
    if found is None or span is None or not SHORTEST <= span <= LONGEST:
        return text.strip(), None
    return text[: found.start()].strip(), span


def odd_span(
    text: str, *, shortest: timedelta = SHORTEST, longest: timedelta = LONGEST
) -> str | None:
    """What a text ends with that looks like a span and is none from ``shortest`` to ``longest``:
    ``0d``, ``-3 days``, ``1.5w``, ``9999d``, ``2 years``. None where it ends with a span, or with
    words."""
    found = _odd_pattern().search(text.rstrip())
    if found is None:
        return None
    odd, digits, unit = found[0].strip(), found[1], UNITS.meanings()[found[2].lower()]
    if not digits.isdigit():  # A sign, or a fraction.
        return odd
    if unit == "y":
        return odd if len(digits) < 3 else None
    is_span = len(digits) <= 9 and shortest <= _length(digits, unit) <= longest
    return None if is_span else odd


def write_span(span: timedelta) -> str:
    """A span of whole hours as it is typed: ``36h``, ``31d``."""
    hours = span // _LENGTHS["h"]
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"


def _length(digits: str, unit: str) -> timedelta:
    return min(int(digits), _MOST) * _LENGTHS[unit]


@functools.cache
def _odd_pattern() -> re.Pattern[str]:
    number = r"[-+\u2212]?\d{1,40}(?:[.,]\d{1,40})?"
    return re.compile(
        rf"(?:^|(?<=\s))({number})\s?({UNITS.pattern(*_LENGTHS, 'y')})$", re.IGNORECASE
    )


@functools.cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=\s))(\d{{1,9}})\s?({UNITS.pattern(*_LENGTHS)})$", re.IGNORECASE)
