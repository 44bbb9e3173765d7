"""Where others may have taken over nothing is written; all else is as the database itself does."""

import sqlite3
from pathlib import Path

import pytest

from storage import facts
from storage.connection import Connection, Database
from storage.database import open_database
from storage.errors import StorageError, UnavailableError
from storage.guarded import GuardedDatabase


class Guard:
    """Lets through until something is ``wrong``."""

    def __init__(self) -> None:
        self.wrong: StorageError | None = None

    async def __call__(self, tx: Connection) -> None:
        assert await facts.find_value(tx, "nothing") is None  # it asks within the transaction
        if self.wrong is not None:
            raise self.wrong


async def read(database: Database, name: str) -> str | None:
    async with database.reader() as conn:
        return await facts.find_value(conn, name)


async def unused(database: Database) -> int:
    async with database.reader() as conn:
        return (await conn.count_pages()).unused


@pytest.mark.parametrize("beside", [False, True])
async def test_nothing_is_written_where_the_guard_says_so(database: Database, beside: bool) -> None:
    guard = Guard()
    guarded = GuardedDatabase(database, guard)
    expected = [("SELECT value FROM fact WHERE name = ?", ("a",))]
    async with guarded.transaction(beside=beside, expected=expected) as tx:
        assert await tx.fetch_all(*expected[0]) == []
        await facts.set_value(tx, "a", "first")
    guard.wrong = UnavailableError("taken over", cause="lock")
    with pytest.raises(UnavailableError, match="taken over"):
        async with guarded.transaction(beside=beside) as tx:
            await facts.set_value(tx, "a", "second")
    assert await read(guarded, "a") == await read(database, "a") == "first"


async def test_all_else_is_passed_on(database_url: str, database_path: Path) -> None:
    guarded = GuardedDatabase(await open_database(database_url), Guard())
    told: list[StorageError | None] = []
    took: list[str] = []
    guarded.listen(told.append)
    guarded.measure(lambda what, _: took.append(what))
    async with guarded.transaction() as tx:
        await facts.set_value(tx, "big", "x" * 1_000_000)
    async with guarded.transaction() as tx:
        await facts.remove_value(tx, "big")
    assert told == [None, None]
    async with guarded.reader("search") as conn:
        await facts.find_value(conn, "big")
    assert took == ["search"]
    await guarded.is_written_beside()
    assert not await guarded.is_written_beside()
    with sqlite3.connect(database_path) as other:
        other.execute("INSERT INTO fact VALUES ('b', 'c')")
    other.close()
    assert await guarded.is_written_beside()
    assert await guarded.scrub()
    assert await unused(guarded) > 100
    await guarded.vacuum()
    assert await unused(guarded) == 0
    await guarded.close()
    with pytest.raises(StorageError):
        await read(guarded, "a")
