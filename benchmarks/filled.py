"""A database filled with seeded posts, kept so that a million of them are stored only once.

It is filled as the service does it: through ``store_documents``, at the time when each post was
published, and the posts of the last days join stories and leave sketches. What ended in between
goes on where it was.
"""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from posts import SECONDS_APART, Corpus

from handlers.stories import fingerprint
from storage import times
from storage.connection import Database
from storage.database import open_database
from storage.document import Document
from storage.documents import documents
from storage.stories import stories

_BATCH = 1_000
_TOLD_EVERY = 20_000


async def open_filled(path: Path, *, number: int, seed: int = 1) -> Database:
    """The database at ``path`` with at least ``number`` posts; prints its progress."""
    database = await open_database(f"sqlite:///{path}")
    async with database.reader() as conn:
        present = await documents.count_documents(conn)
    if present < number:
        await _fill(database, present, number, seed)
    return database


async def _fill(database: Database, present: int, number: int, seed: int) -> None:
    made = islice(Corpus(seed).documents(number), present, None)
    in_window = number - stories.WINDOW.total_seconds() / SECONDS_APART
    done, started = present, time.perf_counter()
    while batch := list(islice(made, _BATCH)):
        await _store(database, batch, sketched=done + len(batch) > in_window)
        done += len(batch)
        if done % _TOLD_EVERY < _BATCH:
            rate = (done - present) / (time.perf_counter() - started)
            print(f"{done:,} posts, {rate:.0f} a second", file=sys.stderr, flush=True)


async def _store(database: Database, batch: Sequence[Document], *, sketched: bool) -> None:
    at = times.from_partial(batch[-1].published_at) or datetime(2021, 1, 1, tzinfo=UTC)
    async with database.transaction() as tx:
        stored = await documents.store_documents(tx, batch, stored_at=at, live=True)
        if sketched:
            await stories.join_stories(tx, stored, fingerprint, now=at, live=True)
