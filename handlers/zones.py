"""Time zones as people name them: by the IANA's name, by a city, by the distance from UTC."""

import difflib
import functools
import re
import zoneinfo

from handlers.zone_places import BY_HALF_HOURS, PLACES

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+−-])\s*(\d{1,2})(?::?([0-5]\d))?", re.I)
_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")


@functools.cache
def zone_names() -> dict[str, str]:
    """Every zone of the IANA database by its name in lower case (read from disk once)."""
    return {name.lower(): name for name in zoneinfo.available_timezones()}


def find_zone(text: str) -> str | None:
    """The IANA name of a zone, whatever its case; a city alone where it is unambiguous; or the
    zone that is always so far from UTC: ``UTC+3``."""
    offset = _OFFSET.fullmatch(text.strip())
    if offset is not None:
        return _fixed(offset[1] == "+", int(offset[2]), int(offset[3] or 0))
    wanted = "_".join(text.lower().split())
    names = zone_names()
    if wanted in names:
        return names[wanted]
    place = " ".join(text.lower().replace("ё", "е").split())
    if place in PLACES:
        return PLACES[place]
    cities = [name for low, name in names.items() if low.rpartition("/")[2] == wanted]
    return min(cities, key=len) if len({name.partition("/")[0] for name in cities}) == 1 else None


def _fixed(is_east: bool, hours: int, minutes: int) -> str | None:
    """The names of the IANA's fixed zones say the distance the other way round."""
    if minutes:
        return BY_HALF_HOURS.get((hours, minutes)) if is_east else None
    if not hours:
        return "UTC"
    return zone_names().get(f"etc/gmt{'-' if is_east else '+'}{hours}")


def nearest_zone(text: str) -> str | None:
    """The zone that a misspelt name most likely means, or None."""
    if _OFFSET.fullmatch(text.strip()):
        return None
    wanted = "_".join(text.lower().replace("ё", "е").split())
    names = zone_names()
    cities = {low.rpartition("/")[2]: low for low in sorted(names, reverse=True) if "/" in low}
    cities |= {"_".join(place.split()): zone.lower() for place, zone in PLACES.items()}
    close = difflib.get_close_matches(wanted, [*names, *cities], n=1, cutoff=0.6)
    return names[cities.get(close[0], close[0])] if close else None


def zone_label(name: str) -> str:
    """A zone as people read it: ``UTC+3`` for the fixed one, whose name says the contrary."""
    fixed = _FIXED.fullmatch(name)
    if fixed is None:
        return name
    return f"UTC{'-' if fixed[1] == '+' else '+'}{fixed[2]}" if int(fixed[2]) else "UTC"
