"""Typed access to fields of foreign records (Telethon objects, JSON).

A field may be missing or hold anything: readers get a value of the expected type, or nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

_LARGEST = 2**63 - 1
_LISTS = (list, tuple)
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


class Record:
    """A JSON object with its members as attributes; what is missing is None, as in Telethon."""

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = members

    def __getattr__(self, name: str) -> object:
        return _wrapped(self._members.get(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)


def members(record: object) -> Mapping[str, object]:
    """All that a record holds, by name, in its order; nothing for what is no record."""
    if isinstance(record, Record):
        return {name: getattr(record, name) for name in record}
    return getattr(record, "__dict__", {})


def kind(record: object) -> str:
    """The name of a Telegram type: of a Telethon object's class, or the ``_`` of its JSON."""
    name = getattr(record, "_", None)
    return name if isinstance(name, str) else type(record).__name__


def whole(record: object, name: str) -> int | None:
    """A whole number that a database can hold."""
    return as_whole(getattr(record, name, None))


def words(record: object, name: str) -> str | None:
    """Text that is not empty."""
    value = getattr(record, name, None)
    return clean(value) if isinstance(value, str) and value else None


def whole_of(members: Mapping[str, object], name: str) -> int | None:
    """A whole number that a JSON object holds."""
    return as_whole(members.get(name))


def words_of(members: Mapping[str, object], name: str) -> str | None:
    """Text that a JSON object holds and that is not empty."""
    value = members.get(name)
    return clean(value) if isinstance(value, str) and value else None


def listed(record: object, name: str) -> Iterable[object]:
    """The items of a field that is a list; none if it is not one."""
    value = getattr(record, name, None)
    return value if isinstance(value, _LISTS) else ()


def as_whole(value: object) -> int | None:
    """The value if it is a whole number that a database can hold."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
        return None
    return value


def clean(text: str) -> str:
    """Text without what no message holds and no file can keep: U+FFFD for NUL, lone surrogates.

    The length stays, so offsets do.
    """
    if "\x00" not in text:
        # Ten times as fast as looking for them: nearly no text holds any.
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSAFE.sub("\ufffd", text)


def _wrapped(value: object) -> object:
    if isinstance(value, dict):
        return Record(value)
    if isinstance(value, list):
        return [_wrapped(item) for item in value]
    return value
