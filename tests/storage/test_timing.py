"""Readings that have a name are timed, whatever comes of them."""

import pytest

from storage.connection import Database, Reading
from storage.errors import StorageError


async def test_only_what_has_a_name_is_timed_and_failures_too(database: Database) -> None:
    took: list[tuple[Reading, float]] = []
    database.measure(lambda what, seconds: took.append((what, seconds)))
    async with database.reader() as conn:
        await conn.fetch_one("SELECT 1")
    assert took == []
    async with database.reader("search") as conn:
        await conn.fetch_one("SELECT 1")
    with pytest.raises(StorageError):
        async with database.reader("digest") as conn:
            await conn.fetch_one("SELECT nothing")
    assert [what for what, _ in took] == ["search", "digest"]
    assert all(0 < seconds < 60 for _, seconds in took)
