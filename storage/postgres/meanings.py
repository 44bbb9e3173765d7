"""Translates the driver's errors into ones that a person can act on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import asyncpg

from storage.errors import (
    Cause,
    DamagedError,
    DatelineError,
    NotFoundError,
    StorageError,
    UnavailableError,
    UsageError,
)

_AGAIN = "try again"
_FORM = "give postgresql://USER:PASSWORD@HOST/NAME; see the manual of PostgreSQL, libpq-connect"
_AWAY: tuple[Cause, str, str] = (
    "server",
    "PostgreSQL cannot be reached",
    "see whether it runs; nothing was lost",
)
_REPLICA: tuple[Cause, str, str] = (
    "server",
    "PostgreSQL is read-only here",
    "give the address of the primary, or of all with target_session_attrs=read-write",
)

# By SQLSTATE, or its first two characters, which are its class: see "PostgreSQL Error Codes" in the
# manual of PostgreSQL.
_PASSING: Mapping[str, tuple[Cause, str, str]] = {
    "40": ("lock", "another process wrote the same at the same time", _AGAIN),
    "55P03": ("lock", "the database is held by another process", _AGAIN),
    "25P03": ("lock", "a transaction took too long and was ended", _AGAIN),
    "57014": ("lock", "PostgreSQL gave up a statement that took too long", _AGAIN),
    "0A000": ("server", "PostgreSQL does not do this now", "see whether it is a replica"),
    "25006": _REPLICA,
    "55000": _REPLICA,
    "53100": ("disk", "the disk of PostgreSQL is full", "make room; nothing was lost"),
    "53200": ("memory", "PostgreSQL has not enough memory", "give it more"),
    "53": ("server", "PostgreSQL takes no more connections", "raise max_connections"),
    "58": ("disk", "PostgreSQL cannot read or write its disk", "see its log"),
    "XX000": ("server", "PostgreSQL failed", "see its log"),
    "08": _AWAY,
    "57P": _AWAY,
}
# The SQLSTATE of PgBouncer's own errors, whatever their cause.
_POOLERS = "08P01"
_POOLER = "see its log, its list of databases and users, and whether PostgreSQL runs"
# The last is what asyncpg raises when a connection closes during a query.
_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.InternalClientError,
)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """A context that turns driver errors into StorageError, or into UsageError where the address is
    wrong. ``where`` names the database, without a password."""
    try:
        yield
    except (asyncpg.PostgresError, OverflowError, *_LOST) as error:
        raise meaning_of(error, where) from error


def was_cut_off(error: UnavailableError) -> bool:
    """Whether an error means that a connection was lost or refused without a reply from the server,
    so that others may be lost too."""
    return isinstance(error.__cause__, _LOST)


def meaning_of(error: Exception, where: str) -> DatelineError:
    """The StorageError or UsageError for an error of the driver."""
    if isinstance(error, asyncpg.exceptions.ClientConfigurationError):
        return UsageError("the address is not understood", where="DATABASE_URL", hint=_FORM)
    if isinstance(error, asyncpg.DataError | OverflowError | ValueError):
        return StorageError("the database refused: a value is of no use there", where=where)
    if isinstance(error, _LOST):
        cause, what, hint = _AWAY
        return UnavailableError(what, cause=cause, where=where, hint=hint)
    code = getattr(error, "sqlstate", None) or ""
    if code == _POOLERS:
        what = f"a pooler before PostgreSQL refused: {_without_words(str(error.args[0]))}"
        return UnavailableError(what, cause="server", where=where, hint=_POOLER)
    for known in (code, code[:3], code[:2]):
        if known in _PASSING:
            cause, what, hint = _PASSING[known]
            return UnavailableError(what, cause=cause, where=where, hint=hint)
    if code[:2] == "28":
        return StorageError("PostgreSQL lets nobody in with this name and password", where=where)
    if code == "3D000":
        return StorageError("there is no such database", where=where, hint="`createdb` makes one")
    if code == "23503":
        return NotFoundError("what this belongs to is not there any more", where=where)
    if code.startswith("XX"):
        return DamagedError("the database is damaged", where=where, hint="restore it from a backup")
    return StorageError(f"the database refused: {_without_words(error.args[0])}", where=where)


def _without_words(text: str) -> str:
    """The server's message without the text of a search query in it, which is somebody's own."""
    return "the query cannot be run" if "tsquery" in text else text
