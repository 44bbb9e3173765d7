"""Does anything get lost or doubled? Random posts, faults and kills, counted by the sandbox.

``--minutes N --seed S``: posts, edits, deletions, albums and forwards on 50 channels, while pushes
are lost, calls fail, connections break and the process is killed. Afterwards what the sandbox
posted is held against what is stored, and what was due against what the subscriber received. The
exit status is 1 unless missed, duplicated, missing and doubled are all 0. ``--posts`` and
``--kills`` set how many there shall be in that time.

To show that it can fail: ``--without reconcile`` takes the scans out of the process, ``--without
random-id`` gives every attempt to send an id of its own.
"""

import argparse
import asyncio
import itertools
import json
import random
import secrets
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot import demo_process, settings
from bot.sandbox import media
from bot.sandbox.channels import Channel, Post
from bot.sandbox.server import Sandbox

PROGRAM = str(Path(__file__).resolve())
CHANNELS = 50
PHONE = "+15550000001"
SETTLE = 120.0
METHODS = (
    "messages.getHistory",
    "updates.getChannelDifference",
    "updates.getDifference",
    "channels.getMessages",
    "messages.sendMessage",
)


class Chaos:
    """One run. ``due`` holds the marks of posts that must be told, each once."""

    def __init__(self, sandbox: Sandbox, folder: Path, options: argparse.Namespace) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self.options = options
        self.random = random.Random(options.seed)
        self.watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.bot = sandbox.add_bot("chaos_bot", token="1000:chaos")  # noqa: S106
        self.ann = sandbox.add_user("Ann")
        self.chat = self.ann.chat_with(self.bot)
        self.channels = [
            sandbox.add_channel(f"Channel {n}", username=f"channel_{n}", members=[self.watcher])
            for n in range(CHANNELS)
        ]
        self.due: set[str] = set()
        self.deleted: list[Post] = []
        self.edited: list[Post] = []
        self.touched: set[tuple[int, int]] = set()
        self.kills = 0
        self.marks = itertools.count(1)
        self.environment = demo_process.environment_for(
            sandbox,
            self.bot,
            folder,
            " ".join(f"@{channel.username}" for channel in self.channels),
            LOG_LEVEL="warning",
            SEND_RATE="1000",
            SEND_RATE_CHAT="1000",
            RECONCILE_INTERVAL="3",
            SCAN_REQUESTS_PER_MINUTE="6000",
        )
        self.service = Child(self.environment, folder, options.without)

    async def run(self) -> bool:
        """Prepare, do what can be done wrong, wait until it settles, count."""
        await demo_process.log_in(self.environment, self.folder, PHONE)
        await self.service.start()
        await self.service.wait_ready(60)
        await self.chat.ask("/alert ferry", timeout=60)
        ends_at = time.monotonic() + 60 * self.options.minutes
        await asyncio.gather(self._post_until(ends_at), self._break_until(ends_at))
        self.sandbox.faults.clear()
        outcome = await self._settle()
        await self.service.kill()
        outcome.show(self)
        if not outcome.is_settled:
            explain(self)
        return outcome.is_clean

    async def _post_until(self, ends_at: float) -> None:
        left = self.options.posts
        while left > 0 and (now := time.monotonic()) < ends_at:
            await asyncio.sleep(self.random.uniform(0, 2 * (ends_at - now) / left))
            left -= await self._act()

    async def _act(self) -> int:
        """Something that a channel does; gives the number of posts that it makes."""
        channel = self.random.choice(self.channels)
        kind = self.random.choices(
            ("post", "forward", "album", "edit", "delete"), (70, 8, 4, 12, 6)
        )[0]
        if kind == "post":
            await channel.post(self._text())
            return 1
        if kind == "album":
            parts = [media.photo() for _ in range(self.random.randint(2, 5))]
            await channel.post_album(parts, self._text())
            return len(parts)
        post = self._recent(channel, kind)
        if post is None:
            return 0
        if kind == "forward":
            await self.random.choice(self.channels).forward(post)
            return 1
        self.touched.add((channel.id, post.id))
        if kind == "edit":
            await post.edit(self._text())
            self.edited.append(post)
        elif self._is_stored(post):
            # What is gone before anybody could read it cannot be stored.
            await post.delete()
            self.deleted.append(post)
        return 0

    def _recent(self, channel: Channel, kind: str) -> Post | None:
        """One of the last posts that nothing was done to yet; no part of an album.

        What is due already is not edited: nobody may have seen it yet, and none is told twice.
        """
        free = [
            post
            for post in channel.posts[-20:]
            if post.grouped_id is None
            and post.forward is None
            and (channel.id, post.id) not in self.touched
            and (kind != "edit" or "ferry" not in post.text)
        ]
        return self.random.choice(free) if free else None

    def _text(self) -> str:
        """Words that no other post has, so that no two are one story; every fourth is due."""
        words = [
            "".join(self.random.choices("bdfgklmnprstvz", k=7))
            for _ in range(self.random.randint(6, 30))
        ]
        if self.random.random() < 0.25:
            mark = f"zq{next(self.marks)}x"
            self.due.add(mark)
            words[1:1] = ["ferry", mark]
        return " ".join(words)

    def _is_stored(self, post: Post) -> bool:
        return (post.channel.id, post.id) in stored_ids(self.folder)

    async def _break_until(self, ends_at: float) -> None:
        """Faults all the time, and kills at random moments."""
        left, taken = self.options.kills, 0.0
        while (now := time.monotonic()) < ends_at:
            share = (ends_at - now) / max(1, left)
            # A kill takes its time too, until the service is ready again.
            kill_at = min(ends_at, now + max(0.1, self.random.uniform(0.2, 1.8) * share - taken))
            while time.monotonic() < kill_at:
                self._fault()
                left_over = max(0.0, kill_at - time.monotonic())
                await asyncio.sleep(min(self.random.uniform(0.1, 1.0), left_over))
            if left > 0:
                left -= 1
                started = time.monotonic()
                await self._kill()
                taken = time.monotonic() - started

    def _fault(self) -> None:
        faults, method = self.sandbox.faults, self.random.choice(METHODS)
        channel = self.random.choice(self.channels)
        count = self.random.randint(1, 6)
        choice = self.random.randrange(10)
        if choice <= 1:
            faults.withhold_pushes(account=self.watcher, channel=channel, times=count)
        elif choice == 2:
            faults.duplicate_pushes(account=self.watcher, channel=channel, times=count)
        elif choice == 3:
            faults.reorder_pushes(account=self.watcher, channel=channel, times=count + 1)
        elif choice == 4:
            faults.drop_connection(method, when=self.random.choice(("before", "after")))
        elif choice == 5:
            faults.flood_wait(method, 1)
        elif choice == 6:
            faults.fail(method, "INTERNAL", code=500)
        elif choice <= 8:
            # The message is out and nobody says so: the case that random ids are for.
            faults.drop_connection("messages.sendMessage", when="after")
        else:
            faults.withhold_pushes(account=self.watcher, times=count)

    async def _kill(self) -> None:
        await self.service.kill()
        self.kills += 1
        await self.service.start()
        await self.service.wait_ready(120)

    async def _settle(self) -> "Count":
        """Wait until nothing is missing any more, or nothing has changed for long."""
        patience = SETTLE if self.options.without is None else SETTLE / 9
        count, changed_at = await self._count(), time.monotonic()
        while not count.is_settled and time.monotonic() - changed_at < patience:
            await asyncio.sleep(1.0)
            before, count = count, await self._count()
            if count.figures != before.figures:
                changed_at = time.monotonic()
        if not count.is_settled:
            sys.stdout.write("it did not settle\n")
        return count

    async def _count(self) -> "Count":
        documents = await asyncio.to_thread(read_documents, self.folder)
        return Count.of(self, documents)


