"""Does anything get lost or doubled? Random posts, faults and kills, counted by the sandbox.

``--minutes N --seed S``: posts, edits, deletions, albums that lose parts, forwards, renames and 300
posts of one second on 50 channels, while pushes are lost, calls fail, connections break, somebody
presses buttons and forged ones, and the process is killed. Afterwards what the sandbox posted is
held against what is stored, and what was due against what the subscriber received. The exit status
is 1 unless missed, duplicated, missing and doubled are all 0, and what a channel that took over a
free name posts is stored nowhere. ``--posts`` and ``--kills`` set how many there shall be in that
time; ``--repeats`` says what the server does with a ``random_id`` that it has seen (``error``,
``original``, ``forgotten``). ``--burst-after 0``: every alert is a message; else what comes
faster is in lists, and each post is to come once, as a message or as a line.

To show that it can fail: ``--without reconcile`` takes the scans out of the process, ``--without
random-id`` gives every attempt to send an id of its own.
"""

import argparse
import asyncio
import contextlib
import itertools
import random
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from chaos_count import Count, Deeds, stored_ids

from bot import settings
from bot.demo import process
from bot.sandbox.server import Sandbox
from bot.sandbox.state import media
from bot.sandbox.state.messages import Button
from bot.sandbox.state.repeats import MODES
from bot.sandbox.world.channels import Channel, Post
from handlers.render.text import keyboards

PROGRAM = str(Path(__file__).resolve())
CHANNELS = 50
PHONE = "+15550000001"
SETTLE = 120.0
UNHEARD = 5
"""The number of channels whose last post is not pushed."""
DUMP = 300
"""The number of posts of one second in a dump; there is a dump for every ``POSTS_A_DUMP`` posts."""
POSTS_A_DUMP = 3000
METHODS = (
    "messages.getHistory",
    "updates.getChannelDifference",
    "updates.getDifference",
    "channels.getMessages",
    "messages.sendMessage",
)


