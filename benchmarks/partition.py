"""One partition of a whole that is too big for one machine: ``--queries N --recipients N``.

A million saved queries in one matcher: memory, seconds of the processor to fill it, µs a post. A
post that a million recipients are told of: its alerts are queued through the gate of the service,
``--batch`` of them a transaction, as the intake does it; seconds, µs and bytes an alert, memory at
its peak. The arithmetic on it stands in docs/scale.md. ``--json`` prints one object.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from matching import Filled, microseconds, resident
from outbox import make
from posts import Corpus

from storage.database import open_database
from storage.outbox.gate import Outbox
from storage.query.words import forms


def match(number: int, posts: int) -> dict[str, float]:
    """The cost of ``number`` saved queries."""
    forms.load()
    corpus = Corpus()
    made = list(corpus.documents(posts))
    filled = Filled([corpus.query() for _ in range(number)])
    fired = sum(len(filled.matcher.match(document)) for document in made) / posts
    (taken,) = microseconds([filled.matcher.match], made, 3)
    return {
        "queries": number,
        "filling_seconds": round((filled.parsing + filled.adding) * number / 1e6, 1),
        "matcher_mb": round(filled.memory, 0),
        "microseconds_a_post": round(taken, 0),
        "fired_a_post": round(fired, 0),
    }


async def queue(path: Path, recipients: int, batch: int) -> dict[str, float]:
    """The cost of queueing an alert for each of ``recipients`` recipients."""
    database = await open_database(f"sqlite:///{path}")
    gate = Outbox()
    taken, longest = 0.0, 0.0
    for number in range(-(-recipients // batch)):
        rows = make(batch, number)
        begun, clock = time.process_time(), time.perf_counter()
        async with database.transaction() as tx:
            await gate.queue_alerts(tx, rows)
        taken += time.process_time() - begun
        longest = max(longest, time.perf_counter() - clock)
    await database.close()
    return {
        "recipients": recipients,
        "queueing_seconds": round(taken, 1),
        "microseconds_an_alert": round(1e6 * taken / recipients, 1),
        "longest_transaction_ms": round(1e3 * longest),
        "hours_to_send_at_30_a_second": round(recipients / 30 / 3600, 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=1_000_000)
    parser.add_argument("--recipients", type=int, default=1_000_000)
    parser.add_argument("--posts", type=int, default=100)
    parser.add_argument("--batch", type=int, default=5_000)
    parser.add_argument("--short", action="store_true", help="a hundredth of both")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.short:
        asked.queries, asked.recipients, asked.posts = 10_000, 10_000, 20
    before = resident()
    matcher = match(asked.queries, asked.posts)
    with tempfile.TemporaryDirectory(prefix="dateline-partition-") as name:
        path = Path(name) / "outbox.db"
        outbox = asyncio.run(queue(path, asked.recipients, asked.batch))
        outbox["bytes_an_alert"] = round(path.stat().st_size / asked.recipients)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"matcher": matcher, "outbox": outbox, "process_mb": round(peak - before)}
    print(json.dumps(found) if asked.json else _table(found["matcher"] | found["outbox"]))


def _table(figures: dict[str, float]) -> str:
    return "\n".join(
        f"{name.replace('_', ' '):30} {value:14,.10g}" for name, value in figures.items()
    )


if __name__ == "__main__":
    main()
