"""Does anything grow while the service runs? ``--hours H`` (or ``--minutes M``).

200 channels, 2,000 subscribers with 20,000 saved queries, on the sandbox: posts, of which some are
edited or copied, at ``--rate`` a second, and searches. The service is a process whose address
space is limited to ``--memory`` MB (RLIMIT_AS, 2,048 at first): what asks for more fails. Every few
seconds a line: resident memory, open descriptors, threads, tasks of the event loop, the log of the
database in MB, and how late the loop was at worst in the last second. The last line compares the
medians of the third fifth (by then caches are full) with those of the last; the exit status is 1
where they grew by more than a tenth and what a busy machine explains, where the process ended, or
where posts or messages still wait at the end, or where nothing came. ``--short``: some seconds,
with fewer of everything, where growth is no failure.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import resource
import sqlite3
import sys
import time
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

PROGRAM = str(Path(__file__).resolve())
INSIDE = "SOAK_FILE"
LOOK = 0.1
MB = 1 << 20


@dataclass(frozen=True)
class Sample:
    """What the service takes at a time."""

    memory_mb: float
    descriptors: float
    threads: float
    tasks: float
    wal_mb: float
    lag_ms: float

    def __str__(self) -> str:
        return " ".join(f"{one.name} {getattr(self, one.name):.1f}" for one in fields(self))


SLACK = Sample(memory_mb=15, descriptors=5, threads=3, tasks=20, wal_mb=8, lag_ms=500)
"""What each may grow by beside a tenth."""


def grown(samples: list[Sample]) -> dict[str, tuple[float, float]]:
    """Which figures grew, with their medians in the third fifth and in the last one. Pure."""
    fifth = max(1, len(samples) // 5)
    before = [
        median(column) for column in zip(*map(astuple, samples[2 * fifth : 3 * fifth]), strict=True)
    ]
    after = [median(column) for column in zip(*map(astuple, samples[-fifth:]), strict=True)]
    return {
        one.name: (first, last)
        for one, first, last, slack in zip(
            fields(Sample), before, after, astuple(SLACK), strict=True
        )
        if last > 1.1 * first + slack
    }


async def serve() -> int:
    """The service as ever, and beside it what only the inside of the process tells."""
    from bot import settings
    from bot.app import run as app

    async def tell() -> None:
        worst, told_at = 0.0, time.monotonic()
        while True:
            due_at = time.monotonic() + LOOK
            await asyncio.sleep(LOOK)
            worst = max(worst, time.monotonic() - due_at)
            if time.monotonic() - told_at > 1.0:
                told = {"tasks": len(asyncio.all_tasks()), "lag": worst}
                path = Path(os.environ[INSIDE])
                new = path.with_suffix(".new")
                new.write_text(json.dumps(told))
                new.replace(path)
                worst, told_at = 0.0, time.monotonic()

    telling = asyncio.create_task(tell())
    try:
        return await app.run(settings.load(os.environ))
    finally:
        telling.cancel()


def child_of(memory: int):  # type: ignore[no-untyped-def]
    """A service process that this file's entry point runs, limited to ``memory`` MB."""
    from bot.demo.process import ServiceProcess

    class Child(ServiceProcess):
        async def start(self, *arguments: str) -> None:  # type: ignore[override]
            """Start it."""
            program = (PROGRAM, "--serve", "--memory", str(memory))
            await super().start(*arguments, program=program)

    return Child


