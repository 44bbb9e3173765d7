"""What somebody wrote in a chat, asked for by its number: bots may read what they are answered to
(core.telegram.org/method/messages.getMessages)."""

import structlog
from telethon.tl import types
from telethon.tl.functions import channels, messages

from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from storage.channels import chat_ids
from storage.connection import Database
from storage.subscribers import subscribers

log = structlog.get_logger("quoted")


class Quoted:
    """Asks Telegram for the text of a message, each time anew."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    async def text_of(self, chat_id: int, message_id: int) -> str | None:
        """Its words; None for what is gone, has none, or is the bot's own."""
        try:
            found = await self._ask(chat_id, message_id)
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("what was answered is not known", chat=chat_id, reason=reason)
            return None
        if not isinstance(found, types.Message) or found.out:
            return None
        return found.message or None

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
