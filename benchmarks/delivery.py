"""How fast and how exactly one post reaches its recipients, and how soon after it was posted.

The real process over TCP against the sandbox. Counted in the sandbox's ledger: the share of the
pace that was held, who received the alert how often, how long ``/search`` took meanwhile.

    --recipients 10000                                  plain
    --recipients 10000 --kills 20                       SIGKILLs in between
    --recipients 10000 --flood-every 50                 a FLOOD_WAIT on every 50th send
    --recipients 10000 --blocked 10                     a tenth has blocked the bot
    --recipients 10000 --lost-every 50                  every 50th reply is lost
    --recipients 10000 --all                            these five, one after the other
    --queries 100000                                    from post to alert with many saved queries
    --footprint [--queries N] [--database PATH]         memory, and seconds until ready

Exits 1 when anybody was left out, told twice, or told who should not have been.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from delivery_stage import Scene, staged

SEND = "messages.sendMessage"
QUERIES_EACH = 100
WINDOW = 1.0
PATIENCE = 900.0
PROBE_PAUSE = 0.1
SETTLE = 5.0
CASES: dict[str, dict[str, float]] = {
    "plain": {},
    "20 SIGKILLs": {"kills": 20},
    "a FLOOD_WAIT on every 50th send": {"flood_every": 50},
    "a tenth has blocked the bot": {"blocked": 10.0},
    "every 50th reply lost": {"lost_every": 50},
}


class FanOut:
    """One post to many. ``searches``: seconds that each answer took meanwhile."""

    def __init__(self, scene: Scene, options: argparse.Namespace, people: Sequence[Any]) -> None:
        self.scene = scene
        self.options = options
        self.blocked = people[: round(len(people) * options.blocked / 100)]
        self.wanted = {one.id for one in people} - {one.id for one in self.blocked}
        self.searches: list[float] = []
        self.seconds = (0.0, 0.0)

    async def run(self, prober: Any) -> None:
        """Post, and wait until everybody has been told and nothing is left to send."""
        for person in self.blocked:
            person.blocked.add(self.scene.bot.id)
        self._add_faults()
        probing = asyncio.create_task(self._probe(prober))
        before = self.scene.service_seconds(), time.process_time()
        await self.scene.news.post("The ferry sails at noon")
        await self._kill_and_start()
        await self._wait_told(len(self.wanted))
        after = self.scene.service_seconds(), time.process_time()
        self.seconds = after[0] - before[0], after[1] - before[1]
        probing.cancel()
        with suppress(asyncio.CancelledError):
            await probing
        await self.scene.wait_drained(PATIENCE)

    def _add_faults(self) -> None:
        faults = self.scene.sandbox.faults
        where = {"account": self.scene.bot, "times": None}
        if self.options.flood_every:
            faults.flood_wait(SEND, 2, every=self.options.flood_every, **where)
        if self.options.lost_every:
            faults.withhold_reply(SEND, every=self.options.lost_every, **where)

    async def _kill_and_start(self) -> None:
        kills = self.options.kills
        for number in range(1, kills + 1):
            await self._wait_told(len(self.wanted) * number // (kills + 1))
            await self.scene.service.kill()
            await self.scene.start()

    async def _wait_told(self, count: int) -> None:
        await self.scene.wait_for(lambda: len(self.scene.alerts()) >= count, PATIENCE)

    async def _probe(self, person: Any) -> None:
        chat = person.chat_with(self.scene.bot)
        while True:
            started = time.perf_counter()
            with suppress(TimeoutError):
                await chat.ask("/search ferry", timeout=30)
                self.searches.append(time.perf_counter() - started)
            await asyncio.sleep(PROBE_PAUSE)

    def report(self) -> int:
        """Print the figures; 1 if anybody was left out, told twice, or told who should not be."""
        ledger = self.scene.sandbox.ledger
        alerts = self.scene.alerts()
        counts = Counter(one.recipient.id for one in alerts)
        twice = sum(count > 1 for count in counts.values())
        left_out = len(self.wanted - counts.keys())
        strangers = len(counts.keys() - self.wanted)
        print(
            f"recipients {len(self.wanted)}: each once {sum(n == 1 for n in counts.values())},"
            f" twice {twice}, left out {left_out}, strangers {strangers};"
            f" sent again and refused as such {len(ledger.duplicates)}"
        )
        self._report_pace(sorted(one.at.timestamp() for one in alerts))
        if self.searches:
            middle = 1000 * statistics.median(self.searches)
            print(f"/search meanwhile: median {middle:.0f} ms, n = {len(self.searches)}")
        return int(bool(twice or left_out or strangers))

    def _report_pace(self, times: Sequence[float]) -> None:
        everything = sorted(one.at.timestamp() for one in self.scene.sandbox.ledger.received)
        span = times[-1] - times[0]
        held, rate = (len(times) - 1) / span if span else 0.0, self.options.rate
        print(
            f"pace {rate:.0f}/s: held {held:.0f}/s = {100 * held / rate:.1f}% over {span:.1f} s,"
            f" most in any second {most_within(everything)}"
        )
        if not self.options.kills:
            service, sandbox = (1000 * seconds / len(times) for seconds in self.seconds)
            print(f"processor time a message: service {service:.2f} ms, sandbox {sandbox:.2f} ms")


def most_within(times: Sequence[float]) -> int:
    """The most messages in any window of a second."""
    most = start = 0
    for end, at in enumerate(times):
        while times[start] <= at - WINDOW:
            start += 1
        most = max(most, end - start + 1)
    return most


async def fan_out(options: argparse.Namespace) -> int:
    """One post to all; 0 if each recipient has it once."""
    async with staged(options.rate, options.database) as scene:
        people = await scene.add_people(options.recipients)
        prober = (await scene.add_people(1))[0]
        await scene.store(people, [["ferry"]] * len(people))
        await scene.start()
        run = FanOut(scene, options, people)
        await run.run(prober)
        return run.report()


async def all_cases(options: argparse.Namespace) -> int:
    """Every case in turn; 1 if any of them failed."""
    status = 0
    for name, changes in CASES.items():
        print(f"-- {name}", flush=True)
        status |= await fan_out(argparse.Namespace(**{**vars(options), **changes}))
    return status


async def add_queries(scene: Scene, count: int) -> int:
    """Save ``count`` queries, a hundred for each person; gives the number of people."""
    each = min(QUERIES_EACH, count)
    people = await scene.add_people(max(1, count // QUERIES_EACH)) if count else []
    queries = [[f"word{own * each + n}" for n in range(each)] for own in range(len(people))]
    await scene.store(people, queries)
    return len(people) * each


async def latency(options: argparse.Namespace) -> int:
    """From post to alert with many saved queries; prints the median and the 99th percentile."""
    async with staged(options.rate, options.database) as scene:
        count = await add_queries(scene, options.queries)
        await scene.start()
        await asyncio.sleep(SETTLE)
        posted = await post_evenly(scene, options, count)
        alerts = scene.alerts
        await scene.wait_for(lambda: len(alerts()) >= len(posted), 60)
        spent = sorted(1000 * _lag(one, posted) for one in alerts())
        print(f"{count} saved queries, {len(posted)} posts at {options.posts_rate:.0f}/s")
        print(
            f"post to alert: median {statistics.median(spent):.0f} ms,"
            f" 99th percentile {spent[int(len(spent) * 0.99)]:.0f} ms, longest {spent[-1]:.0f} ms"
        )
        return int(len(alerts()) != len(posted))


async def post_evenly(scene: Scene, options: argparse.Namespace, count: int) -> dict[str, float]:
    """Post at a steady pace, each post for one query; gives the time of each by its word."""
    posted: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(options.posts):
        word = f"word{number * 7919 % count}"
        posted[word] = time.time()
        await scene.news.post(f"Of {word} there is news number {number} from the pier")
        await asyncio.sleep(max(0.0, begun + (number + 1) / options.posts_rate - loop.time()))
    return posted


def _lag(message: Any, posted: dict[str, float]) -> float:
    word = next(part for part in message.text.split() if part.startswith("word"))
    return float(message.at.timestamp() - posted[word])


async def footprint(options: argparse.Namespace) -> int:
    """Memory and seconds until ready: the first start, and one with everything there."""
    async with staged(options.rate, options.database) as scene:
        count = await add_queries(scene, options.queries)
        for name in ("first start", "second start"):
            seconds = await scene.start(PATIENCE)
            worked = scene.service_seconds()
            await asyncio.sleep(SETTLE)
            now, highest = scene.service_memory()
            print(
                f"{name}, {count} saved queries: ready after {seconds:.1f} s"
                f" ({worked:.1f} s of a processor),"
                f" resident {now:.0f} MB, at most {highest:.0f} MB",
                flush=True,
            )
            await scene.service.stop(PATIENCE)
        return 0


def main() -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipients", type=int, default=1_000)
    parser.add_argument("--rate", type=float, default=1000.0, help="messages a second")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--flood-every", type=int, default=0, metavar="N")
    parser.add_argument("--lost-every", type=int, default=0, metavar="N", help="replies lost")
    parser.add_argument("--blocked", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument("--all", action="store_true", help="every case of the list above")
    parser.add_argument("--queries", type=int, default=0, metavar="N")
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--posts-rate", type=float, default=20.0)
    parser.add_argument("--footprint", action="store_true", help="memory and start")
    parser.add_argument("--database", type=Path, metavar="PATH", help="begin with a copy of this")
    options = parser.parse_args()
    if options.footprint:
        return asyncio.run(footprint(options))
    if options.queries:
        return asyncio.run(latency(options))
    return asyncio.run(all_cases(options) if options.all else fan_out(options))


if __name__ == "__main__":
    sys.exit(main())
