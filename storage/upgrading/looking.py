"""What an upgrade will do to a database, told before it is done; nothing is changed."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from storage.database import load_postgres
from storage.documents import index
from storage.instance import Present
from storage.location import Location
from storage.sqlite import file as sqlite_file
from storage.sqlite import migrate, upkeep
from storage.sqlite.migrate import Migration
from storage.upgrading import weighing
from storage.upgrading.weighing import Range, Size, Step

INDEXED_A_SECOND = (500, 4_000)
"""Documents that are indexed anew beside the service."""
VACUUMED_A_SECOND = (10_000_000, 100_000_000)
"""Bytes of a file that is written anew."""
COPIES = 2
"""Room that rows take which are written anew, in their own size: in the log, then in the file, each
with its indexes."""
INDEX_SHARE = 0.6
"""Size of the index, in that of the documents."""
_SAMPLE = 500


class Upgrade(Struct, frozen=True, kw_only=True):
    """From which schema to which. ``vacuumed``: the file is written anew as a whole, so that it can
    shrink. ``documents`` are indexed anew beside the service, in ``index_seconds``; ``needed`` and
    ``free`` are bytes of the disk."""

    schema: int
    newest: int
    steps: tuple[Step, ...]
    vacuumed: bool
    documents: int
    index_seconds: Range
    file_bytes: int
    needed: int
    free: int

    @property
    def seconds(self) -> Range:
        """How long the service is away for it."""
        vacuum = weighing.time_of(self.vacuumed * self.file_bytes, VACUUMED_A_SECOND)
        return weighing.total([*(step.seconds for step in self.steps), vacuum])


async def look_at(location: Location) -> Present:
    """What stands in a database's place now; nothing is changed. Raises SchemaTooNewError, other
    StorageErrors, UsageError."""
    if location.file is None:
        found: Present = await load_postgres().look(location)
        return found
    return await asyncio.to_thread(_look_at_file, location.file)


def _look_at_file(path: Path) -> Present:
    if not path.exists():
        return Present(is_there=False)
    with sqlite_file.looked_at(path) as db:
        applied = _applied(db)
        is_empty = db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None
    migrate.refuse_newer(applied, migrate.list_migrations())
    return Present(
        is_there=not is_empty,  # a start that was killed, or a full disk, may leave an empty file
        is_due=bool(applied) and bool(_missing(applied)),
        identity=sqlite_file.find_identity(path),
    )


def look(path: Path) -> Upgrade:
    """What the present version will do to the database. Raises SchemaTooNewError, StorageError."""
    with sqlite_file.looked_at(path) as db:
        applied = _applied(db)
        known = migrate.list_migrations()
        migrate.refuse_newer(applied, known)
        missing = _missing(applied)
        sizes = _measure(db, missing)
        documents = _count_unindexed(db, missing)
        text = _size_of(db, "document").bytes if documents else 0
        (mode,) = db.execute("PRAGMA auto_vacuum").fetchone()
    size = path.stat().st_size
    vacuumed = mode == 0 and size <= upkeep.SHRUNK_BYTES
    steps = tuple(weighing.weigh(missing, sizes))
    written = sum(step.bytes for step in steps)
    return Upgrade(
        schema=max(applied, default=0),
        newest=max(migration.version for migration in known),
        steps=steps,
        vacuumed=vacuumed,
        documents=documents,
        index_seconds=weighing.time_of(documents, INDEXED_A_SECOND),
        file_bytes=size,
        needed=int(written * COPIES + text * INDEX_SHARE) + vacuumed * size * 2,
        free=shutil.disk_usage(path.parent).free,
    )


def _applied(db: sqlite3.Connection) -> set[int]:
    if not _has(db, "schema_migration"):
        return set()
    return {version for (version,) in db.execute("SELECT version FROM schema_migration")}


def _missing(applied: set[int]) -> list[Migration]:
    return [one for one in migrate.list_migrations() if one.version not in applied]


def _has(db: sqlite3.Connection, table: str) -> bool:
    sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    return db.execute(sql, (table,)).fetchone() is not None


def _count_unindexed(db: sqlite3.Connection, missing: Sequence[Migration]) -> int:
    """Documents that are to be indexed anew: all, where another version indexed them or a step
    makes the index anew; else those that a former run left."""
    if not _has(db, "document"):
        return 0
    facts = dict(db.execute("SELECT name, value FROM fact WHERE name LIKE 'analysis%'"))
    is_made_anew = any("DROP TABLE document_index" in one.sql for one in missing)
    if is_made_anew or facts.get("analysis_version") != str(index.version()):
        return _count(db, "document")
    if "analysis_left" not in facts:
        return 0
    sql = "SELECT count(*) FROM document WHERE id < ?"
    return int(db.execute(sql, (int(facts["analysis_left"]),)).fetchone()[0])


def _measure(db: sqlite3.Connection, missing: Sequence[Migration]) -> dict[str, Size]:
    """The tables that the steps name."""
    words = set(re.findall(r"\w+", " ".join(one.sql for one in missing)))
    found = db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'"
    )
    return {name: _size_of(db, name) for (name,) in found.fetchall() if name in words}


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608


def _size_of(db: sqlite3.Connection, table: str) -> Size:
    """From rows at the beginning of the table: the whole of it is not read."""
    rows = _count(db, table)
    names = [name for _, name, *_ in db.execute(f'PRAGMA table_info("{table}")')]
    length = " + ".join(f'coalesce(length(CAST("{name}" AS BLOB)), 0) + 1' for name in names)
    sql = f'SELECT avg(n) FROM (SELECT {length} AS n FROM "{table}" LIMIT {_SAMPLE})'  # noqa: S608
    (average,) = db.execute(sql).fetchone()
    return Size(rows=rows, bytes=int(rows * (average or 0)))
