"""Storing posts, against the same posts in a plain table: ``--posts N --batch N``.

The plain table holds an id and the post's JSON, written at once from Python's sqlite3 without
index, merging or look-ups. Beside it stand the parts that are not to be had for less: the same rows
in an FTS5 index and nothing else, the analysis, the JSON. Times are of the processor, all threads;
each way stores half of the posts first, so that words have been met and the index is not empty.
Sizes are bytes a post. ``--profile`` tells where the time goes, on SQLite's thread too.

Against *index rows and analysis alone*: a second database of the same schema and settings is given
nothing but the index rows, analysed from the posts, in the same batches, each a transaction. The
two take turns, at every second batch of the posts each, so that neither meets words that the other
has just analysed, and a busy machine slows both.

``--grown N`` measures *growth* instead: a database is filled with N posts (``--database PATH``
keeps it for the next time), another with half of ``--posts``; then both are given as many again in
turns.
"""

import argparse
import asyncio
import cProfile
import gc
import pstats
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from posts import Corpus

from storage.connection import Database
from storage.database import open_database
from storage.document import Document
from storage.document_json import dump
from storage.documents import documents
from storage.documents.free_row_ids import first_row_id
from storage.query.compile_fts5 import index_row
from storage.query.words.analysis import analyse_document
from storage.sqlite import driver, migrate
from storage.sqlite.index import ADD

