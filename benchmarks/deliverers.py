"""How delivering grows with the processes that deliver, over PostgreSQL, and what each part of the
machine takes for a message.

``--posts`` are told to each of ``--people``: they are queued first, and kept back until every
deliverer has its shares. Then all is due at once, against a pace of ``--rate`` messages a second.
Processor time is that of the deliverers, of all of PostgreSQL's processes and of the sandbox, which
is the Telegram that they speak to and stands on the same machine. Together they say what the
machine's cores allow at most. The exit status is 1 when anybody was left out or told twice, or a
second had more than the pace (and a twentieth).

    --counts 1,2,4                  the numbers of deliverers to measure, in turn
    --people 6000 --posts 2         a few posts, for many
    --people 200 --posts 60         many posts, for a few
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from roles_stage import PATIENCE, Server, Stage, most_in_a_second, seconds_until, seconds_used

from bot.sandbox.server import Sandbox
from storage.connection import Database
from storage.database import open_database
from storage.outbox import outbox

TOLERANCE = 1.05
LATER = int(timedelta(days=1).total_seconds() * 1_000_000)
LOOK = 0.05


async def queue(stage: Stage, db: Database, posts: int) -> int:
    """Have the service queue alerts of ``posts`` posts for everybody, unsent; gives their
    number."""
    part = await stage.add_part("watch", "watch,schedule")
    await part.start()
    await part.service.wait_ready(PATIENCE)
    for number in range(posts):
        await stage.channels[0].post(f"The ferry {number:06d} sails")
    wanted = posts * len(stage.people)
    async with asyncio.timeout(600.0):
        while await _count_queued(db) < wanted:  # noqa: ASYNC110  (another process queues)
            await asyncio.sleep(0.2)
    await part.service.stop()
    async with db.transaction() as tx:
        await tx.execute("UPDATE delivery SET due_at = due_at + ?", (LATER,))
    return wanted


async def _count_queued(db: Database) -> int:
    async with db.reader() as conn:
        return (await outbox.count_by_state(conn)).get("queued", 0)


async def wait_shared(db: Database, count: int) -> None:
    """Wait until each of ``count`` deliverers has its shares."""
    fair = -(-outbox.SHARES // count)
    async with asyncio.timeout(PATIENCE):
        while True:
            async with db.reader() as conn:
                rows = await conn.fetch_all(
                    "SELECT owner, count(*) AS n FROM lease WHERE name LIKE 'chats:%'"
                    " AND expires_at > 0 GROUP BY owner"
                )
            held = [row["n"] for row in rows]
            if len(held) == count and sum(held) == outbox.SHARES and max(held) <= fair:
                return
            await asyncio.sleep(0.2)


async def grow(options: argparse.Namespace, count: int) -> bool:
    """Print the figures of ``count`` deliverers; whether each message came once, in pace."""
    with tempfile.TemporaryDirectory(prefix="roles-", dir="/tmp") as folder:
        server = Server(Path(folder))
        await asyncio.to_thread(server.start)
        async with Sandbox.start() as sandbox:
            stage = Stage(sandbox, server, Path(folder), options.rate)
            db = None
            try:
                stage.add_channels(1)
                await stage.add_people(["ferry"] * options.people)
                db = await open_database(server.url)
                wanted = await queue(stage, db, options.posts)
                names = [f"deliver-{n}" for n in range(count)]
                parts = [await stage.add_part(name, "deliver") for name in names]
                for part in parts:
                    await part.start()
                    await part.service.wait_ready(PATIENCE)
                await wait_shared(db, count)
                return await measure(stage, db, [part.service.pid for part in parts], wanted)
            finally:
                if db is not None:
                    await db.close()
                await stage.close()


async def measure(stage: Stage, db: Database, deliverers: list[int], wanted: int) -> bool:
    """Let everything go, and print how fast it went and what it took."""
    postgres = stage.server.list_processes()

    def used() -> list[float]:
        each = [sum(map(seconds_used, pids)) for pids in (deliverers, postgres)]
        return [*each, time.process_time()]

    received = stage.sandbox.ledger.received
    before, has = used(), len(received)
    async with db.transaction() as tx:
        await tx.execute("UPDATE delivery SET due_at = due_at - ?", (LATER,))
    await seconds_until(lambda: len(received) - has >= wanted, 900.0)
    took = [1000 * (b - a) / wanted for a, b in zip(before, used(), strict=True)]
    got = Counter((one.recipient.id, one.text) for one in received[has:])
    moments = sorted(one.at.timestamp() for one in received[has:])
    speed = (wanted - 1) / (moments[-1] - moments[0])
    most, cores = most_in_a_second(moments), os.cpu_count() or 1
    names = ("deliverers", "PostgreSQL", "sandbox")
    parts = ", ".join(f"{name} {spent:.2f}" for name, spent in zip(names, took, strict=True))
    print(
        f"{len(deliverers)} deliverers: {speed:.0f} messages/s, most in a second {most};"
        f" ms of a processor a message: {parts}, together {sum(took):.2f}:"
        f" {cores} cores allow {1000 * cores / sum(took):.0f}/s",
        flush=True,
    )
    is_once = len(got) == wanted and max(got.values()) == 1
    return is_once and most <= int(stage.rate * TOLERANCE) + 1


def main() -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", default="1,2,4", metavar="N,N,…")
    parser.add_argument("--people", type=int, default=6000)
    parser.add_argument("--posts", type=int, default=2)
    parser.add_argument("--rate", type=float, default=4000.0, help="messages a second")
    options = parser.parse_args()
    are_well = [asyncio.run(grow(options, count)) for count in map(int, options.counts.split(","))]
    return 0 if all(are_well) else 1


if __name__ == "__main__":
    sys.exit(main())
