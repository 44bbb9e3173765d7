"""The mark file in the data folder, by which a replaced database is noticed at the start.

The mark holds the instance's name and a counter, and so does the database. The counter is raised in
the database first, so a database whose counter is lower than the mark's is an older copy. A
database that is missing, or that belongs to another instance, is an operator's mistake that would
otherwise be noticed days later.
"""

import asyncio
import contextlib
import functools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from bot.health import moved
from bot.process import locks, private_files
from bot.process.holder import Holder, holding_for
from bot.settings import Settings
from storage.connection import Database
from storage.database import open_database
from storage.errors import ServiceError
from storage.instance import Identity, Present
from storage.location import Location, location_of
from storage.structs import replace
from storage.upgrading import looking

MARK = "instance.json"

Finding: TypeAlias = Literal["first", "same", "older", "missing", "another's"]
"""``first``: no service has left a mark here; ``same``: the database that it marks."""

_WRONG = {
    "missing": "the database that belongs to {mark} is not there, or is empty",
    "another's": "the database is not the one that belongs to {mark}",
}


class Claim(Struct, frozen=True, kw_only=True):
    """A database that this process has claimed: in the file ``path``, or on a server (``shared``,
    with the ``holder`` of leases). ``expected``: the identity in the mark, None without a mark;
    ``finding``: the result of the comparison; ``is_there``: whether there was a database at all."""

    path: Path | None
    expected: Identity | None
    finding: Finding
    is_there: bool
    shared: Database | None = None
    holder: Holder | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether things may have been done that this database does not know of."""
        return self.is_there and self.finding in ("older", "another's")


def judge(expected: Identity | None, present: Identity | None, *, is_there: bool) -> Finding:
    """Compare the mark with the database's own identity (``present``)."""
    if expected is None:
        return "first"
    if not is_there:
        return "missing"
    if present is None or present.name != expected.name:
        return "another's"
    return "older" if present.counter < expected.counter else "same"


@contextlib.asynccontextmanager
async def claimed(settings: Settings, *, new_database: bool) -> AsyncIterator[Claim]:
    """Lock the database of the settings against every other service, before it is opened.

    Raises ServiceError if the mark belongs to another database or the database is missing, unless
    ``new_database``, and for a database that was migrated away; InUseError if another service has
    it.
    """
    moved.refuse(settings.data_dir, settings.database_url)
    location = location_of(settings.database_url)
    look = functools.partial(_look, settings.data_dir, location, new_database=new_database)
    if location.file is None:
        claiming = _on_server(location, settings.data_dir, look)
    else:
        claiming = _in_file(location.file, look)
    async with claiming as claim:
        yield claim


@contextlib.asynccontextmanager
async def _in_file(path: Path, look: Callable[[], Awaitable[Claim]]) -> AsyncIterator[Claim]:
    with locks.held(locks.of_database(path), what="the database", where=str(path)):
        claim = await look()
        with locks.held_itself(path, what="the database", where=str(path)):
            yield claim


@contextlib.asynccontextmanager
async def _on_server(
    location: Location, data_dir: Path, look: Callable[[], Awaitable[Claim]]
) -> AsyncIterator[Claim]:
    """Migrates the database to the current schema first, unless a service of an older version uses
    it."""
    claim = await look()
    async with contextlib.AsyncExitStack() as stack:
        database = await open_database(location.url, index=False)
        stack.push_async_callback(database.close)
        holder = await stack.enter_async_context(holding_for(database, data_dir))
        yield replace(claim, shared=database, holder=holder)


async def _look(data_dir: Path, location: Location, *, new_database: bool) -> Claim:
    expected = await asyncio.to_thread(read_identity_file, data_dir)
    present = await looking.look_at(location)
    finding = judge(expected, present.identity, is_there=present.is_there)
    if finding in _WRONG and not new_database:
        raise _wrong(finding, data_dir, location)
    if location.file is None and present.is_due and present.is_served:
        raise locks.in_use("the database, to be upgraded,", where=location.shown)
    return Claim(path=location.file, expected=expected, finding=finding, is_there=present.is_there)


def refuse_missing(data_dir: Path, location: Location, present: Present) -> None:
    """Raise ServiceError where the database that the mark belongs to is away: whoever began another
    in its place would be told that all is well, and that there is nothing."""
    if present.is_there:
        return
    if judge(read_identity_file(data_dir), None, is_there=False) == "missing":
        raise _wrong("missing", data_dir, location)


def _wrong(finding: Finding, data_dir: Path, location: Location) -> ServiceError:
    ways = "put it back, "
    if finding == "missing":
        ways += "restore a backup, name another DATA_DIR, "
    return ServiceError(
        _WRONG[finding].format(mark=data_dir / MARK),
        where=location.shown,
        hint=f"{ways}or begin with another by `dateline run --new-database`",
    )


def read_identity_file(data_dir: Path) -> Identity | None:
    """The mark in a data folder, or None. Raises ServiceError if it cannot be read."""
    path = data_dir / MARK
    try:
        fields = private_files.read_json(path)
        return Identity(name=str(fields["name"]), counter=int(fields["counter"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise private_files.unreadable(path, error) from error


def write_identity_file(data_dir: Path, identity: Identity) -> None:
    """Write the mark atomically, readable by its owner alone. Raises OSError."""
    private_files.write_whole(data_dir / MARK, json.dumps(asdict(identity)).encode())
