"""Translates errors of the driver into errors that a person can act on."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from storage.errors import (
    Cause,
    DamagedError,
    NotFoundError,
    StorageError,
    UnavailableError,
)

_HELD = "the database is held by another process"
_WAIT = "end the other process, or try again"
_PASSING: Mapping[int, tuple[Cause, str, str]] = {
    sqlite3.SQLITE_FULL: ("disk", "the disk is full", "make room; nothing was lost"),
    sqlite3.SQLITE_IOERR: (
        "disk",
        "the disk cannot be read or written",
        "see whether it is full, or broken",
    ),
    sqlite3.SQLITE_READONLY: (
        "disk",
        "the database cannot be written",
        "check who owns the file and its folder",
    ),
    sqlite3.SQLITE_BUSY: ("lock", _HELD, _WAIT),
    sqlite3.SQLITE_LOCKED: ("lock", _HELD, _WAIT),
    sqlite3.SQLITE_PROTOCOL: ("lock", _HELD, _WAIT),
    sqlite3.SQLITE_CANTOPEN: (
        "files",
        "the database cannot be opened",
        "check the folder and its permissions, and how many files may be open",
    ),
    sqlite3.SQLITE_NOMEM: ("memory", "there is not enough memory", "give it more"),
}
_QUOTING = ("fts5:", "unknown special query", "unterminated string", "malformed MATCH")
_LASTING: Mapping[int, tuple[type[StorageError], str, str]] = {
    sqlite3.SQLITE_NOTADB: (
        DamagedError,
        "the file is not a Dateline database",
        "give another file",
    ),
    sqlite3.SQLITE_CORRUPT: (
        DamagedError,
        "the database is damaged",
        "restore it from a backup",
    ),
    sqlite3.SQLITE_INTERRUPT: (StorageError, "the query was given up", ""),
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Driver errors leave as StorageError, in words that a person can act on."""
    try:
        yield
    except (sqlite3.Error, MemoryError, OverflowError, ValueError) as error:
        raise meaning_of(error, str(path)) from error


def meaning_of(error: Exception, where: str) -> StorageError:
    """The StorageError for an error of the driver; ``where`` is the file."""
    if isinstance(error, MemoryError):
        code = sqlite3.SQLITE_NOMEM
    else:
        # The low byte is the kind; the rest says more closely where it happened.
        full_code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if full_code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            return NotFoundError("what this belongs to is not there any more", where=where)
        code = full_code & 0xFF
    if code in _PASSING:
        cause, what, hint = _PASSING[code]
        return UnavailableError(what, cause=cause, where=where, hint=hint)
    if code in _LASTING:
        kind, what, hint = _LASTING[code]
        return kind(what, where=where, hint=hint)
    return StorageError(f"the database refused: {_without_words(str(error))}", where=where)


def not_written(error: OSError, path: Path) -> UnavailableError:
    """The error for a file that the system refused to write."""
    return UnavailableError(
        f"the database cannot be written: {error.strerror}",
        cause="disk",
        where=str(path),
        hint="make room; nothing was lost",
    )


def _without_words(text: str) -> str:
    """The engine's message without words of a query, which are private."""
    return "the query cannot be run" if text.startswith(_QUOTING) else text
