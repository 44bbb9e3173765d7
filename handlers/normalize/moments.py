"""Moments as sources write them (aware times, epochs, ISO 8601), as the schema's text."""

import datetime
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Moment:
    """``2024-02-09T12:00:21Z``, or without the ``Z`` where the zone is not known."""

    text: str
    zone_known: bool


def read(value: Any) -> Moment | None:
    """The moment that an aware datetime, seconds since 1970 or ISO 8601 text says.

    None for what is none, for years outside 1 to 9999, and for 1970 itself: Telegram's files write
    the epoch for "never".
    """
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        found: datetime.datetime | None = value
    elif isinstance(value, str) and value[4:5] == "-":
        found = _from_iso(value)
    else:
        found = _from_epoch(value)
    if found is None or found.year <= 1970:
        return None
    return _moment(found)


def text(value: Any) -> str | None:
    """The text of the moment alone."""
    moment = read(value)
    return moment.text if moment else None


def _moment(found: datetime.datetime) -> Moment | None:
    if found.tzinfo is None:
        return Moment(found.isoformat(timespec="seconds"), zone_known=False)
    if found.tzinfo is not datetime.UTC:
        try:
            found = found.astimezone(datetime.UTC)
        except OverflowError:
            return None
    return Moment(found.isoformat()[:19] + "Z", zone_known=True)


def _from_iso(value: str) -> datetime.datetime | None:
    if len(value) < 16:
        return None
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


def _from_epoch(value: Any) -> datetime.datetime | None:
    if isinstance(value, bool):
        return None
    try:
        return datetime.datetime.fromtimestamp(int(value), datetime.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
