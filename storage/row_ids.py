"""The row ids of documents, which hold their time: newest first is the order of ids.

A row id is the second of publication, and a number within it below ``PER_SECOND``: two posts of
one second have neighbouring ids. Documents whose time is not known have ids below all others.
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FLOOR = int((datetime(1, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())

BITS = 8
PER_SECOND = 1 << BITS
"""Row ids that one second holds. What comes more is spilled behind it, which is known of it
(``storage.documents.free_row_ids``): fewer bits keep the gaps between ids, and with them the index,
small."""


def first_id(moment: datetime | None) -> int:
    """The first row id of the second that ``moment`` falls in; unknown times lie below all."""
    if moment is None:
        return PER_SECOND
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds - _FLOOR + 2) << BITS


def time_of(row_id: int) -> datetime | None:
    """The second that a row id of a document stands for; None for one of unknown time."""
    if row_id < FIRST_DATED:
        return None
    return _EPOCH + timedelta(seconds=(row_id >> BITS) + _FLOOR - 2)


def seconds_between(older: int, newer: int) -> int | None:
    """The seconds from one row id's time to another's; None where either is not known."""
    if older < FIRST_DATED or newer < FIRST_DATED:
        return None
    return (newer >> BITS) - (older >> BITS)


FIRST_DATED = first_id(datetime(1000, 1, 1, tzinfo=UTC))
"""Row ids of documents of known date begin here, those of unknown date end long before."""

LAST_DATED = first_id(datetime(9999, 12, 31, tzinfo=UTC))
"""No row id of a document lies much above."""
