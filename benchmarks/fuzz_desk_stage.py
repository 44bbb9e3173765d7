"""The real desk on a real database, with people who are at it and people who are not.

Nothing is sent over a network: where Telethon would call Telegram, the calls are answered as
Telegram may answer them, by objects of its own kinds, or refused.
"""

import asyncio
import contextlib
import json
import random
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from telethon import errors, utils
from telethon.tl import functions, types

from bot.process.gate import Gate
from bot.proxies.route import Route
from bot.serving.receiver import Receiver
from bot.settings import Settings
from bot.telegram import kept_session
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from bot.telegram.roles import Roles
from handlers.conversation.services import Services
from storage.connection import Database
from storage.database import open_database

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
BOT = 7_000_000_001
ANN, BEN, CY, EVE = 5_000_000_001, 5_000_000_002, 5_000_000_003, 5_000_000_004
"""Ann and Ben are left in peace; Cy and Eve are at it. Cy manages the crew, Eve is in it."""
CREW, CLUB = 1_700_000_001, 1_700_000_002
"""A group and a channel; the channel is Ann's."""
PEOPLE = {ANN: "Ann", BEN: "Ben", CY: "Cy", EVE: "Eve"}
REFUSALS = (
    errors.MessageIdInvalidError,
    errors.MessageNotModifiedError,
    errors.MessageEditTimeExpiredError,
    errors.InputUserDeactivatedError,
    errors.ChatWriteForbiddenError,
)


def marked(channel_id: int) -> int:
    """A channel's marked id."""
    return int(utils.get_peer_id(types.PeerChannel(channel_id)))


class QuietClient(Client):
    """The bot's client, never connected: what it calls is answered here, mostly well.

    ``shown`` is told of every button that is drawn or offered anywhere.
    """

    chance: random.Random
    calls: Counter[str]
    shown: deque[bytes]

    async def __call__(self, request: Any, *_: Any, **__: Any) -> Any:
        """An answer of Telegram's, or an error; what cannot be written as bytes raises."""
        await request.resolve(self, utils)
        bytes(request)
        self.calls[type(request).__name__] += 1
        self._look_at(request)
        match request:
            case functions.channels.GetParticipantRequest():
                return self._participant(request)
            case functions.messages.SetBotCallbackAnswerRequest():
                if self.chance.random() < 0.02:
                    raise errors.QueryIdInvalidError(request)
                return True
            case functions.messages.SetInlineBotResultsRequest():
                if len(request.results) > 50:
                    raise errors.ResultsTooMuchError(request)
                return True
            case functions.messages.EditMessageRequest() | functions.messages.SendMessageRequest():
                if self.chance.random() < 0.1:
                    raise self.chance.choice(REFUSALS)(request)
                return types.Updates(updates=[], users=[], chats=[], date=WHEN, seq=0)
        raise errors.UserIdInvalidError(request)

    def _participant(self, request: Any) -> Any:
        user_id = getattr(request.participant, "user_id", 0)
        channel_id = getattr(request.channel, "channel_id", 0)
        rights = types.ChatAdminRights(post_messages=True)
        if (channel_id, user_id) in ((CREW, CY), (CLUB, ANN)):
            found: Any = types.ChannelParticipantAdmin(user_id, CY, WHEN, rights)
        elif (channel_id, user_id) == (CREW, EVE):
            found = types.ChannelParticipant(user_id, WHEN)
        else:
            raise errors.UserNotParticipantError(request)
        return types.channels.ChannelParticipant(found, [], [])

    def _look_at(self, request: Any) -> None:
        markup = getattr(request, "reply_markup", None)
        for row in getattr(markup, "rows", ()):
            for button in row.buttons:
                data = getattr(getattr(button, "type", button), "data", None)
                if data:
                    self.shown.append(data)


class CountedTasks(asyncio.TaskGroup):
    """A group of tasks that tells when none of them runs."""

    def __init__(self) -> None:
        super().__init__()
        self._running: set[asyncio.Task[Any]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def create_task(self, *arguments: Any, **options: Any) -> asyncio.Task[Any]:
        """Start a task and count it."""
        task = super().create_task(*arguments, **options)
        self._running.add(task)
        self._idle.clear()
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not self._running:
            self._idle.set()

    async def wait_idle(self) -> None:
        """Wait until everything that was begun has ended."""
        await self._idle.wait()


class FuzzStage:
    """The desk and what is behind it; ``seen`` is the data of buttons that somebody was shown."""

    def __init__(
        self, client: QuietClient, database: Database, gate: Gate, tasks: CountedTasks
    ) -> None:
        self.client = client
        self.database = database
        self.gate = gate
        self.tasks = tasks
        services = Services(
            database=database,
            bot_username="dateline_bot",
            admins=frozenset({BEN}),
            search_seconds=30.0,
            role_of=Roles(client, database).role_of,
        )
        self.desk = Receiver(
            client,
            services,
            Pace(overall=1e9, per_chat=1e9, per_group=1e9),
            gate,
            commands_per_minute=10**9,
            presses_per_minute=10**9,
            tasks=tasks,
        )
        self.desk.open()
        client.begin()

    async def feed(self, update: Any, users: Iterable[Any], chats: Iterable[Any]) -> None:
        """Hand one update in, as Telethon's loop does."""
        prepared = await self.client._preprocess_updates([update], list(users), list(chats))
        for one in prepared:
            await self.client._dispatch_update(one)

    async def clear_answers(self) -> None:
        """Take the answers out of the outbox, as if they had been sent, and note their buttons."""
        async with self.database.transaction() as tx:
            rows = await tx.fetch_all(
                "SELECT payload FROM delivery WHERE kind = 'answer' ORDER BY id DESC LIMIT 50"
            )
            await tx.execute("DELETE FROM delivery WHERE kind = 'answer'")
        for row in rows:
            for line in json.loads(row["payload"]).get("keyboard", ()):
                self.client.shown.extend(data.encode() for _, data, _ in line if data)


@contextlib.asynccontextmanager
async def staged(folder: Path, chance: random.Random) -> AsyncIterator[FuzzStage]:
    """A stage in an empty folder."""
    settings = Settings(api_id=1, api_hash="hash", bot_token="7000000001:token")  # noqa: S106
    session = kept_session.KeptSession(folder / "bot.session")
    client = QuietClient(session, settings, account="bot", route=Route())
    client.chance, client.calls, client.shown = chance, Counter(), deque(maxlen=4000)
    client._mb_entity_cache.set_self_user(BOT, True, 1)
    database = await open_database(f"sqlite:///{folder / 'dateline.db'}")
    try:
        async with CountedTasks() as tasks:
            stage = FuzzStage(client, database, Gate(), tasks)
            yield stage
            await tasks.wait_idle()
    finally:
        await database.close()
        session.close()


def everybody(*, is_min: bool = False) -> tuple[list[Any], list[Any]]:
    """The people, and the group and channel, as updates bring them."""
    users = [
        types.User(id=user_id, first_name=name, access_hash=user_id * 2, min=is_min, lang_code="en")
        for user_id, name in PEOPLE.items()
    ]
    photo = types.ChatPhotoEmpty()
    chats = [
        types.Channel(CREW, "Crew", photo, WHEN, access_hash=22, megagroup=True, min=is_min),
        types.Channel(CLUB, "Club", photo, WHEN, access_hash=24, broadcast=True, min=is_min),
    ]
    return users, chats
