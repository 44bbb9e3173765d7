"""``dateline demo``: the whole service, run as ever, against a Telegram of its own.

Nothing in the service knows of the demo: it is started as ``dateline run`` in a temporary folder
with the sandbox's address for a setting.
"""

import asyncio
import itertools
import secrets
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Literal

from bot import logs
from bot.demo import posts as demo_posts
from bot.demo import process
from bot.demo.picture import Picture
from bot.demo.posts import Sample
from bot.demo.process import ServiceProcess
from bot.demo.transcript import Transcript
from bot.sandbox.server import Sandbox
from bot.sandbox.state.messages import Button, Message
from bot.sandbox.world.channels import Channel, Post
from bot.sandbox.world.chats import Chat
from bot.sandbox.world.users import User
from handlers.render.text import keyboards
from storage import database
from storage.channels import backfills
from storage.documents import documents
from storage.errors import ServiceError, UsageError
from storage.outbox import outbox
from storage.query.reading import syntax

TIMEOUT = 120.0
POLL = 0.03
PHONE = "+15550000001"
CHANNEL = "Dateline demo"
USERNAME = "dateline_demo"
BOT = "dateline_demo_bot"


async def demo(
    *, posts: Path | None = None, query: str | None = None, picture: Path | None = None
) -> int:
    """Show it; gives 0. ``picture``: a file for an SVG of the dialogue. Raises UsageError for
    posts, words or a file that are of no use, ServiceError when something that should have come
    did not."""
    if picture is not None:
        _write(picture, "", mode="a")
    samples = demo_posts.read_samples(posts) if posts else demo_posts.builtin_samples()
    words = syntax.parse(query or demo_posts.frequent_word(samples)).text
    logs.configure("error", "text", ())
    with tempfile.TemporaryDirectory(prefix="dateline-demo-") as folder:
        async with Sandbox.start() as sandbox:
            try:
                show = _Show(sandbox, Path(folder), samples, words)
                await show.run()
            except TimeoutError as error:
                raise ServiceError(f"{error}, in vain", where="demo", hint="try again") from error
    if picture is not None:
        _write(picture, show.picture.svg())
    return 0


def _write(path: Path, text: str, *, mode: Literal["a", "w"] = "w") -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"cannot be written: {reason}", where=str(path)) from error


class _Show:
    """One performance."""

    def __init__(self, sandbox: Sandbox, folder: Path, samples: list[Sample], words: str) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._samples = samples
        self._words = words
        self.picture = Picture(CHANNEL)
        self._say = Transcript(self.picture)
        self._watcher = sandbox.add_user("Watcher", phone=PHONE)
        self._reader: User = sandbox.add_user("Reader")
        self._bot = sandbox.add_bot(BOT, token=f"1000:{secrets.token_hex(16)}")
        self._channel = sandbox.add_channel(CHANNEL, username=USERNAME, members=[self._watcher])
        self._chat: Chat = self._reader.chat_with(self._bot)
        self._origins: dict[str, Channel] = {}
        self._posted: list[list[Post]] = []
        self._counts = Counter[str]()

    async def run(self) -> None:
        environment = process.environment_for(
            self._sandbox, self._bot, self._folder, f"@{USERNAME}", SEND_RATE_CHAT="20"
        )
        await process.log_in(environment, self._folder, PHONE)
        service = ServiceProcess(environment, self._folder)
        try:
            await service.start()
            await service.wait_ready(TIMEOUT)
            self._database = await database.open_database(
                f"sqlite:///{self._folder / 'data' / 'dateline.db'}"
            )
            await self._perform()
            await self._database.close()
            await service.stop()
        finally:
            await service.kill()
        counted = [_count(self._counts[name], name, plural) for name, plural in _COUNTED]
        self._say.result(f"demo: {', '.join(counted)}")

    async def _perform(self) -> None:
        await self._wait(self._is_read, "the channel to be read")
        self._say.heading("A reader meets the bot.")
        for text in ("/start", f"/alert {self._words}", "/digest daily 08:00 Europe/Berlin"):
            await self._ask(text)
        self._say.heading("The channel posts, and forwards from others.")
        before = len(self._received())
        await self._post_all()
        self._counts["alert"] = len(self._received()) - before
        self._say.heading("The reader searches, and asks for a digest.")
        self._counts["search"] = await self._ask(f"/search {self._words}")
        self._counts["digest"] = await self._ask("/digest now")

    def _received(self) -> list[Message]:
        return self._sandbox.ledger.received_by(self._reader)

    async def _ask(self, text: str) -> int:
        """Write to the bot and show its whole answer; 1 if there was one."""
        before = len(self._received())
        self._say.wrote(text)
        await self._chat.ask(text, timeout=TIMEOUT)
        await self._wait(self._is_drained, "everything sent")
        for message in self._received()[before:]:
            self._say.received(message)
        return 1

    async def _post_all(self) -> None:
        """Post everything. When the first post that matches has been told, the reader stops the
        alert: one is enough to see."""
        query = syntax.parse(self._words)
        told = False
        for sample in self._samples:
            self._say.posted(CHANNEL, sample)
            posts = []
            for part in sample.parts:
                posts.append(await self._post(sample, part))
                if not told and demo_posts.matches(query, part):
                    told = True
                    await self._see_alert()
            self._posted.append(posts)
        await self._wait(self._is_stored, "every post stored")
        await self._wait(self._is_drained, "everything sent")
        self._counts["document"] = len(self._posted)

    async def _post(self, sample: Sample, part: str) -> Post:
        if sample.origin is None:
            return await self._channel.post(part)
        origin = self._origins.get(sample.origin)
        if origin is None:
            origin = self._origins[sample.origin] = self._sandbox.add_channel(sample.origin)
        return await self._channel.forward(await origin.post(part))

    async def _see_alert(self) -> None:
        alert = await self._chat.wait_for("🔔", timeout=TIMEOUT)
        self._say.received(alert)
        for verb in (keyboards.UNFOLD, keyboards.STOP_ASK):
            button, edits = _button(alert, verb), len(alert.edits)
            self._say.pressed(button.text)
            await self._chat.press(alert, button, timeout=TIMEOUT)
            await self._sandbox.wait_for(
                partial(_changed, alert, edits), what="the buttons to change"
            )

    async def _is_read(self) -> bool:
        async with self._database.reader() as conn:
            return (await backfills.count_recent(conn))[0] == 0

    async def _is_stored(self) -> bool:
        ids = [f"tg:{self._channel.id}/{post.id}" for posts in self._posted for post in posts]
        async with self._database.reader() as conn:
            return len(await documents.find_documents(conn, ids)) == len(ids)

    async def _is_drained(self) -> bool:
        async with self._database.reader() as conn:
            return not (await outbox.count_by_state(conn)).get("queued")

    async def _wait(self, is_so: Callable[[], Awaitable[bool]], what: str) -> None:
        """Look into the service's database, as an operator could, until something is so."""
        try:
            async with asyncio.timeout(TIMEOUT):
                for _ in itertools.count():
                    if await is_so():
                        return
                    await asyncio.sleep(POLL)
        except TimeoutError as error:
            raise TimeoutError(f"waited for {what}") from error


_COUNTED = (
    ("document", "documents"),
    ("alert", "alerts"),
    ("search", "searches"),
    ("digest", "digests"),
)


def _count(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _changed(message: Message, edits: int) -> bool | None:
    return len(message.edits) > edits or None


def _button(message: Message, verb: str) -> Button:
    for row in message.buttons:
        for button in row:
            if button.data and button.data.decode().split("|")[0] == verb:
                return button
    raise ServiceError("the alert has no button to remove it", where="demo")
