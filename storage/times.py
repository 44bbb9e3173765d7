"""Times: aware datetimes outside, integers in the database, partial ISO 8601 text in documents.

The database holds microseconds since 1970 in UTC, so that a record comes back as it went in.
"""

import re
from datetime import UTC, datetime, timedelta

from storage.errors import StorageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PARTIAL = re.compile(
    r"([1-9]\d{3})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
# Nearly all are: the hour 24 is one to newer versions of Python alone.
_EXACT = re.compile(r"[1-9]\d{3}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\dZ", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def to_epoch(moment: datetime) -> int:
    """Microseconds since 1970. Raises StorageError for a time without zone."""
    if moment.tzinfo is None:
        raise StorageError("a time without time zone cannot be stored", where=str(moment))
    return (moment - _EPOCH) // _MICROSECOND


def from_epoch(microseconds: int) -> datetime:
    """The aware UTC time that ``to_epoch`` wrote."""
    return _EPOCH + timedelta(microseconds=microseconds)


def optional_to_epoch(moment: datetime | None) -> int | None:
    """``to_epoch``, where there may be no time."""
    return None if moment is None else to_epoch(moment)


def optional_from_epoch(microseconds: int | None) -> datetime | None:
    """``from_epoch``, where there may be no time."""
    return None if microseconds is None else from_epoch(microseconds)


def from_partial(text: str | None) -> datetime | None:
    """The earliest UTC moment that a partial date may mean; None where the year is unknown.

    Years have four digits and do not begin with 0. A time without zone is taken as UTC: it orders
    documents, it says nothing about them.
    """
    if not text:
        return None
    if _EXACT.fullmatch(text) is not None:
        return _from_iso(text)
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=UTC)
        return moment - _offset(match[7])
    except (ValueError, OverflowError):
        return None


def from_instant(text: str | None) -> datetime | None:
    """The instant (aware) that an ISO 8601 date names; None where day, time or zone is missing."""
    if _INSTANT.fullmatch(text or "") is None:
        return None
    return _from_iso(text or "")


def _from_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta(0)
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return -size if zone[0] == "-" else size
