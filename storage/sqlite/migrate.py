"""Numbered migrations: a migration and its record commit together, or neither does.

Files are ``storage/sqlite/migrations/NNNN_what.sql``; they are only ever added. Missing ones run in
numerical order, whatever ran before: migrations reached main in another order, so each must work
with what those with higher numbers have made. Foreign keys are off, so that a table can be rebuilt
while rows that refer to it remain. A database with an unknown number was written by a newer version
and is refused unchanged.
"""

import re
import sqlite3
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from storage.errors import SchemaTooNewError
from storage.sqlite import former
from storage.times import to_epoch

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from storage.connection import Connection

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
LEDGER = """
    CREATE TABLE IF NOT EXISTS schema_migration (
        version INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        applied_at INTEGER NOT NULL
    ) STRICT
"""
"""Which migrations a database has."""


class Migration(Struct, frozen=True, kw_only=True):
    """One step of the schema."""

    version: int
    name: str
    sql: str


class Writer(Protocol):
    """What migrating needs of a database."""

    def reader(self) -> AbstractAsyncContextManager["Connection"]: ...
    def transaction(self) -> AbstractAsyncContextManager["Connection"]: ...
    def rebuilding(self) -> AbstractAsyncContextManager["Connection"]: ...


def list_migrations() -> list[Migration]:
    """The migrations that come with this version, in order."""
    return [
        Migration(version=version, name=name, sql=script.read_text(encoding="utf-8"))
        for version, (name, script) in sorted(_list_scripts().items())
    ]


@cache
def _list_scripts() -> dict[int, tuple[str, "Traversable"]]:
    """Name and file by number; found without opening the files."""
    folder = resources.files("storage.sqlite").joinpath("migrations")
    named = [(_NAME.fullmatch(entry.name), entry) for entry in folder.iterdir()]
    return {int(match[1]): (match[2], entry) for match, entry in named if match}


async def migrate(database: Writer, migrations: Sequence[Migration] | None = None) -> int:
    """Apply what is missing; gives the number of migrations applied.

    Raises SchemaTooNewError when the database is ahead of this version.
    """
    async with database.reader() as conn:
        applied = await _applied(conn)
    if migrations is None and applied == _list_scripts().keys():
        return 0
    known = list_migrations() if migrations is None else migrations
    refuse_newer(applied, known)
    missing = [migration for migration in known if migration.version not in applied]
    return sum([await _apply(database, migration) for migration in missing])


def refuse_newer(applied: Collection[int], known: Sequence[Migration]) -> None:
    """Raise SchemaTooNewError where a migration was applied that this version does not know."""
    unknown = set(applied) - {migration.version for migration in known}
    if unknown:
        newest = max((migration.version for migration in known), default=0)
        raise SchemaTooNewError(
            f"the database has schema {max(unknown)}, this version knows {newest}",
            where="database",
            hint="install the newer version of Dateline, or put back a backup of before",
        )


async def _applied(conn: "Connection") -> set[int]:
    if await conn.fetch_one("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'") is None:
        return set()
    return {row["version"] for row in await conn.fetch_all("SELECT version FROM schema_migration")}


async def _apply(database: Writer, migration: Migration) -> int:
    async with database.rebuilding() as tx:
        await tx.execute(LEDGER)
        if migration.version in await _applied(tx):  # another process was faster
            return 0
        await former.mend(tx, before=migration.version)
        for statement in statements(migration.sql):
            await tx.execute(statement)
        await tx.execute(
            "INSERT INTO schema_migration (version, name, applied_at) VALUES (?, ?, ?)",
            (migration.version, migration.name, to_epoch(datetime.now(UTC))),
        )
    return 1


def statements(sql: str) -> list[str]:
    """The statements of a script, one by one: a script run whole would commit what is open."""
    found = []
    gathered = ""
    for line in sql.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            found.append(gathered.strip())
            gathered = ""
    return found
