"""A button press as it comes from Telegram."""

from datetime import UTC, datetime

from msgspec import Struct
from telethon import utils
from telethon.tl import types

from bot.telegram import outgoing
from handlers.conversation.requests import Press
from handlers.render.text import keyboards
from storage.outbox import outbox_keys

UPDATES = (types.UpdateBotCallbackQuery, types.UpdateInlineBotCallbackQuery)


class Query(Struct, frozen=True, kw_only=True):
    """A press. ``data``: None if no button of ours has it; ``chat_id``: 0 if it is below no message
    of ours; ``access_hash``: the chat's, and ``language``: that of the person's app, if the update
    has them."""

    id: int
    user_id: int
    chat_id: int = 0
    message_id: int = 0
    data: str | None = None
    language: str | None = None
    access_hash: int | None = None

    def key(self, part: int | str) -> str:
        """The outbox key of a message that the press leads to."""
        return outbox_keys.press(self.chat_id, self.id, part)

    @property
    def is_private(self) -> bool:
        """Whether it was in the person's own chat with the bot."""
        return self.chat_id > 0

    def press(self) -> Press | None:
        """The press as handlers read it; None if no button of ours has its data."""
        if self.data is None or not self.chat_id:
            return None
        return Press(
            chat_id=self.chat_id,
            sender_id=self.user_id,
            data=self.data,
            now=datetime.now(UTC),
            message_id=self.message_id,
            language=self.language,
            is_private=self.is_private,
            may_manage=self.is_private or None,
        )


def read_press(update: types.TypeUpdate) -> Query:
    """The press of an update.

    Messages sent in inline mode are in no chat of ours: they have no buttons with data. A press in
    a private chat counts only if it is its owner's.
    """
    entities = getattr(update, "_entities", {})
    language = getattr(entities.get(update.user_id), "lang_code", None)
    query = Query(id=update.query_id, user_id=update.user_id, language=language)
    if not isinstance(update, types.UpdateBotCallbackQuery):
        return query
    chat_id = int(utils.get_peer_id(update.peer))
    if chat_id > 0 and chat_id != update.user_id:
        return query
    return Query(
        id=update.query_id,
        user_id=update.user_id,
        chat_id=chat_id,
        message_id=update.msg_id,
        data=keyboards.read_data(update.data),
        language=language,
        access_hash=outgoing.hash_of(entities.get(chat_id)),
    )
