"""Sends sentences at once, bypassing the outbox, when an answer cannot be stored."""

import asyncio
import hashlib

import structlog

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText

log = structlog.get_logger("serve")


class Sentences:
    """Sends a sentence once: its random id follows from ``key``, so that the server refuses it when
    it is sent again after a crash. A sentence that fails is not retried."""

    def __init__(self, client: Client, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    async def say(
        self,
        chat_id: int,
        access_hash: int | None,
        text: str,
        *,
        key: str,
        topic: int | None = None,
    ) -> None:
        """Send a text to a chat, in a topic of it; ``key`` names what it is about."""
        await self._wait_turn(chat_id)
        to = outgoing.peer(chat_id, access_hash)
        try:
            request = outgoing.send_request(
                to, Message(RichText(text)), random_id_of(key), topic=topic
            )
            await clients.call(self._client, request)
        except failures.CALL_ERRORS as error:
            failure = failures.failure_of(error)
            if failure.kind != "duplicate":
                log.warning("not said", chat=chat_id, about=key, reason=failure.reason)

    async def _wait_turn(self, chat_id: int) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            now = clock()
            ready_at = self._pace.ready_at(chat_id, now)
            if ready_at <= now:
                self._pace.take(chat_id, now)
                return
            await asyncio.sleep(ready_at - now)


def random_id_of(key: str) -> int:
    """A key's random id, by which the server recognizes a repeated message: 64 bits, signed, not
    zero."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) or 1
