"""The private chat between the operator's account and the bot in which it is all seen."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from telethon import events
from telethon.tl import types
from telethon.tl.functions.auth import LogOutRequest
from telethon.tl.functions.messages import (
    DeleteMessagesRequest,
    EditMessageRequest,
    GetBotCallbackAnswerRequest,
    SendMessageRequest,
    SetBotCallbackAnswerRequest,
)

from bot.settings import Settings
from bot.telegram import clients, outgoing, signin
from bot.telegram.clients import Client
from bot.telegram.failures import CALL_ERRORS
from storage.errors import ServiceError
from storage.structs import replace

PATIENCE = 15.0
"""Seconds until what was sent has come on the other side, or has not."""


class Inbox:
    """What comes in at one client: messages by their text, and presses."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._messages: dict[str, events.NewMessage.Event] = {}
        self.presses: list[bytes] = []
        self._news = asyncio.Condition()
        client.add_event_handler(self._on_message, events.NewMessage(incoming=True))
        client.add_event_handler(self._on_press, events.Raw(types.UpdateBotCallbackQuery))
        client.begin()

    async def wait_message(self, text: str) -> events.NewMessage.Event:
        """The message with this text. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: text in self._messages)
        return self._messages[text]

    async def _on_message(self, event: events.NewMessage.Event) -> None:
        async with self._news:
            self._messages[event.raw_text] = event
            self._news.notify_all()

    async def _on_press(self, update: types.UpdateBotCallbackQuery) -> None:
        self.presses.append(update.data)
        with suppress(*CALL_ERRORS):
            await clients.call(
                self._client, SetBotCallbackAnswerRequest(update.query_id, cache_time=0)
            )


@asynccontextmanager
async def bot_session(settings: Settings, folder: Path) -> AsyncIterator[Client]:
    """The bot in a session of its own, which stands in ``folder``; the service's is not touched,
    for it stands for what the service has not handled yet."""
    own = replace(settings, data_dir=folder)
    async with signin.signed_in_bot(own) as bot:
        yield bot


async def log_out(bot: Client) -> None:
    """End the session for good."""
    with suppress(*CALL_ERRORS):
        await clients.call(bot, LogOutRequest())


@dataclass(slots=True)
class Chat:
    """Both sides of the chat, and all that was written in it. ``pause``: seconds after each of the
    bot's messages."""

    user: Client
    heard: Inbox
    pause: float
    to_bot: types.User = None
    to_user: types.TypeInputPeer | None = None
    _of_bot: set[int] = field(default_factory=set)
    _of_user: set[int] = field(default_factory=set)

    async def meet(self, bot: types.User, inbox: Inbox) -> None:
        """The account starts the bot, a user of Telegram's. Raises ServiceError when that does not
        reach it."""
        text = f"/start {secrets.token_hex(8)}"
        try:
            self.to_bot = await clients.within(self.user.get_input_entity(bot.username))
            await self.write(text)
            event = await inbox.wait_message(text)
        except CALL_ERRORS as error:
            raise signin.explain(error, where="probe") from error
        self.to_user = await event.get_input_sender()
        if self.to_user is None:
            raise ServiceError("the bot is not told who writes to it", where="probe")

    async def write(self, text: str) -> None:
        """The account writes to the bot."""
        request = SendMessageRequest(self.to_bot, text, random_id=new_id())
        self._of_user.add(outgoing.sent_id(await clients.call(self.user, request)) or 0)

    async def say(
        self, bot: Client, text: str, random_id: int = 0, **details: object
    ) -> types.TypeUpdates:
        """The bot writes to the account; gives the answer to the call."""
        request = SendMessageRequest(self.to_user, text, random_id=random_id or new_id(), **details)
        result = await clients.call(bot, request)
        self._of_bot.add(outgoing.sent_id(result) or 0)
        await asyncio.sleep(self.pause)
        return result

    async def edit(self, bot: Client, number: int, text: str) -> None:
        """The bot edits its message."""
        await clients.call(bot, EditMessageRequest(self.to_user, number, message=text))
        await asyncio.sleep(self.pause)

    async def delete(self, bot: Client, number: int) -> None:
        """The bot deletes its message on both sides."""
        await clients.call(bot, DeleteMessagesRequest([number], revoke=True))

    async def press(self, number: int, data: bytes) -> None:
        """The account presses a button of a message, by the number that this has for it."""
        await clients.call(self.user, GetBotCallbackAnswerRequest(self.to_bot, number, data=data))

    async def clear(self, bot: Client) -> None:
        """Delete all that was written."""
        for client, numbers in ((bot, self._of_bot), (self.user, self._of_user)):
            if known := sorted(numbers - {0}):
                await clients.call(client, DeleteMessagesRequest(known, revoke=True))


def new_id() -> int:
    """A ``random_id``."""
    return secrets.randbelow(2**63 - 1) + 1
