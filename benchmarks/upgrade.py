"""How long an upgrade takes, and how much room: every migration on a large database of before it.

    python benchmarks/upgrade.py --documents 200000 --deliveries 500000 --since 56

Makes a database by the migrations up to ``--since`` with ``--documents`` documents and
``--deliveries`` rows of the outbox (ten readers a post), lets the present version bring it up to
date, and indexes the documents anew. Prints a figure a line: for each migration that takes its time
``seconds`` (of a clock), ``cpu`` (of a processor: where the machine is busy this says more) and the
bytes taken beside the file.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from storage.documents import index
from storage.sqlite import engine, migrate
from storage.sqlite.migrate import Migration

READERS = 10
FIRST_ID = 16_338_000_000_000
MICROSECONDS = 1_000_000
THEN = 1_700_000_000 * MICROSECONDS
WORTH_TELLING = 0.05
WORDS = ("grain", "exports", "resumed", "harbour", "after", "storm", "ferries", "wait", "turn")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one migration took: seconds of a clock and of a processor, bytes beside the file."""

    migration: Migration
    seconds: float
    cpu: float
    room: int


def make(path: Path, *, since: int, documents: int, deliveries: int) -> None:
    """A database as it was before the migrations above ``since``, with these numbers of rows."""
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        for pragma in ("journal_mode = WAL", "synchronous = OFF"):
            made.execute(f"PRAGMA {pragma}")
        made.execute(migrate.LEDGER)
        made.execute("BEGIN")
        for step in migrate.list_migrations():
            if step.version <= since:
                for statement in migrate.statements(step.sql):
                    made.execute(statement)
                made.execute("INSERT INTO schema_migration VALUES (?, '', 0)", (step.version,))
        made.executemany(
            "INSERT INTO document (id, doc_id, channel_id, message_id, stored_at, changed_at, live,"
            " content_hash, analysis, ranks, json) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 1, '{}', ?)",
            _documents(documents),
        )
        names = "id, chat_id, kind, key, random_id, payload, priority, due_at, state, created_at,"
        names += " finished_at, message_id, story, post"
        places = ", ".join("?" * 14)
        sql = f"INSERT INTO delivery ({names}) VALUES ({places})"  # noqa: S608
        made.executemany(sql, _deliveries(deliveries))
        made.execute("COMMIT")


def _documents(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        lines = [" ".join(WORDS[(n + k) % len(WORDS) :]) + f" word{n % 5003}" for k in range(8)]
        post = {
            "schema": "dateline/1", "doc_id": f"tg:77/{n}", "kind": "post", "message_id": n,
            "source": {"type": "telethon"}, "channel": {"id": 77, "title": "Harbour News"},
            "published_at": "2024-05-01T11:59:58Z", "published_precision": "second",
            "published_basis": "api", "title": lines[0], "content_hash": f"{n:016x}", "flags": [],
            "body": [{"type": "para", "text": line, "gap": 1} for line in lines[1:]],
        }  # fmt: skip
        text = json.dumps(post, separators=(",", ":"))
        yield (FIRST_ID + n, post["doc_id"], 77, n, THEN + n, THEN + n, f"{n:016x}", text)


def _deliveries(count: int) -> Iterator[Row]:
    for n in range(1, count + 1):
        chat, post = n % READERS + 1000, n // READERS
        payload = f'{{"doc_id":"tg:77/{post}","alerts":[[{n % 97},"grain exports"]]}}'
        key = f"alert:{chat}:0123456789abcdef:2026-11-27/{post:032x}"
        told = (f"tg:77/{post}", f"tg:77/{post}")
        yield (
            n, chat, "alert", key, (n * 0x9E3779B97F4A7C15) % (1 << 63) or 1, payload, 1, THEN + n,
            "queued" if n % 200 == 0 else "sent", THEN + n, THEN + n, n, *told,
        )  # fmt: skip


async def upgrade(path: Path, *, since: int) -> list[Taken]:
    """Run what came after ``since``, one after the other."""
    taken = []
    before = room_of(path)
    database = await engine.open_file(path)
    known = migrate.list_migrations()
    first = sum(step.version <= since for step in known)
    for number, step in enumerate(known[first:], first + 1):
        seconds, cpu = time.perf_counter(), time.process_time()
        await migrate.migrate(database, known[:number])
        seconds, cpu = time.perf_counter() - seconds, time.process_time() - cpu
        room = room_of(path) - before
        taken.append(Taken(migration=step, seconds=seconds, cpu=cpu, room=room))
    await database.close()
    return taken


def room_of(path: Path) -> int:
    """Bytes of the file and its log: the log keeps the size that it had at most."""
    log = path.with_name(path.name + "-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


async def index_all(path: Path) -> tuple[int, float, float]:
    """How many documents were indexed anew, and the seconds of a clock and of a processor."""
    database = await engine.open_file(path)
    await index.begin(database)
    seconds, cpu = time.perf_counter(), time.process_time()
    count = await index.refresh(database)
    seconds, cpu = time.perf_counter() - seconds, time.process_time() - cpu
    await database.close()
    return count, seconds, cpu


async def measure(path: Path, *, since: int, indexing: bool) -> None:
    """Print what the upgrade of this database takes."""
    size = room_of(path)
    print(f"file_bytes {size}")
    taken = await upgrade(path, since=since)
    for one in taken:
        if one.seconds >= WORTH_TELLING:
            name = f"{one.migration.version:04}_{one.migration.name}"
            print(f"{name}_seconds {one.seconds:.2f}")
            print(f"{name}_cpu {one.cpu:.2f}")
            print(f"{name}_room {one.room}")
    if indexing:
        count, seconds, cpu = await index_all(path)
        print(f"indexed_a_second {count / max(seconds, 1e-9):.0f}")
        print(f"indexed_a_cpu_second {count / max(cpu, 1e-9):.0f}")
    total, room = sum(one.seconds for one in taken), max(one.room for one in taken)
    print(f"summary {len(taken)} migrations, {total:.1f} s, {room} bytes beside {size}")


def main() -> None:
    """Make a database and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--deliveries", type=int, default=50_000)
    parser.add_argument("--since", type=int, default=56, metavar="NUMBER")
    parser.add_argument("--without-index", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dateline.db"
        make(path, since=options.since, documents=options.documents, deliveries=options.deliveries)
        asyncio.run(measure(path, since=options.since, indexing=not options.without_index))


if __name__ == "__main__":
    main()
