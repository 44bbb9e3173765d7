"""Time zones as people name them: by the IANA's name, a city, a country, the distance from UTC.

Case, accents and hyphens do not matter, nor does what stands around a name: ``по Москве``,
``Kyiv time``. A name that is misspelt by a letter is no zone, only a guess to ask about.
"""

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Iterator, Mapping

from handlers.texts.people.zones import AROUND, FOUND, OFFSET, WORDS
from handlers.times.zone_regions import REGIONS, place
from storage.languages import catalogue, formats

LONGEST_NAME = 60
_BRACKETED = re.compile(r"([^()]*)\(([^()]+)\)([^()]*)")
_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")
_NO_PLACES = ("Brazil/", "Canada/", "Chile/", "Etc/", "Mexico/", "US/", "America/North_Dakota/")
_MOSCOW = 3
BY_HALF_HOURS: Mapping[tuple[int, int], str] = {
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (9, 30): "Australia/Darwin",
}
"""Zones without summer time by how far they are from UTC, where it is no full hour."""

_MAIN_ZONES = {
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "KZ": "Asia/Almaty",
    "MY": "Asia/Kuala_Lumpur",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""Of countries that have several, the zone that nearly all who live there keep."""


@functools.cache
def zone_names() -> dict[str, str]:
    """Every zone of the IANA database by its name in lower case (read from disk once)."""
    return {name.lower(): name for name in zoneinfo.available_timezones() if name != "Factory"}


def is_zone(name: str) -> bool:
    """Whether it is the name of a zone of the IANA's, letter by letter."""
    return zone_names().get(name.lower()) == name


def find_zone(text: str) -> str | None:
    """The IANA name of a zone by that name; of a city or a country that has one zone; or of the
    zone that is always so far from UTC: ``UTC+3``, ``МСК+2``."""
    if len(text) > LONGEST_NAME:
        return None
    offset = _offset().fullmatch(_without_words(text).strip()) or _offset().fullmatch(text.strip())
    if offset is not None and (offset[1] or offset[2]):
        return _distant(offset)
    known, text = _known(), re.sub(r"\s*/\s*", "/", text)
    found = known.get(_folded(text)) or known.get(_folded(_without_words(text)))
    return found or _of_parts(text)


def _of_parts(text: str) -> str | None:
    """The zone of ``Paris, France``, of which each part names the same; of ``UTC+3 (Moscow)`` that
    of the place."""
    match = _BRACKETED.fullmatch(text)
    if match is not None:
        parts = [part for part in match.groups() if part.strip()]
        found = [zone for part in parts if (zone := find_zone(part.strip())) is not None]
        return min(found, key=lambda zone: zone == "UTC" or zone.startswith("Etc/"), default=None)
    places = {find_zone(part) for part in text.split(",")} if "," in text else {None}
    return places.pop() if len(places) == 1 else None


def _without_words(text: str) -> str:
    words, around = text.split(), AROUND.meanings()
    return " ".join(word for word in words if word.lower().rstrip(".") not in around)


@functools.cache
def _offset() -> re.Pattern[str]:
    """``UTC+3``, ``-5:30``, ``MSK+2``; a number alone is none."""
    known = f"utc|gmt|{OFFSET.pattern('moscow')}"
    return re.compile(rf"({known})?\s*([+−–-])?\s*(\d{{1,2}})(?:[:.]?([0-5]\d))?", re.I)


def _folded(text: str) -> str:
    """A name without case, accents and whatever parts its words."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\s_.’'-]+", " ", bare.casefold()).split())


@functools.cache
def _known() -> dict[str, str]:
    """Every zone by each folded name that it is found by; the plainer name goes first."""
    names_of_zones = {_folded(name): name for name in zone_names().values()}
    known = {name: zone for name, zone in names_of_zones.items() if "/" in zone}
    places = {**FOUND.meanings(), **_chosen()}
    countries = {**_translated_cities(), **_countries()}
    for names in (places, _cities(), countries):
        for name, zone in names.items():
            known.setdefault(_folded(name), zone)
    for name, zone in (*places.items(), *countries.items()):
        for form in _cases(name.replace("ё", "е")):
            known.setdefault(_folded(form), zone)
    return {**names_of_zones, **known}  # "Japan" is a name of the IANA's too, of former times


def _chosen() -> dict[str, str]:
    """The places that there are buttons for, in all languages."""
    return {
        place(zone, language).lower(): zone
        for language in catalogue.spoken()
        for region in REGIONS.values()
        for zone in region.zones
    }


def _translated_cities() -> dict[str, str]:
    """The cities that zones are named by, in other languages than English."""
    return {
        formats.city(zone, language).lower(): zone
        for language in catalogue.spoken()[1:]
        for zones in formats.zones_of_countries().values()
        for zone in zones
        if is_zone(zone) and not zone.startswith(_NO_PLACES)
    }


def _countries() -> dict[str, str]:
    """The countries that have one zone, or one in which nearly all live, in all languages."""
    found: dict[str, str] = {}
    for language in catalogue.spoken():
        for code, name in formats.countries(language).items():
            zones = formats.zones_of_countries().get(code, ())
            zone = _MAIN_ZONES.get(code) or (zones[0] if len(zones) == 1 else None)
            if zone is not None and name.lower() not in WORDS.meanings():
                found.setdefault(name.lower(), zone)
    return found


def _cities() -> dict[str, str]:
    """The cities that name zones of one region only."""
    zones: dict[str, list[str]] = {}
    for name in sorted(zone_names().values()):
        if "/" in name and not name.startswith(_NO_PLACES):
            zones.setdefault(name.rpartition("/")[2], []).append(name)
    return {
        city: min(names, key=len)
        for city, names in zones.items()
        if len({name.partition("/")[0] for name in names}) == 1
    }


def _cases(name: str) -> Iterator[str]:
    """The case forms of a Russian name of one word: ``Москве``, ``Киева``."""
    if not re.fullmatch(r"[а-я-]{3,}", name) or name.endswith(("ое", "ому")):
        return
    endings = {
        "а": "ы и е у ой",
        "ия": "ии ию ией",
        "я": "и е ю ей",
        "ь": "и я е ю",
        "й": "я е ю",
        "ы": " ам ах",
    }
    for ending, others in endings.items():
        if name.endswith(ending):
            yield from (name.removesuffix(ending) + other for other in others.split(" "))
            return
    if name[-1] not in "еиоую":
        yield from (name + other for other in ("а", "е", "у", "ом"))


def _distant(offset: re.Match[str]) -> str | None:
    hours, minutes = int(offset[3]), int(offset[4] or 0)
    if offset[1] and offset[1].lower() in OFFSET.meanings():
        hours = _MOSCOW + (hours if offset[2] in (None, "+") else -hours)
        return _fixed(hours >= 0, abs(hours), minutes)
    return _fixed(offset[2] in (None, "+"), hours, minutes)


def _fixed(is_east: bool, hours: int, minutes: int) -> str | None:
    """The names of the IANA's fixed zones say the distance the other way round."""
    if minutes:
        return BY_HALF_HOURS.get((hours, minutes)) if is_east else None
    if not hours:
        return "UTC"
    return zone_names().get(f"etc/gmt{'-' if is_east else '+'}{hours}")


def find_region(text: str) -> str | None:
    """The code of the region (see ``zone_regions``) by its name, or by that of a country which has
    several zones: its places are to choose from."""
    return _wide().get(_folded(_without_words(text[:LONGEST_NAME])))


@functools.cache
def _wide() -> dict[str, str]:
    return {
        _folded(form): code
        for code, region in REGIONS.items()
        for language in catalogue.spoken()
        for name in (*region.names(language), *region.covers)
        for form in (name, *_cases(name))
    }


def nearest_zone(text: str) -> str | None:
    """The zone whose name differs by a slip from what was written, to be asked about; else None.

    A slip is a letter too many, too few, wrong or swapped with the next: one in a name of five
    letters or more, two in one of ten or more. Of names that are equally near, the longest: a
    letter is dropped more often than added.
    """
    wanted = _folded(_without_words(text[:LONGEST_NAME]))
    most = 0 if len(wanted) < 5 or any(c.isdigit() for c in wanted) else 1 + (len(wanted) >= 10)
    for slips in range(1, most + 1):
        near = [name for name in _known() if _is_near(wanted, name, slips)]
        if near:
            return _known()[min(near, key=lambda name: (-len(name), name))]
    return None


def _is_near(one: str, other: str, slips: int) -> bool:
    """Whether two names differ by at most ``slips`` letters."""
    if abs(len(one) - len(other)) > slips or len(set(one) ^ set(other)) > 2 * slips:
        return False
    rows: list[list[int]] = [[*range(len(other) + 1)]]
    for i, left in enumerate(one, 1):
        row: list[int] = [i]
        above = rows[-1]
        for j, right in enumerate(other, 1):
            least = min(above[j] + 1, row[-1] + 1, above[j - 1] + (left != right))
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1] <= slips


def zone_label(name: str, language: str) -> str:
    """A zone as people read it: ``UTC+3`` for the fixed one, whose name says the contrary; in other
    languages than English by its place where that has a button, ``Москва``."""
    fixed = _FIXED.fullmatch(name)
    if fixed is not None:
        return f"UTC{'-' if fixed[1] == '+' else '+'}{fixed[2]}" if int(fixed[2]) else "UTC"
    is_translated = language in catalogue.spoken()[1:] and name in _shown()
    return place(name, language) if is_translated else name


@functools.cache
def _shown() -> frozenset[str]:
    return frozenset(zone for region in REGIONS.values() for zone in region.zones)
