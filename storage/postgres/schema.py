"""The schema of a PostgreSQL database: numbered migrations, each applied and recorded in one
transaction.

They are ``storage/postgres/migrations/NNNN_what.sql``, under the same numbers as SQLite's; the
first is a whole schema. They are only ever added; the missing ones are applied in order.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from importlib import resources

from msgspec import Struct

from storage.connection import Connection
from storage.errors import SchemaTooNewError, StorageError
from storage.postgres.engine import IN_LINE, PostgresDatabase
from storage.times import to_epoch

LEASES = 80
"""The script since which there are leases."""

_NAME = re.compile(r"([0-9]{4})_([a-z0-9_]+)\.sql")
_IS_THERE = "SELECT to_regclass('schema_migration') IS NOT NULL AS it"
_WATCHED = """
    DO $$ BEGIN
        SET LOCAL client_connection_check_interval = '2s';
    EXCEPTION WHEN OTHERS THEN
        NULL;  -- some systems can't tell whether a connection has ended
    END $$
"""
"""A script may take minutes: if the client's connection has ended it ends, and holds up nobody."""
_NOTE = "INSERT INTO schema_migration (version, name, applied_at) VALUES (?, ?, ?)"


class Script(Struct, frozen=True):
    """One migration."""

    version: int
    name: str
    sql: str


def list_scripts() -> list[Script]:
    """The migrations of this version, in order."""
    files = resources.files("storage.postgres").joinpath("migrations").iterdir()
    found = [
        Script(int(match[1]), match[2], file.read_text(encoding="utf-8"))
        for file in files
        if (match := _NAME.fullmatch(file.name))
    ]
    return sorted(found, key=lambda script: script.version)


async def prepare(database: PostgresDatabase) -> None:
    """Bring a database, which may be empty, to the current schema. Raises SchemaTooNewError for one
    of a newer version, and leaves it untouched."""
    async with database.reader() as conn:
        applied = await list_applied(conn)
    refuse_newer(applied)
    for script in list_missing(applied):
        await _apply(database, script)


async def list_applied(conn: Connection) -> set[int]:
    """The numbers of the migrations applied to the database; empty for an empty one."""
    row = await conn.fetch_one(_IS_THERE)
    if row is None or not row["it"]:
        return set()
    return {row["version"] for row in await conn.fetch_all("SELECT version FROM schema_migration")}


def list_missing(applied: Collection[int]) -> list[Script]:
    """The migrations not applied yet."""
    return [script for script in list_scripts() if script.version not in applied]


def refuse_newer(applied: Collection[int]) -> None:
    """Raise SchemaTooNewError if a migration was applied that this version does not know."""
    known = {script.version for script in list_scripts()}
    if unknown := {*applied} - known:
        raise SchemaTooNewError(
            f"the database has schema {max(unknown)}, this version knows {max(known)}",
            where="database",
            hint="install the newer version of Dateline, or put back a backup of before",
        )


async def _apply(database: PostgresDatabase, script: Script) -> None:
    """Apply a migration. If another process applies it at the same time, one of the two waits, or
    fails and then finds it applied."""
    try:
        async with database.transaction(beside=True) as tx:
            if await list_applied(tx):
                await tx.execute(IN_LINE)
            if script.version in await list_applied(tx):
                return
            await tx.execute(_WATCHED)
            await tx.execute(script.sql)
            await tx.execute(_NOTE, (script.version, script.name, to_epoch(datetime.now(UTC))))
    except StorageError:
        async with database.reader() as conn:
            if script.version not in await list_applied(conn):
                raise
