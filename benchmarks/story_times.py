"""How long it takes to find a post's copy among many, beside an exact hash in the same run."""

import asyncio
import hashlib
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import story_edits
import story_posts

from handlers.stories import fingerprint
from storage import row_ids
from storage import times as moments
from storage.connection import Connection, Database, fetch_in
from storage.database import open_database
from storage.document import Block, Channel, Document, Source
from storage.document_json import dump, read_texts
from storage.documents import documents
from storage.stories import stories

NOW = datetime(2025, 11, 1, 12, tzinfo=UTC)
WORDS = 160
BATCH = 200
QUERIES = 400
PIECE = 5_000
ROUNDS = 5

_WORD = re.compile(r"\w+")

_INSERT = """
    INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live,
        content_hash, analysis, ranks, json) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 1, '{}', ?)
"""
_COPIES = """
    SELECT d.id, d.json FROM (
        SELECT document_id, count(*) AS common FROM sketch
        WHERE hash IN (:values) AND document_id BETWEEN ? AND ?
        GROUP BY document_id HAVING count(*) >= ?
        ORDER BY common DESC, document_id LIMIT ?
    ) AS likely JOIN document AS d ON d.id = likely.document_id
    ORDER BY likely.common DESC, d.id
"""


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def _document(text: str, number: int, published: datetime) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:{number % 500 + 1}/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=number % 500 + 1),
        message_id=number,
        published_at=published.strftime("%Y-%m-%dT%H:%M:%SZ"),
        published_precision="second",
        published_basis="api",
        body=(Block(type="para", text=text),),
        content_hash=_hash(text),
    )


def measure(stored: int, seed: int) -> Iterator[str]:
    """The table of times with ``stored`` posts."""
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_measure(Path(folder) / "stories.db", stored, seed))


async def _measure(path: Path, stored: int, seed: int) -> list[str]:
    database = await open_database(f"sqlite:///{path}")
    try:
        started = time.perf_counter()
        samples, held = await _fill(database, stored, seed)
        lines = [
            f"{stored} posts of {WORDS} words stored in {time.perf_counter() - started:.0f} s;"
            f" sketches: {held / stored:.1f} hashes a post"
        ]
        lines += await _time_queries(database, samples, seed)
        lines += await _time_batches(database, stored, seed)
        return lines
    finally:
        await database.close()


async def _fill(database: Database, stored: int, seed: int) -> tuple[list[str], int]:
    """Store posts of the days of the window, as the intake would have; some of them come back."""
    inventor = story_posts.Inventor(seed)
    chance = random.Random(seed)
    samples: list[str] = []
    held = 0
    step = stories.WINDOW * 0.9 / stored
    for start in range(0, stored, PIECE):
        rows, sketches = [], []
        for number in range(start, min(stored, start + PIECE)):
            text = inventor.post(WORDS)
            if chance.random() < QUERIES / stored:
                samples.append(text)
            published = NOW - stories.WINDOW * 0.9 + step * number
            document = _document(text, number + 1, published)
            row_id = row_ids.first_id(published) + number % row_ids.PER_SECOND
            at = moments.to_epoch(published)
            place = (document.doc_id, number % 500 + 1, number + 1)
            rows.append((row_id, *place, at, at, document.content_hash, dump(document)))
            sketches += [(value, row_id) for value in fingerprint.sketch(text)]
        held += len(sketches)
        async with database.transaction() as tx:
            await tx.execute_many(_INSERT, rows)
            await tx.execute_many(
                "INSERT INTO sketch (hash, document_id) VALUES (?, ?)", sorted(sketches)
            )
    return samples, held


async def _find_exact(conn: Connection, text: str) -> object:
    """The look-up that near copies are measured against: the hash of the words, folded."""
    folded = " ".join(_WORD.findall(text.casefold()))
    return await fetch_in(
        conn, "SELECT id FROM document WHERE content_hash IN (:values)", [_hash(folded)]
    )


async def _find_copy(conn: Connection, text: str) -> int | None:
    """The row id of the likeliest copy; what ``join_stories`` does for a batch, for one post."""
    sketch = fingerprint.sketch(text)
    span = (row_ids.first_id(NOW - stories.WINDOW), row_ids.first_id(NOW + stories.WINDOW))
    sql = _COPIES.replace("(:values)", f"({', '.join('?' * len(sketch))})")
    rows = await conn.fetch_all(sql, (*sketch, *span, stories.COMMON, stories.CANDIDATES))
    same = (row["id"] for row in rows if fingerprint.same_story(text, read_texts(row["json"])))
    return next(same, None)


async def _time_queries(database: Database, samples: list[str], seed: int) -> list[str]:
    inventor = story_posts.Inventor(seed + 1)
    chance = random.Random(seed)
    fresh = [inventor.post(WORDS) for _ in range(len(samples))]
    edits = list(story_edits.SAME.values())
    copies = [chance.choice(edits)(text, samples, chance) for text in samples]
    lines = []
    async with database.reader() as conn:
        for name, texts in (("new posts", fresh), ("copies", copies)):
            exact, near = await _compare(conn, texts)
            lines.append(
                f"a query, {name:10} exact hash {exact:6.0f} µs   copy {near:6.0f} µs"
                f"   {near / exact:.2f} times"
            )
        found = [await _find_copy(conn, text) for text in copies]
    lines.append(f"copies found: {sum(map(bool, found))} of {len(copies)}")
    return lines


async def _compare(conn: Connection, texts: list[str]) -> tuple[float, float]:
    """Microseconds of processor time of an exact look-up and of one for copies, in turns.

    Not of the clock: what else the machine does would be in it.
    """
    times: dict[Callable[[Connection, str], Awaitable[object]], list[float]] = {
        _find_exact: [],
        _find_copy: [],
    }
    for _ in range(ROUNDS):
        for find, taken in times.items():
            fingerprint.read.cache_clear()
            started = time.process_time()
            for text in texts:
                await find(conn, text)
            taken.append((time.process_time() - started) / len(texts) * 1e6)
    exact, near = (statistics.median(taken) for taken in times.values())
    return exact, near


async def _time_batches(database: Database, stored: int, seed: int) -> list[str]:
    """What joining adds to storing, a batch at a time."""
    inventor = story_posts.Inventor(seed + 2)
    storing, joining = [], []
    for number in range(ROUNDS):
        batch = [
            _document(inventor.post(WORDS), stored + number * BATCH + place + 1, NOW)
            for place in range(BATCH)
        ]
        async with database.transaction() as tx:
            started = time.process_time()
            outcomes = await documents.store_documents(
                tx, batch, stored_at=NOW + timedelta(seconds=number), live=True
            )
            between = time.process_time()
            await stories.join_stories(tx, outcomes, fingerprint, now=NOW, live=True)
            storing.append((between - started) / BATCH * 1e6)
            joining.append((time.process_time() - between) / BATCH * 1e6)
    return [
        f"a batch of {BATCH}, a post: stored in {statistics.median(storing):.0f} µs,"
        f" joined in {statistics.median(joining):.0f} µs more"
    ]
