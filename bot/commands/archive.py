"""The archive as the command line opens it: the folder made, the database opened and closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.settings import Settings
from storage.connection import Database
from storage.database import open_database
from storage.errors import StorageError


def make_data_dir(path: Path) -> None:
    """Make the folder of the database and the sessions, for its owner alone.

    Raises StorageError when it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be made: {error.strerror}",
            where="DATA_DIR",
            hint="name a folder that can be written",
        ) from None


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name, closed at the end."""
    make_data_dir(settings.data_dir)
    database = await open_database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()
