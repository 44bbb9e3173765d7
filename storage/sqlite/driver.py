"""aiosqlite's connection with a call that runs several statements on its thread at once: each hop
to that thread and back costs more than most of our statements."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")

_ITERATED = 64  # rows that aiosqlite fetches ahead where it iterates, which nothing of ours does


class Driver(aiosqlite.Connection):
    """A connection to a file, on a thread of its own."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` makes of the connection, on the thread."""
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result


async def connect(path: Path | str, **options: Any) -> Driver:
    """Open a file with the ``options`` of ``sqlite3.connect``. Each statement is committed by
    itself unless it says BEGIN."""
    driver = Driver(lambda: sqlite3.connect(path, isolation_level=None, **options), _ITERATED)
    await driver
    driver.row_factory = sqlite3.Row
    return driver
