import sqlite3
from pathlib import Path

import pytest

from storage.connection import Database
from storage.database import open_database
from storage.errors import SchemaTooNewError, StorageError
from storage.sqlite import migrate
from storage.sqlite.migrate import Migration

GOOD = Migration(version=9001, name="good", sql="CREATE TABLE extra (a);\nCREATE TABLE more (b);")
BROKEN = Migration(
    version=9002,
    name="broken",
    sql="CREATE TABLE half (a);\nINSERT INTO half VALUES (1);\nCREATE TABLE half (a);",
)


def objects(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    return {name for (name,) in rows}


def versions(path: Path) -> list[int]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT version FROM schema_migration ORDER BY 1").fetchall()
    connection.close()
    return [version for (version,) in rows]


def normalized(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    # A column that a migration adds stands behind a line break and a comma.
    folded = [" ".join(sql.split()) for (sql,) in rows]
    return [sql.replace(" ,", ",").replace(" )", ")") for sql in folded]


def test_each_migration_has_a_number_of_its_own() -> None:
    found = [migration.version for migration in migrate.list_migrations()]
    assert found[:7] == [1, 2, 3, 4, 5, 6, 7]
    assert len(set(found)) == len(found)


async def test_the_schema_equals_all_migrations_applied(
    database: Database, database_path: Path
) -> None:
    snapshot = sqlite3.connect(":memory:")
    snapshot.executescript(Path(migrate.__file__).with_name("schema.sql").read_text("utf-8"))
    applied = sqlite3.connect(database_path)
    assert normalized(applied) == normalized(snapshot)
    snapshot.close()
    applied.close()


async def test_migrating_twice_does_nothing(database: Database) -> None:
    assert await migrate.migrate(database) == 0


async def test_a_failing_migration_leaves_nothing_behind(
    database: Database, database_path: Path
) -> None:
    known = [*migrate.list_migrations(), GOOD, BROKEN]
    with pytest.raises(StorageError, match="half already exists"):
        await migrate.migrate(database, known)
    assert {"extra", "more"} <= objects(database_path)
    assert "half" not in objects(database_path)
    assert versions(database_path)[-1] == GOOD.version


@pytest.mark.parametrize("unknown", [9999, 11])  # later versions bring low numbers too
async def test_a_newer_schema_is_refused_untouched(database_path: Path, unknown: int) -> None:
    await (await open_database(f"sqlite:///{database_path}")).close()
    connection = sqlite3.connect(database_path)
    connection.execute("INSERT INTO schema_migration VALUES (?, 'later', 0)", (unknown,))
    connection.commit()
    connection.close()
    before = objects(database_path)
    with pytest.raises(SchemaTooNewError, match=rf"schema {unknown}.*install the newer version"):
        await open_database(f"sqlite:///{database_path}")
    assert objects(database_path) == before


def test_statements_end_where_sqlite_says() -> None:
    script = """
    -- a; comment
    CREATE TABLE a (b TEXT DEFAULT ';');
    CREATE TRIGGER t AFTER INSERT ON a BEGIN
        DELETE FROM a WHERE b = 'x';
        DELETE FROM a WHERE b = 'y';
    END;
    """
    assert [part.split()[-1] for part in migrate.statements(script)] == ["';');", "END;"]
