"""How fast and how exactly one post reaches its recipients, and how soon after it was posted.

The real process over TCP against the sandbox. Counted in the sandbox's ledger: the share of the
pace that was held, who received the alert how often, how long ``/search`` took meanwhile.
``--kills``, ``--flood-every``, ``--blocked`` and ``--lost-every`` make it hard; ``--queries N``
measures the time from post to alert with so many saved queries instead. ``--recipients 300
--rate 200`` is a short form. Exits 1 when anybody was left out or told twice.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot import settings
from bot.demo_process import ServiceProcess
from bot.login import login
from bot.sandbox.server import Sandbox
from storage import database

PHONE = "+15550000001"
TOKEN = "1000:open-sesame"  # noqa: S105  (the sandbox's own)
QUERIES_EACH = 100
WINDOW = 1.0
PATIENCE = 900.0
PROBE_PAUSE = 0.2


class Scene:
    """A sandbox with a channel and recipients, and the service's folder."""

    def __init__(self, sandbox: Sandbox, folder: Path, rate: float) -> None:
        self.sandbox = sandbox
        self.watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.bot = sandbox.add_bot("lookout_bot", token=TOKEN)
        self.news = sandbox.add_channel("Harbour", username="harbour", members=[self.watcher])
        self.folder = folder
        self.environment = {
            "API_ID": "1",
            "API_HASH": "0123456789abcdef",
            "BOT_TOKEN": self.bot.token,
            "CHANNELS": "@harbour",
            "DATA_DIR": str(folder / "data"),
            "LOG_LEVEL": "warning",
            "SEND_RATE": str(rate),
            "SEND_RATE_CHAT": "50",
            "COMMANDS_PER_MINUTE": "6000",
            "TELEGRAM_SERVER": sandbox.address,
            "TELEGRAM_SERVER_KEY": str(sandbox.public_key_path),
        }
        self.service = ServiceProcess(self.environment, folder)

    async def log_in(self) -> None:
        """Log the watching account in."""
        empty = self.folder / "no.env"
        empty.touch()
        ours = settings.load(self.environment, empty)
        await login(ours, phone=PHONE)
        await login(ours, code="12345")

    async def add_people(self, count: int) -> list[Any]:
        """People who have written to the bot once, before it first came."""
        people = [self.sandbox.add_user(f"Reader {number}") for number in range(count)]
        for person in people:
            await person.chat_with(self.bot).send("hello")
        return people

    async def store(self, people: Sequence[Any], queries: Sequence[Sequence[str]]) -> None:
        """Put subscribers and their alerts into the database as the commands would have."""
        db = await database.open_database(f"sqlite:///{self.folder / 'data' / 'dateline.db'}")
        when = int(datetime.now(UTC).timestamp() * 1_000_000)
        async with db.transaction() as tx:
            await tx.execute_many(
                "INSERT INTO subscriber (chat_id, access_hash, language, created_at)"
                " VALUES (?, ?, 'en', ?)",
                [(person.id, self._hash_of(person), when) for person in people],
            )
            await tx.execute_many(
                "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)",
                [
                    (person.id, query, when)
                    for person, own in zip(people, queries, strict=True)
                    for query in own
                ],
            )
        await db.close()

    def _hash_of(self, person: Any) -> int:
        return int(self.sandbox._world.access_hash(self.bot, person.id))

    def received(self, words: str) -> list[Any]:
        """The messages of the bot with these words in them."""
        return [one for one in self.sandbox.ledger.received if words in one.text]


@asynccontextmanager
async def staged(rate: float) -> AsyncIterator[Scene]:
    """A scene with the account logged in."""
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox.start() as sandbox:
            scene = Scene(sandbox, Path(folder), rate)
            await scene.log_in()
            try:
                yield scene
            finally:
                await scene.service.kill()


def strike_every(scene: Scene, count: int, make: Callable[[], Any]) -> None:
    """Let the fault that ``make`` adds strike every so many-th message."""
    faults = scene.sandbox.faults
    take = faults.take_call
    seen = 0

    def take_call(method: str, account: Any, request: Any) -> Any:
        nonlocal seen
        if method == "messages.sendMessage":
            seen += 1
            if seen % count == 0:
                make()
        return take(method, account, request)

    setattr(faults, "take_call", take_call)  # noqa: B010  (a method, replaced on purpose)


async def fan_out(options: argparse.Namespace) -> int:
    """One post to all; prints what came of it. 0 if each recipient has it once."""
    async with staged(options.rate) as scene:
        people = await scene.add_people(options.recipients)
        prober = (await scene.add_people(1))[0]
        blocked = people[: round(options.recipients * options.blocked / 100)]
        await scene.store(people, [["ferry"]] * len(people))
        await scene.service.start()
        await scene.service.wait_ready(60)
        for person in blocked:
            person.blocked.add(scene.bot.id)
        _add_faults(scene, options)
        wanted = len(people) - len(blocked)
        probing = asyncio.create_task(probe(scene, prober))
        await scene.news.post("The ferry sails at noon")
        await _wait_received(scene, wanted, options.kills)
        probing.cancel()
        with suppress(asyncio.CancelledError):
            await probing
        await _wait_drained(scene)
        return report(scene, options, {one.id for one in people} - {one.id for one in blocked})


def _add_faults(scene: Scene, options: argparse.Namespace) -> None:
    faults, send = scene.sandbox.faults, "messages.sendMessage"
    if options.flood_every:
        strike_every(
            scene, options.flood_every, lambda: faults.flood_wait(send, 2, account=scene.bot)
        )
    if options.lost_every:
        strike_every(
            scene, options.lost_every, lambda: faults.withhold_reply(send, account=scene.bot)
        )


