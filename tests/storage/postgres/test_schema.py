"""The two schemas hold the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg

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
    assert found.pop("document_index_signs") == ["id", "signs"]
    assert found == known
    assert len(known) >= 40
