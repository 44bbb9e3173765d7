"""Moments as sources write them (aware times, epochs, ISO 8601), as the schema's text."""

import datetime
import functools

from msgspec import Struct

_YEAR_1971 = 31_536_000
_YEAR_10000 = 253_402_300_800
# Named: to put such a union together takes longer than all else that is done with a number.
_NUMBERS = int | float | str
_EPOCH = datetime.date(1970, 1, 1).toordinal()


class Moment(Struct, frozen=True):
    """``2024-02-09T12:00:21Z``, or without the ``Z`` where the zone is not known."""

    text: str
    zone_known: bool


def read(value: object) -> Moment | None:
    """The moment that an aware datetime, seconds since 1970 or ISO 8601 text says.

    None for what is none, for years outside 1 to 9999, and for 1970 itself: Telegram's files write
    the epoch for "never".
    """
    if isinstance(value, str):
        return _from_epoch(value) if value.isdecimal() else _from_iso(value)
    if value is None or isinstance(value, bool):
        return None
    return _moment(value) if isinstance(value, datetime.datetime) else _from_epoch(value)


def text(value: object) -> str | None:
    """The text of the moment alone."""
    moment = read(value)
    return moment.text if moment else None


def _moment(found: datetime.datetime) -> Moment | None:
    if found.year <= 1970:
        return None
    if found.tzinfo is None:
        return Moment(found.isoformat(timespec="seconds"), zone_known=False)
    if found.tzinfo is not datetime.UTC:
        try:
            found = found.astimezone(datetime.UTC)
        except OverflowError:
            return None
    return Moment(found.isoformat()[:19] + "Z", zone_known=True)


def _from_iso(value: str) -> Moment | None:
    if len(value) < 16 or value[4:5] != "-":
        return None
    try:
        found = datetime.datetime.fromisoformat(value)
    except ValueError:
        return None
    return _moment(found)


def _from_epoch(value: object) -> Moment | None:
    if not isinstance(value, _NUMBERS):
        return None
    try:
        seconds = int(value)
    except (ValueError, OverflowError):
        return None
    if not _YEAR_1971 <= seconds < _YEAR_10000:
        return None
    days, rest = divmod(seconds, 86_400)
    return Moment(f"{_day(days)}T{_minute(rest // 60)}:{rest % 60:02}Z", zone_known=True)


@functools.lru_cache(maxsize=4096)
def _day(number: int) -> str:
    """The date ``number`` days after the epoch: posts share days, and dates are dear to write."""
    return datetime.date.fromordinal(_EPOCH + number).isoformat()


@functools.lru_cache(maxsize=1440)
def _minute(number: int) -> str:
    """The time of day ``number`` minutes after midnight."""
    return f"{number // 60:02}:{number % 60:02}"
