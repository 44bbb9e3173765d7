"""The two databases of a transfer, and how each is opened.

The old one is only read, as it stands at one moment. The new one is made by this version's schema;
what is there already is looked at before anything is done to it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.connection import Connection, Database
from storage.errors import StorageError
from storage.location import Location
from storage.postgres import engine as postgres
from storage.postgres import schema as postgres_schema
from storage.sqlite import engine as sqlite
from storage.sqlite import file as sqlite_file
from storage.sqlite import migrate
from storage.times import to_epoch

_HAS_LEDGER = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migration'"
_VERSIONS = "SELECT version FROM schema_migration"
_SERVED = "SELECT owner FROM lease WHERE expires_at > ?"


@asynccontextmanager
async def reading(location: Location) -> AsyncIterator[Connection]:
    """The old database as it stands at this moment, for looking only. Raises StorageError, also
    where a service has it on its server."""
    opened = _server(location) if location.file is None else _file(location.file)
    async with opened as conn:
        await _refuse_other_schemas(conn, location)
        await _refuse_served(conn, location)
        yield conn


@asynccontextmanager
async def _file(path: Path) -> AsyncIterator[Connection]:
    if not await asyncio.to_thread(path.is_file):
        raise StorageError("there is no such file", where=str(path), hint="see DATABASE_URL")
    async with sqlite.reading(path) as conn:
        yield conn


@asynccontextmanager
async def _server(location: Location) -> AsyncIterator[Connection]:
    database = await postgres.open_address(location)
    try:
        async with database.reader() as conn:
            yield conn
    finally:
        await database.close()


async def _refuse_other_schemas(conn: Connection, location: Location) -> None:
    """Raise StorageError for what is no database of ours, or not of this version."""
    if location.file is None:
        found = await postgres_schema.list_applied(conn)
        postgres_schema.refuse_newer(found)
    else:
        rows = await conn.fetch_all(_VERSIONS) if await conn.fetch_one(_HAS_LEDGER) else []
        found = {row["version"] for row in rows}
        migrate.refuse_newer(found, migrate.list_migrations())
    if not found:
        raise StorageError("it is not a Dateline database", where=location.shown)
    if not schema_of(location) <= found:
        raise StorageError(
            "it is of an older version",
            where=location.shown,
            hint="let this version bring it up to date first: `dateline channels list` does",
        )


async def _refuse_served(conn: Connection, location: Location) -> None:
    """Raise StorageError while a service has a database on a server; a file has its own lock."""
    row = await conn.fetch_one(_SERVED, (to_epoch(datetime.now(UTC)),))
    if row is not None:
        raise StorageError(
            "a service has it",
            where=location.shown,
            hint="stop that first; what was killed has it for a quarter of a minute more",
        )


def schema_of(location: Location) -> set[int]:
    """The numbers of this version's schema in the engine of a place."""
    if location.file is None:
        return {script.version for script in postgres_schema.list_scripts()}
    return {migration.version for migration in migrate.list_migrations()}


@asynccontextmanager
async def writing(location: Location) -> AsyncIterator[Database]:
    """The new database, of this version's schema; a file that is there is changed only where it is
    one of ours, or empty. Raises StorageError."""
    database: Database
    if location.file is None:
        database = await postgres.open_address(location)
    else:
        await asyncio.to_thread(_refuse_file, location.file)
        database = await sqlite.open_file(location.file)
    try:
        if isinstance(database, sqlite.SqliteDatabase):
            await migrate.migrate(database)
        else:
            await postgres_schema.prepare(database)
        async with database.reader() as conn:
            await _refuse_served(conn, location)
        yield database
    finally:
        await database.close()


def _refuse_file(path: Path) -> None:
    """Raise StorageError for a file with tables of another schema than this version's."""
    if not path.exists():
        return
    with sqlite_file.looked_at(path) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
        if not tables:
            return
        known = {migration.version for migration in migrate.list_migrations()}
        if "schema_migration" not in tables or known != {n for (n,) in db.execute(_VERSIONS)}:
            raise not_empty(str(path))


def not_empty(where: str) -> StorageError:
    """What is said of a database that is not to be written over."""
    return StorageError("it is not empty", where=where, hint="name a database that holds nothing")
