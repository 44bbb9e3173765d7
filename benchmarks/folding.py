"""Does an alert hide anything? Cases of what may be folded, run through the service.

``folding.py FILE.json``: each case has a ``history``, from which the service learns what its
channels write under whatever they post, and ``posts`` with what is wanted of each: ``send`` and
``follow`` must reach the reader, ``fold`` must not come as a message. Prints a line for each that
went wrong, then ``hidden N/M`` (of those that must reach the reader) and ``doubled N/M`` (of those
that must not come again). The exit status is 0 whatever the figures.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from telethon.tl import types

from bot.demo import process
from bot.demo.process import ServiceProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.state import media
from bot.sandbox.state.messages import Message
from bot.sandbox.world.channels import Channel, Post
from bot.sandbox.world.users import User
from storage import database
from storage.connection import Database
from storage.documents import documents

PHONE = "+15550000001"
PATIENCE = 120.0
REACHED_WITHIN = 30.0
"""Seconds within which the new words of a follow-up must stand in a message."""
QUIET = 4.0
"""Seconds without a message after which a post is taken for folded."""
AT_ONCE = 12


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of the cases."""

    must_reach: int = 0
    hidden: int = 0
    must_fold: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Play:
    """A case on its channels, with a reader of its own."""

    case: dict[str, Any]
    channels: list[Channel]
    reader: User
    posts: list[Post] = field(default_factory=list)


class Stage:
    """The service on a sandbox with every case's channels and readers."""

    def __init__(self, sandbox: Sandbox, folder: Path, cases: list[dict[str, Any]]) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")  # noqa: S106
        self.watcher = sandbox.add_user("Watcher", phone=PHONE)
        self.plays = [self._play(number, case) for number, case in enumerate(cases)]
        names = [f"@{c.username}" for play in self.plays for c in play.channels]
        self.environment = process.environment_for(
            sandbox,
            self.bot,
            folder,
            " ".join(names),
            LOG_LEVEL="warning",
            BURST_AFTER="0",
            SEND_RATE="1000",
            SEND_RATE_CHAT="1000",
            RECONCILE_INTERVAL="5",
            SCAN_REQUESTS_PER_MINUTE="6000",
        )
        self.service = ServiceProcess(self.environment, folder)

    def _play(self, number: int, case: dict[str, Any]) -> Play:
        places = {item["channel"] for item in (*case["history"], *case["posts"])}
        channels = [
            self.sandbox.add_channel(
                f"Channel {number}.{place}",
                username=f"case_{number}_{place}",
                members=[self.watcher],
            )
            for place in range(max(places) + 1)
        ]
        return Play(case=case, channels=channels, reader=self.sandbox.add_user(f"Reader {number}"))

    async def run(self) -> Tally:
        """Play all cases."""
        await process.log_in(self.environment, self.folder, PHONE)
        await self.service.start()
        await self.service.wait_ready(PATIENCE)
        tally, places = Tally(), asyncio.Semaphore(AT_ONCE)
        path = self.folder / "data" / "dateline.db"
        db = await database.open_database(f"sqlite:///{path}")
        try:

            async def take(play: Play) -> None:
                async with places:
                    await self._run_case(play, db, tally)

            await asyncio.gather(*map(take, self.plays))
        finally:
            await db.close()
        return tally

    async def _run_case(self, play: Play, db: Database, tally: Tally) -> None:
        for item in play.case["history"]:
            await publish(play, item)
        await wait_stored(db, play.posts)
        first = len(play.posts)
        chat = play.reader.chat_with(self.bot)
        names = [channel.username for channel in play.channels]
        query = (play.case.get("alert") or play.case["token"]).format(*(f"@{n}" for n in names))
        await chat.ask(f"/alert {query}", timeout=PATIENCE)
        for number, item in enumerate(play.case["posts"]):
            before = list(chat.messages)
            known = set(" ".join(m.text for m in before).split())
            await publish(play, item, first=first)
            await wait_stored(db, play.posts[-1:])
            came = await arrival(lambda: alerts_of(chat), alerts_among(before))
            shown = came or await edited(chat, before, set(words_of(item)) - known)
            judge(tally, f"{play.case['id']} {number}", item, came=came, shown=shown)


