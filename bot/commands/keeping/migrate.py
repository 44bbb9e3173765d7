"""``dateline migrate``: the database into the other engine, while the service is stopped."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.backups import forgotten
from bot.commands import archive, status
from bot.health import instance, moved
from bot.process import locks, progress
from bot.settings import Settings
from storage.database import load_postgres
from storage.errors import UnavailableError, UsageError
from storage.location import Location, location_of
from storage.structs import replace

if TYPE_CHECKING:
    from storage.transfer.transfer import Outcome

_GOES_ON = "the same command goes on from here"
_SHOWN_DIGITS = 16


def run(settings: Settings, to: str, *, replaces_nul: bool) -> int:
    """Carry everything over and say what is to be done next. Raises UsageError, StorageError,
    ServiceError; then the database is as it was, and the same command goes on."""
    old, new = location_of(settings.database_url), _read_address(to)
    _refuse_one_engine(old, new)
    load_postgres()
    from storage.transfer.transfer import transfer

    archive.make_data_dir(settings.data_dir)
    moved.refuse(settings.data_dir, settings.database_url, unless_to=moved.name_of(new))
    try:
        with _held(old), _held(new):
            outcome = asyncio.run(transfer(old, new, progress.counted, replaces_nul=replaces_nul))
            _mark(settings, outcome, old, new)
    except UnavailableError as error:
        error.hint = f"{error.hint}; {_GOES_ON}" if error.hint else _GOES_ON
        raise
    except KeyboardInterrupt:
        return status.fail(1, f"migrate: interrupted; {_GOES_ON}")
    for line in _list_said(settings, outcome, old, new):
        sys.stdout.write(line + "\n")
    return 0


def _read_address(to: str) -> Location:
    try:
        return location_of(to)
    except UsageError as error:
        raise UsageError(error.what, where="--to", hint=error.hint) from None


def _refuse_one_engine(old: Location, new: Location) -> None:
    if (old.file is None) != (new.file is None):
        return
    how = "copy it by pg_dump and pg_restore" if old.file is None else "see `dateline backup`"
    raise UsageError(
        "the database is of that kind already",
        where="--to",
        hint=f"name one of the other engine; within the same one, {how}",
    )


@contextlib.contextmanager
def _held(location: Location) -> Iterator[None]:
    """Keep a service from starting, as one that runs keeps us."""
    if location.file is None:
        yield
        return
    lock = locks.of_database(location.file)
    with locks.held(lock, what="the database", where=location.shown):
        yield


def _mark(settings: Settings, outcome: "Outcome", old: Location, new: Location) -> None:
    """Have the service take the new one for its own, and the old one for what it is."""
    expected = instance.read_identity_file(settings.data_dir)
    now = outcome.identity
    if expected and now and expected.name == now.name and expected.counter < now.counter:
        instance.write_identity_file(settings.data_dir, now)
    known, here = (
        forgotten.path_of(settings),
        forgotten.path_of(replace(settings, database_url=new.url)),
    )
    if known != here:
        forgotten.add_all(known, here)
    moved.note(settings.data_dir, old, new)


def _list_said(
    settings: Settings, outcome: "Outcome", old: Location, new: Location
) -> Iterator[str]:
    """What the operator should know, a line each."""
    for one in outcome.tables:
        if one.rows:
            yield f"{one.table}: {one.rows} rows, sha256 {one.digest[:_SHOWN_DIGITS]}"
    rows = sum(one.rows for one in outcome.tables)
    done = "was migrated before" if outcome.was_whole else "migrated"
    yield f"{done}: {rows} rows in {len(outcome.tables)} tables, alike in both by count and hash"
    if outcome.replaced:
        yield f"U+FFFD stands for NUL in {outcome.replaced} rows"
    yield (
        f"the old database is as it was ({old.shown}), and is refused from now on; whoever is"
        " forgotten from now on is still in it: remove it when you need it no more"
    )
    yield f"set DATABASE_URL to the address that you gave ({new.shown}), and start"