COLUMNS = ("body", "title", "mark", "form", "attached")
_NOW = datetime(2026, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def batches(made: Iterable[T], size: int) -> Iterator[list[T]]:
    """The posts, or rows, in batches."""
    rest = iter(made)
    while batch := list(islice(rest, size)):
        yield batch


def plain(path: Path, made: Sequence[Document], size: int) -> float:
    """Seconds of the plain table for the second half."""
    rows = [(dump(document),) for document in made]
    return bare(
        path,
        ["CREATE TABLE post (id INTEGER PRIMARY KEY, json TEXT NOT NULL)"],
        "INSERT INTO post (json) VALUES (?)",
        rows,
        size,
    )


def index(path: Path, made: Sequence[Document], size: int) -> float:
    """Seconds of the index alone, which is given its rows ready."""
    schema = (Path(migrate.__file__).parent / "schema.sql").read_text("utf-8")
    rows = [(number << 11, *index_row(analyse_document(post))) for number, post in enumerate(made)]
    return bare(
        path,
        re.findall(r"^[^;\n]*document_index[^;]*", schema, re.MULTILINE),
        f"INSERT INTO document_index (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        rows,
        size,
    )


def bare(
    path: Path, schema: Sequence[str], sql: str, rows: Sequence[tuple[object, ...]], size: int
) -> float:
    """Seconds of the second half of the rows, written as directly as Python can."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", *schema):
        connection.execute(statement)
    half = len(rows) // 2
    started = 0.0
    for part in (rows[:half], rows[half:]):
        started = time.process_time()
        for batch in batches(part, size):
            connection.execute("BEGIN")
            connection.executemany(sql, batch)
            connection.execute("COMMIT")
    taken = time.process_time() - started
    connection.close()
    return taken


def seconds(call: Callable[[Document], object], made: Sequence[Document]) -> float:
    """Seconds of a call for each post."""
    started = time.process_time()
    for document in made:
        call(document)
    return time.process_time() - started


async def stored(path: Path, made: Sequence[Document], size: int) -> float:
    """Seconds of ``store_documents`` for the second half."""
    database = await open_database(f"sqlite:///{path}")
    half = len(made) // 2
    started = 0.0
    for part in (made[:half], made[half:]):
        started = time.process_time()
        for batch in batches(part, size):
            await _store(database, batch)
    taken = time.process_time() - started
    await database.close()
    return taken


class Alone:
    """A database of the same schema and settings that is given index rows and nothing else."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (*driver.pragmas(reads_only=False), "wal_autocheckpoint = 4000"):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()

    def store(self, batch: Sequence[Document]) -> None:
        """Analyse the posts and write their index rows, in one transaction."""
        rows = [(first_row_id(post) + 1, *index_row(analyse_document(post))) for post in batch]
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(ADD, rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close it."""
        self._connection.close()


async def alone_and_stored(
    folder: Path, made: Sequence[Document], size: int
) -> tuple[float, float]:
    """Seconds of index rows and analysis alone, and of storing, for as many posts each: half of
    those of the second half."""
    await (await open_database(f"sqlite:///{folder / 'alone.db'}")).close()
    alone = Alone(folder / "alone.db")
    database = await open_database(f"sqlite:///{folder / 'turns.db'}")
    taken: list[tuple[float, float]] = []
    parts = list(batches(made, size))
    for number, pair in enumerate(zip(parts[::2], parts[1::2], strict=False)):
        turns = [0.0, 0.0]
        for which in (0, 1) if number % 2 else (1, 0):
            started = time.process_time()
            if which:
                await _store(database, pair[which])
            else:
                alone.store(pair[which])
            turns[which] = time.process_time() - started
        taken.append((turns[0], turns[1]))
    alone.close()
    await database.close()
    late = taken[len(taken) // 2 :]
    return sum(one for one, _ in late), sum(other for _, other in late)


async def _store(database: Database, batch: Sequence[Document]) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(tx, batch, stored_at=_NOW, live=True)


async def growth(path: Path, grown: int, fresh: Path, asked: argparse.Namespace) -> float:
    """How many times as long a post takes where ``grown`` are stored as where a few are."""
    large, small = [await open_database(f"sqlite:///{file}") for file in (path, fresh)]
    async with large.reader() as reader:
        there = await documents.count_documents(reader)
    half = asked.posts // 2
    posts = islice(Corpus(asked.seed).documents(there + grown + 3 * half), there, None)
    for database, number in ((large, max(0, grown - there)), (small, half)):
        for batch in batches(islice(posts, number), asked.batch):
            await _store(database, batch)
    taken = [0.0, 0.0]
    rest = batches(list(islice(posts, 2 * half)), asked.batch)
    for number, pair in enumerate(zip(rest, rest, strict=False)):
        for which in (0, 1) if number % 2 else (1, 0):
            started = time.process_time()
            await _store((small, large)[which], pair[which])
            taken[which] += time.process_time() - started
    await large.close()
    await small.close()
    return taken[1] / taken[0]


def sizes(path: Path) -> dict[str, int]:
    """Bytes by what they hold: the full-text index, and all."""
    with sqlite3.connect(path) as connection:
        index = connection.execute("SELECT sum(length(block)) FROM document_index_data")
        pages = connection.execute("SELECT page_count * page_size FROM pragma_page_count, "
                                   "pragma_page_size")  # fmt: skip
        return {"index": index.fetchone()[0], "all": pages.fetchone()[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    parser.add_argument("--grown", type=int, help="posts of a database that has grown")
    parser.add_argument("--database", type=Path, help="where that is kept")
    asked = parser.parse_args()
    if asked.grown:
        report_growth(asked)
        return
    made = list(Corpus(asked.seed).documents(asked.posts))
    gc.collect()
    gc.freeze()  # as the service does once it has started
    with tempfile.TemporaryDirectory() as folder:
        if asked.profile:
            profile(stored(Path(folder) / "stored.db", made, asked.batch))
            return
        report(Path(folder), made, asked.batch)


def report_growth(asked: argparse.Namespace) -> None:
    """Measure growth, and print it."""
    with tempfile.TemporaryDirectory() as folder:
        path = asked.database or Path(folder) / "grown.db"
        grew = asyncio.run(growth(path, asked.grown, Path(folder) / "fresh.db", asked))
    print(f"growth from {asked.posts} to {asked.grown} stored: {grew:.3f} (at most 1.2)")


def report(folder: Path, made: Sequence[Document], size: int) -> None:
    """Measure every way and part, and print them."""
    alone, beside = asyncio.run(alone_and_stored(folder, made, size))
    half = made[len(made) // 2 :]
    base = plain(folder / "plain.db", made, size)
    indexed = index(folder / "index.db", made, size)
    analysed = seconds(analyse_document, half)
    written = seconds(dump, half)
    ours = asyncio.run(stored(folder / "stored.db", made, size))
    floor = base + indexed + analysed + written
    print(f"{len(made)} posts, batches of {size}; µs a post, and the plain table against it")
    for name, taken in (
        ("plain table", base),
        ("index alone", indexed),
        ("analysis", analysed),
        ("JSON", written),
        ("all of these", floor),
        ("store_documents", ours),
    ):
        print(f"{name:16} {1e6 * taken / len(half):8.0f}  {base / taken:.3f}")
    print(f"with JSON and analysis made on both sides {(base + analysed + written) / ours:.3f}")
    posts = len(made) // 4
    print(f"index rows and analysis alone {1e6 * alone / posts:.0f} µs a post,", end=" ")
    print(f"storing in turns with it {1e6 * beside / posts:.0f}")
    print(f"storing against index rows and analysis alone: {beside / alone:.3f} (at most 1.25)")
    for name, bytes_held in sizes(folder / "stored.db").items():
        print(f"{name:16} {bytes_held / len(made):8.0f} bytes a post")


def profile(work: Coroutine[object, object, object]) -> None:
    """Run it, and print where the time goes in every thread that does something."""
    profiles = [cProfile.Profile()]

    def begin(*_: object) -> None:
        profiles.append(cProfile.Profile())
        profiles[-1].enable()

    threading.setprofile(begin)
    profiles[0].runcall(asyncio.run, work)
    threading.setprofile(None)  # type: ignore[arg-type]
    busiest = sorted(profiles, key=lambda one: -len(one.getstats()))[:2]
    for one in busiest:
        pstats.Stats(one).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
