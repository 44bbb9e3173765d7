"""What the driver's errors mean for a person, and that no query of theirs is quoted."""

import sqlite3

import pytest

from storage.errors import DamagedError, NotFoundError, StorageError, UnavailableError
from storage.sqlite import meanings


def driver_error(code: int, said: str = "said") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "cause", "line"),
    [
        (sqlite3.SQLITE_FULL, "disk", "the disk is full; make room; nothing was lost"),
        (sqlite3.SQLITE_IOERR, "disk", "read or written; see whether it is full, or broken"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk", "the disk cannot be read or written"),
        (sqlite3.SQLITE_READONLY, "disk", "cannot be written; check who owns the file and its"),
        (sqlite3.SQLITE_BUSY, "lock", "held by another process; end the other process, or try"),
        (sqlite3.SQLITE_LOCKED, "lock", "the database is held by another process"),
        (sqlite3.SQLITE_PROTOCOL, "lock", "the database is held by another process"),
        (sqlite3.SQLITE_CANTOPEN, "files", "cannot be opened; check the folder and its permis"),
        (sqlite3.SQLITE_NOMEM, "memory", "there is not enough memory; give it more"),
    ],
)
def test_what_passes_says_what_to_do_meanwhile(code: int, cause: str, line: str) -> None:
    found = meanings.meaning_of(driver_error(code), "x.db")
    assert isinstance(found, UnavailableError)
    assert (found.cause, line in str(found)) == (cause, True)


@pytest.mark.parametrize(
    ("code", "kind", "line"),
    [
        (sqlite3.SQLITE_NOTADB, DamagedError, "is not a Dateline database; give another file"),
        (sqlite3.SQLITE_CORRUPT, DamagedError, "is damaged; restore it from a backup"),
        (sqlite3.SQLITE_INTERRUPT, StorageError, "x.db: the query was given up"),
        (sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, NotFoundError, "is not there any more"),
        (sqlite3.SQLITE_ERROR, StorageError, "x.db: the database refused: said"),
    ],
)
def test_what_lasts_says_what_it_is(code: int, kind: type[StorageError], line: str) -> None:
    found = meanings.meaning_of(driver_error(code), "x.db")
    assert type(found) is kind
    assert line in str(found)


@pytest.mark.parametrize(
    "said",
    ["fts5: syntax error near 'ferry'", "unknown special query: ferry",
     "unterminated string: ferry", "malformed MATCH expression: [ferry]"],
)  # fmt: skip
def test_words_of_a_query_are_not_repeated(said: str) -> None:
    found = meanings.meaning_of(driver_error(sqlite3.SQLITE_ERROR, said), "x.db")
    assert str(found) == "x.db: the database refused: the query cannot be run"


def test_memory_that_python_lacks_is_memory_too() -> None:
    found = meanings.meaning_of(MemoryError(), "x.db")
    assert isinstance(found, UnavailableError) and found.cause == "memory"
