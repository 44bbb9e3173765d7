"""A message to the bot, as it comes from Telegram."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from telethon import utils
from telethon.tl import types

from bot.serving import quoted
from bot.telegram import outgoing
from bot.telegram.clients import Client
from handlers.conversation.requests import Request
from storage.outbox import outbox_keys

UPDATES = (
    types.UpdateNewMessage,
    types.UpdateNewChannelMessage,
    types.UpdateShortMessage,
    types.UpdateShortChatMessage,
)


class Heard(Struct, frozen=True, kw_only=True):
    """A message. ``request``: what the update itself says of it; ``known``: the users and chats
    that came with the update, by marked id; ``album``: the id of the album that it is part of."""

    request: Request
    known: Mapping[int, object]
    album: int | None = None

    @property
    def language(self) -> str | None:
        """The language of the person's app, if the update names it."""
        sender = self.known.get(self.request.sender_id or 0)
        return getattr(sender, "lang_code", None)

    @property
    def access_hash(self) -> int | None:
        """The chat's access hash, if the update has it."""
        return outgoing.hash_of(self.known.get(self.request.chat_id))

    def key(self, part: int | str) -> str:
        """The outbox key of a part of the answer."""
        return outbox_keys.answer(self.request.chat_id, self.request.message_id, part)

    @property
    def ids(self) -> dict[str, Any]:
        """Its ids, for logs."""
        return {"chat": self.request.chat_id, "message": self.request.message_id}


def read_heard(client: Client, update: types.TypeUpdate) -> Heard | None:
    """The message of an update; None if there is none, or if it is the bot's own."""
    message = client.read_message(update)
    if message is None:
        return None
    is_channel = bool(message.post)
    reply_to, topic = outgoing.places_of(message.reply_to)
    request = Request(
        chat_id=int(utils.get_peer_id(message.peer_id)),
        sender_id=None if is_channel else message.sender_id,  # In a channel nobody is the sender.
        text=message.message or "",
        now=datetime.now(UTC),
        message_id=message.id,
        reply_to=reply_to,
        topic=topic,
        is_private=isinstance(message.peer_id, types.PeerUser),
        is_channel=is_channel,
        is_forwarded=message.fwd_from is not None,
        file=quoted.file_name(message.media),
    )
    return Heard(request=request, known=update._entities, album=message.grouped_id)


def name_of(chat: object) -> str | None:
    """A group's or channel's title, or a person's full name; None if it has none."""
    title = getattr(chat, "title", None)
    names = (title, getattr(chat, "first_name", None), getattr(chat, "last_name", None))
    return " ".join(name for name in names if name) or None
