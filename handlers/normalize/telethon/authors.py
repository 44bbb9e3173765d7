"""Who wrote a Telethon message in a group. Duck-typed: knows no Telethon."""

from handlers.normalize.parsing.fields import whole
from handlers.normalize.telethon.forwards import Peers
from storage.channels import chat_ids
from storage.document import Author, Channel


def read_author(message: object, *, channel: Channel, peers: Peers) -> Author | None:
    """The person, the channel, or the group itself (its anonymous administrators) that a message
    of a group comes from; None for a channel's post, which is the channel's own.

    ``channel`` is where it stands, ``peers`` names the others by marked id.
    """
    if getattr(message, "post", None):
        return None
    sender = getattr(message, "from_id", None)
    user_id, channel_id = whole(sender, "user_id"), whole(sender, "channel_id")
    if user_id is not None:
        known = peers.get(user_id) or Channel()
        return Author(kind="user", id=user_id, name=known.title, username=known.username)
    if channel_id is None and sender is None and getattr(message, "post", None) is False:
        # A message without a sender in a supergroup is the group's own.
        channel_id = whole(getattr(message, "peer_id", None), "channel_id")
    if channel_id is None:
        return None
    if channel_id == channel.id:
        return Author(kind="group", id=channel.id, name=channel.title, username=channel.username)
    known = peers.get(chat_ids.of_channel(channel_id)) or Channel()
    return Author(kind="channel", id=channel_id, name=known.title, username=known.username)
