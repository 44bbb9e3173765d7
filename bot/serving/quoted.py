"""Fetches messages and files that people answer to or send, by message id: bots may read those that
they are shown (core.telegram.org/method/messages.getMessages)."""

import structlog
from telethon.tl import types
from telethon.tl.functions import channels, messages

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from bot.telegram.retry import FailureKind
from handlers.conversation.requests import GivenFile
from storage.channels import chat_ids
from storage.connection import Database
from storage.subscribers import subscribers

PART = 512 * 1024
"""Bytes requested at a time, the most that Telethon accepts."""

_PASSING: frozenset[FailureKind] = frozenset({"timeout", "network", "server", "flood"})

log = structlog.get_logger("quoted")


class Quoted:
    """Fetches messages from Telegram, each time anew."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    async def text_of(self, chat_id: int, message_id: int) -> str | None:
        """The message's text; None if the message is gone, has no text, is the bot's own, or cannot
        be had."""
        try:
            found = await self._ask(chat_id, message_id)
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("what was answered is not known", chat=chat_id, reason=reason)
            return None
        if not isinstance(found, types.Message) or found.out:
            return None
        return found.message or None

    async def file_of(self, chat_id: int, message_id: int, most: int) -> GivenFile | None:
        """The message's file. Its data is None if it has more than ``most`` bytes; ``is_late``:
        another try may succeed. None if there is no file, or it cannot be read."""
        try:
            document = _document(getattr(await self._ask(chat_id, message_id), "media", None))
            if document is None:
                return None
            if document.size > most:
                return GivenFile(document.size, None)
            return GivenFile(document.size, await clients.within(self._read(document, most)))
        except failures.CALL_ERRORS as error:
            failure = failures.failure_of(error)
            log.warning("a file is not read", chat=chat_id, reason=failure.reason)
            return GivenFile(0, None, is_late=True) if failure.kind in _PASSING else None

    async def _read(self, document: types.Document, most: int) -> bytes | None:
        """The file's bytes; None if there are more than ``most``."""
        data = bytearray()
        async for part in self._client.iter_download(document, request_size=PART):
            data += part
            if len(data) > most:
                return None
        return bytes(data)

    async def _ask(self, chat_id: int, message_id: int) -> object:
        wanted = [types.InputMessageID(message_id)]
        request = messages.GetMessagesRequest(wanted)
        if chat_ids.is_channel(chat_id):
            async with self._database.reader() as conn:
                chat = await subscribers.find_subscriber(conn, chat_id)
            place = outgoing.peer(chat_id, chat.access_hash if chat else None)
            request = channels.GetMessagesRequest(place, wanted)
        result = await clients.call(self._client, request)
        return next(iter(result.messages), None)


def file_name(media: object) -> str | None:
    """The name of a message's file, "" if it has none; None without a file."""
    document = _document(media)
    if document is None:
        return None
    named = (getattr(attribute, "file_name", None) for attribute in document.attributes)
    return next((name for name in named if name), "")


def _document(media: object) -> types.Document | None:
    document = getattr(media, "document", None)
    return document if isinstance(document, types.Document) else None
