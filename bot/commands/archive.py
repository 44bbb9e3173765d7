"""Opens the archive for the command line: creates the data folder, opens the database and closes
it."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.health import instance, moved
from bot.process import locks, private_files, terminal
from bot.settings import Settings
from storage.connection import Database
from storage.database import open_database
from storage.errors import ServiceError, StorageError
from storage.location import location_of
from storage.postgres import holding
from storage.upgrading import looking

_UPGRADED = "the database, to be upgraded,"


def make_data_dir(path: Path) -> None:
    """Create the data folder, accessible to its owner alone.

    Raises StorageError if that is not possible.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be made: {error.strerror}",
            where="DATA_DIR",
            hint="name a folder that can be written",
        ) from None


async def is_served(settings: Settings, database: Database) -> bool:
    """Whether a service uses the database now; True also if that cannot be found out."""
    file = location_of(settings.database_url).file
    try:
        if file is not None:
            return locks.is_held(locks.of_database(file))
        async with database.reader() as conn:
            return await holding.count_living(conn) > 0
    except (ServiceError, StorageError):
        return True


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name, closed at the end.

    Raises InUseError if its schema is older and a service uses it, since an upgrade would change
    the tables under it; ServiceError if it was migrated away, or if a service has used it and it
    is not there.
    """
    make_data_dir(settings.data_dir)
    for file in private_files.close_to_others(settings.data_dir):
        terminal.say(terminal.one_line(f"dateline: others could read {file}, and cannot any more"))
    moved.refuse(settings.data_dir, settings.database_url)
    location = location_of(settings.database_url)
    present = await looking.look_at(location)
    instance.refuse_missing(settings.data_dir, location, present)
    with contextlib.ExitStack() as stack:
        if present.is_due and location.file is not None:
            lock = locks.of_database(location.file)
            stack.enter_context(locks.held(lock, what=_UPGRADED, where=location.shown))
        elif present.is_due and present.is_served:
            raise locks.in_use(_UPGRADED, where=location.shown)
        database = await open_database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()
