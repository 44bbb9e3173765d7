"""What comes in from a chat and what goes back: plain records, whatever the network was."""

import functools
import re
import unicodedata
from datetime import datetime

from msgspec import Struct

from handlers.render.text.messages import Keyboard, Message
from handlers.texts import typed
from storage.query import likely


class Request(Struct, frozen=True, kw_only=True):
    """A message to the bot. ``chat_id`` is Telegram's marked id: people positive, groups negative.

    ``may_manage``: the sender may change what this chat gets (always in a private chat; in a
    group its administrators; in a channel whoever posts). ``is_channel``: a post in a channel,
    whose author nobody knows (``sender_id`` None). ``reply_to``: the message of the chat that it
    answers. ``topic``: where it was written in a group with topics; None: in General. ``name`` and
    ``username`` are those of the chat. ``is_forwarded``: its words are somebody else's. ``file``
    is the name of the file that came with it; None where none did. ``is_edit``: it was sent, and
    answered, before, and says something else now. ``sent_at`` is when it was sent, ``now`` when it
    is answered, both aware UTC.
    """

    chat_id: int
    sender_id: int | None
    text: str
    now: datetime
    message_id: int = 0
    reply_to: int | None = None
    topic: int | None = None
    name: str | None = None
    username: str | None = None
    access_hash: int | None = None
    language: str | None = None
    is_private: bool = True
    is_channel: bool = False
    may_manage: bool = True
    is_forwarded: bool = False
    file: str | None = None
    is_edit: bool = False
    sent_at: datetime | None = None


class GivenFile(Struct, frozen=True):
    """A file of a message: its size in bytes, and its bytes; None where it is too large, or
    (``is_late``) could not be read just now, and can be in a moment."""

    size: int
    data: bytes | None
    is_late: bool = False


class Reply(Struct, frozen=True):
    """The messages that answer a request, in order; none where the bot keeps silent. ``stands``:
    what was said is no answer to what was asked, which goes on waiting for one."""

    messages: tuple[Message, ...] = ()
    stands: bool = False


class Press(Struct, frozen=True, kw_only=True):
    """A button pressed under a message of the bot. Fields as in ``Request``; ``topic`` is that of
    the message.

    ``may_manage`` None: it is to be asked for (``Services.role_of``) where it matters.
    """

    chat_id: int
    sender_id: int | None
    data: str
    now: datetime
    message_id: int = 0
    topic: int | None = None
    language: str | None = None
    is_private: bool = True
    may_manage: bool | None = True


class PressResult(Struct, frozen=True, kw_only=True):
    """What a press leads to: the message edited in place, or its buttons only, and a toast.

    ``edit`` replaces text and buttons; ``keyboard`` (where not None) only the buttons, and an
    empty one takes them away; ``toast`` is shown for a moment, at most 200 characters; ``reply``
    are messages of their own; ``url`` opens for whoever pressed. ``leaves_nothing``: it is of
    somebody who was forgotten, and is not written down on its way.
    """

    edit: Message | None = None
    keyboard: Keyboard | None = None
    toast: str | None = None
    reply: tuple[Message, ...] = ()
    url: str | None = None
    leaves_nothing: bool = False


class Invocation(Struct, frozen=True):
    """A command as written: ``/search@some_bot oil price`` taken apart. The name in lower case.

    ``asked``: the argument answers a question that was put to this person, who was allowed to
    give the command then. ``plain``: no command was written.
    """

    name: str
    addressee: str | None
    argument: str
    asked: bool = False
    plain: bool = False


@functools.cache
def _command() -> re.Pattern[str]:
    """``/name@bot argument``, also ``/stop!`` and ``/alert: grain``. Telegram's own names have
    Latin letters only, people's any; a name that nobody knows is a command too, for its writer
    meant one. Behind the bot's name a mark makes a sentence of it: that may be a post."""
    names = rf"(?i:{typed.COMMANDS.pattern(*typed.COMMANDS.english)})|\w{{1,64}}"
    return re.compile(
        rf"/({names})(?:@([A-Za-z0-9_]{{1,64}})|[.:!?…]{{0,3}})(?:\s+(.*))?", re.DOTALL
    )


def parse_command(text: str) -> Invocation | None:
    """The command that a message is, or None where it is plain text."""
    match = _command().fullmatch(_with_slash(_plainly(text)))
    if match is None:
        return None
    name, addressee, argument = match.groups()
    name = name.lower()
    command = typed.COMMANDS.meanings().get(name, name)
    return Invocation(command, addressee, (argument or "").strip())


_UNSEEN = frozenset({"Cf", "Zs", "Cc", "Zl", "Zp"})
"""Unicode's categories of what is not seen before a command: marks of direction, say."""


def _plainly(text: str) -> str:
    """The text without what is not seen around it, where a first word in full-width letters has
    common ones: ``／ｓｅａｒｃｈ　oil`` is ``/search oil``."""
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start]) in _UNSEEN:
        start += 1
    while end > start and unicodedata.category(text[end - 1]) in _UNSEEN:
        end -= 1
    text = text[start:end]
    if not text.startswith(("/", "／")):
        return text
    first = text.split(maxsplit=1)[0]
    return unicodedata.normalize("NFKC", first) + text[len(first) :]


def _with_slash(text: str) -> str:
    """``.ыуфкср`` is ``/search`` by its keys: there the slash's key writes a full stop."""
    name = text.split(maxsplit=1)[0] if text else ""
    if not name.startswith(".") or not name[1:].isalpha():
        return text
    meant = likely.other_layout(name[1:].lower())
    return f"/{text[1:]}" if meant in typed.COMMANDS.meanings() else text
