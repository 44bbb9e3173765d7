"""News of troubles: for every listener, and as messages to the operators.

A message goes through the outbox like every other. If that cannot be written, which may be the very
trouble, it is sent directly.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import structlog

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from handlers.operators.alarm import Alarm, News
from handlers.operators.notices import Notices
from handlers.operators.troubles import TOLD_APART, Troubles
from storage.connection import Database
from storage.errors import StorageError
from storage.records import Subscriber
from storage.subscribers import subscribers

LOOK_SECONDS = 1.0
WRITE_TIMEOUT = 5.0
AGAIN_SECONDS = 5.0

Listener = Callable[[News], None]

log = structlog.get_logger("telling")


class NewsFeed:
    """Looks at the troubles every second and passes news of them to each listener."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._alarm = Alarm()
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` with each piece of news from now on; it must not wait."""
        self._listeners.append(listener)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            for news in self._alarm.observe(self._troubles.list_all(), datetime.now(UTC)):
                for listener in self._listeners:
                    listener(news)
            await asyncio.sleep(LOOK_SECONDS)


class OperatorQueue:
    """The news to send to the operators, in order."""

    def __init__(self) -> None:
        self._news: asyncio.Queue[News] = asyncio.Queue()

    def tell(self, news: News) -> None:
        """Queue news for sending, except those that have notices of their own."""
        if news.text in TOLD_APART:
            return
        self._news.put_nowait(news)

    async def run(self, teller: "NewsSender") -> None:
        """Send what is queued until cancelled."""
        while True:
            await teller.tell(await self._news.get())


class NewsSender:
    """Sends news to the operators, through the outbox or directly."""

    def __init__(self, database: Database, notices: Notices, bot: Client) -> None:
        self._database = database
        self._notices = notices
        self._bot = bot

    async def tell(self, news: News) -> None:
        """Send news to every operator, retrying until each has it."""
        left = set(self._notices.admins)
        while left and not await self._queued(news, left):
            left -= {admin for admin in left if await self._sent_at_once(news, admin)}
            if left:
                await asyncio.sleep(AGAIN_SECONDS)

    async def _queued(self, news: News, admins: Iterable[int]) -> bool:
        try:
            async with asyncio.timeout(WRITE_TIMEOUT), self._database.transaction() as tx:
                await self._notices.add_for(
                    admins, tx, _key_of(news), _name_of(news), what=news.text
                )
        except (StorageError, TimeoutError) as error:
            log.debug("news was not queued", reason=news.reason, error=str(error))
            return False
        return True

    async def _sent_at_once(self, news: News, admin: int) -> bool:
        """Send directly; returns whether that succeeded."""
        subscriber = await self._find(admin)
        message = self._notices.write(subscriber, _name_of(news), what=news.text)
        to = outgoing.peer(admin, subscriber.access_hash if subscriber else None)
        digest = hashlib.sha256(f"{_key_of(news)}:{admin}".encode()).digest()
        random_id = int.from_bytes(digest[:8], "big", signed=True) or 1
        try:
            await clients.call(self._bot, outgoing.send_request(to, message, random_id))
        except failures.CALL_ERRORS as error:
            failure = failures.failure_of(error)
            log.debug("news was not sent", chat=admin, reason=failure.reason)
            return failure.kind == "duplicate"
        return True

    async def _find(self, admin: int) -> Subscriber | None:
        try:
            async with asyncio.timeout(WRITE_TIMEOUT), self._database.reader() as conn:
                return await subscribers.find_subscriber(conn, admin)
        except (StorageError, TimeoutError):
            return None


def _name_of(news: News) -> str:
    return f"{'over' if news.is_over else 'trouble'}_{news.reason}"


def _key_of(news: News) -> str:
    return f"{_name_of(news)}:{news.since.isoformat()}"
