"""Both engines in one run: ``--documents 100000`` (to 1,000,000), ``--short`` for some seconds.

SQLite and PostgreSQL hold the same seeded posts (``engines_stage.py``) and take turns at each thing
that is asked of them, as the service asks it: posts are stored in batches and alone by the intake's
storage, with stories and events; queries are asked for a page of ten with snippets, newest first or
by relevance, each once before it is timed; the outbox is claimed a hundred rows at a time. Times
are of the processor, in this process and in those of the server that answer it: what they wait for
the disk, and for one another, is not in them, but they hold on a busy machine. ``--wall`` takes the
clock on the wall instead. ``--folder`` keeps the databases for the next time. What this process
holds before it asks is not looked through for garbage while it does (60 ms, in one query of
forty); the service does the same with what it imports.

Where the pages of the two engines are not the same, it says so and ends with 1.
"""

import argparse
import asyncio
import gc
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Literal, TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from engines_stage import Both, open_both
from posts import Corpus

from bot.intake import door
from bot.intake.events import Events
from storage.connection import Database
from storage.document import Document
from storage.documents import documents, search
from storage.documents.authors import Authors
from storage.outbox import new_rows, outbox, outbox_keys
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.query.reading.syntax import parse
from storage.query.words import forms
from storage.records import NewDelivery, Sort

MOST_TIMES = 3.0
"""What PostgreSQL may take of SQLite's time."""
MOST_MS = 100.0
"""What a query may take, at the 95th percentile."""
_BATCH = 200
_CLAIMED = 100
_FIRST_CHAT = 10_000_000
_LEASE = timedelta(minutes=15)


@dataclass(slots=True)
class Taken:
    """Milliseconds that each engine took for a kind of work, by engine."""

    name: str
    ms: dict[str, list[float]] = field(default_factory=dict)
    is_query: bool = False

    def add(self, engine: str, seconds: float) -> None:
        """Note what one took."""
        self.ms.setdefault(engine, []).append(1e3 * seconds)

    def line(self) -> str:
        """A line of the table: the median and the 95th percentile of each, their ratio, and what
        is over the aim."""
        one, other = ((median(ms), quantiles(ms, n=20)[-1]) for ms in self.ms.values())
        ratio = other[0] / one[0]
        over = ["more than 3 times"] if ratio > MOST_TIMES else []
        over += ["over 100 ms"] if self.is_query and max(one[1], other[1]) > MOST_MS else []
        cells = "".join(f"{mid:9.2f} /{high:8.2f}" for mid, high in (one, other))
        return f"{self.name:32}{cells}{ratio:9.2f}  {', '.join(over)}".rstrip()


How: TypeAlias = Sort | Literal["count"]


def kinds(corpus: Corpus, number: int) -> Iterator[tuple[str, How, list[str]]]:
    """Queries by kind and order, or to be counted (up to a thousand), ``number`` of each."""
    words = [word for word in corpus.words["ru"][20:400] if len(word) > 3]
    random.Random(3).shuffle(words)
    rare = corpus.words["ru"][15_000 : 15_000 + number]
    common = words[:number]
    pairs = list(zip(common, words[number : 2 * number], strict=True))
    yield "newest, rare word", "newest", rare
    yield "newest, common word", "newest", common
    yield "relevance, rare word", "relevance", rare
    yield "relevance, common word", "relevance", common
    yield "relevance, two words", "relevance", [f"{one} {other}" for one, other in pairs]
    yield "phrase", "newest", [f'"{one} {other}"' for one, other in pairs]
    yield "phrase, relevance", "relevance", [f'"{one} {other}"' for one, other in pairs]
    yield "prefix", "newest", [f"{word[:4]}*" for word in common]
    yield "prefix, relevance", "relevance", [f"{word[:4]}*" for word in common]
    yield "AND", "newest", [f"{one} {other}" for one, other in pairs]
    yield "AND, one rare", "newest", [f"{one} {two}" for one, two in zip(common, rare, strict=True)]
    yield "OR", "newest", [f"{one} OR {other}" for one, other in pairs]
    yield "NOT", "newest", [f"{one} -{other}" for one, other in pairs]
    yield "NEAR", "newest", [f"{one} NEAR/5 {other}" for one, other in pairs]
    yield "NEAR, relevance", "relevance", [f"{one} NEAR/5 {other}" for one, other in pairs]
    refused = [f"{one} -({one} NEAR/5 {other})" for one, other in pairs]
    yield "refused NEAR", "newest", refused
    yield "refused NEAR, relevance", "relevance", refused
    for kind, texts in _with_other_meanings(corpus, number):
        yield f"refused {kind}", "newest", texts
        yield f"refused {kind}, relevance", "relevance", texts
        yield f"refused {kind}, counted", "count", texts
    yield "common word, counted", "count", common
    yield "phrase, counted", "count", [f'"{one} {other}"' for one, other in pairs]
    yield "title:", "newest", [f"title:{one}" for one in common]
    yield "channel:", "newest", [f"{one} channel:1007 lang:ru" for one in common]
    yield "before:", "newest", [f"{one} before:2021-01-03" for one in common]
    yield "nothing is found", "newest", [f"{one}xq {other}" for one, other in pairs]


