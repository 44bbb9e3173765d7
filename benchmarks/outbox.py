"""What a queued alert costs: ``--alerts N --rounds R``.

A post is told to so many chats, in one transaction, through the gate that the service uses. Times
are of the processor, all threads, a queued alert, the median round. "made" is its row, "queued" the
rest, "written" that part of it which says what is stored. Below stands what SQLite alone needs for
the same rows, and for the same without the index over the keys, which are long.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from storage.connection import Connection
from storage.database import open_database
from storage.outbox import new_rows, outbox_keys, queueing
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.records import NewDelivery

_FIRST_CHAT = 10_000_000
_COLUMNS = (
    "chat_id, kind, key, random_id, payload, priority, due_at, created_at, expires_at, bundle,"
    " story, target, post"
)
_TABLES = (("as it is", "UNIQUE"), ("without an index over keys", ""))


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


async def through_the_gate(folder: Path, alerts: int, rounds: int) -> tuple[float, float]:
    """Seconds for making the rows of a post, and for queueing them."""
    database = await open_database(f"sqlite:///{folder / 'gate.db'}")
    gate = Outbox()
    made, queued = [], []
    for number in range(rounds):
        began = time.process_time()
        rows = make(alerts, number)
        made.append(time.process_time() - began)
        async with database.transaction() as tx:
            queued.append(await _timed(gate, tx, rows))
    await database.close()
    return median(made), median(queued)


async def _timed(gate: Outbox, tx: Connection, rows: Sequence[NewDelivery]) -> float:
    began = time.process_time()
    added = await gate.queue_alerts(tx, rows)
    assert added == len(rows)
    return time.process_time() - began


def written(alerts: int, rounds: int) -> tuple[float, list[list[tuple[Any, ...]]]]:
    """Seconds for what is stored of the rows of a post, and that of all rounds."""
    taken, values = [], []
    for number in range(rounds):
        rows = make(alerts, number)
        began = time.process_time()
        values.append(queueing.values_of(rows, b"secret"))
        taken.append(time.process_time() - began)
    return median(taken), values


def by_sqlite(folder: Path, unique: str, values: Sequence[Sequence[tuple[Any, ...]]]) -> float:
    """Seconds of SQLite for the rows of a post."""
    schema = resources.files("storage.sqlite").joinpath("schema.sql").read_text(encoding="utf-8")
    begin = schema.index("CREATE TABLE delivery (")
    end = schema.index(";", schema.index("CREATE INDEX delivery_told")) + 1
    tables = schema[begin:end].replace("key TEXT NOT NULL UNIQUE", f"key TEXT NOT NULL {unique}")
    places = ", ".join("?" * len(_COLUMNS.split(",")))
    add = f"INSERT INTO delivery ({_COLUMNS}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608
    taken = []
    path = folder / f"sqlite{len(unique)}.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(tables)
        for rows in values:
            began = time.process_time()
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(add, rows)
            connection.execute("COMMIT")
            taken.append(time.process_time() - began)
    return median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    a_row = 1e6 / asked.alerts
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made, queued = asyncio.run(through_the_gate(folder, asked.alerts, asked.rounds))
        wrote, values = written(asked.alerts, asked.rounds)
        print("µs of the processor a queued alert")
        print(f"  made {a_row * made:.1f}, queued {a_row * queued:.1f}", end="")
        print(f" (of that written {a_row * wrote:.1f})")
        whole = 0.0
        for what, unique in _TABLES:
            taken = by_sqlite(folder, unique, values)
            whole = whole or taken
            print(f"  SQLite, {what}: {a_row * taken:.1f} ({taken / whole:.2f} of the first)")


if __name__ == "__main__":
    main()
