"""A year of posts and messages in little time: do the file, the start and a search stay the same?

``--days N --posts N --messages N`` a day, ``--keep`` and ``--keep-sent`` days. Posts go through the
service's door (``bot.intake.door``: merged, indexed, joined to stories and events), at the time at
which they were published; each is told to as many readers as make up the messages, which are
marked as sent. Each night the service's upkeep (``bot.upkeep``) runs as of then, without its rests.
After thirty days one line: documents and messages stored, MiB of the file and of its unused pages,
seconds until a new connection has the database open and has stored a post, milliseconds of a
search (median, and of the slowest tenth) and of storing a post, all of the processor; and those of
the clock for which the upkeep had the writer at most. The last line says whether what is to stay
the same did, from when the first documents were forgotten to the end.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from storage.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import structlog
from posts import Corpus

from bot.intake import door
from bot.intake.events import Events
from bot.upkeep import Upkeep
from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Document
from storage.documents import search
from storage.documents.authors import Authors
from storage.outbox import new_rows, queueing
from storage.payloads import AlertPayload
from storage.query.reading.syntax import parse
from storage.retention import turns
from storage.retention.limits import Keeping
from storage.subscribers import subscribers

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH = 30
BATCH = 100
QUERIES = 30
FLAT = 1.5
"""What a figure may grow by, and still be called flat: machines have other work."""


@dataclass
class Month:
    """What was measured at the end of a month."""

    documents: int
    messages: int
    file: float
    unused: float
    start: float
    searches: list[float]
    stored: list[float] = field(default_factory=list)
    longest: float = 0.0

    def line(self, number: int) -> str:
        slow = sorted(self.searches)[int(len(self.searches) * 0.9)]
        return (
            f"month_{number} documents {self.documents} messages {self.messages}"
            f" file_mib {self.file:.1f} unused_mib {self.unused:.1f} start_s {self.start:.2f}"
            f" search_ms {median(self.searches):.1f} search_p90_ms {slow:.1f}"
            f" store_ms {median(self.stored):.1f} longest_turn_ms {1e3 * self.longest:.0f}"
        )


class Year:
    """The days of the service, one after the other."""

    def __init__(self, path: Path, given: argparse.Namespace) -> None:
        self._path = path
        self._posts, self._readers = given.posts, max(1, given.messages // given.posts)
        self._keeping = Keeping(
            documents=timedelta(days=given.keep), sent=timedelta(days=given.keep_sent)
        )
        corpus = Corpus(given.seed)
        self._queries = [parse(corpus.query()) for _ in range(QUERIES)]
        self._made = corpus.documents(given.posts * given.days + given.days)
        self._stored: list[float] = []

    async def run(self, days: int) -> list[Month]:
        """Live through the days; gives the months."""
        url = f"sqlite:///{self._path}"
        database = await open_database(url)
        events, work = Events(), Upkeep(database, self._keeping)
        months: list[Month] = []
        async with database.transaction() as tx:
            for chat_id in range(1, self._readers + 1):
                await subscribers.add_subscriber(tx, chat_id=chat_id, now=BEGIN)
        for day in range(1, days + 1):
            await self._live(database, events, work, BEGIN + timedelta(days=day - 1))
            if day % MONTH == 0:
                months.append(await self._measure(database, work, BEGIN + timedelta(days=day)))
                print(months[-1].line(len(months)), flush=True)
                work.longest = 0.0
        await database.close()
        return months

    async def _live(
        self, database: Database, events: Events, work: Upkeep, midnight: datetime
    ) -> None:
        """A day: its posts in the order of their times, and the upkeep at its end."""
        made = [
            replace(document, published_at=f"{midnight + DAY / self._posts * number:%FT%TZ}")
            for number, document in enumerate(islice(self._made, self._posts))
        ]
        for start in range(0, len(made), BATCH):
            await self._store(database, events, made[start : start + BATCH])
        await work.run(midnight + DAY)

    async def _store(self, database: Database, events: Events, batch: Sequence[Document]) -> None:
        now = datetime.fromisoformat(str(batch[-1].published_at))
        began = time.process_time()
        async with database.transaction() as tx:
            await door.store(tx, batch, now=now, live=True, authors=Authors(), events=events)
            await self._tell(tx, batch, now)
        self._stored.append(1e3 * (time.process_time() - began) / len(batch))

    async def _tell(self, tx: Connection, batch: Sequence[Document], now: datetime) -> None:
        """Queue a message for each reader, and mark it as sent."""
        rows = [
            new_rows.alert(
                chat_id,
                f"alert:{chat_id}:x:{document.doc_id}",
                AlertPayload(doc_id=document.doc_id, alerts=((chat_id, "grain"),)),
                now=now,
                story=document.doc_id,
            )
            for document in batch
            for chat_id in range(1, self._readers + 1)
        ]
        await queueing.add_deliveries(tx, rows)
        at = int(now.timestamp() * 1e6)
        await tx.execute(
            "UPDATE delivery SET state = 'sent', message_id = id, finished_at = ?"
            " WHERE state = 'queued'",
            (at,),
        )

    async def _measure(self, database: Database, work: Upkeep, now: datetime) -> Month:
        searches = []
        async with database.reader() as conn:
            for query in self._queries:
                began = time.process_time()
                await search.search(conn, query, limit=20)
                searches.append(1e3 * (time.process_time() - began))
            pages = await conn.count_pages()
            counts = [
                await conn.fetch_one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
                for table in ("document", "delivery")
            ]
        documents, messages = [row["n"] if row else 0 for row in counts]
        stored, self._stored = self._stored, []
        return Month(
            documents=documents,
            messages=messages,
            file=pages.all * 4096 / 2**20,
            unused=pages.unused * 4096 / 2**20,
            start=await self._start(now),
            searches=searches,
            stored=stored,
            longest=work.longest,
        )

    async def _start(self, now: datetime) -> float:
        """Seconds until another process would have the database open and a post stored."""
        (document,) = islice(self._made, 1)
        document = replace(document, published_at=f"{now:%FT%TZ}")
        began = time.process_time()
        database = await open_database(f"sqlite:///{self._path}")
        async with database.transaction() as tx:
            await door.store(tx, [document], now=now, live=True, authors=Authors(), events=Events())
        taken = time.process_time() - began
        await database.close()
        return taken


def verdict(months: Sequence[Month], keep: int) -> str:
    """Whether what is to stay as it is did, once documents are forgotten."""
    steady = months[max(0, -(-keep // MONTH) - 1) :]
    if len(steady) < 2:
        return "flat unknown: no month after the first documents were forgotten"
    first, last = steady[0], steady[-1]
    grown = {
        "file": last.file / first.file,
        "start": last.start / first.start,
        "search": median(last.searches) / median(first.searches),
        "store": median(last.stored) / median(first.stored),
    }
    said = " ".join(f"{name} x{factor:.2f}" for name, factor in grown.items())
    return f"flat {'yes' if max(grown.values()) <= FLAT else 'no'}: {said}"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--posts", type=int, default=5_000)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--keep", type=int, default=120)
    parser.add_argument("--keep-sent", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="some seconds: does it still run?")
    given = parser.parse_args()
    if given.short:
        given.days, given.posts, given.messages, given.keep, given.keep_sent = 90, 4, 8, 30, 30
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    turns.SHARE = turns.LEAST_REST = 0.0
    with tempfile.TemporaryDirectory(prefix="dateline-year-") as folder:
        months = await Year(Path(folder) / "year.db", given).run(given.days)
    print(verdict(months, given.keep))


if __name__ == "__main__":
    asyncio.run(main())
