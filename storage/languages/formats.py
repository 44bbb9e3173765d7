"""Months, days of the week and numbers as a language writes them (Unicode's CLDR, by Babel)."""

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_WIDTHS = ("wide", "abbreviated")
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


def name_in(language: str, other: str) -> str:
    """What a language is called in another: ``Russian`` for ``ru`` in ``en``; may be empty."""
    return _locale(language).get_display_name(other) or ""


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
def numbered_months(language: str) -> Mapping[str, int]:
    """The months as people write them beside a day or alone, in full or short, in small letters."""
    named = _locale(language).months
    kinds = [named[kind][width] for kind in ("stand-alone", "format") for width in _WIDTHS]
    found = {names[month].lower().rstrip("."): month for names in kinds for month in _MONTHS}
    return found | {name.lower(): n for n, name in enumerate(months_short(language), 1)}


@functools.cache
def weekdays(language: str) -> tuple[tuple[str, str], ...]:
    """The days of the week, Monday first, in small letters: each in full and short."""
    days = _locale(language).days["format"]
    return tuple(
        (days["wide"][day].lower(), days["abbreviated"][day].lower().rstrip("."))
        for day in range(7)
    )


def number(value: float, language: str, decimals: int = 0) -> str:
    """A number as it is written, with ``decimals`` digits behind the point: ``1,000``, ``0.5``."""
    from babel.numbers import format_decimal

    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return format_decimal(value, pattern, locale=_locale(language))


@functools.cache
def _zones_of_cities(language: str) -> Mapping[str, str]:
    """The cities that zones are named by, as far as the language has names of its own for them."""
    named = _locale(language).time_zones
    return {zone: names["city"] for zone, names in named.items() if "city" in names}


def city(zone: str, language: str) -> str:
    """The city that a zone of the IANA's is named by: ``Киев`` for ``Europe/Kyiv``."""
    from babel.core import get_global

    cities = _zones_of_cities(language)
    plain = zone.rpartition("/")[2].replace("_", " ")
    return cities.get(zone) or cities.get(get_global("zone_aliases").get(zone, zone)) or plain


@functools.cache
def countries(language: str) -> Mapping[str, str]:
    """The countries by their ISO 3166 codes, as a language calls them."""
    names = _locale(language).territories.items()
    return {code: name for code, name in names if len(code) == 2 and code.isalpha()}


@functools.cache
def zones_of_countries() -> Mapping[str, tuple[str, ...]]:
    """The zones of each country, by its code."""
    from babel.core import get_global

    return {code: tuple(zones) for code, zones in get_global("territory_zones").items()}
