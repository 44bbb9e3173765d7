"""Making a backup: one file that is whole and checked, or none."""

import contextlib
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from storage.errors import DamagedError, StorageError, UsageError
from storage.sqlite import backup_notes, copying
from storage.sqlite import file as sqlite_file
from storage.sqlite.copying import Watch, watch_nothing
from storage.sqlite.meanings import meaning_of
from storage.verifying.checks import Report
from storage.verifying.verify import GoesOn, always, verify

PART = ".part"
"""The end of the name that a backup has until it is whole."""


class Taken(Struct, frozen=True, kw_only=True):
    """A backup that was made. ``report``: what a look through it gave; ``size`` in bytes."""

    path: Path
    report: Report
    size: int


def take(
    source: Path,
    target: Path,
    *,
    now: datetime,
    sessions: Mapping[str, Path] | None = None,
    watch: Watch = watch_nothing,
    goes_on: GoesOn = always,
) -> Taken:
    """Make a backup of the database ``source``, which may be in use, as the new file ``target``.

    ``sessions`` are files that go into it, by name. Raises UsageError where ``target`` is there,
    StorageError for what fails; then there is no file. It blocks.
    """
    if target.exists() or target.is_symlink():
        raise _is_there(target)
    part = part_of(target)
    _make_way(part, target)
    try:
        copying.copy(source, part, watch=watch)
        report = _check(part, source, goes_on)
        held = {name: read_session(path) for name, path in (sessions or {}).items()}
        backup_notes.write(part, made_at=now, sessions=held)
        _give_name(part, target)
    except BaseException:
        copying.remove(part)
        raise
    return Taken(path=target, report=report, size=target.stat().st_size)


def _make_way(part: Path, target: Path) -> None:
    """Remove what a crash has left, where a file of this name can be made at all. Raises
    StorageError, which names what was asked for."""
    try:
        target.parent.stat()
        copying.remove(part)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise StorageError(
            "there is no such folder" if missing else f"cannot be made: {error.strerror}",
            where=str(target.parent if missing else target),
            hint="make it first" if missing else "name another file",
        ) from error


def part_of(target: Path) -> Path:
    """Where a backup is made until it is whole."""
    return target.with_name(f".{target.name}{PART}")


def read_session(path: Path) -> bytes:
    """A session file as it stands, which may be in use. Raises StorageError."""
    try:
        with (
            contextlib.closing(sqlite_file.connect(path)) as db,
            contextlib.closing(sqlite3.connect(":memory:")) as copied,
        ):
            db.backup(copied)
            return copied.serialize()
    except sqlite3.Error as error:
        raise meaning_of(error, str(path)) from error


def _check(part: Path, source: Path, goes_on: GoesOn) -> Report:
    """What a look through it gives. One that is damaged is no backup; what is wrong otherwise is
    so in the database too, and is better kept than not."""
    report = verify(part, goes_on=goes_on)
    if report.is_damaged:
        raise DamagedError(
            f"no backup was made, for the database is damaged: {report.problems[0]}",
            where=str(source),
            hint="restore it from an earlier backup",
        )
    return report


def _give_name(part: Path, target: Path) -> None:
    try:
        copying.sync(part)
        if target.exists():
            raise _is_there(target)
        part.rename(target)
        copying.sync(target.parent)
    except OSError as error:
        raise StorageError(
            f"cannot be written: {error.strerror}", where=str(target), hint="make room"
        ) from error


def _is_there(target: Path) -> UsageError:
    return UsageError("is there already", where=str(target), hint="name a file that is not there")
