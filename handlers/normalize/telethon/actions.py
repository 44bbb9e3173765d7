"""Service messages of Telethon: what happened, and the text that comes with it. Duck-typed: knows
no Telethon."""

import re
from collections.abc import Mapping

from handlers.normalize.parsing.fields import kind, listed
from handlers.normalize.telethon import media as telethon_media
from storage.document import Block, Media

_TO_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# One vocabulary for every source: the words of Telegram Desktop's exports.
_NAMES: Mapping[str, str] = {
    "ChannelCreate": "create_channel",
    "ChatCreate": "create_group",
    "ChatEditTitle": "edit_group_title",
    "ChatEditPhoto": "edit_group_photo",
    "ChatDeletePhoto": "delete_group_photo",
    "ChatAddUser": "invite_members",
    "ChatDeleteUser": "remove_members",
    "ChatJoinedByLink": "join_group_by_link",
    "ChatJoinedByRequest": "join_group_by_request",
    "ChatMigrateTo": "migrate_to_supergroup",
    "ChannelMigrateFrom": "migrate_from_group",
    "HistoryClear": "clear_history",
    "SetMessagesTTL": "set_messages_ttl",
    "TopicCreate": "topic_created",
    "GiveawayLaunch": "giveaway_launch",
    "SetChatTheme": "edit_chat_theme",
}


def name(action: object) -> str:
    """``pin_message``, ``create_channel``; in snake case for those that exports do not name."""
    own = kind(action).removeprefix("MessageAction")
    return _NAMES.get(own) or _TO_SNAKE.sub("_", own).lower()


def title(action: object) -> str | None:
    """The new name of a chat, a topic or a gift, else the text of the action."""
    gift = getattr(action, "gift", None)
    for record, field in ((action, "title"), (gift, "title"), (action, "message")):
        found = telethon_media.plain(getattr(record, field, None))
        if found is not None:
            return found
    return None


def body(action: object) -> tuple[Block, ...]:
    """The text besides the title: a note, new tasks of a checklist, an answer added to a poll."""
    notes = [telethon_media.plain(getattr(action, field, None)) for field in _NOTES]
    found = [Block(type="para", text=note) for note in notes if note and note != title(action)]
    items = [getattr(item, "title", None) for item in listed(action, "list")]
    items.append(getattr(getattr(action, "answer", None), "text", None))
    texts = [telethon_media.plain(item) for item in items]
    return (*found, *(Block(type="bullet", text=text) for text in texts if text))


def media(action: object) -> tuple[Media, ...]:
    """What comes with an answer to vote for."""
    return telethon_media.read(
        getattr(getattr(action, "answer", None), "media", None), message_id=None
    )


_NOTES = ("message", "reject_comment")
