"""The note in the data folder of databases that were migrated away: opening one by mistake fails
with the new address.

It names addresses without passwords. The old database itself stays as it was.
"""

import json
from pathlib import Path

from bot.process import private_files
from storage.errors import ServiceError
from storage.location import Location, location_of

NOTE = "moved.json"


def refuse(data_dir: Path, url: str, *, unless_to: str | None = None) -> None:
    """Raise ServiceError if the database at ``url`` was migrated, except to ``unless_to``."""
    location = location_of(url)
    to = _read(data_dir / NOTE).get(name_of(location))
    if to is not None and to != unless_to:
        raise ServiceError(
            f"this database was migrated to {to}",
            where=location.shown,
            hint=f"set DATABASE_URL to that, or remove {data_dir / NOTE} to go on with this one",
        )


def note(data_dir: Path, old: Location, new: Location) -> None:
    """Refuse the old database from now on, and allow the new one. Raises OSError."""
    path = data_dir / NOTE
    moved = {name: to for name, to in _read(path).items() if name != name_of(new)}
    told = {**moved, name_of(old): name_of(new)}
    private_files.write_whole(path, json.dumps(told, ensure_ascii=False).encode())


def name_of(location: Location) -> str:
    """A location's name, independent of the working directory."""
    return location.shown if location.file is None else str(location.file.resolve())


def _read(path: Path) -> dict[str, str]:
    try:
        told = private_files.read_json(path)
        return {str(address): str(to) for address, to in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise private_files.unreadable(path, error) from error
