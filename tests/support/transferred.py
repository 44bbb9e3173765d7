"""Databases to be carried over, and what they hold, whichever engine they are."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import former_rows
import former_schemas

from storage.database import open_database
from storage.location import location_of
from storage.transfer.tables import OF_PROCESSES
from storage.transfer.transfer import Outcome, transfer

Rows = dict[str, list[tuple[Any, ...]]]

OWN_FACTS = ("analysis_version", "analysis_left", "instance_counter")
"""What each database has for itself."""


@contextmanager
def unseen(_words: str) -> Iterator[Callable[[int, int], None]]:
    """A step that nobody watches."""
    yield lambda _done, _total: None


async def make(path: Path) -> None:
    """A database of today's with rows of every state in every table, indexed."""
    former_schemas.made_at(former_schemas.list_commits()[-1]).write(path)
    await (await open_database(f"sqlite:///{path}")).close()


async def carry(old: str, new: str, *, replaces_nul: bool = False) -> Outcome:
    """Carry a database over."""
    addresses = location_of(old), location_of(new)
    return await transfer(*addresses, unseen, replaces_nul=replaces_nul)


def read_file(path: Path) -> Rows:
    """All rows of an SQLite database, and the last ids that tables gave."""
    with closing(sqlite3.connect(path)) as db:
        found = {
            table: db.execute(f"SELECT {_listed(columns)} FROM {table}").fetchall()  # noqa: S608
            for table, columns in _tables(db).items()
        }
        found["ids"] = db.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0").fetchall()
    return _sorted(found)


async def read_server(url: str, like: Path) -> Rows:
    """The same of one in PostgreSQL, which has the tables of an SQLite database."""
    with closing(sqlite3.connect(like)) as db:
        tables = _tables(db)
        keeping = [name for (name,) in db.execute("SELECT name FROM sqlite_sequence")]
    conn = await asyncpg.connect(url)
    try:
        found = {
            table: [*map(tuple, await conn.fetch(f"SELECT {_listed(columns)} FROM {table}"))]  # noqa: S608
            for table, columns in tables.items()
        }
        sql = "SELECT last_value FROM pg_sequences WHERE sequencename = $1"
        last = [(name, await conn.fetchval(sql, f"{name}_id_seq")) for name in keeping]
        found["ids"] = [one for one in last if one[1]]
    finally:
        await conn.close()
    return _sorted(found)


def _tables(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Columns by table; those that each database has for itself are left out."""
    return {
        table: [
            name
            for _, name, *_ in db.execute(f"PRAGMA table_info({table})")
            if (table, name) != ("document", "analysis")
        ]
        for table in former_rows.list_tables(db)
        if table not in OF_PROCESSES
    }


def _listed(columns: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _sorted(found: Rows) -> Rows:
    found["fact"] = [row for row in found["fact"] if row[0] not in OWN_FACTS]
    return {table: sorted(rows, key=repr) for table, rows in found.items()}
