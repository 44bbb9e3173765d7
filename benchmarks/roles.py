"""Five processes over PostgreSQL: is anything lost or doubled, is the pace kept, how soon does
another take over?

Two watch, each with an account that is in half of the channels, one serves and schedules, two
deliver, against the sandbox. ``--posts`` are posted on ten channels; each is for ``--readers`` of
``--people``. Meanwhile every process is killed ``--kills`` times, and PostgreSQL ``--server-kills``
times; what was killed is started anew, a watcher only after the other has taken over. Then the
sandbox's ledger is asked who got what. The exit status is 1 unless 0 are lost, 0 doubled, no second
had more than the pace (and a twentieth), each chat got its alerts in order of its channel and no
takeover took 30 s.

``--short``: a few posts and one kill of each.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from roles_stage import PATIENCE, Part, Server, Stage, most_in_a_second, seconds_until

from bot.sandbox.server import Sandbox

LONGEST_TAKEOVER = 30.0
CHANNELS = 10
TOLERANCE = 1.05


class Run:
    """One run: what is posted, who is killed, what came of it."""

    def __init__(self, stage: Stage, options: argparse.Namespace) -> None:
        self.stage = stage
        self.options = options
        self.random = random.Random(options.seed)
        self.topics = max(1, options.people // options.readers)
        self.takeovers: list[tuple[str, float]] = []
        self.posted: list[tuple[int, Any]] = []

    async def begin(self) -> None:
        """Start the five processes, and wait until each does its work."""
        stage = self.stage
        stage.add_channels(CHANNELS)
        await stage.add_people([f"topic{n % self.topics}" for n in range(self.options.people)])
        for name, roles in (
            ("watch-1", "watch"),
            ("serve", "serve,schedule"),
            ("deliver-1", "deliver"),
            ("deliver-2", "deliver"),
        ):
            part = await stage.add_part(name, roles)
            await part.start()
            await part.service.wait_ready(PATIENCE)
        second = await stage.add_part("watch-2", "watch")
        await second.start()
        await second.service.wait_line("took over", "[sharing]", timeout=PATIENCE)
        await second.service.wait_ready(PATIENCE)

    async def post(self) -> None:
        """Post everything, a few at a time, as fast as is asked."""
        for number in range(self.options.posts):
            topic = self.random.randrange(self.topics)
            channel = self.stage.channels[number % len(self.stage.channels)]
            await channel.post(f"Notice {number:06d} about topic{topic}\nNobody was hurt.")
            self.posted.append((topic, number))
            await asyncio.sleep(1.0 / self.options.posts_per_second)

    async def kill_all(self) -> None:
        """Kill each process and the server as often as asked for, in a random order."""
        names = [*self.stage.parts] * self.options.kills + ["server"] * self.options.server_kills
        self.random.shuffle(names)
        for name in names:
            await asyncio.sleep(self.random.uniform(0.2, 2.0))
            self.takeovers.append((name, await self._kill_one(name)))

    async def _kill_one(self, name: str) -> float:
        """The seconds that it took; where it was not over in time, the time that was given."""
        try:
            if name == "server":
                return await self._kill_server()
            return await self._kill(self.stage.parts[name])
        except TimeoutError:
            print(f"{name}: nobody has its work after {PATIENCE:g} s", flush=True)
            return PATIENCE

    async def _kill_server(self) -> float:
        """Seconds from its end until the service has written again."""
        began = time.monotonic()
        await asyncio.to_thread(self.stage.server.stop)
        await asyncio.sleep(self.random.uniform(0.0, 3.0))
        await asyncio.to_thread(self.stage.server.start)
        await self.stage.chat.ask("/alerts", timeout=PATIENCE)
        return time.monotonic() - began

    async def _kill(self, part: Part) -> float:
        """Seconds from its end until another, or it itself started anew, has its work."""
        stage = self.stage
        if part.roles == "watch":
            other = stage.parts["watch-2" if part.name == "watch-1" else "watch-1"]
            return await self._kill_watcher(part, other)
        before = len(part.service.find_lines("dateline: ready"))
        began = time.monotonic()
        await stage.kill(part)
        await part.start()
        await seconds_until(lambda: len(part.service.find_lines("dateline: ready")) > before)
        return time.monotonic() - began

    async def _kill_watcher(self, part: Part, other: Part) -> float:
        """Seconds from its end until the other has its channels; then it has some of them again."""

        def count(of: Part) -> int:
            return len(of.service.find_lines("took over", "[sharing]"))

        before = count(other)
        began = time.monotonic()
        await self.stage.kill(part)
        await seconds_until(lambda: count(other) > before)
        took = time.monotonic() - began
        again = count(part)
        await part.start()
        await seconds_until(lambda: count(part) > again)
        return took

    def missing(self) -> int:
        """How many alerts are due and have not come."""
        return len(self._due() - set(self._got()))

    def _due(self) -> set[tuple[int, int]]:
        readers: dict[int, list[int]] = {}
        for number, person in enumerate(self.stage.people):
            readers.setdefault(number % self.topics, []).append(person.id)
        return {(chat, number) for topic, number in self.posted for chat in readers[topic]}

    def _got(self) -> Counter[tuple[int, int]]:
        got: Counter[tuple[int, int]] = Counter()
        for one in self.stage.sandbox.ledger.received:
            if "Notice " in one.text and one.text.startswith("🔔"):
                number = int(one.text.split("Notice ", 1)[1][:6])
                got[one.recipient.id, number] += 1
        return got

    def report(self) -> bool:
        """Print what came of it; whether all is as it must be."""
        got, due = self._got(), self._due()
        lost = len(due - set(got))
        doubled = sum(count - 1 for count in got.values())
        moments = sorted(
            one.at.timestamp()
            for one in self.stage.sandbox.ledger.received
            if one.text.startswith("🔔")
        )
        most = most_in_a_second(moments)
        longest = max((seconds for _, seconds in self.takeovers), default=0.0)
        print(f"posts {len(self.posted)}, alerts due {len(due)}: lost {lost}, doubled {doubled}")
        print(f"refused as sent before: {len(self.stage.sandbox.ledger.duplicates)}")
        print(f"most in a second: {most} of {self.options.rate:g}")
        for kind in ("watch", "serve", "deliver", "server"):
            taken = [took for name, took in self.takeovers if name.partition("-")[0] == kind]
            if taken:
                mean = sum(taken) / len(taken)
                print(
                    f"takeovers of {kind}: {len(taken)}, mean {mean:.1f} s, most {max(taken):.1f} s"
                )
        for line in self.stage.ended:
            print(f"ended by itself: {line}")
        allowed = int(self.options.rate * TOLERANCE) + 1
        return not lost and not doubled and most <= allowed and longest < LONGEST_TAKEOVER


async def prove(options: argparse.Namespace) -> bool:
    """Kills at random, and the ledger."""
    with tempfile.TemporaryDirectory(prefix="roles-", dir="/tmp") as folder:
        server = Server(Path(folder))
        await asyncio.to_thread(server.start)
        async with Sandbox.start() as sandbox:
            stage = Stage(sandbox, server, Path(folder), options.rate)
            try:
                run = Run(stage, options)
                await run.begin()
                await stage.chat.ask("/start", timeout=PATIENCE)
                keeping = asyncio.create_task(stage.keep_running())
                await asyncio.gather(run.post(), run.kill_all())
                try:
                    await seconds_until(lambda: not run.missing(), options.patience)
                except TimeoutError:
                    print("not all came in time")
                keeping.cancel()
                return run.report()
            finally:
                await stage.close()


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--posts-per-second", type=float, default=20.0)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--server-kills", type=int, default=1)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=300.0)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    if options.short:
        options.posts, options.people, options.kills = 60, 40, 1
    return 0 if asyncio.run(prove(options)) else 1


if __name__ == "__main__":
    sys.exit(main())
