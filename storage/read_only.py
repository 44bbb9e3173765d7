"""A database that is read beside its service, and into which nothing is ever written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from storage.connection import Connection, Readable, Reading
from storage.database import load_postgres
from storage.location import Location
from storage.sqlite import engine

AT_ONCE = 3
"""How many read a file at once; others wait."""


class FileReader:
    """A file, opened for each reading and closed after it: it holds up nothing meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def reader(self, what: Reading | None = None) -> AsyncIterator[Connection]:
        """The database as it stands at this moment. Raises StorageError."""
        async with self._turns, engine.reading(self._path) as conn:
            yield conn


@asynccontextmanager
async def opened(location: Location) -> AsyncIterator[Readable]:
    """A database that is there and of this version's schema (see ``storage.upgrading.looking``).
    Raises StorageError."""
    if location.file is not None:
        yield FileReader(location.file)
        return
    database = await load_postgres().open_address(location)
    try:
        yield database
    finally:
        await database.close()
