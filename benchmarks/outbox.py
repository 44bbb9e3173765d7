"""What a queued alert costs: ``--alerts N --rounds R``.

A post is told to ``--alerts`` chats, in one transaction. The former way (a row holds all there is
to it, its key is indexed, a statement adds one row) and the present one take turns in one run, on
the schemas as the migrations make them. Times are of the processor, a queued alert, the median
round and the shortest: "made" is what makes the rows, "said" what makes of them what is stored,
"SQLite" the statements and their commit. The floor is a table of two columns with one index over a
number that is random. Last comes the gate of the service, with all of it and the hops between its
threads.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from storage import payloads, times
from storage.connection import Connection
from storage.database import open_database
from storage.outbox import new_rows, outbox_keys, queueing, told_posts
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.records import NewDelivery
from storage.sqlite import migrate

_FIRST_CHAT = 10_000_000
_SMALL = 60
"""The migration that made rows small."""
_FORMER = (
    "INSERT INTO delivery (chat_id, kind, key, random_id, payload, priority, due_at, created_at,"
    " expires_at, bundle, story, target, post)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"
)
_FLOOR = (
    "CREATE TABLE delivery (id INTEGER PRIMARY KEY, chat_id INTEGER, random_id INTEGER);"
    "CREATE UNIQUE INDEX one ON delivery (random_id)"
)
Statements = Sequence[tuple[str, Sequence[Sequence[Any]]]]
Say = Callable[[Sequence[NewDelivery], int], Statements]


def make(alerts: int, number: int) -> list[NewDelivery]:
    """The rows of one post, a chat each."""
    now = datetime.now(UTC)
    doc_id = f"tg:1234567890/{number}"
    names = outbox_keys.AlertNames(f"2026-11-27/{number:064x}", f"1234567890/{number}")
    rows = []
    for chat in range(alerts):
        key, spare = names.keys(_FIRST_CHAT + chat, f"{chat:016x}")
        told = AlertPayload(doc_id=doc_id, alerts=((chat + 1, "grain exports"),))
        row = new_rows.alert(_FIRST_CHAT + chat, key, told, now=now, spare_key=spare, story=doc_id)
        rows.append(row)
    return rows


def say_formerly(rows: Sequence[NewDelivery], number: int) -> Statements:
    """What was stored of rows, a statement each."""
    return [(_FORMER, [_former(row) for row in rows])]


def _former(row: NewDelivery) -> tuple[Any, ...]:
    return (
        row.chat_id,
        row.kind,
        row.key,
        outbox_keys.random_id(b"secret", row.key),
        payloads.write(row.payload),
        row.priority,
        times.to_epoch(row.due_at),
        times.to_epoch(row.created_at),
        times.optional_to_epoch(row.expires_at),
        row.bundle,
        row.story,
        row.target,
        row.alert.doc_id,
    )


def say(rows: Sequence[NewDelivery], number: int) -> Statements:
    """What is stored of rows, many a statement."""
    posts = told_posts.NewPosts(number)
    values = list(queueing.RowMaker(b"secret", posts).of_all(rows))
    return [posts.statement(), *queueing.statements(values)]


def say_least(rows: Sequence[NewDelivery], number: int) -> Statements:
    """Two numbers a row."""
    ids = [(row.chat_id, outbox_keys.random_id(b"secret", row.key)) for row in rows]
    return [("INSERT INTO delivery (chat_id, random_id) VALUES (?, ?)", ids)]


def build(connection: sqlite3.Connection, *, below: int) -> None:
    """The schema of a database that has gone through the migrations below a number."""
    for migration in migrate.list_migrations():
        if migration.version < below:
            connection.executescript(migration.sql)


class Way:
    """A way to queue alerts, in a database of its own, with what it took."""

    def __init__(
        self, name: str, path: Path, say: Say, schema: Callable[[sqlite3.Connection], Any]
    ) -> None:
        self.name, self.say = name, say
        self.said: list[float] = []
        self.wrote: list[float] = []
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        schema(self.connection)
        self.empty = self._bytes()

    def run(self, rows: Sequence[NewDelivery], number: int) -> None:
        """Queue the rows of a post."""
        began = time.process_time()
        statements = self.say(rows, number)
        said = time.process_time()
        self.connection.execute("BEGIN IMMEDIATE")
        for sql, parameters in statements:
            self.connection.executemany(sql, parameters)
        self.connection.execute("COMMIT")
        self.wrote.append(time.process_time() - said)
        self.said.append(said - began)

    def size(self) -> int:
        """The bytes that rows have added to the file."""
        return self._bytes() - self.empty

    def indexes(self) -> int:
        """How many indexes the rows have."""
        found = self.connection.execute("PRAGMA index_list(delivery)")
        return len(found.fetchall())

    def _bytes(self) -> int:
        pages, size = (
            self.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size")
        )
        return int(pages * size)


def ways(folder: Path) -> Iterator[Way]:
    """The ways that are compared."""
    yield Way("former", folder / "former.db", say_formerly, partial(build, below=_SMALL))
    yield Way("present", folder / "present.db", say, partial(build, below=9999))
    yield Way("floor", folder / "floor.db", say_least, lambda one: one.executescript(_FLOOR))


async def through_the_gate(folder: Path, alerts: int, rounds: int) -> list[float]:
    """Seconds for queueing the rows of each post."""
    database = await open_database(f"sqlite:///{folder / 'gate.db'}")
    gate = Outbox()
    queued = []
    for number in range(rounds):
        rows = make(alerts, number)
        async with database.transaction() as tx:
            queued.append(await _timed(gate, tx, rows))
    await database.close()
    return queued


async def _timed(gate: Outbox, tx: Connection, rows: Sequence[NewDelivery]) -> float:
    began = time.process_time()
    added = await gate.queue_alerts(tx, rows)
    assert added == len(rows)
    return time.process_time() - began


def show(name: str, taken: Sequence[float], alerts: int) -> str:
    """The median and the shortest time, in µs an alert."""
    return f"{name} {1e6 * median(taken) / alerts:.1f} ({1e6 * min(taken) / alerts:.1f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        compared = list(ways(Path(name)))
        made = []
        for number in range(asked.rounds):
            began = time.process_time()
            rows = make(asked.alerts, number)
            made.append(time.process_time() - began)
            for way in compared:
                way.run(rows, number)
        print("µs of the processor a queued alert: the median round (the shortest)")
        print(f"  {show('made', made, asked.alerts)}")
        for way in compared:
            with closing(way.connection):
                said = show("said", way.said, asked.alerts)
                wrote = show("SQLite", way.wrote, asked.alerts)
                size = way.size() / asked.alerts / asked.rounds
                print(f"  {way.name}: {said}, {wrote}; {size:.0f} bytes, {way.indexes()} indexes")
        queued = asyncio.run(through_the_gate(Path(name), asked.alerts, asked.rounds))
        print(f"  through the gate: {show('queued', queued, asked.alerts)}")


if __name__ == "__main__":
    main()
