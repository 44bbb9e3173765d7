"""When a message of Telegram Desktop's HTML export was posted."""

import re

from selectolax.lexbor import LexborNode

from handlers.normalize.parsing import dates, times
from handlers.normalize.parsing.html_pages import attribute
from handlers.normalize.parsing.html_text import plain
from storage.document import Precision

_MOMENT = re.compile(
    r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4}),? "
    r"(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?:\s*(?:UTC|GMT)(?:(?P<zone>[+-][0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)?(?P<known>))?"
)
_CLOCK = re.compile(r"(?<![0-9:])(?P<time>[0-9]{1,2}:[0-9]{2})(?P<seconds>:[0-9]{2})?(?![0-9:])")


def read(node: LexborNode | None, day: str | None) -> tuple[str | None, Precision, bool]:
    """When a message was posted: its text, how exact, and whether the zone is known."""
    if node is None:
        return None, "none", True
    title = attribute(node, "title") or plain(node) or ""
    found = _MOMENT.search(title)
    if found is not None:
        local = f"{found['year']}-{found['month']}-{found['day']}T{found['time']}"
        moment = times.read(local + _zone(found))
        if moment is not None:
            return moment.text, "second", moment.zone_known
    date, clock = _date_in(title) or day, _CLOCK.search(title)
    if date is None or clock is None:
        return date, "day" if date else "none", True
    time = clock["time"].zfill(5) + (clock["seconds"] or "")
    moment = times.read(f"{date}T{time}")
    if moment is None:
        return date, "day", True
    exact = bool(clock["seconds"])
    return moment.text if exact else moment.text[:16], "second" if exact else "minute", False


def _date_in(title: str) -> str | None:
    found = dates.match_date(title.strip())
    return found.date if found is not None and len(found.date) == 10 else None


def _zone(found: re.Match[str]) -> str:
    """``UTC+03:00`` as ISO 8601 writes it; nothing where no zone is named."""
    if found["known"] is None:
        return ""
    if found["zone"] is None:
        return "+00:00"
    return f"{found['zone'][0]}{int(found['zone'][1:]):02}:{found['minutes'] or '00'}"