def _with_other_meanings(corpus: Corpus, number: int) -> Iterator[tuple[str, list[str]]]:
    """Queries that leave out English words of which some forms mean something else (``house``, not
    ``housing``)."""
    words = [word for word in corpus.words["en"][20:1_000] if len(word) > 3]
    random.Random(4).shuffle(words)
    plain = [word for word in words if not forms.list_meant(word)]
    told = list(islice(cycle(word for word in words if forms.list_meant(word)), number))
    beside = list(zip(plain, plain[number : 2 * number], told, strict=False))
    yield "told word", [f"{one} -{out}" for one, _, out in beside]
    yield "told phrase", [f'{one} -"{other} {out}"' for one, other, out in beside]
    yield "told NEAR", [f"{one} -({other} NEAR/5 {out})" for one, other, out in beside]
    yield "told title:", [f"{one} -title:{out}" for one, _, out in beside]
    yield "told in:text", [f"{one} -({out} in:text)" for one, _, out in beside]


class Bench:
    """Asks both the same, in turns."""

    def __init__(self, both: Both, *, wall: bool) -> None:
        self._both = both.databases
        self._clock = time.perf_counter if wall else both.processor_time
        self._turn = 0
        self.differing: list[str] = []

    async def each(self, taken: Taken, ask: Callable[[str, Database], Awaitable[object]]) -> None:
        """Ask each for the same and note what it took; who begins, alternates."""
        self._turn += 1
        for engine, database in sorted(self._both.items(), reverse=bool(self._turn % 2)):
            began = self._clock()
            await ask(engine, database)
            taken.add(engine, self._clock() - began)
        taken.ms = {engine: taken.ms[engine] for engine in self._both}

    async def query(self, name: str, how: How, texts: Sequence[str]) -> Taken:
        """A page of each query, or the number of what it finds."""
        taken = Taken(name, is_query=True)
        for text in texts:
            pages: dict[str, list[str]] = {}

            async def ask(engine: str, database: Database) -> None:
                pages[engine] = await _ask(database, text, how)  # noqa: B023

            await self.each(Taken(""), ask)
            await self.each(taken, ask)
            if len({*map(tuple, pages.values())}) > 1:
                self.differing.append(f"{name}: {text}")
        return taken

    async def store(self, name: str, batches: Sequence[Sequence[Document]]) -> Taken:
        """Documents that are new, as the intake stores what was pushed."""
        events = {engine: Events() for engine in self._both}
        taken = Taken(name)

        for number, batch in enumerate(batches):

            async def put(engine: str, database: Database) -> None:
                async with database.transaction() as tx:
                    await door.store(
                        tx,
                        batch,  # noqa: B023
                        now=datetime.now(UTC),
                        live=True,
                        authors=Authors(),
                        events=events[engine],
                    )

            await self.each(taken if number else Taken(""), put)  # the first reads what is there
        return taken

    async def queue(self, name: str, posts: int, chats: int) -> Taken:
        """The alerts of posts, for ``chats`` chats each."""
        taken = Taken(name)
        for number in range(posts):
            rows = list(_alerts(number, chats))

            async def put(_: str, database: Database) -> None:
                async with database.transaction() as tx:
                    await Outbox().queue_alerts(tx, rows)  # noqa: B023

            await self.each(taken, put)
        return taken

    async def claim(self, name: str, times: int) -> tuple[Taken, Taken]:
        """Rows of the outbox: claimed, and written down as sent."""
        claimed, sent = Taken(f"{name} {_CLAIMED} claimed"), Taken(f"{name} {_CLAIMED} recorded")
        for _ in range(times):
            ids: dict[str, list[int]] = {}

            async def claim(engine: str, database: Database) -> None:
                now = datetime.now(UTC)
                async with database.transaction() as tx:
                    rows = await outbox.claim_due(
                        tx, now=now, limit=_CLAIMED, lease_until=now + _LEASE, per_chat=3
                    )
                ids[engine] = [row.id for row in rows]  # noqa: B023

            async def record(engine: str, database: Database) -> None:
                now = datetime.now(UTC)
                async with database.transaction() as tx:
                    await outbox.mark_all_sent(tx, [(id, id, now) for id in ids[engine]])  # noqa: B023

            await self.each(claimed, claim)
            await self.each(sent, record)
        return claimed, sent


