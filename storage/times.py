"""Times: aware datetimes outside, integers in the database, partial ISO 8601 text in documents.

The database holds microseconds since 1970 in UTC, so that a record comes back as it went in.
A document's row id holds its time too, and so newest first is the order of ids.
"""

import re
from datetime import UTC, datetime, timedelta

from storage.errors import StorageError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FLOOR = int((datetime(1, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())
_MICROSECOND = timedelta(microseconds=1)
_PARTIAL = re.compile(
    r"([1-9]\d{3})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)

ID_BITS = 8
SLOTS = 1 << ID_BITS
"""Row ids that one second holds. What comes more is spilled behind it, which is known of it
(``storage.documents.places``): fewer bits keep the gaps between ids, and with them the index,
small."""


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
    match = _PARTIAL.fullmatch(text or "")
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=UTC)
        return moment - _offset(match[7])
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta(0)
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
    return -size if zone[0] == "-" else size


def first_id(moment: datetime | None) -> int:
    """The first row id of the second that ``moment`` falls in; unknown times lie below all."""
    if moment is None:
        return SLOTS
    seconds = (moment - _EPOCH) // timedelta(seconds=1)
    return (seconds - _FLOOR + 2) << ID_BITS


def from_id(row_id: int) -> datetime | None:
    """The second that a row id of a document stands for; None for one of unknown time."""
    if row_id < FIRST_DATED:
        return None
    return _EPOCH + timedelta(seconds=(row_id >> ID_BITS) + _FLOOR - 2)


FIRST_DATED = first_id(datetime(1000, 1, 1, tzinfo=UTC))
"""Row ids of documents of known date begin here, those of unknown date end long before."""

LAST_DATED = first_id(datetime(9999, 12, 31, tzinfo=UTC))
"""No row id of a document lies much above."""
