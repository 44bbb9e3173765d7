"""Whatever people send to the bot, of random and mutated bytes, through the real desk.

``python benchmarks/fuzz_desk.py [--count N] [--seed S]`` hands in presses, messages, inline queries
and changes of membership of two people, one of whom manages a group that the other is in. It prints
one line of figures; exit status 1 when anything reached the gate of what nobody foresaw, or when a
row changed that is not the sender's.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import structlog

from benchmarks import fuzz_desk_rows as rows
from benchmarks.fuzz_desk_people import prepare, set_up
from benchmarks.fuzz_desk_stage import CREW, CY, EVE, FuzzStage, everybody, marked, staged
from benchmarks.fuzz_desk_things import Things

STEP = 60
"""The number of things of one person between two looks at everybody else's rows: fewer than are
held of one chat."""
SHOWN = 20
MEMORY = next((path for path in ("/dev/shm",) if Path(path).is_dir()), None)  # noqa: S108
"""What is stored here need not outlive a power cut."""


class Watch:
    """What went wrong, from the logs and from the rows."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def read_log(self, _: Any, __: str, event: MutableMapping[str, Any]) -> Any:
        """Keep what was handled by nobody, drop the rest."""
        if event["event"] in ("not handled", "an update cannot be read"):
            self.wrong.append(structlog.dev.ConsoleRenderer(colors=False)(None, "", event))
        raise structlog.DropEvent

    def compare(self, sender: int, before: dict[str, str], after: dict[str, str]) -> None:
        """Note the tables whose rows of others have changed."""
        changed = [name for name in before if before[name] != after[name]]
        if changed:
            self.wrong.append(f"rows of others changed in {changed} with what {sender} sent")


async def fuzz(count: int, seed: int) -> int:
    """Hand in ``count`` things; the exit status."""
    chance, watch = random.Random(seed), Watch()
    structlog.configure(processors=[structlog.processors.format_exc_info, watch.read_log])
    handed_in: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        async with staged(Path(folder), chance) as stage:
            await prepare(stage)
            things = Things(chance, stage.client.shown)
            async with stage.database.reader() as conn:
                tables = await rows.list_tables(conn)
            while handed_in.total() < count and len(watch.wrong) < SHOWN:
                amount = min(STEP, count - handed_in.total())
                handed_in += await step(stage, things, tables, watch, chance, amount)
            failures = sum(stage.gate.failures.values())
            calls = stage.client.calls.total()
    seconds = time.monotonic() - started
    for what in watch.wrong[:SHOWN]:
        print(what, file=sys.stderr)
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(handed_in.items()))
    print(
        f"fuzz_desk: {handed_in.total()} things ({kinds}), seed {seed}: {failures} failures at the"
        f" gate, {len(watch.wrong) - failures} other faults, {calls} calls, {seconds:.0f} s"
    )
    return 1 if watch.wrong else 0


async def step(
    stage: FuzzStage,
    things: Things,
    tables: list[rows.Table],
    watch: Watch,
    chance: random.Random,
    amount: int,
) -> Counter[str]:
    """Hand in things of one person, and look whether the rows of others are as before."""
    sender = chance.choice((CY, EVE))
    # A person who was forgotten has something to lose again; a group that is met anew is nobody's
    # loss.
    await set_up(stage, (CY, EVE, marked(CREW)))
    own = {sender, marked(CREW)} if sender == CY else {sender}
    shared = {marked(CREW)}
    async with stage.database.reader() as conn:
        before = await rows.digest(conn, tables, own=own | things.spoken_as, shared=shared)
    handed_in: Counter[str] = Counter()
    for _ in range(amount):
        kind, update = things.make(sender)
        handed_in[kind] += 1
        users, chats = everybody(is_min=chance.random() < 0.05)
        await stage.feed(update, users, chats)
        if kind == "inline":  # The next one would end the search for it.
            await stage.tasks.wait_idle()
    await stage.tasks.wait_idle()
    async with stage.database.reader() as conn:
        after = await rows.digest(conn, tables, own=own | things.spoken_as, shared=shared)
    watch.compare(sender, before, after)
    await stage.clear_answers()
    return handed_in


def main() -> None:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.exit(asyncio.run(fuzz(options.count, options.seed)))


if __name__ == "__main__":
    main()
