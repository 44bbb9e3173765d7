"""Rows of a service's database, read beside it, on whichever engine it is."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import asyncpg

from storage.location import location_of
from storage.postgres.placeholders import numbered


def read(url: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query gives. The caller may be in a loop of its own."""
    file = location_of(url).file
    if file is None:
        return _apart(_fetch(url, numbered(sql), values))
    with closing(sqlite3.connect(file, timeout=60)) as db:
        return db.execute(sql, values).fetchall()


def change(url: str, sql: str, rows: Sequence[Sequence[object]]) -> None:
    """Run a statement once for each of these rows."""
    file = location_of(url).file
    if file is None:
        _apart(_change(url, numbered(sql), rows))
        return
    with closing(sqlite3.connect(file, timeout=60)) as db, db:
        db.executemany(sql, rows)


def _apart(work: Any) -> Any:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _fetch(url: str, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
    conn = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await conn.fetch(sql, *values)]
    finally:
        await conn.close()


async def _change(url: str, sql: str, rows: Sequence[Sequence[object]]) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.executemany(sql, rows)
    finally:
        await conn.close()
