"""Opening the database of an address: the engine, its schema, its index."""

from pathlib import Path

from storage.connection import Database
from storage.documents import index as document_index
from storage.errors import UsageError
from storage.sqlite import engine, migrate

SQLITE_PREFIX = "sqlite:///"


async def open_database(url: str, *, index: bool = True) -> Database:
    """Open (and create, mode 0600) the database at ``sqlite:///relative`` or ``sqlite:////absolute``.

    Brings it to this version's schema first, and, unless ``index`` is false, indexes what this
    version's analysis of texts has not indexed yet: after an upgrade that may be all there is, and
    whoever can't wait for it calls ``document_index.refresh`` beside other work.

    Raises UsageError for an address that is of no use, SchemaTooNewError for a database of a newer
    version, StorageError for what the engine refuses.
    """
    database = await engine.open_file(path_of(url))
    try:
        await migrate.migrate(database)
        await document_index.begin(database)
        if index:
            await document_index.refresh(database)
    except BaseException:
        await database.close()
        raise
    return database


def path_of(url: str) -> Path:
    """Where the database of an address stands. Raises UsageError for one of no use."""
    if not url.startswith(SQLITE_PREFIX) or url == SQLITE_PREFIX:
        raise UsageError(
            "only SQLite databases can be used",
            where="DATABASE_URL",
            hint="give sqlite:///PATH (four slashes for an absolute path)",
        )
    return Path(url.removeprefix(SQLITE_PREFIX))