async def _ask(database: Database, text: str, how: How) -> list[str]:
    async with database.reader() as conn:
        if how == "count":
            return [str(await search.count(conn, parse(text)))]
        page = await search.search(conn, parse(text), sort=how)
    return [hit.document.doc_id for hit in page.hits]


def _alerts(number: int, chats: int) -> Iterator[NewDelivery]:
    now = datetime.now(UTC)
    doc_id = f"tg:1234567890/{number}/{now.timestamp()}"
    names = outbox_keys.AlertNames(f"2026-11-27/{doc_id}", f"1234567890/{number}")
    for chat in range(chats):
        key, spare = names.keys(_FIRST_CHAT + chat, f"{chat:016x}")
        told = AlertPayload(doc_id=doc_id, alerts=((chat + 1, "grain exports"),))
        yield new_rows.alert(_FIRST_CHAT + chat, key, told, now=now, spare_key=spare, story=doc_id)


async def _new_posts(asked: argparse.Namespace, database: Database) -> list[Document]:
    """Posts that are not there yet, for all batches and as many that come alone."""
    async with database.reader() as conn:
        present = await documents.count_documents(conn)
    made = Corpus(present).documents(present + asked.batches * (_BATCH + 5), first=present + 1)
    return list(made)


async def run(asked: argparse.Namespace, folder: Path) -> int:
    """Fill, measure, print."""
    corpus = Corpus(asked.seed)
    async with open_both(folder, asked.documents, asked.seed) as both:
        bench = Bench(both, wall=asked.wall)
        gc.freeze()
        clock = "the wall's" if asked.wall else "the processor's"
        print(f"{asked.documents:,} documents; {clock} milliseconds, median / 95th percentile")
        print(f"{'':44}SQLite          PostgreSQL    times", flush=True)
        for name, how, texts in kinds(corpus, asked.queries):
            if asked.only in name:
                print((await bench.query(name, how, texts)).line(), flush=True)
        if asked.only in "storing":
            posts = await _new_posts(asked, both.databases["SQLite"])
            whole = [posts[at : at + _BATCH] for at in range(0, asked.batches * _BATCH, _BATCH)]
            print((await bench.store(f"storing {_BATCH} posts", whole)).line(), flush=True)
            alone = [[post] for post in posts[asked.batches * _BATCH :]]
            print((await bench.store("storing one post", alone)).line(), flush=True)
        if asked.only in "outbox":
            queued = await bench.queue("outbox: 1,000 alerts queued", asked.batches, 1_000)
            print(queued.line(), flush=True)
            for taken in await bench.claim("outbox:", asked.batches * 5):
                print(taken.line(), flush=True)
        for text in bench.differing:
            print(f"differing pages: {text}", file=sys.stderr)
    return 1 if bench.differing else 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=30, help="of each kind")
    parser.add_argument("--batches", type=int, default=10, help="of posts, and of alerts")
    parser.add_argument("--only", default="", help="kinds of work with this in their name")
    parser.add_argument("--short", action="store_true", help="2,000 documents, 5 queries of a kind")
    parser.add_argument("--folder", type=Path, help="kept, and used again")
    parser.add_argument("--wall", action="store_true", help="the time on the wall")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.short:
        asked.documents, asked.queries, asked.batches = 2_000, 5, 3
    forms.load()
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        sys.exit(asyncio.run(run(asked, asked.folder or Path(name))))


if __name__ == "__main__":
    main()
