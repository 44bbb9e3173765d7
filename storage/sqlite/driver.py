"""aiosqlite's connection with a call that runs several statements on its thread at once: each hop
to that thread and back costs more than most of our statements."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")

CACHE_KIB = 16_384
ANALYSED_ROWS = 1_000  # of each index, for the planner: enough, and never all of a big table
_ITERATED = 64  # rows that aiosqlite fetches ahead where it iterates, which nothing of ours does


class Driver(aiosqlite.Connection):
    """A connection to a file, on a thread of its own."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` makes of the connection, on the thread."""
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result

    async def read_version(self) -> int:
        """A number that changes when other connections have written."""
        return await self.run(lambda conn: int(conn.execute("PRAGMA data_version").fetchone()[0]))


async def connect(path: Path | str, **options: Any) -> Driver:
    """Open a file with the ``options`` of ``sqlite3.connect``. Each statement is committed by
    itself unless it says BEGIN."""
    driver = Driver(lambda: sqlite3.connect(path, isolation_level=None, **options), _ITERATED)
    await driver
    driver.row_factory = sqlite3.Row
    return driver


def pragmas(*, reads_only: bool) -> tuple[str, ...]:
    """How each connection is set up."""
    written = ("auto_vacuum = INCREMENTAL",)  # of a new file, and of one that is written anew
    return (
        "wal_autocheckpoint = 0",  # ``log`` moves it; first, for others are commits
        *(() if reads_only else written),
        "journal_mode = WAL",
        "synchronous = FULL",  # once it ends, no power cut undoes a commit
        "foreign_keys = 1",
        f"cache_size = -{CACHE_KIB}",
        "temp_store = MEMORY",
        f"analysis_limit = {ANALYSED_ROWS}",
        f"query_only = {int(reads_only)}",
        "secure_delete = ON",
    )
