"""From a post to what is queued for its readers: ``--queries 1000 10000 --posts N``.

Ours is the service's one door (``bot.intake.intake``): posts are stored, indexed, joined to
stories, matched, and a message is queued for every reader, one transaction for whatever has come
meanwhile. The naive way is what keyword bots do: one post at a time, a statement awaited each for
its row, its text in an index of words as they come, and each message; a loop over all queries with
``in``; a commit. Every reader has one query of two words or more; ours reads them before the first
post, as at the service's start. Times are of the processor, all threads, over the second half: the
medians of five pieces of it, in turns with the other side, and of their ratios, for beside other
work the same code takes a third more at one moment than at the next.
``--rate 200`` pushes 200 posts a second to ours, after half of them or 500 at once, and tells
how many alerts a second that queued and how long posts took to their commit.
"""

import argparse
import asyncio
import gc
import logging
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from statistics import median, quantiles

from storage.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import aiosqlite
import structlog
from posts import Corpus

from bot.intake.intake import Intake
from bot.intake.posts import Post
from bot.intake.saved_queries import SavedQueries
from storage.connection import Database
from storage.database import open_database
from storage.document import Document
from storage.document_json import dump
from storage.query.words import forms
from storage.records import Channel

_FIRST_CHAT = 1_000_000
_PIECES = 5
_NAIVE = (
    "CREATE TABLE post (id INTEGER PRIMARY KEY, json TEXT NOT NULL)",
    "CREATE VIRTUAL TABLE words USING fts5 (body, content='')",
    "CREATE TABLE message (id INTEGER PRIMARY KEY, chat_id INTEGER, post_id INTEGER, query TEXT)",
)


