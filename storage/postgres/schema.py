"""The schema of a PostgreSQL database: one file, as it stands today, and its version."""

from datetime import UTC, datetime
from importlib import resources

from storage.connection import Database
from storage.errors import SchemaTooNewError
from storage.times import to_epoch

VERSION = 1
"""Of the schema in PostgreSQL's words; SQLite's counts for itself."""

_IS_THERE = "SELECT to_regclass('schema_migration') IS NOT NULL AS it"
_NOTE = "INSERT INTO schema_migration (version, name, applied_at) VALUES (?, 'schema', ?)"


def read_schema() -> str:
    """The statements that make an empty database one of today's."""
    return resources.files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")


async def prepare(database: Database) -> None:
    """Make an empty database one of today's. Raises SchemaTooNewError for one of a newer version,
    and leaves it untouched."""
    async with database.transaction() as tx:
        row = await tx.fetch_one(_IS_THERE)
        if row is None or not row["it"]:
            await tx.execute(read_schema())
            await tx.execute(_NOTE, (VERSION, to_epoch(datetime.now(UTC))))
        newest = await tx.fetch_one("SELECT max(version) AS version FROM schema_migration")
    if newest is not None and newest["version"] > VERSION:
        raise SchemaTooNewError(
            f"the database has schema {newest['version']}, this version knows {VERSION}",
            where="database",
            hint="install the newer version of Dateline, or put back a backup of before",
        )
