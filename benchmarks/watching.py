"""How soon after its posting a post is stored, live and after a lost push.

The real process over TCP against the sandbox. ``--rate`` posts a second for ``--seconds``; the time
until a post is stored is that of the log line that follows its commit. Beside it stands the push
latency of a bare Telethon client in a process of its own that watches the same channels. Then the
last post of each channel is withheld from all, so that only a scan in turn can find it: that
takes one effective interval at most. How long anything took is printed, not held: it exits 1 when a
post was not stored within two minutes.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from telethon import TelegramClient, events
from telethon.crypto import rsa
from telethon.sessions import MemorySession

from bot.demo import process as demo_process
from bot.sandbox.server import Sandbox
from bot.sandbox.world.channels import Channel

PROGRAM = str(Path(__file__).resolve())
PHONES = ("+15550000001", "+15550000002")
READY = b"listening\n"
INTERVAL = 4.0


class Watcher(demo_process.ServiceProcess):
    """The service; ``stored`` has the time of the log line of each post, by its doc_id."""

    def __init__(self, sandbox: Sandbox, channels: list[Channel], folder: Path) -> None:
        self.environment = demo_process.environment_for(
            sandbox,
            sandbox.add_bot("lookout_bot"),
            folder,
            " ".join(f"@{channel.username}" for channel in channels),
            LOG_FORMAT="json",
            RECONCILE_INTERVAL=str(INTERVAL),
            SCAN_REQUESTS_PER_MINUTE=str(int(75 * len(channels) / INTERVAL)),
        )
        super().__init__(self.environment, folder)

    @property
    def stored(self) -> dict[str, float]:
        lines = (json.loads(line) for line in self.lines if line.startswith("{"))
        return {
            line["post"]: datetime.fromisoformat(line["timestamp"]).timestamp()
            for line in lines
            if line["event"] == "stored"
        }

    async def wait_stored(self, posts: Iterable[str], seconds: float) -> None:
        """Wait until all are stored, at most so long."""
        wanted = set(posts)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    if not wanted - self.stored.keys():
                        return
                    await asyncio.sleep(0.5)


@asynccontextmanager
async def listener(sandbox: Sandbox, folder: Path) -> AsyncIterator[dict[str, float]]:
    """A bare Telethon client; gives when each post was pushed to it, complete at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        PROGRAM,
        *("--listen", sandbox.address, sandbox.public_key),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    await process.stdout.readuntil(READY)
    pushed: dict[str, float] = {}
    try:
        yield pushed
    finally:
        process.stdin.close()
        pushed.update(json.loads(await process.stdout.read() or "{}"))
        await process.wait()


async def listen(address: str, pem: str) -> int:
    """Be that client: say when ready, and at the end of standard input what was pushed when."""
    place, _, port = address.rpartition(":")
    number, _, host = place.partition("@")
    session = MemorySession()
    session.set_dc(int(number), host, int(port))
    rsa.add_key(pem, old=False)
    client = TelegramClient(session, 1, "0123456789abcdef")
    pushed: dict[str, float] = {}

    async def note(event: events.NewMessage.Event) -> None:
        pushed[f"tg:{event.message.peer_id.channel_id}/{event.message.id}"] = time.time()

    await client.start(phone=PHONES[1], code_callback=lambda: "12345")
    await client.get_dialogs()
    client.add_event_handler(note, events.NewMessage())
    print(READY.decode(), end="", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(json.dumps(pushed), flush=True)
    await client.disconnect()
    return 0


async def post_live(channels: list[Channel], options: argparse.Namespace) -> dict[str, float]:
    """Post at the rate; when each was posted."""
    posted: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    started = loop.time()
    for number in range(int(options.rate * options.seconds)):
        await asyncio.sleep(max(0.0, started + number / options.rate - loop.time()))
        channel = channels[number * 7 % len(channels)]
        now = time.time()
        post = await channel.post(f"Notice {number}: the ferry leaves when the ice allows it.")
        posted[f"tg:{channel.id}/{post.id}"] = now
    return posted


async def lose_last(sandbox: Sandbox, channels: list[Channel]) -> dict[str, float]:
    """One post in each channel that is pushed to nobody; when it was posted."""
    posted: dict[str, float] = {}
    for channel in channels:
        sandbox.faults.withhold_pushes(channel=channel)
        now = time.time()
        post = await channel.post("What nobody is told of")
        posted[f"tg:{channel.id}/{post.id}"] = now
        await asyncio.sleep(INTERVAL / len(channels))
    return posted


async def measure(options: argparse.Namespace) -> int:
    """All of it; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox.start() as sandbox:
            people = [
                sandbox.add_user(f"Watcher {number}", phone=phone)
                for number, phone in enumerate(PHONES)
            ]
            channels = [
                sandbox.add_channel(f"Pier {n}", username=f"example_pier_{n}", members=people)
                for n in range(options.channels)
            ]
            service = Watcher(sandbox, channels, Path(folder))
            await demo_process.log_in(service.environment, Path(folder), PHONES[0])
            await service.start()
            try:
                await service.wait_ready(120)
                async with listener(sandbox, Path(folder)) as pushed:
                    live = await post_live(channels, options)
                    await service.wait_stored(live, 120)
                stored = service.stored
                lost = await lose_last(sandbox, channels)
                await service.wait_stored(lost, 120)
                return report(live, pushed, stored, lost, service.stored)
            finally:
                await service.kill()


def report(
    live: dict[str, float],
    pushed: dict[str, float],
    stored: dict[str, float],
    lost: dict[str, float],
    found: dict[str, float],
) -> int:
    """Print the figures; 1 when a post was not stored."""
    print(f"{len(live)} posts, {len(live.keys() & stored.keys())} stored")
    for name, times in (("post to stored", stored), ("post to bare Telethon's handler", pushed)):
        spent = sorted(times[post] - at for post, at in live.items() if post in times)
        told = "none"
        if spent:
            last = 1000 * spent[int(0.99 * len(spent))]
            told = f"median {1000 * statistics.median(spent):.1f} ms, 99th percentile {last:.1f} ms"
        print(f"{name}: {told}")
    spent = sorted(found[post] - at for post, at in lost.items() if post in found)
    spread = ""
    if spent:
        spread = f": median {statistics.median(spent):.1f} s, longest {spent[-1]:.1f} s"
    print(f"{len(lost)} pushes lost, {len(spent)} posts found{spread};", end=" ")
    print(f"effective interval {INTERVAL:.0f} s")
    return int(bool(live.keys() - stored.keys() or lost.keys() - found.keys()))


def main() -> int:
    """Measure; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0, help="posts a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--listen", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    return asyncio.run(listen(*options.listen) if options.listen else measure(options))


if __name__ == "__main__":
    sys.exit(main())
