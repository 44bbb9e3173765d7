"""Makes the head of each day when it has ended, and puts it where others date it.

A head holds all before it, so only the last one is posted and stamped: what was closed while the
service was down needs nothing of its own.
"""

import asyncio
import contextlib
from datetime import UTC, datetime

import httpx2
import structlog

from bot.anchoring import authority
from bot.anchoring.destination import Destination, find_destination
from bot.anchoring.timestamps import RefusedError
from bot.telegram.clients import Client
from handlers.operators.heads import HeadWriter
from handlers.operators.notices import Notices
from handlers.operators.troubles import level_of
from storage.chain import heads, stamps
from storage.chain.heads import Head
from storage.connection import Database
from storage.errors import DatelineError, StorageError
from storage.outbox import notices as waiting
from storage.outbox.gate import Outbox
from storage.structs import replace
from storage.version import __version__

LOOK_SECONDS = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0
"""Seconds until what failed is tried again; the pause doubles."""
TOLD_AFTER = 3
"""The number of failures in a row after which the operators are told."""

log = structlog.get_logger("anchors")


class Attempts:
    """When something is tried again, and whether its failing is to be told."""

    def __init__(self) -> None:
        self._failed = 0
        self._again_at = float("-inf")

    @property
    def is_due(self) -> bool:
        return asyncio.get_running_loop().time() >= self._again_at

    def fail(self) -> bool:
        """Note a failure; whether it is to be told now."""
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failed)
        self._failed = min(self._failed + 1, 20)
        self._again_at = asyncio.get_running_loop().time() + pause
        return self._failed == TOLD_AFTER

    def succeed(self) -> None:
        self._failed, self._again_at = 0, float("-inf")


class Anchors:
    """``channel`` and ``authority_url`` are the settings; either may be None."""

    def __init__(
        self,
        database: Database,
        bot: Client,
        outbox: Outbox,
        notices: Notices,
        writer: HeadWriter,
        *,
        channel: str | None,
        authority_url: str | None,
    ) -> None:
        self._database = database
        self._bot = bot
        self._outbox = outbox
        self._notices = notices
        self._writer = writer
        self._channel = channel
        self._url = authority_url
        self._destination: Destination | None = None
        self._posting = Attempts()
        self._stamping = Attempts()

    async def run(self) -> None:
        """Go on for ever; cancel it to stop."""
        async with contextlib.AsyncExitStack() as stack:
            web: httpx2.AsyncClient | None = None
            if self._url is not None:  # a web client takes some 50 ms of a start
                headers = {"User-Agent": f"Dateline/{__version__}"}
                client = httpx2.AsyncClient(headers=headers, timeout=authority.TIMEOUT)
                web = await stack.enter_async_context(client)
            while True:
                try:
                    await self.look(web, datetime.now(UTC))
                except StorageError as error:
                    log.log(level_of(error), "heads were not made", error=str(error))
                await asyncio.sleep(LOOK_SECONDS)

    async def look(self, web: httpx2.AsyncClient | None, now: datetime) -> None:
        """Make the heads of days that have ended, and put the last one where it belongs; ``web`` is
        needed for an authority alone."""
        await heads.close_days(self._database, now=now)
        async with self._database.reader() as conn:
            last = await heads.find_last(conn)
        if last is None:
            return
        if self._channel is not None and self._posting.is_due:
            await self._post(self._channel, last, now)
        if web is not None and self._url is not None and self._stamping.is_due:
            await self._stamp(web, self._url, last)

    async def _post(self, channel: str, head: Head, now: datetime) -> None:
        try:
            if self._destination is None:
                self._destination = await find_destination(self._bot, channel)
            await self._queue(self._destination, head, now)
        except StorageError:
            raise
        except DatelineError as error:
            log.warning("a head was not posted", head=head.number, reason=error.what)
            if self._posting.fail():
                await self._tell(head, "head_unposted", error.what)
        else:
            self._posting.succeed()

    async def _queue(self, to: Destination, head: Head, now: datetime) -> None:
        """Queue it once; what Telegram refuses is an error as well, at the next look."""
        async with self._database.transaction() as tx:
            if await stamps.is_posted(tx, to.chat_id, head.hash):
                refused = await waiting.find_refusal(tx, to.chat_id)
            else:
                refused = None
                await stamps.note_posted(tx, to.chat_id, head.hash)
                message = replace(self._writer.write(head).to_payload(), access_hash=to.access_hash)
                event = f"head:{head.hash.hex()}"
                await self._outbox.queue_notice(tx, to.chat_id, event, message, now=now)
        if refused is not None:
            raise DatelineError(refused)

    async def _stamp(self, web: httpx2.AsyncClient, url: str, head: Head) -> None:
        async with self._database.reader() as conn:
            if await stamps.is_stamped(conn, head.number):
                return
        try:
            answer, stamp = await authority.stamp(web, url, head.hash)
        except RefusedError as error:
            log.warning("a head was not stamped", head=head.number, reason=error.what)
            if self._stamping.fail():
                await self._tell(head, "head_unstamped", error.what)
            return
        self._stamping.succeed()
        async with self._database.transaction() as tx:
            await stamps.add_stamp(tx, head.number, answer, stamped_at=stamp.stamped_at)
        log.info("a head was stamped", head=head.number, at=stamp.stamped_at.isoformat())

    async def _tell(self, head: Head, name: str, what: str) -> None:
        async with self._database.transaction() as tx:
            key = f"{name}:{head.hash.hex()}"
            await self._notices.add(tx, key, name, day=head.day, what=what)
