"""Opening the database of an address: the engine, its schema, its index."""

from types import ModuleType

from storage.connection import Database
from storage.documents import index as document_index
from storage.errors import UsageError
from storage.location import Location, location_of
from storage.sqlite import engine, migrate
from storage.transfer import copy_state


async def open_database(url: str, *, index: bool = True) -> Database:
    """Open the database at an address (see ``storage.location``); a missing file is created, mode
    0600.

    Migrates it to this version's schema and, unless ``index`` is false, indexes what was analysed
    by another version: after an upgrade that may be everything, which ``document_index.refresh``
    can do later in the background. Raises UsageError for an unusable address, SchemaTooNewError for
    a database of a newer version, StorageError for errors of the engine.
    """
    database = await _open(location_of(url))
    try:
        await _refuse_unfinished(database, location_of(url).shown)
        await document_index.begin(database)
        if index:
            await document_index.refresh(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _open(location: Location) -> Database:
    if location.file is None:
        opened: Database = await load_postgres().open_prepared(location)
        return opened
    database = await engine.open_file(location.file)
    try:
        await migrate.migrate(database)
    except BaseException:
        await database.close()
        raise
    return database


def load_postgres() -> ModuleType:
    """``storage.postgres.opening``: its driver is there where it was asked for. Raises UsageError
    where it is not."""
    try:
        from storage.postgres import opening
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise UsageError(
            "PostgreSQL's driver is not installed",
            where="DATABASE_URL",
            hint="`pip install 'dateline[postgres]'`",
        ) from error
    return opening


async def _refuse_unfinished(database: Database, where: str) -> None:
    async with database.reader() as conn:
        await copy_state.refuse_unfinished(conn, where)
