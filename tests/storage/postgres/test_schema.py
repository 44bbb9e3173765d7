"""The two schemas hold the same."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import asyncpg
import pytest

from storage.database import open_database

Columns = dict[str, list[str]]

_TABLES = """
    SELECT table_name AS held, column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY table_name, ordinal_position
"""


async def read_columns(url: str) -> Columns:
    """The columns of each table and view, in their order."""
    conn = await asyncpg.connect(url)
    try:
        found: Columns = {}
        for row in await conn.fetch(_TABLES):
            found.setdefault(row["held"], []).append(row["name"])
        return found
    finally:
        await conn.close()


async def test_both_engines_have_the_same_tables_with_the_same_columns(
    ready_database: Path, postgres_url: str
) -> None:
    with closing(sqlite3.connect(ready_database)) as db:
        names = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type <> 'index'")
            if not name.startswith(("sqlite_", "document_index"))
        ]
        known = {
            name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in names
        }
    known = {name: columns for name, columns in known.items() if columns}
    found = await read_columns(postgres_url)
    assert found.pop("document_index") == ["id", "size", "beyond", "terms"]
    assert found.pop("document_index_total") == ["documents", "size"]
    assert found.pop("document_index_words") == ["id", "words"]
    assert found.pop("document_index_signs") == ["id", "signs", "paired"]
    assert found.pop("document_index_pairs") == ["id", "pairs"]
    assert found == known
    assert len(known) >= 40


ROOT = Path(__file__).resolve().parents[3]
LONG = """
import asyncio, sys
from storage.database import open_database
from storage.postgres import schema

async def run():
    database = await open_database(sys.argv[1])
    made = "CREATE TABLE half_made (id BIGINT); SELECT pg_sleep(3600)"
    await schema._apply(database, schema.Script(9_999, "long", made))

asyncio.run(run())
"""
UNDER_WAY = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE TABLE half_made%'"


@asynccontextmanager
async def upgrading(url: str) -> AsyncIterator[Process]:
    """A process that runs a script for an hour, unless it is ended."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", LONG, url, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.end_to_end
async def test_a_script_ends_with_the_process_that_runs_it(postgres_url: str) -> None:
    """And leaves nothing: who starts next is not held up."""
    conn = await asyncpg.connect(postgres_url)
    try:
        async with upgrading(postgres_url) as process:
            while not await conn.fetchval(UNDER_WAY):
                assert process.returncode is None
                await asyncio.sleep(0.05)
        while await conn.fetchval(UNDER_WAY):  # noqa: ASYNC110  (of another process)
            await asyncio.sleep(0.05)
        assert await conn.fetchval("SELECT to_regclass('half_made')") is None
    finally:
        await conn.close()
    database = await open_database(postgres_url)
    await database.close()
