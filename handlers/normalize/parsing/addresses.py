"""Where a message stands in Telegram: document id, link, and channels as people name them."""

import re

from handlers.normalize.parsing import times
from storage.document import Channel
from storage.errors import UsageError
from storage.times import from_partial

_NAME = re.compile(
    r"(?:https?://)?(?:(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?|@)?"
    r"(?P<username>[A-Za-z][A-Za-z0-9_]{2,31})/?",
    re.ASCII,
)
_PRIVATE = re.compile(r"(?:https?://)?t\.me/c/(?P<id>[0-9]{1,18})(?:/[0-9]*)?")
_NUMBER = re.compile(r"(?:-100)?(?P<id>[0-9]{5,18})", re.ASCII)


def channel_named(name: str) -> Channel:
    """The channel that ``@name``, ``name``, ``t.me/name``, ``t.me/c/…`` or a number names.

    Raises UsageError for anything else.
    """
    bare = name.strip()
    number = _PRIVATE.fullmatch(bare) or _NUMBER.fullmatch(bare)
    if number is not None:
        return Channel(id=int(number["id"]))
    found = _NAME.fullmatch(bare)
    if found is None:
        raise UsageError(
            f"{name!r} names no channel", where="channel", hint="give @name, t.me/name or an id"
        )
    return Channel(username=found["username"])


def doc_id(channel: Channel, message_id: int) -> str | None:
    """``tg:<channel_id>/<message_id>``, by name while the id is unknown, None without either."""
    if channel.id is not None:
        return f"tg:{channel.id}/{message_id}"
    if channel.username:
        return f"tg:@{channel.username}/{message_id}"
    return None


def link(channel: Channel, message_id: int, *, private: bool = False) -> str | None:
    """The post's address, None while the channel's name is unknown.

    ``private``: the channel is known to have no name; its posts open for its members only.
    """
    if channel.username:
        return f"https://t.me/{channel.username}/{message_id}"
    if private and channel.id is not None:
        return f"https://t.me/c/{channel.id}/{message_id}"
    return None


def of_user(user_id: int | None) -> str | None:
    """A person as Telegram's applications address one who has no name."""
    return None if user_id is None else f"tg://user?id={user_id}"


def of_time(date: object) -> str | None:
    """A moment (see ``times.text``) as Telegram's applications write one into a text."""
    moment = from_partial(times.text(date))
    return None if moment is None else f"tg://time?unix={int(moment.timestamp())}"


def joined(known: Channel, given: Channel | None) -> Channel:
    """What a file says of its channel, filled up with what the person named.

    A name given for a file that names another channel changes nothing.
    """
    if given is None:
        return known
    if known.username and given.username and known.username.lower() != given.username.lower():
        return known
    if known.id is not None and given.id is not None and known.id != given.id:
        return known
    return Channel(
        id=known.id if known.id is not None else given.id,
        username=known.username or given.username,
        title=known.title or given.title,
    )
