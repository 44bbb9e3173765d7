"""The files of an SQLite database from outside: whose they are, and whether they are still there.

A process goes on writing into files that were deleted or replaced, and that nobody will ever read:
SQLite does not notice. So file names are compared with what the process has open.
"""

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from storage.errors import DamagedError, StorageError
from storage.instance import Identity
from storage.sqlite.meanings import translated

PEEK_SECONDS = 1.0
"""Seconds that another process may hold the database before a look at it is given up."""
CHECKED_BYTES = 32 * 1024 * 1024
"""Up to this size a database is checked whole, in a second or less; of a larger one only its
beginning is."""

FileState: TypeAlias = Literal["held", "missing", "another's"]

_DESCRIPTORS = Path("/dev/fd")


def find_identity(path: Path, *, without_log: bool = False) -> Identity | None:
    """The identity in the file; None if no service has run on it.

    Uses a connection of its own, reads what is on the disk, and changes nothing. ``without_log``:
    read the file alone, whatever is in its log. Raises StorageError.
    """
    look_at = _connect_to_file if without_log else connect
    with translated(path), contextlib.closing(look_at(path)) as db:
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
    """Read the file as it is on the disk, ``whole`` or its beginning; whole takes some ten seconds
    a gigabyte, while others can write. Raises DamagedError; another StorageError if it cannot be
    checked now."""
    find_identity(path)
    if not whole:
        return
    with translated(path), contextlib.closing(connect(path)) as db:
        (said,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise DamagedError(
                "the database is damaged", where=str(path), hint="restore it from a backup"
            )


@contextlib.contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """``connect``, closed at the end. Raises StorageError."""
    with translated(path), contextlib.closing(connect(path)) as db:
        yield db


def connect(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, beside others. Raises sqlite3.Error."""
    db = sqlite3.connect(address_of(path), uri=True, timeout=PEEK_SECONDS)
    db.execute("PRAGMA query_only = 1")
    return db


def address_of(path: Path) -> str:
    """The URI that opens an existing file and creates none."""
    # Not read-only: the next reader repairs what a kill left half written.
    return f"{_uri_of(path)}?mode=rw"


def _connect_to_file(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{_uri_of(path)}?mode=ro&immutable=1", uri=True)


def _uri_of(path: Path) -> str:
    return path.absolute().as_uri()


def where_files_are(path: Path) -> FileState:
    """Whether the files of an open database are those that this process has open.

    ``missing``: one of them has no name any more, and the others are ours. ``another's``: a file
    that this process has not opened stands in place of one of ours. Raises OSError if it cannot be
    determined.
    """
    held = _held()
    states = [_state_of(name, held) for name in (path, *_beside(path))]
    if "another's" in states:
        return "another's"
    return "missing" if "missing" in states else "held"


def is_wal_anothers(path: Path) -> bool:
    """Whether closing the database would remove another's files: SQLite removes them by name."""
    held = _held()
    return any(_state_of(name, held) == "another's" for name in _beside(path))


def _beside(path: Path) -> list[Path]:
    """The log and its index: SQLite keeps them beside the file that a link leads to."""
    real = path.resolve()
    return [real.with_name(real.name + end) for end in ("-wal", "-shm")]


def find_index(path: Path) -> int | None:
    """The descriptor with which SQLite holds the index of the log, or None. It is read through
    that: closing another descriptor of the same file would release SQLite's locks on it."""
    status = _beside(path)[1].stat()
    return _held().get((status.st_dev, status.st_ino))


def set_log_aside(path: Path) -> None:
    """Keep a database's log from being applied to the file that is in its place now."""
    log, index = _beside(path)
    log.replace(log.with_name(log.name + ".replaced"))
    index.unlink()


def _state_of(name: Path, held: Collection[tuple[int, int]]) -> FileState:
    try:
        status = name.stat()
    except FileNotFoundError:
        return "missing"
    return "held" if (status.st_dev, status.st_ino) in held else "another's"


def _held() -> dict[tuple[int, int], int]:
    """The files that this process holds open, by device and number, with their descriptors."""
    found = {}
    for entry in _DESCRIPTORS.iterdir():
        with contextlib.suppress(OSError):  # One that was closed meanwhile.
            descriptor = int(entry.name)
            status = os.fstat(descriptor)
            found[status.st_dev, status.st_ino] = descriptor
    return found


def is_log_empty(path: Path) -> bool:
    """Whether all of a database's log stands in its file."""
    log = Path(f"{path.resolve()}-wal")
    return not log.exists() or log.stat().st_size == 0


def create_private(path: Path) -> int:
    """Open a database file, made with mode 0600 if it is not there. Raises StorageError.

    The descriptor stays open as long as the connections: closing it would end their locks.
    """
    # The -wal and -shm files beside it get the same mode: SQLite copies it.
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(
            f"cannot open the database: {error.strerror}",
            where=str(path),
            hint="check that the folder exists and is writable",
        ) from error
