"""Moves the write-ahead log into the file beside the commits, which else wait for it.

SQLite moves the log within the COMMIT that makes it long: whoever writes then waits until thousands
of pages are on the disk. Here another connection moves them meanwhile, and the log begins anew with
the next commit that finds all of it moved (sqlite.org/wal.html, "Checkpointing"). No COMMIT moves
anything: where the log gets far too long, writing waits. The log gets longer only while somebody
reads what it said before, as with SQLite's own way.

Before 3.51.3 pages are lost where the log begins anew just when a move of it starts, whichever
processes do that (sqlite.org/wal.html, "The WAL-Reset Bug"). So ``guard`` reads meanwhile: it keeps
the log from beginning anew, or, where all of it was moved before, the file from being written.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from storage.connection import Connection
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.sqlite import file as sqlite_file

PAGES = 4_000
"""From so many pages on they are moved: one that many commits change is moved once."""
FAR_PAGES = 2 * PAGES
"""From here on writing waits, for what was written meanwhile to be moved too."""
MOST_PAGES = 4 * PAGES
"""From here on writing waits at once."""
MOST_BYTES = 4096 * MOST_PAGES
"""Larger than this the log's file does not stay once the log begins anew."""
ROUNDS = 3
"""How often what was written meanwhile is moved while others write."""

_LENGTH_AT = 16
_MOVED_AT = 96
_COUNT = struct.Struct("=I")


class Guard(Connection, Protocol):
    """A connection whose transaction can be ended wherever it is."""

    async def rollback(self) -> None:
        """End the transaction, if there is one."""
        ...


class Log:
    """The log of an open database. ``mover`` and ``guard``: connections that do nothing else;
    whoever holds ``lock`` is the only one here that writes; ``notify`` is told what lies with the
    machine."""

    def __init__(
        self,
        path: Path,
        *,
        writer: Connection,
        mover: Connection,
        guard: Guard,
        lock: asyncio.Lock,
        notify: Callable[[StorageError | None], None],
    ) -> None:
        self._writer = writer
        self._mover = mover
        self._guard = guard
        self._lock = lock
        self._notify = notify
        self._at_work = asyncio.Lock()
        self._due_at = PAGES
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False
        self._index: int | None = None
        with suppress(OSError):
            self._index = sqlite_file.find_index(path)

    async def open(self) -> None:
        """Limit the log's file; where its length cannot be seen, leave the log to COMMITs."""
        await self._writer.fetch_all(f"PRAGMA journal_size_limit = {MOST_BYTES}")
        if self._index is None:
            await self._writer.fetch_all(f"PRAGMA wal_autocheckpoint = {PAGES}")

    def grown(self) -> None:
        """Something was committed: move the log if it is long. It does not wait for that."""
        if self._is_closed or (self._task is not None and not self._task.done()):
            return
        length, moved = self._pages()
        if length - moved < PAGES:
            self._due_at = PAGES
        elif length - moved >= self._due_at:
            self._task = asyncio.create_task(self._move(), name="moving the log")

    async def empty(self) -> bool:
        """Move all of the log, and cut it off; whether it is empty now, which a reader may prevent.
        Whoever calls holds ``lock``."""
        return await self._begin_anew("TRUNCATE")

    async def close(self) -> None:
        """Wait for what is under way; nothing begins any more."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _move(self) -> None:
        try:
            await self._move_beside()
            if self._pages()[0] >= FAR_PAGES:
                async with self._lock:  # The rest, and nobody may read of the log.
                    await self._begin_anew("RESTART")
        except (UnavailableError, DamagedError) as error:
            self._notify(error)
        except StorageError:
            pass  # It is tried again once the log is longer.
        finally:
            # Where a reader or the disk is in the way, not with each commit anew.
            length, moved = self._pages()
            self._due_at = length - moved + PAGES

    async def _move_beside(self) -> None:
        for _ in range(ROUNDS):
            length, moved = self._pages()
            if length == moved or length >= MOST_PAGES:
                break
            await self._checkpoint("PASSIVE")

    async def _begin_anew(self, mode: str) -> bool:
        """Move all of the log, then end it by ``mode``; whether both were done. Where a reader is
        in the way of the first it is not waited for once more."""
        await self._checkpoint("FULL")
        length, moved = self._pages()
        return length == moved and await self._checkpoint(mode)

    async def _checkpoint(self, mode: str) -> bool:
        """Move the log, guarded; whether all was done. The guard stands in the way of RESTART and
        TRUNCATE unless all was moved before."""
        async with self._at_work:
            try:
                await self._guard.execute("BEGIN")
                await self._guard.fetch_all("SELECT 1 FROM sqlite_schema LIMIT 1")
                (row,) = await self._mover.fetch_all(f"PRAGMA wal_checkpoint({mode})")
            finally:
                await asyncio.shield(self._guard.rollback())
        return int(row["busy"]) == 0

    def _pages(self) -> tuple[int, int]:
        """The length of the log, and how much of it stands in the file."""
        if self._index is None:
            return 0, 0
        try:
            head = os.pread(self._index, _MOVED_AT + _COUNT.size, 0)
            return _COUNT.unpack_from(head, _LENGTH_AT)[0], _COUNT.unpack_from(head, _MOVED_AT)[0]
        except (OSError, struct.error):
            return 0, 0
