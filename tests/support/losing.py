"""Connections to PostgreSQL that are lost: between a commit and the answer to it, or since the
server is killed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

_NAME = ".s.PGSQL.5432"
_COMMIT = b"COMMIT\0"
_PIECE = 1 << 16


class Loser:
    """Stands between a server and who asks it. Of the commits that come from now on it takes the
    first ``left`` to the server, waits until they are done, and ends the connection in place of an
    answer; ``lost`` counts them. Above 1 ``every`` is how many commits are one such."""

    def __init__(self, folder: Path, server: Path) -> None:
        self._path, self._server = folder / _NAME, server / _NAME
        self.url = f"postgresql://postgres:@/postgres?host={folder}"
        self.left = self.lost = 0
        self.every = 1
        self._seen = 0

    @asynccontextmanager
    async def serve(self) -> AsyncIterator["Loser"]:
        """Take connections for as long as the block."""
        serving = await asyncio.start_unix_server(self._take, str(self._path))
        async with serving:
            self._path.chmod(0o777)
            yield self

    async def _take(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            far, to_far = await asyncio.open_unix_connection(str(self._server))
            is_lost = asyncio.Event()
            work = [
                asyncio.create_task(self._ask(near, to_far, is_lost)),
                asyncio.create_task(self._answer(far, to_near, is_lost)),
            ]
            try:
                await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in work:
                    one.cancel()
                await asyncio.gather(*work, return_exceptions=True)
                to_far.close()
        to_near.close()

    async def _ask(
        self, near: asyncio.StreamReader, to_far: asyncio.StreamWriter, is_lost: asyncio.Event
    ) -> None:
        while piece := await near.read(_PIECE):
            if await self._is_lost_with(piece):
                is_lost.set()
            to_far.write(piece)
            await to_far.drain()

    async def _is_lost_with(self, piece: bytes) -> bool:
        return _COMMIT in piece and self._is_next()

    def _is_next(self) -> bool:
        self._seen += 1
        if not self.left or self._seen % self.every:
            return False
        self.left -= 1
        self.lost += 1
        return True

    @staticmethod
    async def _answer(
        far: asyncio.StreamReader, to_near: asyncio.StreamWriter, is_lost: asyncio.Event
    ) -> None:
        while (piece := await far.read(_PIECE)) and not is_lost.is_set():
            to_near.write(piece)
            await to_near.drain()


class Killer(Loser):
    """Kills the server at a moment that is counted in what it was asked: ``seen`` pieces."""

    def __init__(self, folder: Path, server: Path, kill: Callable[[], None]) -> None:
        super().__init__(folder, server)
        self._kill = kill
        self._killing: asyncio.Task[None] | None = None
        self._killed = asyncio.Event()
        self._moment = 0
        self.seen = 0

    def kill_at(self, moment: int) -> None:
        """Kill it once it was asked so many pieces from now."""
        self._moment, self.seen = moment, 0
        self._killed.clear()

    async def wait_killed(self) -> None:
        """Wait until that was done."""
        await self._killed.wait()

    async def _is_lost_with(self, _piece: bytes) -> bool:
        self.seen += 1
        if self.seen != self._moment:
            return False
        # The end of the connection, which is the server's, must not cut it off.
        self._killing = asyncio.create_task(asyncio.to_thread(self._kill))
        self._killing.add_done_callback(lambda _: self._killed.set())
        await asyncio.shield(self._killing)
        return True
