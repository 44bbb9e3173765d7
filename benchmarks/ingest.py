"""Storing posts, against the same posts in a plain table: ``--posts N --batch N``.

The plain table holds an id and the post's JSON, written at once from Python's sqlite3 without
index, merging or look-ups. Times are of the processor, all threads; each way stores half of the
posts first, so that words have been met and the index is not empty. Sizes are bytes a post.
"""

import argparse
import asyncio
import cProfile
import pstats
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from posts import Corpus

from storage import documents
from storage.database import open_database
from storage.document import Document
from storage.document_json import dump

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def batches(made: Sequence[Document], size: int) -> Iterator[list[Document]]:
    """The posts in batches."""
    rest = iter(made)
    while batch := list(islice(rest, size)):
        yield batch


def plain(path: Path, made: Sequence[Document], size: int) -> float:
    """Seconds of the plain table for the second half."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, json TEXT NOT NULL)")
    half = len(made) // 2
    rows = [(dump(document),) for document in made]
    started = 0.0
    for part in (rows[:half], rows[half:]):
        started = time.process_time()
        rest = iter(part)
        while batch := list(islice(rest, size)):
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO post (json) VALUES (?)", batch)
            connection.execute("COMMIT")
    taken = time.process_time() - started
    connection.close()
    return taken


def json_seconds(made: Sequence[Document]) -> float:
    """Seconds of making the posts' JSON, which the plain table is given ready."""
    started = time.process_time()
    for document in made:
        dump(document)
    return time.process_time() - started


async def stored(path: Path, made: Sequence[Document], size: int) -> float:
    """Seconds of ``store_documents`` for the second half."""
    database = await open_database(f"sqlite:///{path}")
    half = len(made) // 2
    started = 0.0
    for part in (made[:half], made[half:]):
        started = time.process_time()
        for batch in batches(part, size):
            async with database.transaction() as tx:
                await documents.store_documents(tx, batch, stored_at=_NOW, live=True)
    taken = time.process_time() - started
    await database.close()
    return taken


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
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", action="store_true", help="where the time goes")
    asked = parser.parse_args()
    made = list(Corpus(asked.seed).documents(asked.posts))
    with tempfile.TemporaryDirectory() as folder:
        written = json_seconds(made[len(made) // 2 :])
        base = plain(Path(folder) / "plain.db", made, asked.batch)
        path = Path(folder) / "stored.db"
        if asked.profile:
            profile = cProfile.Profile()
            profile.runcall(asyncio.run, stored(path, made, asked.batch))
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
            return
        ours = asyncio.run(stored(path, made, asked.batch))
        half = len(made) - len(made) // 2
        print(f"{asked.posts} posts, batches of {asked.batch}")
        print(f"plain table      {1e6 * base / half:8.0f} µs a post")
        print(f"… its JSON       {1e6 * written / half:8.0f} µs a post")
        print(f"store_documents  {1e6 * ours / half:8.0f} µs a post  {base / ours:.3f} of plain,"
              f" {(base + written) / ours:.3f} with its JSON")  # fmt: skip
        for name, size in sizes(path).items():
            print(f"{name:16} {size / len(made):8.0f} bytes a post")


if __name__ == "__main__":
    main()