def fresh(made: Sequence[Document]) -> list[Document]:
    """The posts as if they were published now: older ones are told in another way."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [replace(document, published_at=now) for document in made]


def post(document: Document) -> Post:
    """A post as a source gives it."""
    channel = document.channel
    assert channel is not None
    return Post(
        channel=Channel(id=1, channel_id=channel.id, added_at=datetime.now(UTC)), document=document
    )


def pieces(made: Sequence[Document]) -> list[Sequence[Document]]:
    """The first half of the posts, and the second in pieces, to be measured one by one."""
    half = len(made) // 2
    ends = [half + (len(made) - half) * piece // _PIECES for piece in range(_PIECES + 1)]
    return [made[:half], *(made[start:end] for start, end in pairwise(ends))]


async def naive(
    path: Path, made: Sequence[Document], queries: Sequence[str]
) -> AsyncIterator[float]:
    """Seconds of the processor for one post of each piece."""
    asked = [re.findall(r"\w+", text.replace(" OR ", " ").lower()) for text in queries]
    connection = await aiosqlite.connect(path)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", *_NAIVE):
        await connection.execute(statement)
    for piece in pieces(made):
        gc.collect()
        started = time.process_time()
        for document in piece:
            await _naive_post(connection, document, asked, queries)
        yield (time.process_time() - started) / len(piece)
    await connection.close()


async def _naive_post(
    connection: aiosqlite.Connection,
    document: Document,
    asked: Sequence[list[str]],
    queries: Sequence[str],
) -> None:
    text = "\n".join(document.texts())
    cursor = await connection.execute("INSERT INTO post (json) VALUES (?)", (dump(document),))
    post_id = cursor.lastrowid
    await connection.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (post_id, text))
    lowered = text.lower()
    for number, words in enumerate(asked):
        if all(word in lowered for word in words):
            await connection.execute(
                "INSERT INTO message (chat_id, post_id, query) VALUES (?, ?, ?)",
                (_FIRST_CHAT + number, post_id, queries[number]),
            )
    await connection.commit()


async def ours(
    path: Path, made: Sequence[Document], queries: Sequence[str]
) -> AsyncIterator[tuple[float, float]]:
    """Seconds of the processor for one post of each piece, and messages queued for one so far."""
    database = await open_database(f"sqlite:///{path}")
    await save(database, queries)
    intake = Intake(database, await read_queries(database))
    working = asyncio.create_task(intake.run())
    stored = 0
    for piece in pieces(made):
        posts = [post(document) for document in fresh(piece)]
        gc.collect()
        started = time.process_time()
        await asyncio.gather(*[intake.submit([one]) for one in posts])
        taken = time.process_time() - started
        stored += len(piece)
        yield taken / len(piece), await count_alerts(database) / stored
    working.cancel()
    await database.close()


async def save(database: Database, queries: Sequence[str]) -> None:
    """Save the queries, each as an alert of a reader of its own."""
    rows = [(_FIRST_CHAT + number, query) for number, query in enumerate(queries)]
    async with database.transaction() as tx:
        await tx.execute_many(
            "INSERT INTO subscriber (chat_id, created_at) VALUES (?, 0)",
            [(chat_id,) for chat_id, _ in rows],
        )
        await tx.execute_many(
            "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, 0)", rows
        )


async def read_queries(database: Database) -> SavedQueries:
    """The saved queries in memory."""
    saved = SavedQueries()
    async with database.reader() as conn:
        await saved.load(conn)
    return saved


async def latencies(
    path: Path, made: Sequence[Document], queries: Sequence[str], rate: float
) -> tuple[list[float], float]:
    """Milliseconds of the clock from the push of each post to the end of its commit; and how many
    alerts were queued a second meanwhile."""
    database = await open_database(f"sqlite:///{path}")
    await save(database, queries)
    intake = Intake(database, await read_queries(database))
    working = asyncio.create_task(intake.run())
    taken: list[float] = []

    async def push(document: Document, due: float) -> None:
        await intake.submit([post(document)])
        taken.append(1e3 * (time.perf_counter() - due))

    warm = min(500, len(made) // 2)
    await asyncio.gather(*[intake.submit([post(document)]) for document in fresh(made[:warm])])
    before = await count_alerts(database)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, document in enumerate(made[warm:]):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(push(fresh([document])[0], due))
    seconds = time.perf_counter() - began
    queued = (await count_alerts(database) - before) / seconds
    working.cancel()
    await database.close()
    return taken, queued


async def count_alerts(database: Database) -> int:
    """How many alerts were queued so far."""
    async with database.reader() as conn:
        row = await conn.fetch_one("SELECT count(*) AS n FROM delivery")
    return row["n"] if row else 0


async def compare(
    folder: Path,
    number: int,
    made: Sequence[Document],
    few: Sequence[Document],
    queries: Sequence[str],
) -> tuple[float, float, float, float]:
    """Seconds of the processor a post, naive and ours, and the ratio; messages queued for one. The
    naive bot gets ``few`` of the posts."""
    slow: list[float] = []
    fast: list[float] = []
    queued: list[float] = []
    other = naive(folder / f"naive{number}.db", few, queries)
    async for taken, messages in ours(folder / f"ours{number}.db", made, queries):
        fast.append(taken)
        queued.append(messages)
        slow.append(await anext(other))
    await anext(other, None)
    ratios = [one / two for one, two in zip(slow[1:], fast[1:], strict=True)]
    return median(slow[1:]), median(fast[1:]), median(ratios), queued[-1]


async def run(asked: argparse.Namespace, folder: Path) -> None:
    """Measure and print."""
    corpus = Corpus(asked.seed)
    made = list(corpus.documents(asked.posts))
    # One word alone is in too many of these posts to be anybody's query.
    ask = (query for query in iter(corpus.query, "") if " " in query)
    print("µs of the processor a post\n  queries      naive   ours   ratio   messages a post")
    for number in asked.queries:
        queries = list(islice(ask, number))
        few = made[: max(40, min(len(made), 2_000_000 // number))]
        slow, fast, ratio, queued = await compare(folder, number, made, few, queries)
        print(f"{number:9,} {1e6 * slow:10,.0f} {1e6 * fast:6,.0f} {ratio:6.1f}x {queued:8.1f}")
        if asked.rate:
            path = folder / f"rate{number}.db"
            taken, queued = await latencies(path, made, queries, asked.rate)
            print(f"          {asked.rate:.0f} posts a second pushed:")
            print(f"          alerts_a_second {queued:,.0f}")
            print(f"          commit_median_ms {median(taken):.0f}")
            print(f"          commit_95th_percentile_ms {quantiles(taken, n=20)[-1]:.0f}")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--posts", type=int, default=3_000)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    forms.load()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(asked, Path(folder)))


if __name__ == "__main__":
    main()