class Child(demo_process.ServiceProcess):
    """The service, run by this file's own entry point."""

    def __init__(self, environment: dict[str, str], folder: Path, without: str | None) -> None:
        super().__init__(environment, folder)
        self._without = without

    async def start(self, *arguments: str) -> None:
        """Start it anew."""
        without = ("--without", self._without) if self._without else ()
        await super().start(*arguments, program=(PROGRAM, "--serve", *without))


@dataclass(slots=True)
class Count:
    """What came of it, by the sandbox's ledger and the database."""

    posted: int = 0
    stored: int = 0
    missed: int = 0
    duplicated: int = 0
    due: int = 0
    sent: int = 0
    missing: int = 0
    doubled: int = 0
    edits_missed: int = 0
    deletions_missed: int = 0
    examples: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, chaos: Chaos, documents: list[dict[str, Any]]) -> "Count":
        ids = Counter(place for document in documents for place in places(document))
        posted = {(item.channel.id, item.id) for item in chaos.sandbox.ledger.posted}
        received = Counter(
            word
            for message in chaos.sandbox.ledger.received_by(chaos.ann)
            if message.text.startswith("🔔")
            for word in set(message.versions[0].text.split())
            if word.startswith("zq")
        )
        by_place = {place: document for document in documents for place in places(document)}
        lost = posted - ids.keys()
        return cls(
            posted=len(posted),
            stored=len(ids),
            missed=len(lost),
            duplicated=sum(count > 1 for count in ids.values()),
            due=len(chaos.due),
            sent=received.total(),
            missing=len(chaos.due - received.keys()),
            doubled=sum(count > 1 for count in received.values()),
            edits_missed=sum(
                post.deleted_at is None
                and post.text.split()[0] not in (by_place.get(_place(post)) or {}).get("title", "")
                for post in chaos.edited
            ),
            deletions_missed=sum(
                not (by_place.get(_place(post)) or {}).get("deleted_at") for post in chaos.deleted
            ),
            examples=[f"missed {place}" for place in sorted(lost)[:5]]
            + [f"missing {mark}" for mark in sorted(chaos.due - received.keys())[:5]]
            + [f"doubled {mark}" for mark, count in received.items() if count > 1][:5],
        )

    @property
    def figures(self) -> tuple[int, ...]:
        """All that may still change."""
        missed = self.edits_missed, self.deletions_missed
        return self.stored, self.sent, self.missed, self.missing, *missed

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost and nothing doubled."""
        return not (self.missed or self.duplicated or self.missing or self.doubled)

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to wait for."""
        return not (self.missed or self.missing or self.edits_missed or self.deletions_missed)

    def show(self, chaos: Chaos) -> None:
        """Print it all."""
        sys.stdout.write(
            f"posted {self.posted} stored {self.stored} missed {self.missed} duplicated"
            f" {self.duplicated} alerts due {self.due} sent {self.sent} missing {self.missing}"
            f" doubled {self.doubled}\n"
            f"kills {chaos.kills}, edits {len(chaos.edited)} (missed {self.edits_missed}),"
            f" deletions {len(chaos.deleted)} (missed {self.deletions_missed}),"
            f" sends refused as duplicates {len(chaos.sandbox.ledger.duplicates)}\n"
        )
        for example in self.examples:
            sys.stdout.write(f"  {example}\n")


