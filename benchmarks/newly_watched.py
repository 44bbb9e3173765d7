"""What fifty channels that are newly watched cost those who ask meanwhile, and the scans.

The service on the sandbox, over TCP, at its default budget; it is given ``--channels`` channels of
``--posts`` posts each at once. People ask in turn while their recent posts are read, and something
is posted every second. Printed: when there was something to find in every channel, when all was
read, how long answers took, and the longest time between two scans of a channel beside the
effective interval. ``--quick``: everything ten times as fast, in 90 seconds. One figure a line, in
seconds; exits 0 whatever they are.
"""

import argparse
import asyncio
import itertools
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.world.channels import Channel
from bot.sandbox.world.chats import Chat
from handlers.operators.scans import effective_interval

PHONE = "+15550000001"
PEOPLE = 5
ASKED = (
    "/search ferry",
    "/channels",
    "/alert gale{n}",
    "/alerts",
    "/search notice 7",
    "/digest now",
)
REQUESTS, INTERVAL, FASTER = 20, 180.0, 10


@dataclass
class Figures:
    """What was seen, in seconds since the service was started."""

    answers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: int = 0
    found: float | None = None
    read: float | None = None


async def fill(channels: list[Channel], posts: int) -> None:
    """Post what is there before the watch begins."""
    for number in range(posts):
        for channel in channels:
            await channel.post(f"Notice {number} of {channel.title}: the ferry waits for the ice.")


async def ask(
    chat: Chat,
    figures: Figures,
    turns: "itertools.count[int]",
    things: Sequence[str] = ASKED,
    *,
    pause: float = 2.0,
) -> None:
    """Ask one thing after the other, for ever."""
    while True:
        n = next(turns)
        asked = things[n % len(things)]
        begun = time.monotonic()
        try:
            await chat.ask(asked.format(n=n), timeout=30)
            figures.answers[asked.split()[0]].append(time.monotonic() - begun)
        except TimeoutError:
            figures.late += 1
        await asyncio.sleep(pause)


async def go_on(channels: list[Channel]) -> None:
    """Something new every second."""
    for number in itertools.count():
        await channels[number * 7 % len(channels)].post(f"Now {number}: the ferry leaves.")
        await asyncio.sleep(1.0)


async def look(database: Path, channels: int, begun: float, figures: Figures) -> None:
    """Note when every channel has posts, and when no recent ones are left to be read."""
    while figures.read is None:
        await asyncio.sleep(0.25)
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
            try:
                (there,) = connection.execute(
                    "SELECT count(DISTINCT channel_id) FROM document WHERE live = 0"
                ).fetchone()
                (done,) = connection.execute(
                    "SELECT count(*) FROM backfill WHERE finished_at IS NOT NULL"
                ).fetchone()
            finally:
                connection.close()
            now = time.monotonic() - begun
            if there == channels and figures.found is None:
                figures.found = now
            if done == channels:
                figures.read = now


def scan_gaps(sandbox: Sandbox) -> list[float]:
    """Seconds between two scans of the same channel: those ask for the newest posts."""
    scans = defaultdict(list)
    for call in sandbox.calls:
        if call.method == "messages.getHistory" and not call.request.offset_id:
            scans[call.request.peer.channel_id].append(call.at.timestamp())
    return sorted(b - a for times in scans.values() for a, b in itertools.pairwise(times))


def report(figures: Figures, gaps: list[float], effective: float) -> None:
    """Print the figures."""

    def line(name: str, value: float | None) -> None:
        print(f"{name} {'-' if value is None else format(value, '.2f')}")

    answers = sorted(time for times in figures.answers.values() for time in times)
    line("something_in_every_channel", figures.found)
    line("all_recent_posts_read", figures.read)
    print(f"answers {len(answers)}\nanswers_missing {figures.late}")
    line("answer_median", statistics.median(answers))
    line("answer_95", answers[int(0.95 * len(answers))])
    line("answer_longest", answers[-1])
    for command, times in figures.answers.items():
        line(f"answer_95{command.replace('/', '_')}", sorted(times)[int(0.95 * len(times))])
    line("interval_effective", effective)
    print(f"scans_again {len(gaps)}")
    line("interval_95", gaps[int(0.95 * len(gaps))] if gaps else None)
    line("interval_longest", gaps[-1] if gaps else None)


async def measure(options: argparse.Namespace) -> None:
    """All of it."""
    faster = FASTER if options.quick else 1
    seconds = options.seconds or (90.0 if options.quick else 900.0)
    with tempfile.TemporaryDirectory() as name:
        async with Sandbox.start() as sandbox:
            watcher = sandbox.add_user("Watcher", phone=PHONE)
            bot = sandbox.add_bot("lookout_bot")
            channels = [
                sandbox.add_channel(f"Pier {n}", username=f"example_pier_{n}", members=[watcher])
                for n in range(options.channels)
            ]
            await fill(channels, options.posts)
            environment = process.environment_for(
                sandbox,
                bot,
                Path(name),
                " ".join(f"@{channel.username}" for channel in channels),
                RECONCILE_INTERVAL=str(INTERVAL / faster),
                SCAN_REQUESTS_PER_MINUTE=str(REQUESTS * faster),
                COMMANDS_PER_MINUTE="600",
                ALERTS_PER_PERSON="1000",
                READ_ON_WATCH=options.read,
                LOG_LEVEL="warning",
            )
            await process.log_in(environment, Path(name), PHONE)
            service = ServiceProcess(environment, Path(name))
            figures, turns = Figures(), itertools.count()
            begun = time.monotonic()
            await service.start()
            try:
                await service.wait_ready(120)
                chats = [sandbox.add_user(f"Person {n}").chat_with(bot) for n in range(PEOPLE)]
                database = Path(name) / "data" / "dateline.db"
                tasks = [asyncio.create_task(ask(chat, figures, turns)) for chat in chats]
                tasks.append(asyncio.create_task(go_on(channels)))
                tasks.append(asyncio.create_task(look(database, len(channels), begun, figures)))
                await asyncio.wait(tasks, timeout=seconds)
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            finally:
                await service.kill()
            effective = effective_interval(
                INTERVAL / faster, channels=len(channels), requests=REQUESTS * faster
            )
            report(figures, scan_gaps(sandbox), effective)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=50)
    parser.add_argument("--posts", type=int, default=600)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--read", default="14d,500", help="READ_ON_WATCH; '' to compare with")
    parser.add_argument("--quick", action="store_true")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