async def _wait_received(scene: Scene, wanted: int, kills: int) -> None:
    received = scene.sandbox.ledger.received
    for number in range(1, kills + 1):
        await _wait_count(scene, wanted * number // (kills + 1))
        await scene.service.kill()
        await scene.service.start()
        await scene.service.wait_ready(60)
    await scene.sandbox.wait_for(
        lambda: (len(received) >= wanted and len(scene.received("🔔")) >= wanted) or None,
        timeout=PATIENCE,
    )


async def _wait_count(scene: Scene, count: int) -> None:
    received = scene.sandbox.ledger.received
    await scene.sandbox.wait_for(lambda: len(received) >= count or None, timeout=PATIENCE)


async def _wait_drained(scene: Scene) -> None:
    db = await database.open_database(f"sqlite:///{scene.folder / 'data' / 'dateline.db'}")
    async with asyncio.timeout(PATIENCE):
        while True:
            async with db.reader() as conn:
                row = await conn.fetch_one("SELECT 1 FROM delivery WHERE state = 'queued' LIMIT 1")
            if row is None:
                break
            await asyncio.sleep(0.1)
    await db.close()


async def probe(scene: Scene, person: Any) -> None:
    """Ask for a search again and again; the times go to ``scene.sandbox``'s reader."""
    chat = person.chat_with(scene.bot)
    while True:
        started = time.perf_counter()
        with suppress(TimeoutError):
            await chat.ask("/search ferry", timeout=30)
            PROBES.append(time.perf_counter() - started)
        await asyncio.sleep(PROBE_PAUSE)


PROBES: list[float] = []


def report(scene: Scene, options: argparse.Namespace, wanted: set[int]) -> int:
    """Print the figures; 1 if anybody was left out, told twice, or told who should not be."""
    alerts = scene.received("🔔")
    counts = Counter(one.recipient.id for one in alerts)
    times = sorted(one.at.timestamp() for one in scene.sandbox.ledger.received)
    own = sorted(one.at.timestamp() for one in alerts)
    span = own[-1] - own[0]
    twice = sum(count > 1 for count in counts.values())
    left_out = len(wanted - counts.keys())
    rate = (len(own) - 1) / span if span else 0.0
    print(f"recipients {len(wanted)}: each once {sum(count == 1 for count in counts.values())},")
    print(f"  twice {twice}, left out {left_out}, strangers {len(counts.keys() - wanted)}")
    print(f"duplicates refused by the server: {len(scene.sandbox.ledger.duplicates)}")
    print(f"pace {options.rate:.0f}/s: held {rate:.0f}/s = {100 * rate / options.rate:.1f}%")
    print(f"most in any second: {most_within(times)} ({span:.1f} s in all)")
    if PROBES:
        middle = 1000 * statistics.median(PROBES)
        print(f"/search meanwhile: median {middle:.0f} ms, n = {len(PROBES)}")
    return int(bool(twice or left_out or counts.keys() - wanted))


def most_within(times: Sequence[float]) -> int:
    """The most messages in any window of a second."""
    most = start = 0
    for end, at in enumerate(times):
        while times[start] <= at - WINDOW:
            start += 1
        most = max(most, end - start + 1)
    return most


async def latency(options: argparse.Namespace) -> int:
    """From post to alert with many saved queries; prints the median and the 99th percentile."""
    async with staged(1000.0) as scene:
        readers = max(1, options.queries // QUERIES_EACH)
        people = await scene.add_people(readers)
        each = min(QUERIES_EACH, options.queries)
        queries = [[f"word{own * each + n}" for n in range(each)] for own in range(readers)]
        await scene.store(people, queries)
        await scene.service.start()
        await scene.service.wait_ready(120)
        posted: dict[str, float] = {}
        loop = asyncio.get_running_loop()
        for number in range(options.posts):
            started = loop.time()
            word = f"word{number * 7919 % (readers * each)}"
            posted[word] = time.time()
            await scene.news.post(f"Of {word} there is news number {number} from the pier")
            await asyncio.sleep(max(0.0, 1 / options.posts_rate - (loop.time() - started)))
        received = scene.sandbox.ledger.received
        await scene.sandbox.wait_for(lambda: len(received) >= len(posted) or None, timeout=60)
        spent = sorted(_lag(one, posted) for one in received)
        print(f"{readers * each} saved queries, {len(posted)} posts at {options.posts_rate:.0f}/s")
        print(f"post to alert: median {1000 * statistics.median(spent):.0f} ms,", end=" ")
        print(f"99th percentile {1000 * spent[int(len(spent) * 0.99)]:.0f} ms")
        return int(len(received) != len(posted))


def _lag(message: Any, posted: dict[str, float]) -> float:
    word = next(part for part in message.text.split() if part.startswith("word"))
    return float(message.at.timestamp() - posted[word])


def main() -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=1000.0, help="messages a second")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--flood-every", type=int, default=0, metavar="N")
    parser.add_argument("--lost-every", type=int, default=0, metavar="N", help="replies lost")
    parser.add_argument("--blocked", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument("--queries", type=int, default=0, metavar="N")
    parser.add_argument("--posts", type=int, default=400)
    parser.add_argument("--posts-rate", type=float, default=20.0)
    options = parser.parse_args()
    return asyncio.run(latency(options) if options.queries else fan_out(options))


if __name__ == "__main__":
    sys.exit(main())