def explain(chaos: Chaos) -> None:
    """What the outbox and the log say of it."""
    db = sqlite3.connect(chaos.folder / "data" / "dateline.db")
    sql = "SELECT state, kind, count(*), max(attempts), max(last_error) FROM delivery GROUP BY 1, 2"
    for row in db.execute(sql):
        sys.stdout.write(f"  outbox: {row}\n")
    db.close()
    for line in [*chaos.service.lines][-20:]:
        sys.stdout.write(f"  log: {line}\n")


def _place(post: Post) -> tuple[int, int]:
    return post.channel.id, post.id


def read_documents(folder: Path) -> list[dict[str, Any]]:
    """The documents as they are stored."""
    db = sqlite3.connect(folder / "data" / "dateline.db")
    try:
        rows = db.execute("SELECT json FROM document WHERE channel_id IS NOT NULL").fetchall()
    finally:
        db.close()
    return [json.loads(text) for (text,) in rows]


def places(document: dict[str, Any]) -> set[tuple[int, int]]:
    """Where a document stands: its channel with every one of its message ids."""
    if document["kind"] == "service":
        return set()
    numbers = {document["message_id"], *document.get("album_ids", ())}
    return {(document["channel"]["id"], number) for number in numbers}


def stored_ids(folder: Path) -> set[tuple[int, int]]:
    """The posts that are stored under their own id."""
    db = sqlite3.connect(folder / "data" / "dateline.db")
    try:
        return set(db.execute("SELECT channel_id, message_id FROM document"))
    finally:
        db.close()


async def serve(without: str | None) -> int:
    """The service as ever, with one of its safeguards taken out where that is asked for."""
    import os

    from bot import app, watching, wire

    if without == "reconcile":
        watching.Reconciler = Idle  # type: ignore[misc, assignment]
    if without == "random-id":
        send = wire.send_request

        def renewed(to: Any, message: Any, _: int, **options: Any) -> Any:
            return send(to, message, secrets.randbits(62) | 1, **options)

        wire.send_request = renewed
    return await app.run(settings.load(os.environ))


class Idle:
    """In place of the scans: none, so that what no push brings is lost."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.interval = 0.0

    def wake(self) -> None:
        """Do nothing."""

    def look_again(self) -> None:
        """Do nothing."""

    def request(self, _: Any) -> "asyncio.Future[None]":
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def begin(self, _: float) -> None:
        """Do nothing."""

    async def run(self) -> None:
        await asyncio.Event().wait()


async def chaos(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="dateline-chaos-") as folder:
        async with Sandbox.start() as sandbox:
            run = Chaos(sandbox, Path(folder), options)
            try:
                return 0 if await run.run() else 1
            except BaseException:
                sys.stderr.write("\n".join([*run.service.lines][-80:]) + "\n")
                raise
            finally:
                await run.service.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--posts", type=int, help="default: 1,000 a minute")
    parser.add_argument("--kills", type=int, help="default: 5 a minute")
    parser.add_argument("--without", choices=("reconcile", "random-id"))
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.posts = options.posts or int(1000 * options.minutes)
    options.kills = options.kills or int(5 * options.minutes)
    action: Callable[[], Awaitable[int]] = (
        (lambda: serve(options.without)) if options.serve else (lambda: chaos(options))
    )
    return asyncio.run(action())  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
