"""Moves the write-ahead log into the file beside the commits, which else wait for it.

SQLite moves the log within the COMMIT that makes it long: whoever writes then waits until thousands
of pages are on the disk. Here another connection moves them meanwhile, and the log begins anew with
the next commit that finds all of it moved (sqlite.org/wal.html, "Checkpointing"). SQLite's own way
is left as the last resort, from ``MOST_PAGES`` on. The log gets longer only while somebody reads
what it said before, as with SQLite's own way.

Never do two connections of this process move it at once, where another may begin it anew meanwhile:
before 3.51.3 SQLite may then forget to move pages (sqlite.org/wal.html, "The WAL-Reset Bug"). Where
each COMMIT moves it, the rest is moved while nobody writes.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from storage.connection import Connection
from storage.errors import DamagedError, StorageError, UnavailableError
from storage.sqlite import file as sqlite_file

PAGES = 4_000
"""From so many pages on they are moved: one that many commits change is moved once."""
FAR_PAGES = 2 * PAGES
"""From here on writing waits, for what was written meanwhile to be moved too."""
MOST_PAGES = 4 * PAGES
"""From here on each COMMIT moves what it can."""
MOST_BYTES = 4096 * MOST_PAGES
"""Larger than this the log's file does not stay once the log begins anew."""
ROUNDS = 3
"""How often what was written meanwhile is moved while others write."""

_LENGTH_AT = 16
_MOVED_AT = 96
_COUNT = struct.Struct("=I")


class Log:
    """The log of an open database. ``mover``: a connection that does nothing else; whoever holds
    ``lock`` is the only one here that writes; ``notify`` is told what lies with the machine."""

    def __init__(
        self,
        path: Path,
        *,
        writer: Connection,
        mover: Connection,
        lock: asyncio.Lock,
        notify: Callable[[StorageError | None], None],
    ) -> None:
        self._writer = writer
        self._mover = mover
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
        """Leave the log to this from now on, where its length can be seen."""
        await self._writer.fetch_all(f"PRAGMA journal_size_limit = {MOST_BYTES}")
        if self._index is not None:
            await self._writer.fetch_all(f"PRAGMA wal_autocheckpoint = {MOST_PAGES}")

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
        async with self._at_work:
            (row,) = await self._writer.fetch_all("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(row["busy"]) == 0

    async def close(self) -> None:
        """Wait for what is under way; nothing begins any more."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _move(self) -> None:
        try:
            await self._move_beside()
            if self._pages()[0] >= FAR_PAGES:
                async with self._lock, self._at_work:  # The rest, and nobody may read of the log.
                    await self._writer.fetch_all("PRAGMA wal_checkpoint(RESTART)")
        except (UnavailableError, DamagedError) as error:
            self._notify(error)
        except StorageError:
            pass  # It is tried again, and each COMMIT does it in the end.
        finally:
            # Where a reader or the disk is in the way, not with each commit anew.
            length, moved = self._pages()
            self._due_at = length - moved + PAGES

    async def _move_beside(self) -> None:
        for _ in range(ROUNDS):
            length, moved = self._pages()
            if length == moved or length >= MOST_PAGES:
                break
            async with self._at_work:
                await self._mover.fetch_all("PRAGMA wal_checkpoint(PASSIVE)")

    def _pages(self) -> tuple[int, int]:
        """The length of the log, and how much of it stands in the file."""
        if self._index is None:
            return 0, 0
        try:
            head = os.pread(self._index, _MOVED_AT + _COUNT.size, 0)
            return _COUNT.unpack_from(head, _LENGTH_AT)[0], _COUNT.unpack_from(head, _MOVED_AT)[0]
        except (OSError, struct.error):
            return 0, 0
