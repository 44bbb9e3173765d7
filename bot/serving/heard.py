"""A message to the bot, as it comes from Telegram."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
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
    types.UpdateEditMessage,
    types.UpdateEditChannelMessage,
)
EDITED_WITHIN = timedelta(days=2)
"""How long after it was sent an edited message is answered: people may edit theirs for so long."""
KEPT_TEXTS = 4096
"""The number of messages whose last text is remembered."""


class Heard(Struct, frozen=True, kw_only=True):
    """A message. ``request``: what the update itself says of it; ``known``: the users and chats
    that came with the update, by marked id; ``album``: the id of the album that it is part of;
    ``edited_at``: when it was edited last; ``is_again``: an edit gives it a text that it had by an
    earlier edit, and not since."""

    request: Request
    known: Mapping[int, object]
    album: int | None = None
    edited_at: datetime | None = None
    is_again: bool = False

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
        """The outbox key of a part of the answer. Each text of an edited message has its own."""
        return self.edit_key(part) if self.request.is_edit else self.sent_key(part)

    def sent_key(self, part: int | str) -> str:
        """The key if the message was sent with its text."""
        return self.former_key(f"{_text_key(self.request.text)}-{part}")

    def edit_key(self, part: int | str) -> str:
        """The key if the message has its text by an edit. A message that was missed is reported as
        edited and as new, both times with its last text, the edit first."""
        at = f"-{self.edited_at.timestamp():.0f}" if self.is_again and self.edited_at else ""
        return self.former_key(f"edit-{_text_key(self.request.text)}{at}-{part}")

    def former_key(self, part: int | str) -> str:
        """The key of an older version, which did not say which text was answered."""
        return outbox_keys.answer(self.request.chat_id, self.request.message_id, part)

    @property
    def ids(self) -> dict[str, Any]:
        """Its ids, for logs."""
        return {"chat": self.request.chat_id, "message": self.request.message_id}


class Texts:
    """The texts of the last messages, in memory: Telegram reports an edit also where the text stays
    the same, as of a live location."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, int], str] = OrderedDict()

    def is_known(self, heard: Heard) -> bool:
        """Whether it is known what a message said when it was last heard."""
        return _whose(heard) in self._known

    def is_changed(self, heard: Heard) -> bool:
        """Whether it is known that a message said something else when it was last heard."""
        whose, text = _whose(heard), _text_key(heard.request.text)
        return self._known.get(whose, text) != text

    def is_new(self, heard: Heard) -> bool:
        """Whether a message says something else than when it was last heard, if that is known; what
        it says is remembered."""
        whose, text = _whose(heard), _text_key(heard.request.text)
        is_same = self._known.get(whose) == text
        self._known[whose] = text
        self._known.move_to_end(whose)
        if len(self._known) > KEPT_TEXTS:
            self._known.popitem(last=False)
        return not is_same


def _whose(heard: Heard) -> tuple[int, int]:
    return heard.request.chat_id, heard.request.message_id


def _text_key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def read_heard(client: Client, update: types.TypeUpdate) -> Heard | None:
    """The message of an update; None if there is none, or if it is the bot's own, or an edit that
    is not answered: without words, hidden (a reaction), or of an old message."""
    message = client.read_message(update)
    if message is None:
        return None
    is_edit = isinstance(update, types.UpdateEditMessage | types.UpdateEditChannelMessage)
    if is_edit and not _may_answer_edit(message):
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
        is_edit=is_edit,
        sent_at=message.date,
    )
    return Heard(
        request=request,
        known=update._entities,
        album=message.grouped_id,
        edited_at=message.edit_date,
    )


def _may_answer_edit(message: types.Message) -> bool:
    if not message.message or message.edit_hide or message.edit_date is None:
        return False
    return message.date is None or message.edit_date - message.date <= EDITED_WITHIN


def name_of(chat: object) -> str | None:
    """A group's or channel's title, or a person's full name; None if it has none."""
    title = getattr(chat, "title", None)
    names = (title, getattr(chat, "first_name", None), getattr(chat, "last_name", None))
    return " ".join(name for name in names if name) or None
