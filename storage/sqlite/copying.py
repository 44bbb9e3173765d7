"""Copies a database in use by SQLite's backup API, some pages at a time.

The copy is what was committed when copying began: a reader's transaction holds that snapshot, so
writes do not restart the copy, and in WAL mode no reader blocks the writer
(sqlite.org/c3ref/backup_finish.html, sqlite.org/wal.html).
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from storage.errors import StorageError, UnavailableError
from storage.sqlite import file as sqlite_file
from storage.sqlite.meanings import meaning_of

STEP_PAGES = 256
"""A mebibyte at the usual page size."""
PAUSE = 0.002
"""Seconds between two steps, for others that use the disk."""
SYNCED_STEPS = 16
"""The number of steps between two syncs to disk: more at once would delay the writer, which waits
for the same disk."""

Watch: TypeAlias = Callable[[int, int], None]
"""Called after each step with the number of pages left and in all; an exception from it ends the
copy."""


def watch_nothing(_left: int, _pages: int) -> None:
    """A ``Watch`` that does nothing."""


def copy(source: Path, target: Path, *, watch: Watch = watch_nothing) -> None:
    """Copy the database ``source`` into the new file ``target``, mode 0600, without a log.

    The copy is synced when this returns; on any error or cancellation no file is left. Raises
    StorageError, also if ``target`` exists, and whatever ``watch`` raises.
    """
    descriptor = _create(target)
    try:
        with contextlib.closing(_open(source)) as origin:
            _copy(origin, source, target, _Syncing(descriptor, watch))
    except BaseException:
        remove(target)
        raise
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a database that nobody has open, with SQLite's files beside it."""
    for end in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create(target: Path) -> int:
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        return os.open(target, flags, 0o600)
    except OSError as error:
        raise UnavailableError(
            f"cannot be made: {error.strerror}",
            cause="disk",
            where=str(target),
            hint="name a file in a folder that can be written",
        ) from error


def _open(source: Path) -> sqlite3.Connection:
    """The source, read as it stands at this moment until it is closed."""
    if not source.is_file():
        raise StorageError("there is no such file", where=str(source), hint="name a database")
    try:
        origin = sqlite_file.connect(source)
        try:
            origin.isolation_level = None
            origin.execute("BEGIN")
            origin.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            origin.close()
            raise
    except (sqlite3.Error, MemoryError) as error:
        raise meaning_of(error, str(source)) from error
    return origin


class _Syncing:
    """Called by SQLite after each step: syncs the copy every ``SYNCED_STEPS`` steps, calls the
    watch, and pauses."""

    def __init__(self, descriptor: int, watch: Watch) -> None:
        self.descriptor = descriptor
        self._watch = watch
        self._steps = 0

    def __call__(self, _status: int, left: int, pages: int) -> None:
        self._steps += 1
        if self._steps % SYNCED_STEPS == 0:
            os.fsync(self.descriptor)
        self._watch(left, pages)
        if left:
            time.sleep(PAUSE)


def _copy(origin: sqlite3.Connection, source: Path, target: Path, after_step: _Syncing) -> None:
    try:
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copied:
            # It is no database before it is whole: nothing needs to be taken back.
            copied.execute("PRAGMA journal_mode = OFF")
            copied.execute("PRAGMA synchronous = OFF")
            origin.backup(copied, pages=STEP_PAGES, progress=after_step)
            copied.execute("PRAGMA journal_mode = DELETE")
        os.fsync(after_step.descriptor)
    except (sqlite3.Error, MemoryError) as error:
        is_origins = getattr(error, "sqlite_errorcode", 0) & 0xFF in _ORIGINS
        raise meaning_of(error, str(source if is_origins else target)) from error
    except OSError as error:
        raise UnavailableError(
            f"cannot be written: {error.strerror}",
            cause="disk",
            where=str(target),
            hint="make room",
        ) from error


_ORIGINS = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_BUSY)
"""Errors of the source; any other is one of the copy."""