def judge(tally: Tally, place: str, item: dict[str, Any], *, came: bool, shown: bool) -> None:
    """Count one post."""
    if item["want"] == "fold":
        tally.must_fold += 1
        tally.doubled += came
        if came:
            tally.wrong.append(f"{place} doubled: {str(item['text'])[:70]!r}")
        return
    tally.must_reach += 1
    reached = came if item["want"] == "send" else shown
    tally.hidden += not reached
    if not reached:
        tally.wrong.append(f"{place} hidden ({item['want']}): {str(item['text'])[:70]!r}")


def words_of(item: dict[str, Any]) -> list[str]:
    """The words of a post."""
    return str(item["text"]).split()


def alerts_among(messages: list[Any]) -> int:
    """How many messages are no answers to what the reader said."""
    return sum(not is_answer(message) for message in messages)


def is_answer(message: Message) -> bool:
    """The answer to ``/alert`` comes first, and says nothing of a post."""
    return message.random_id is None or message.versions[0].text.startswith(("✅", "☑"))


def alerts_of(chat: Any) -> int:
    """How many alerts a chat has got."""
    return alerts_among(chat.messages)


async def arrival(count: Any, before: int) -> bool:
    """Whether a further alert comes before it has been quiet for a while."""
    ends_at = time.monotonic() + QUIET
    while time.monotonic() < ends_at:
        if count() > before:
            return True
        await asyncio.sleep(0.05)
    return False


async def edited(chat: Any, before: list[Any], fresh: set[str]) -> bool:
    """Whether new words come by an edit of a message that was there."""
    ends_at = time.monotonic() + REACHED_WITHIN - QUIET
    while fresh and time.monotonic() < ends_at:
        if any(fresh <= set(message.text.split()) for message in before):
            return True
        await asyncio.sleep(0.1)
    return False


async def publish(play: Play, item: dict[str, Any], *, first: int = 0) -> None:
    """Post as a case says; an album counts by its first part."""
    channel = play.channels[item["channel"]]
    if item.get("forward_of") is not None:
        post = await channel.forward(play.posts[first + item["forward_of"]])
    elif item.get("album"):
        parts = [media.photo() for _ in range(item["album"])]
        post, *_ = await channel.post_album(parts, item["text"])
    elif item.get("poll"):
        post = await channel.post(media=poll_of(item["poll"]))
    else:
        post = await channel.post(item["text"], media=media.photo() if item.get("photo") else None)
    play.posts.append(post)


def poll_of(poll: dict[str, Any]) -> Any:
    """Telethon's medium for a poll."""
    answers = [
        types.PollAnswer(types.TextWithEntities(text, []), bytes([number]))
        for number, text in enumerate(poll["answers"])
    ]
    question = types.TextWithEntities(poll["question"], [])
    made = types.Poll(
        id=abs(hash(poll["question"])) % 2**62, question=question, answers=answers, hash=0
    )
    return types.MessageMediaPoll(poll=made, results=types.PollResults())


async def wait_stored(db: Database, posts: list[Post]) -> None:
    """Wait until the service has stored these posts."""
    names = [f"tg:{post.channel.id}/{post.id}" for post in posts]
    async with asyncio.timeout(PATIENCE):
        while names:
            async with db.reader() as conn:
                if len(await documents.find_documents(conn, names)) == len(names):
                    return
            await asyncio.sleep(0.1)


async def main() -> None:
    """Play the cases of a file and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--only", metavar="ID", help="one case")
    options = parser.parse_args()
    cases = json.loads(await asyncio.to_thread(options.file.read_text, encoding="utf-8"))
    cases = [case for case in cases if options.only in (None, case["id"])]
    with tempfile.TemporaryDirectory(prefix="dateline-folding-") as folder:
        async with Sandbox.start() as sandbox:
            stage = Stage(sandbox, Path(folder), cases)
            try:
                tally = await stage.run()
            finally:
                await stage.service.kill()
    for line in sorted(tally.wrong):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"hidden {tally.hidden}/{tally.must_reach}\n")
    sys.stdout.write(f"doubled {tally.doubled}/{tally.must_fold}\n")


if __name__ == "__main__":
    asyncio.run(main())
