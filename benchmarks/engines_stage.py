"""Two databases with the same seeded posts in them, one of each engine, for ``engines.py``.

SQLite's is filled as the service fills it. Its rows go into PostgreSQL as they are, by COPY, and
its posts are indexed there once all are in, which is quick. PostgreSQL is as it is installed, with
``fsync``.
"""

import asyncio
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import postgresql
from filled import open_filled

from storage.connection import Database
from storage.database import open_database
from storage.document_json import parse
from storage.postgres.lexemes import write_vector
from storage.postgres.pairs import write_pairs
from storage.postgres.words import write_signs, write_words
from storage.query.words import analysis, forms

PIECE = 1_000
_LEFT_OUT = {"alert_change", "schema_migration"}
_OWN = "document_index"  # what begins so is of this engine alone
_COLUMNS = """
    SELECT table_name AS name, array_agg(CAST(column_name AS TEXT)) AS columns
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' GROUP BY table_name
"""
_SEQUENCE = """
    SELECT pg_get_serial_sequence($1, 'id') FROM information_schema.columns
    WHERE table_name = $1 AND column_name = 'id'
"""
_INDEX = """
    SELECT indexdef FROM pg_indexes WHERE tablename = 'document_index' AND indexdef LIKE '%gin%'
"""


_ADD = """
    INSERT INTO document_index (id, size, beyond, terms)
    SELECT u.id, u.size, u.beyond, CAST(u.terms AS tsvector) FROM
    unnest($1::bigint[], $2::bigint[], $3::bool[], $4::text[]) AS u (id, size, beyond, terms)
"""
_ADD_WORDS = """
    INSERT INTO document_index_words (id, words) SELECT * FROM unnest($1::bigint[], $2::bytea[])
"""
_ADD_SIGNS = """
    INSERT INTO document_index_signs (id, signs, paired)
    SELECT *, TRUE FROM unnest($1::bigint[], $2::text[])
"""
_ADD_PAIRS = """
    INSERT INTO document_index_pairs (id, pairs)
    SELECT u.id, CAST(u.pairs AS smallint[]) FROM unnest($1::bigint[], $2::text[]) AS u (id, pairs)
"""


@dataclass(frozen=True, slots=True)
class Both:
    """The databases, by engine, and the server of the one."""

    databases: dict[str, Database]
    server: postgresql.Server

    def processor_time(self) -> float:
        """Seconds of the processor that this process and those that serve it have taken."""
        return time.process_time() + sum(map(_taken, _list_backends(self.server.folder)))


def _list_backends(data: Path) -> list[int]:
    """The server's processes that serve connections."""
    number = int((data / "postmaster.pid").read_text().split()[0])
    listed = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    return [int(one) for one in listed if "[local]" in _title(int(one))]


def _title(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _taken(number: int) -> float:
    try:
        return int(Path(f"/proc/{number}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


@asynccontextmanager
async def open_both(folder: Path, number: int, seed: int) -> AsyncIterator[Both]:
    """Both databases, by engine, with at least ``number`` posts."""
    sqlite = await open_filled(folder / "posts.db", number=number, seed=seed)
    server = postgresql.Server(folder, settings="", keeps=True)
    server.start()
    try:
        database = await open_database(server.url)
        try:
            await _fill(folder / "posts.db", database, server.url)
            yield Both({"SQLite": sqlite, "PostgreSQL": database}, server)
        finally:
            await database.close()
    finally:
        server.stop("fast")
        await sqlite.close()


async def _fill(path: Path, database: Database, url: str) -> None:
    """Bring what is in SQLite's file into the other, where that is empty."""
    async with database.reader() as conn:
        if await conn.fetch_all("SELECT 1 FROM document LIMIT 1"):
            return
        found = await conn.fetch_all(_COLUMNS)
    both = (row for row in found if not row["name"].startswith(_OWN))
    columns = {row["name"]: row["columns"] for row in both if row["name"] not in _LEFT_OUT}
    driver = await asyncpg.connect(url)
    try:
        await driver.execute("SET session_replication_role = replica")  # in any order of tables
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            for table, names in columns.items():
                await _copy(file, driver, table, names)
            await driver.execute("RESET session_replication_role")
            await _index(file, driver)
        await driver.execute("VACUUM ANALYZE")
    finally:
        await driver.close()


async def _copy(file: sqlite3.Connection, driver: Any, table: str, names: Sequence[str]) -> None:
    await driver.execute(f"DELETE FROM {table}")  # noqa: S608
    rows = file.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608
    while records := rows.fetchmany(PIECE):
        await driver.copy_records_to_table(table, records=records, columns=names)
    if sequence := await driver.fetchval(_SEQUENCE, table):
        highest = f"SELECT setval($1, (SELECT coalesce(max(id), 1) FROM {table}))"  # noqa: S608
        await driver.execute(highest.replace("$1", f"'{sequence}'"))


async def _index(file: sqlite3.Connection, driver: Any) -> None:
    (found,) = await driver.fetch(_INDEX)
    await driver.execute("DROP INDEX document_index_by_terms")
    await driver.execute("DELETE FROM document_index")
    with ProcessPoolExecutor(2, initializer=forms.load) as workers:
        loop, under_way = asyncio.get_running_loop(), []
        for ids, texts in _pieces(file):
            under_way.append((ids, loop.run_in_executor(workers, index_rows, ids, texts)))
            if len(under_way) > 3:
                await _add(driver, *under_way.pop(0))
        for one in under_way:
            await _add(driver, *one)
    await driver.execute("SET maintenance_work_mem = '512MB'")
    await driver.execute(found["indexdef"])


def _pieces(file: sqlite3.Connection) -> Iterator[tuple[list[int], list[str]]]:
    found = file.execute("SELECT id, json FROM document ORDER BY id")
    while rows := found.fetchmany(PIECE):
        yield [id for id, _ in rows], [json for _, json in rows]


async def _add(driver: Any, ids: list[int], made: Any) -> None:
    sizes, beyond, terms, words, signs, pairs = zip(*await made, strict=True)
    await driver.execute(_ADD, ids, sizes, beyond, terms)
    await driver.execute(_ADD_WORDS, ids, words)
    await driver.execute(_ADD_SIGNS, ids, signs)
    await driver.execute(_ADD_PAIRS, ids, pairs)


def index_rows(ids: list[int], texts: list[str]) -> list[tuple[int, bool, str, bytes, str, str]]:
    """What the index holds of documents, given as JSON."""
    analysed = [analysis.analyse_document(parse(text)) for text in texts]
    return [
        (*write_vector(id, one), write_words(one), write_signs(one), f"{{{_in_row(one)}}}")
        for id, one in zip(ids, analysed, strict=True)
    ]


def _in_row(analysed: analysis.Analysed) -> str:
    return ",".join(map(str, write_pairs(analysed)))
