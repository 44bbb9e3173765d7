"""What in a watched group or channel is no post: what the bot says, and commands to it. Pure."""

from collections.abc import Sequence

from handlers.conversation.requests import parse_command
from handlers.normalize.parsing.fields import whole
from storage.document import Document
from storage.records import OwnBot


def are_ours(messages: Sequence[object], bot: OwnBot) -> bool:
    """Whether Telegram's messages (those of one post) are the bot's own, or a command to it.

    What a person passes on of the bot's is that person's post.
    """
    return bool(messages) and all(
        _is_by(message, bot) or is_command(getattr(message, "message", None), bot)
        for message in messages
    )


def _is_by(message: object, bot: OwnBot) -> bool:
    if not bot.id:
        return False
    if whole(getattr(message, "from_id", None), "user_id") == bot.id:
        return True
    passed_on = getattr(message, "fwd_from", None) is not None
    return not passed_on and whole(message, "via_bot_id") == bot.id


def is_command(text: object, bot: OwnBot) -> bool:
    """Whether a text is a command that names the bot: these alone it obeys in groups and channels.

    ``/search ferry`` without its name may be anything, news too.
    """
    if not isinstance(text, str) or not text.lstrip().startswith("/") or not bot.username:
        return False
    written = parse_command(text)
    addressee = None if written is None else written.addressee
    return addressee is not None and addressee.lower() == bot.username.lower()


def is_ours(document: Document, bot: OwnBot) -> bool:
    """The same of a document, as far as it tells: of a page or an export."""
    author = document.author
    if bot.id and author is not None and (author.kind, author.id) == ("user", bot.id):
        return True
    return document.kind == "post" and is_command("\n".join(document.texts()), bot)


def copied_from(message: object) -> tuple[int, int] | None:
    """Channel and number of the post that Telegram itself copied into the channel's group; None for
    any other message."""
    origin = getattr(message, "fwd_from", None)
    channel_id = whole(getattr(message, "from_id", None), "channel_id")
    number = whole(origin, "channel_post")
    if channel_id is None or number is None:
        return None
    same = whole(getattr(origin, "from_id", None), "channel_id") == channel_id
    saved = whole(getattr(origin, "saved_from_peer", None), "channel_id") == channel_id
    return (channel_id, number) if same and saved else None
