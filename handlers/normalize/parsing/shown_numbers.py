"""Numbers as Telegram shows them to people: rounded counts, sizes, durations, places."""

import re

_COUNT = re.compile(r"(?P<number>[0-9][0-9 ,.]*)(?P<unit>[KMB]?)")
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_SIZE = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?)\s*(?P<unit>B|KB|MB|GB|Б|КБ|МБ|ГБ)\b")
_SIZES: dict[str, int] = {
    unit: 1 << 10 * power
    for power, units in enumerate(("B Б", "KB КБ", "MB МБ", "GB ГБ"))
    for unit in units.split()
}
_DURATION = re.compile(
    r"(?:(?:(?P<hours>[0-9]{1,3}):)?(?P<minutes>[0-9]{1,3}):)(?P<seconds>[0-9]{2})"
)
_PLACE = re.compile(r"[?&](?:q|ll)=(-?[0-9]{1,3}(?:\.[0-9]+)?),(-?[0-9]{1,3}(?:\.[0-9]+)?)")


def count(text: str | None) -> int | None:
    """``18.9M`` as 18,900,000: as exact as it was shown."""
    found = _COUNT.fullmatch((text or "").strip())
    if found is None:
        return None
    number, unit = found["number"].replace(" ", ""), found["unit"]
    if not unit:
        return int(re.sub(r"[,.]", "", number)[:18] or 0)
    try:
        return round(float(number.replace(",", ".")) * _UNITS[unit.upper()])
    except ValueError:
        return None


def size(text: str | None) -> int | None:
    """``21.4 MB`` in bytes: as exact as it was shown."""
    found = _SIZE.search(text or "")
    if found is None:
        return None
    return round(float(found["number"].replace(",", ".")) * _SIZES[found["unit"]])


def duration(text: str | None) -> int | None:
    """``1:02:03`` in seconds."""
    found = _DURATION.search(text or "")
    if found is None:
        return None
    return int(found["hours"] or 0) * 3600 + int(found["minutes"]) * 60 + int(found["seconds"])


def place(address: str | None) -> str | None:
    """A link to a map as ``geo:latitude,longitude``."""
    found = _PLACE.search(address or "")
    return f"geo:{found[1]},{found[2]}" if found else None
