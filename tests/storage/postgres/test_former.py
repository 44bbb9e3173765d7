"""A database of a former version is brought to today's with rows in its tables: the scripts of both
engines make the same of them."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import former_schemas
import pytest

from storage.database import open_database
from storage.documents import index
from storage.location import location_of
from storage.postgres import schema
from storage.postgres.engine import open_address
from storage.sqlite import migrate

_TABLES = """
    SELECT c.relname AS name, array_agg(a.attname ORDER BY a.attname) AS columns
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'schema_migration'
    AND c.relname NOT LIKE 'document_index%' GROUP BY c.relname
"""
# As it stood in the index before there was anything beside it.
_INDEXED = """
    INSERT INTO document_index (id, size, beyond, terms)
    SELECT id, 2, FALSE, CAST('bone:1 btwo:2 ffone' AS TSVECTOR) FROM document
"""
_ROWS = "SELECT {} FROM {}"
_OF_THE_INDEX = ("analysis_version", str(index.version()))
Rows = dict[str, list[tuple[Any, ...]]]


def make_file(path: Path, version: int) -> None:
    """A file of that version, in whose tables there is something."""
    steps = [step for step in migrate.list_migrations() if step.version <= version]
    former_schemas.write(path, steps, former_schemas.former_rows.fill)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", _OF_THE_INDEX)


def read_file(path: Path, tables: dict[str, list[str]]) -> Rows:
    with closing(sqlite3.connect(path)) as db:
        return {
            table: db.execute(_ROWS.format(", ".join(columns), table)).fetchall()
            for table, columns in tables.items()
        }


async def list_tables(conn: Any) -> dict[str, list[str]]:
    return {row["name"]: row["columns"] for row in await conn.fetch(_TABLES)}


async def read_server(url: str) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """The columns and the rows of each table."""
    conn = await asyncpg.connect(url)
    try:
        return {
            table: (
                names,
                [tuple(row) for row in await conn.fetch(_ROWS.format(", ".join(names), table))],
            )
            for table, names in (await list_tables(conn)).items()
        }
    finally:
        await conn.close()


async def carry(path: Path, url: str, version: int) -> None:
    """The same rows in a database on a server, of the same version."""
    database = await open_address(location_of(url))
    for script in schema.list_scripts():
        if script.version <= version:
            await schema._apply(database, script)
    await database.close()
    conn = await asyncpg.connect(url)
    try:
        await conn.execute("SET session_replication_role = replica")
        tables = await list_tables(conn)
        for table, rows in read_file(path, tables).items():
            await conn.execute(f"DELETE FROM {table}")  # noqa: S608
            places = ", ".join(f"${n}" for n, _ in enumerate(tables[table], 1))
            names = ", ".join(tables[table])
            await conn.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608
                rows,
            )
        await conn.execute("SET session_replication_role = origin")
        if version < 88:
            await conn.execute(_INDEXED)
    finally:
        await conn.close()


@pytest.mark.parametrize("version", [77, 90])
async def test_the_scripts_of_both_engines_make_the_same_of_what_is_there(
    tmp_path: Path, new_postgres_url: str, version: int
) -> None:
    path = tmp_path / "former.db"
    await asyncio.to_thread(make_file, path, version)
    await carry(path, new_postgres_url, version)
    for url in (f"sqlite:///{path}", new_postgres_url):
        await (await open_database(url)).close()
    found = await read_server(new_postgres_url)
    known = read_file(path, {name: columns for name, (columns, _) in found.items()})
    for name, (_, rows) in found.items():
        assert sorted(map(repr, rows)) == sorted(map(repr, known[name])), name
    assert sum(len(rows) for _, rows in found.values()) > 60
