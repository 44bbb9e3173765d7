"""Where a Telethon message came from and what it answers. Duck-typed: knows no Telethon."""

from collections.abc import Mapping

from handlers.normalize.parsing import times
from handlers.normalize.parsing.fields import kind, whole, words
from storage.channels import chat_ids
from storage.document import Channel, Forward, Reply

Peers = Mapping[int, Channel]
"""Names by marked id (users positive, channels ``-100…``, groups negative): ``title`` is what a
reader sees, for a user the full name."""


def read_forward(message: object, *, channel: Channel, peers: Peers) -> Forward | None:
    """The original of a forwarded message: a channel's post, a user's, a hidden user's.

    A channel that forwards its own posts is named as ``channel``; other names come from ``peers``,
    else from what Telethon resolved itself (``message.forward``).
    """
    header = getattr(message, "fwd_from", None)
    if header is None:
        return None
    origin = getattr(header, "from_id", None)
    channel_id = whole(origin, "channel_id") or whole(header, "channel_id")
    user_id = whole(origin, "user_id")
    known = _named(message, channel_id, user_id, channel, peers)
    if channel_id is None and user_id is None and kind(origin) != "PeerChat":
        name = words(header, "from_name")
        return Forward(name=name, kind="hidden_user", date=_date(header))
    return Forward(
        name=(known.title if known else None) or words(header, "from_name"),
        author=words(header, "post_author"),
        channel_id=channel_id,
        username=known.username if known else None,
        message_id=_post(header, channel_id),
        date=_date(header),
        kind="channel" if channel_id is not None else "user" if user_id is not None else None,
        user_id=user_id,
    )


def read_reply(message: object, *, channel: Channel) -> Reply | None:
    """What a message answers, with the part that it quotes; in its own channel unless it says.

    What stands in a chat that is not to be seen has no number in the header, but an origin.
    """
    header = getattr(message, "reply_to", None)
    message_id, story_id = whole(header, "reply_to_msg_id"), whole(header, "story_id")
    quote = words(header, "quote_text")
    origin = getattr(header, "reply_from", None)
    if message_id is None and story_id is None and quote is None and origin is None:
        return None
    if story_id is not None:
        owner = whole(getattr(header, "peer", None), "channel_id")
        return Reply(channel_id=owner, story_id=story_id)
    peer = getattr(header, "reply_to_peer_id", None)
    elsewhere = whole(peer, "channel_id")
    if message_id is None and origin is not None:
        elsewhere = whole(getattr(origin, "from_id", None), "channel_id")
        message_id = _post(origin, elsewhere)
    own = channel.id if peer is None and origin is None and message_id is not None else None
    return Reply(channel_id=elsewhere or own, message_id=message_id, quote=quote)


def _named(
    message: object, channel_id: int | None, user_id: int | None, channel: Channel, peers: Peers
) -> Channel | None:
    if channel_id is not None:
        if channel_id == channel.id:
            return channel
        known = peers.get(chat_ids.of_channel(channel_id))
    else:
        known = peers.get(user_id) if user_id is not None else None
    return known or _resolved(getattr(message, "forward", None))


def _resolved(forward: object) -> Channel | None:
    """The origin as Telethon's own ``Forward`` knows it from the update that brought the post."""
    chat = getattr(forward, "chat", None)
    if chat is not None:
        return Channel(username=words(chat, "username"), title=words(chat, "title"))
    sender = getattr(forward, "sender", None)
    if sender is None:
        return None
    names = (words(sender, "first_name"), words(sender, "last_name"))
    full = " ".join(name for name in names if name) or words(sender, "title")
    return Channel(username=words(sender, "username"), title=full)


def _post(header: object, channel_id: int | None) -> int | None:
    post = whole(header, "channel_post")
    if post is None and channel_id is not None:
        saved = getattr(header, "saved_from_peer", None)
        if whole(saved, "channel_id") == channel_id:
            return whole(header, "saved_from_msg_id")
    return post


def _date(header: object) -> str | None:
    return times.text(getattr(header, "date", None))
