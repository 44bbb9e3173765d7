"""The files of an SQLite database from outside: whose they are, and whether they are still there.

A process goes on writing into files that were deleted or replaced beneath it, and nobody will ever
read them: SQLite does not notice. So names are compared with what the process holds open.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Literal, TypeAlias

from storage.errors import DamagedError
from storage.instance import Identity
from storage.sqlite import translated

PEEK_SECONDS = 1.0
"""So long another process may hold the database before a look at it is given up."""
CHECKED_BYTES = 32 * 1024 * 1024
"""A database of this size is checked whole in a second or less; of a larger one, its beginning."""

Place: TypeAlias = Literal["held", "missing", "another's"]

_DESCRIPTORS = Path("/dev/fd")


def find_identity(path: Path) -> Identity | None:
    """Whose database the file is; None for one that no service has run on.

    Looks with a connection of its own, at what stands on the disk, and changes nothing. Raises
    StorageError.
    """
    with translated(path), contextlib.closing(_connect(path)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
        if "fact" not in tables:
            return None
        facts = dict(db.execute("SELECT name, value FROM fact WHERE name LIKE 'instance%'"))
    if "instance" not in facts:
        return None
    return Identity(name=facts["instance"], counter=int(facts.get("instance_counter", 0)))


def is_small(path: Path) -> bool:
    """Whether the file is checked whole in a second or less. Raises OSError."""
    return path.stat().st_size <= CHECKED_BYTES


def check(path: Path, *, whole: bool) -> None:
    """Read the file as it stands on the disk, ``whole`` or its beginning; a whole one takes some
    ten seconds a gigabyte, in which writing goes on. Raises DamagedError; other StorageErrors where
    that cannot be told now."""
    find_identity(path)
    if not whole:
        return
    with translated(path), contextlib.closing(_connect(path)) as db:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise DamagedError(
                "the database is damaged", where=str(path), hint="restore it from a backup"
            )


def _connect(path: Path) -> sqlite3.Connection:
    # Not read-only: what a kill left half written is put right by whoever reads it next.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, timeout=PEEK_SECONDS)
    db.execute("PRAGMA query_only = 1")
    return db


def where_files_are(path: Path) -> Place:
    """Whether the files of an open database are those that this process holds.

    ``missing``: one is not there by its name any more, and the others are ours. ``another's``: a
    file that this process has not opened stands in a place of ours. Raises OSError when that
    can't be told.
    """
    held = _held()
    places = [_place_of(name, held) for name in (path, *_beside(path))]
    if "another's" in places:
        return "another's"
    return "missing" if "missing" in places else "held"


def is_wal_anothers(path: Path) -> bool:
    """Whether closing the database would remove another's files: SQLite removes them by name."""
    held = _held()
    return any(_place_of(name, held) == "another's" for name in _beside(path))


def _beside(path: Path) -> list[Path]:
    """The log and its index: SQLite keeps them beside the file that a link leads to."""
    real = path.resolve()
    return [real.with_name(real.name + end) for end in ("-wal", "-shm")]


def _place_of(name: Path, held: set[tuple[int, int]]) -> Place:
    try:
        status = name.stat()
    except FileNotFoundError:
        return "missing"
    return "held" if (status.st_dev, status.st_ino) in held else "another's"


def _held() -> set[tuple[int, int]]:
    """The files that this process holds open, by device and number."""
    found = set()
    for entry in _DESCRIPTORS.iterdir():
        with contextlib.suppress(OSError):  # One that was closed meanwhile.
            status = os.fstat(int(entry.name))
            found.add((status.st_dev, status.st_ino))
    return found
