"""A database that refuses writes of a process that has lost its lease.

Every transaction checks the lease first, which then holds until it ends: a process that was away
for too long, and was replaced, writes nothing more.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from storage.connection import Connection, Database, Meter, Query, Reading
from storage.errors import StorageError


class GuardedDatabase:
    """A ``storage.connection.Database`` over another; ``guard`` is called first in each
    transaction, and raises where nothing may be written."""

    def __init__(self, database: Database, guard: Callable[[Connection], Awaitable[None]]) -> None:
        self._database = database
        self._guard = guard

    @asynccontextmanager
    async def transaction(
        self, *, beside: bool = False, expected: Iterable[Query] = ()
    ) -> AsyncIterator[Connection]:
        """The single writer: see ``storage.connection.Database``."""
        async with self._database.transaction(beside=beside, expected=expected) as tx:
            await self._guard(tx)
            yield tx

    def reader(self, what: Reading | None = None) -> AbstractAsyncContextManager[Connection]:
        """Reading needs no guard."""
        return self._database.reader(what)

    def measure(self, meter: Meter) -> None:
        """See ``storage.connection.Database``."""
        self._database.measure(meter)

    def listen(self, listener: Callable[[StorageError | None], None]) -> None:
        """See ``storage.connection.Database``."""
        self._database.listen(listener)

    async def is_written_beside(self) -> bool:
        """See ``storage.connection.Database``."""
        return await self._database.is_written_beside()

    async def scrub(self) -> bool:
        """See ``storage.connection.Database``."""
        return await self._database.scrub()

    async def vacuum(self) -> None:
        """See ``storage.connection.Database``."""
        await self._database.vacuum()

    async def close(self) -> None:
        """See ``storage.connection.Database``."""
        await self._database.close()