class Chaos:
    """One run."""

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
        self.deeds = Deeds()
        self.touched: set[tuple[int, int]] = set()
        self.kills = self.presses = self.renames = 0
        self.marks = itertools.count(1)
        self.environment = process.environment_for(
            sandbox,
            self.bot,
            folder,
            " ".join(f"@{channel.username}" for channel in self.channels),
            LOG_LEVEL="warning",
            SEND_RATE="1000",
            SEND_RATE_CHAT="1000",
            BURST_AFTER=str(options.burst_after),
            RECONCILE_INTERVAL="3",
            SCAN_REQUESTS_PER_MINUTE="6000",
        )
        self.service = Child(self.environment, folder, options.without)

    async def run(self) -> bool:
        """Prepare, do what can be done wrong, wait until it settles, count."""
        await process.log_in(self.environment, self.folder, PHONE)
        await self.service.start()
        await self.service.wait_ready(120)
        await self.chat.ask("/alert ferry", timeout=120)
        ends_at = time.monotonic() + 60 * self.options.minutes
        await asyncio.gather(
            self._post_until(ends_at), self._press_until(ends_at), self._break_until(ends_at)
        )
        await self._post_unheard()
        self.sandbox.faults.clear()
        outcome = await self._settle()
        await self.service.kill()
        outcome.show()
        self._show(outcome)
        if not outcome.is_settled:
            explain(self)
        return outcome.is_clean

    def _show(self, outcome: Count) -> None:
        deeds = self.deeds
        sys.stdout.write(
            f"kills {self.kills}, edits {len(deeds.edited)} (missed {outcome.edits_missed}),"
            f" deletions {len(deeds.deleted)} (missed {outcome.deletions_missed}),"
            f" parts of albums deleted {len(deeds.parts)} (left {outcome.parts_left}),"
            f" renames {self.renames} (posts of others stored {outcome.strange}),"
            f" presses {self.presses},"
            f" sends refused as duplicates {len(self.sandbox.ledger.duplicates)}\n"
        )

    async def _post_until(self, ends_at: float) -> None:
        left = self.options.posts
        dumps = max(1, left // POSTS_A_DUMP)
        dumps_at = [left * (2 * number + 1) // (2 * dumps) for number in range(dumps)]
        while left > 0 and (now := time.monotonic()) < ends_at:
            await asyncio.sleep(self.random.uniform(0, 2 * (ends_at - now) / left))
            if dumps_at and left <= dumps_at[-1]:
                dumps_at.pop()
                left -= await self._dump()
            left -= await self._act()

    async def _post_unheard(self) -> None:
        """The last posts of some channels, told of by no push: nothing but a scan finds them."""
        self.sandbox.faults.withhold_pushes(account=self.watcher)
        for channel in self.channels[:UNHEARD]:
            await channel.post(self._text())

    async def _dump(self) -> int:
        """Posts of one second, more than a second has places for in the order of documents."""
        channel = self.random.choice(self.channels)
        second = datetime.now(UTC).replace(microsecond=0)
        for _ in range(DUMP):
            await channel.post(self._text(), date=second)
        return DUMP

    async def _act(self) -> int:
        """Something that a channel does; gives the number of posts that it makes."""
        channel = self.random.choice(self.channels)
        kind = self.random.choices(
            ("post", "forward", "album", "edit", "delete", "parts", "rename"),
            (70, 8, 4, 12, 6, 3, 0.5),
        )[0]
        if kind == "post":
            await channel.post(self._text())
            return 1
        if kind == "album":
            parts = [media.photo() for _ in range(self.random.randint(2, 5))]
            await channel.post_album(parts, self._text())
            return len(parts)
        if kind == "parts":
            await self._delete_parts()
            return 0
        if kind == "rename":
            await self._rename(channel)
            return 0
        post = self._recent(channel, kind)
        if post is None:
            return 0
        if kind == "forward":
            await self.random.choice(self.channels).forward(post)
            return 1
        self.touched.add((channel.id, post.id))
        if kind == "edit":
            await post.edit(self._text())
            self.deeds.edited.append(post)
        elif self._is_stored(post):
            # What is gone before anybody could read it cannot be stored.
            await post.delete()
            self.deeds.deleted.append(post)
        return 0

    async def _delete_parts(self) -> None:
        """Delete some parts of an album that is stored, never all; of what is due never the words:
        nobody may have seen them yet."""
        albums: dict[int, list[Post]] = {}
        for channel in self.channels:
            for post in channel.posts[-20:]:
                if post.grouped_id is not None:
                    albums.setdefault(post.grouped_id, []).append(post)
        whole = [parts for parts in albums.values() if len(parts) > 1 and parts[0].text]
        parts = self.random.choice(whole) if whole else []
        if not parts or not all(map(self._is_stored, parts)):
            return
        free = parts[1:] if "ferry" in parts[0].text else parts
        doomed = self.random.sample(free, self.random.randint(1, min(len(free), len(parts) - 1)))
        await parts[0].channel.delete(doomed)
        self.deeds.parts.update((post.channel.id, post.id) for post in doomed)

    async def _rename(self, channel: Channel) -> None:
        """Give a channel another name; now and then somebody else takes the one that is free."""
        self.renames += 1
        former = channel.username
        await channel.set_username(f"renamed_{self.renames}")
        if self.random.random() < 0.5:
            stranger = self.sandbox.add_channel("Somebody else", username=former)
            self.deeds.strangers.add(stranger.id)
            await stranger.post("ferry of somebody else")

    async def _press_until(self, ends_at: float) -> None:
        """Somebody searches, turns pages, presses old buttons and sends what no button holds."""
        while time.monotonic() < ends_at:
            await asyncio.sleep(self.random.uniform(0.2, 1.0))
            shown = [message for message in self.chat.messages[-30:] if message.buttons]
            if not shown or self.random.random() < 0.1:
                await self.chat.send("/search ferry")
                continue
            message = self.random.choice(shown)
            harmless = (f"{keyboards.SEARCH_PAGE}|", f"{keyboards.SIMILAR}|")
            datas = [button.data or b"" for row in message.buttons for button in row]
            real = [data for data in datas if data.decode().startswith(harmless)]
            forged = self.random.choice((b"", *(start.encode() for start in harmless)))
            forged += self.random.randbytes(self.random.randint(1, 64 - len(forged)))
            data = self.random.choice((*real, forged))
            with contextlib.suppress(TimeoutError):
                await message.sender.world.queries.press(
                    self.ann, message, Button("", data), timeout=1, wait=False
                )
            self.presses += 1

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
            self.deeds.due.add(mark)
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

    async def _settle(self) -> Count:
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

    async def _count(self) -> Count:
        ledger = self.sandbox.ledger
        posted = {(item.channel.id, item.id) for item in ledger.posted}
        received = ledger.received_by(self.ann)
        return await asyncio.to_thread(Count.of, self.deeds, posted, received, self.folder)


class Child(process.ServiceProcess):
    """The service, run by this file's own entry point."""

    def __init__(self, environment: dict[str, str], folder: Path, without: str | None) -> None:
        super().__init__(environment, folder)
        self._without = without

    async def start(self, *arguments: str) -> None:
        """Start it anew."""
        without = ("--without", self._without) if self._without else ()
        await super().start(*arguments, program=(PROGRAM, "--serve", *without))


def explain(chaos: Chaos) -> None:
    """What the outbox and the log say of it."""
    db = sqlite3.connect(chaos.folder / "data" / "dateline.db")
    sql = "SELECT state, kind, count(*), max(attempts), max(last_error) FROM delivery GROUP BY 1, 2"
    for row in db.execute(sql):
        sys.stdout.write(f"  outbox: {row}\n")
    db.close()
    for line in [*chaos.service.lines][-20:]:
        sys.stdout.write(f"  log: {line}\n")


async def serve(without: str | None) -> int:
    """The service as ever, with one of its safeguards taken out where that is asked for."""
    import os

    from bot.app import run as app
    from bot.telegram import outgoing
    from bot.watching import watching

    if without == "reconcile":
        watching.Reconciler = Idle  # type: ignore[misc, assignment]
    if without == "random-id":
        send = outgoing.send_request

        def renewed(to: Any, message: Any, _: int, **options: Any) -> Any:
            return send(to, message, secrets.randbits(62) | 1, **options)

        outgoing.send_request = renewed
    return await app.run(settings.load(os.environ))


class Idle:
    """In place of the scans: none, so that what no push brings is lost."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.interval = 0.0

    def wake(self) -> None:
        """Do nothing."""

    def look_again(self) -> None:
        """Do nothing."""

    def spare_requests(self) -> float:
        """Scans that never come leave all."""
        return 1.0

    def has_come_round(self) -> bool:
        """It never has."""
        return False

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
            sandbox.manners.repeats = MODES[options.repeats]
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
    parser.add_argument("--burst-after", type=int, default=3, help="0: no lists")
    parser.add_argument("--repeats", choices=tuple(MODES), default="error")
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