def sample(pid: int, inside: Path, wal: Path) -> Sample:
    """What the process takes now."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    told = json.loads(inside.read_text())
    return Sample(
        memory_mb=int(status["VmRSS"].split()[0]) / 1024,
        descriptors=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=int(status["Threads"]),
        tasks=told["tasks"],
        wal_mb=wal.stat().st_size / MB if wal.exists() else 0.0,
        lag_ms=1000 * told["lag"],
    )


async def soak(given: argparse.Namespace) -> int:
    """Run it; the exit status."""
    from addresses import free_port
    from delivery_stage import staged
    from posts import Corpus

    corpus, chance = Corpus(given.seed), random.Random(given.seed)
    async with staged(1000.0) as scene:
        channels = [
            scene.sandbox.add_channel(f"Channel {n}", username=f"soak_{n}", members=[scene.watcher])
            for n in range(given.channels)
        ]
        scene.environment["CHANNELS"] = " ".join(f"@soak_{n}" for n in range(given.channels))
        scene.environment["METRICS_ADDRESS"] = f"127.0.0.1:{free_port()}"
        scene.environment["LOG_LEVEL"] = "warning"
        scene.environment["SCAN_REQUESTS_PER_MINUTE"] = str(max(20, given.channels // 3))
        inside = scene.folder / "inside.json"
        scene.environment[INSIDE] = str(inside)
        scene.service = child_of(given.memory)(scene.environment, scene.folder)
        people = await scene.add_people(given.subscribers)
        each = max(1, given.queries // given.subscribers)
        await scene.store(people, [[corpus.query() for _ in range(each)] for _ in people])
        started = await scene.start(600.0)
        print(f"ready_s {started:.1f}", flush=True)
        ends_at = time.monotonic() + given.seconds
        posting = asyncio.create_task(_post(channels, corpus, chance, given.rate))
        asking = asyncio.create_task(_ask(scene, people, corpus, chance))
        wal = scene.database.with_name("dateline.db-wal")
        samples: list[Sample] = []
        try:
            while time.monotonic() < ends_at:
                await asyncio.sleep(given.every)
                for work in (posting, asking):
                    if work.done():
                        work.result()
                if not inside.exists():
                    continue
                samples.append(sample(scene.service.pid, inside, wal))
                print(samples[-1], flush=True)
        finally:
            for work in (posting, asking):
                work.cancel()
            await asyncio.gather(posting, asking, return_exceptions=True)
        posts = len(scene.sandbox.ledger.posted)
        is_drained = True
        try:
            async with asyncio.timeout(180.0):
                while stored(scene.database) < posts:  # noqa: ASYNC110 - of another process
                    await asyncio.sleep(LOOK)
            await scene.wait_drained(max(300.0, given.seconds / 10))
        except TimeoutError:
            is_drained = False
        alerts = len(scene.alerts())
        status = await scene.service.stop(120.0)
        more = grown(samples)
        said = " ".join(f"{name} {first:.1f}->{last:.1f}" for name, (first, last) in more.items())
        flat = f"no: {said}" if more else "yes"
        print(f"posts {posts} alerts {alerts} drained {is_drained} exit {status} flat {flat}")
        is_nothing = not posts or not alerts
        return int((bool(more) and not given.short) or status != 0 or not is_drained or is_nothing)


def stored(database: Path) -> int:
    """How many documents the service has."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as conn:
        return int(conn.execute("SELECT count(*) FROM document").fetchone()[0])


async def _post(channels, corpus, chance, rate: float) -> None:  # type: ignore[no-untyped-def]
    """Post for ever: one in ten is copied by another channel, one in ten edited."""
    made = corpus.documents(10**9)
    due_at = time.monotonic()
    while True:
        due_at += 1 / rate
        await asyncio.sleep(max(0.0, due_at - time.monotonic()))
        text = "\n".join(next(made).texts())[:4000]
        post = await chance.choice(channels).post(text)
        luck = chance.random()
        if luck < 0.1:
            await chance.choice(channels).post(text)
        elif luck < 0.2:
            await post.edit(f"{text}\n{corpus.content_word('en')}")


async def _ask(scene, people, corpus, chance) -> None:  # type: ignore[no-untyped-def]
    """Ask for something every second or so."""
    while True:
        await asyncio.sleep(chance.uniform(0.5, 1.5))
        person = chance.choice(people)
        await person.chat_with(scene.bot).send(f"/search {corpus.content_word('ru')}")


def limited(megabytes: int) -> None:
    """Let this process have no more address space than that."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MB, megabytes * MB))


def main() -> int:
    """Soak; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=0.0)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--subscribers", type=int, default=2_000)
    parser.add_argument("--rate", type=float, default=0.1, help="posts a second")
    parser.add_argument("--memory", type=int, default=2048, metavar="MB")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two lines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        limited(given.memory)
        return asyncio.run(serve())
    given.seconds = given.hours * 3600 + given.minutes * 60 or 60.0
    if given.short:
        given.channels, given.queries, given.subscribers = 10, 100, 10
        given.seconds, given.every, given.rate = 8.0, 0.5, 5.0
    return asyncio.run(soak(given))


if __name__ == "__main__":
    sys.exit(main())
