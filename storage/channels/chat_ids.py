"""Telegram's two ways to number a channel: by its own number, and as a chat among all others.

A channel 1234 is the chat -1000000001234: people, basic groups and channels are numbered each for
themselves, and the mark keeps them apart where one number has to name any of them. Supergroups are
channels here, as they are for Telegram (core.telegram.org/api/bots/ids).
"""

_MARK = -1_000_000_000_000
PEOPLE_AND_GROUPS = range(_MARK, 64 * 10**12)
"""The chat ids of people and basic groups."""


def of_channel(channel_id: int) -> int:
    """The chat id of the channel with a number: -1000000001234 for 1234."""
    return _MARK - channel_id


def is_channel(chat_id: int) -> bool:
    """Whether a chat id is that of a channel or a supergroup."""
    return chat_id < _MARK


def is_basic_group(chat_id: int) -> bool:
    """Whether a chat id is that of a group that is no supergroup."""
    return _MARK <= chat_id < 0


def channel_of(chat_id: int) -> int | None:
    """The number of the channel with a chat id: 1234 for -1000000001234; None for other chats."""
    return _MARK - chat_id if is_channel(chat_id) else None
