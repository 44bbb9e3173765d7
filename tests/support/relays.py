"""A network between PostgreSQL and who asks it, which may swallow what is sent without a word."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_NAME = ".s.PGSQL.5432"
_PIECE = 1 << 16


class Relay:
    """Takes connections on a port of 127.0.0.1 to the server whose socket is in a folder.

    While it ``swallow``s nothing goes on, in neither direction, and no connection ends. When it
    passes on again what was held comes late; what had a connection cut off is heard no more.
    """

    def __init__(self, server: Path) -> None:
        self._server = server / _NAME
        self._passes = asyncio.Event()
        self._passes.set()
        self.address = ""

    @property
    def url(self) -> str:
        """The address of the server's database, by way of here."""
        return f"postgresql://postgres@{self.address}/postgres"

    def swallow(self) -> None:
        """From now on nothing is heard of anybody, nor of who comes."""
        self._passes.clear()

    def pass_on(self, *, cut_off: bool = False) -> None:
        """Let through what comes, and what was held, unless that is cut off for good."""
        if cut_off:
            self._passes = asyncio.Event()
        self._passes.set()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["Relay"]:
        """Take connections for as long as the block."""
        taken: set[asyncio.Task[None]] = set()

        def take(near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
            taken.add(asyncio.create_task(self._take(near, to_near)))

        serving = await asyncio.start_server(take, "127.0.0.1", 0)
        async with serving:
            host, port = serving.sockets[0].getsockname()[:2]
            self.address = f"{host}:{port}"
            try:
                yield self
            finally:
                for task in taken:
                    task.cancel()
                await asyncio.gather(*taken, return_exceptions=True)

    async def _take(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        try:
            await self._carry(near, to_near, self._passes)
        finally:
            to_near.close()

    async def _carry(
        self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter, passes: asyncio.Event
    ) -> None:
        await passes.wait()
        with contextlib.suppress(OSError):
            far, to_far = await asyncio.open_unix_connection(str(self._server))
            work = [
                asyncio.create_task(_pump(near, to_far, passes)),
                asyncio.create_task(_pump(far, to_near, passes)),
            ]
            try:
                await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in work:
                    one.cancel()
                await asyncio.gather(*work, return_exceptions=True)
                to_far.close()


async def _pump(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, passes: asyncio.Event
) -> None:
    while piece := await source.read(_PIECE):
        await passes.wait()
        target.write(piece)
        await target.drain()
    await passes.wait()
