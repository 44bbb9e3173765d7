"""Months, days of the week and numbers as a language writes them (Unicode's CLDR, by Babel)."""

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_MONTHS = range(1, 13)
_SHORT = 3


@functools.cache
def _locale(language: str) -> "Locale":
    """What is known of a language's habits; English ones where nothing is."""
    from babel import Locale, UnknownLocaleError  # It takes a while, and most commands need none.

    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@functools.cache
def months(language: str) -> tuple[str, ...]:
    """The months as they are named without a day: ``January``, ``январь``."""
    names = _locale(language).months["stand-alone"]["wide"]
    return tuple(names[month] for month in _MONTHS)


@functools.cache
def months_short(language: str) -> tuple[str, ...]:
    """The months as they stand beside a day: ``Jan``, ``мая``. One that is cut with a full stop
    (``сент.``) is cut to three letters without it."""
    names = _locale(language).months["format"]["abbreviated"]
    return tuple(
        name[:_SHORT] if name.endswith(".") else name for name in (names[m] for m in _MONTHS)
    )


@functools.cache
def weekdays(language: str) -> tuple[tuple[str, str], ...]:
    """The days of the week, Monday first, in small letters: each in full and short."""
    days = _locale(language).days["format"]
    return tuple(
        (days["wide"][day].lower(), days["abbreviated"][day].lower().rstrip("."))
        for day in range(7)
    )


def number(value: float, language: str, decimals: int = 0) -> str:
    """A number as it is written, with so many decimals: ``1,000``, ``0.5``."""
    from babel.numbers import format_decimal

    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return format_decimal(value, pattern, locale=_locale(language))
