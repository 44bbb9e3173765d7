"""The time zone of the machine, as ``TZ`` names it: nothing of ours asks for it."""

from collections.abc import MutableMapping
from pathlib import Path


def drop_unreadable(environment: MutableMapping[str, str]) -> None:
    """Take away a ``TZ`` that is no zone: Babel, which reads it as it is imported, could not be."""
    name = environment.get("TZ", "").lstrip(":")
    if not name:
        return
    from zoneinfo import ZoneInfo  # on most machines nobody names one

    try:
        if Path(name).exists():
            with Path(name).open("rb") as file:
                ZoneInfo.from_file(file)
        else:
            ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # KeyError: there is no such zone
        del environment["TZ"]
