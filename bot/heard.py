"""A message to the bot, as it comes from Telegram."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

from bot import wire
from bot.telegram import Client
from handlers.requests import Request
from storage import outbox_keys

UPDATES = (
    types.UpdateNewMessage,
    types.UpdateNewChannelMessage,
    types.UpdateShortMessage,
    types.UpdateShortChatMessage,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message: ``request`` is what the update itself says of it, ``event`` is Telethon's.

    ``language`` and ``access_hash``, those of the person's app and of the chat, may be unknown.
    """

    request: Request
    event: Any
    is_forwarded: bool
    language: str | None
    access_hash: int | None

    def key(self, part: int | str) -> str:
        """Names a part of the answer in the outbox."""
        return outbox_keys.answer(self.request.chat_id, self.request.message_id, part)

    @property
    def ids(self) -> dict[str, Any]:
        """What it is called in the log."""
        return {"chat": self.request.chat_id, "message": self.request.message_id}


def read_heard(client: Client, update: Any) -> Heard | None:
    """The message of an update; None where it brings none, or one of the bot's own."""
    event = client.read_message(update)
    if event is None:
        return None
    message = event.message
    is_channel = bool(message.post)
    request = Request(
        chat_id=event.chat_id,
        sender_id=None if is_channel else event.sender_id,  # In a channel nobody is the sender.
        text=message.message or "",
        now=datetime.now(UTC),
        message_id=message.id,
        is_private=bool(event.is_private),
        is_channel=is_channel,
    )
    return Heard(
        request=request,
        event=event,
        is_forwarded=message.fwd_from is not None,
        language=getattr(event.sender, "lang_code", None),
        access_hash=wire.hash_of(event.chat),
    )


def name_of(chat: Any) -> str | None:
    """A group's or channel's title, a person's names."""
    title = getattr(chat, "title", None)
    names = (title, getattr(chat, "first_name", None), getattr(chat, "last_name", None))
    return " ".join(name for name in names if name) or None
