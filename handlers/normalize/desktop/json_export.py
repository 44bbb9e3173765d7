"""Telegram Desktop's ``result.json``: one chat, or everything; 2018 to now, of any size.

The file is walked in the memory of one message (plus those of an album). Channels are taken;
private chats and groups are counted as left out, unless the reader is told to take them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from handlers.normalize.desktop import message as desktop_message
from handlers.normalize.desktop.message import Chat, Message
from handlers.normalize.parsing import addresses
from handlers.normalize.parsing.fields import as_whole, clean
from handlers.normalize.parsing.json_stream import BrokenError, Scanner
from handlers.normalize.post.problems import Problem, Skipped
from handlers.normalize.post.reading import Items, Reading
from storage.document import Channel, Document, Source

_NEXT_MESSAGE = re.compile(r"\{\s*\"id\"\s*:\s*-?[0-9]")
_TOLD = ("name", "type", "id")  # what a chat says of itself that is asked for
_LARGEST_ALBUM = 10
_LARGEST_LIST = 24 << 20  # characters of messages that stand before what chat they are of
# Before 2021 Desktop wrote a channel's id with this bit set (its own 33-bit peer ids).
_OLD_CHANNEL_BIT = 1 << 33


@dataclass(slots=True)
class _Head:
    """What an export says of a chat, as far as it has been read."""

    members: dict[str, object] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """``public_channel``, ``personal_chat`` and so on."""
        value = self.members.get("type")
        return value if isinstance(value, str) else ""

    @property
    def name(self) -> str | None:
        value = self.members.get("name")
        return clean(value) if isinstance(value, str) and value else None

    def export_of(self, messages: str) -> str:
        """An export of this chat with nothing but these messages (JSON, separated by commas)."""
        said = {name: self.members.get(name) for name in _TOLD}
        return f'{json.dumps(said)[:-1]}, "messages": [{messages}]}}'


@dataclass(slots=True)
class _Walk:
    """One pass over a file: the scanner, and what of its chats is wanted."""

    scanner: Scanner
    reading: Reading
    is_lost: bool = False

    def file(self) -> Items:
        """Every chat of an export, or the one chat that it is."""
        head = _Head()
        try:
            self.scanner.enter("{")
            yield from self._members(head)
        except BrokenError as error:
            if not self.is_lost:
                yield self._lost(error)

    def _members(self, head: _Head) -> Items:
        """The members of an object, up to its end: those of a chat, or of a whole export."""
        held: object = None
        while not self.scanner.leave("}"):
            name = self.scanner.key()
            opens = self.scanner.peek()
            if name == "messages" and opens == "[":
                if head.type:
                    yield from self._chat(head, self._messages(head))
                else:
                    # Keys in another order than Desktop's: the chat's type comes after them.
                    held = self.scanner.value(largest=_LARGEST_LIST)
            elif name in ("chats", "left_chats") and opens == "{":
                yield from self._lists()
            elif name in _TOLD:
                head.members[name] = self.scanner.value()
            else:
                self.scanner.skip()
        if held is not None:
            yield from self._chat(head, iter(held if isinstance(held, list) else ()))

    def _lists(self) -> Items:
        self.scanner.enter("{")
        while not self.scanner.leave("}"):
            name = self.scanner.key()
            if name == "list" and self.scanner.peek() == "[":
                self.scanner.enter("[")
                while not self.scanner.leave("]"):
                    self.scanner.enter("{")
                    yield from self._members(_Head())
            else:
                self.scanner.skip()

    def _messages(self, head: _Head) -> Iterator[object]:
        """The values of a list of messages; one that is broken is a Problem, and passed over."""
        self.scanner.enter("[")
        while not self.scanner.leave("]"):
            try:
                yield self.scanner.value()
            except BrokenError as error:
                if not self.scanner.skip_to(_NEXT_MESSAGE):
                    yield self._lost(error)
                    return
                place = f"line {error.line}, in {head.name!r}"
                raw = head.export_of(self.scanner.skipped)
                hint = "the message was left out"
                yield self.reading.problem(place, error.what, hint, raw=raw)

    def _chat(self, head: _Head, messages: Iterator[object]) -> Items:
        """The documents of one chat, or how many messages were left out."""
        if not (head.type.endswith("_channel") or self.reading.all_chats):
            count = sum(1 for _ in messages)
            if count:
                yield Skipped(file=self.reading.file, chat=head.name or head.type, messages=count)
            return
        chat: Chat | None = None
        waiting: list[Message] = []
        for message in messages:
            if isinstance(message, Problem):
                yield message
                continue
            if not isinstance(message, dict) or as_whole(message.get("id")) is None:
                place = f"line {self.scanner.line}, in {head.name!r}"
                what, raw = "a message without an id", head.export_of(json.dumps(message))
                yield self.reading.problem(place, what, "it was left out", raw=raw)
                continue
            chat = chat or _chat(head, message, self.reading)
            if waiting and not _is_same_album(waiting, message):
                yield self._document(head, waiting, chat)
                waiting = []
            waiting.append(message)
        if waiting and chat is not None:
            yield self._document(head, waiting, chat)

    def _document(self, head: _Head, parts: list[Message], chat: Chat) -> Document | Problem:
        try:
            return desktop_message.normalize(parts, chat=chat)
        except Exception:
            return self._problem(head, parts, chat)

    def _problem(self, head: _Head, parts: list[Message], chat: Chat) -> Document | Problem:
        """What is wrong with messages that made no document: only these are worth naming."""
        return self.reading.attempt(
            partial(desktop_message.normalize, parts, chat=chat),
            f"message {desktop_message.number_of(parts[0])}, in {head.name!r}",
            lambda: head.export_of(json.dumps(parts)[1:-1]),
            message_id=desktop_message.number_of(parts[0]),
        )

    def _lost(self, error: BrokenError) -> Problem:
        self.is_lost = True
        hint = "what stood before it was read; export the chat again"
        return self.reading.problem(f"line {error.line}", error.what, hint)


def read(scanner: Scanner, reading: Reading) -> Items:
    """The documents of an export, in its order."""
    yield from _Walk(scanner, reading).file()


def _chat(head: _Head, first: Message, reading: Reading) -> Chat:
    """Where the messages stood. ``first`` tells how old the export is.

    Raises BrokenError when nothing says which channel it was.
    """
    source = Source(type="desktop_json", file=reading.file)
    number = as_whole(head.members.get("id"))
    is_old = "date_unixtime" not in first
    if number is not None and is_old and number >> 33 == 1:
        number -= _OLD_CHANNEL_BIT
    if not head.type.endswith(("_channel", "_supergroup")):
        # Users' and groups' ids are numbered apart from channels': they must not meet.
        kind = "chat" if head.type.endswith("_group") else "user"
        named = Channel(title=head.name)
        prefix = f"tg:{kind}{number or 0}"
        return Chat(channel=named, prefix=prefix, source=source, is_channel=False)
    channel = Channel(id=number, title=head.name)
    if head.type.endswith("_channel"):
        channel = addresses.joined(channel, reading.channel)
    if channel.id is None and not channel.username:
        raise BrokenError("the export does not say which channel it is: name it with --channel", 1)
    prefix = f"tg:@{channel.username}" if channel.id is None else f"tg:{channel.id}"
    return Chat(
        channel=channel,
        prefix=prefix,
        source=source,
        is_private=head.type.startswith("private_"),
        is_channel=head.type.endswith("_channel"),
    )


def _is_same_album(parts: Sequence[Message], message: Message) -> bool:
    """Whether a message goes on an album: exports do not say, it is a guess by what albums share.

    The same second, the next id, pictures and videos only, one origin, and one caption in all.
    """
    if not _is_picture(message):  # most are none
        return False
    last = parts[-1]
    return (
        desktop_message.number_of(message) == desktop_message.number_of(last) + 1
        and len(parts) < _LARGEST_ALBUM
        and _second(message) is not None
        and _second(message) == _second(last)
        and _is_picture(last)
        and all(message.get(name) == last.get(name) for name in ("from_id", "forwarded_from"))
        and not (message.get("text") and any(part.get("text") for part in parts))
    )


def _second(message: Message) -> object:
    return message.get("date_unixtime") or message.get("date")


def _is_picture(message: Message) -> bool:
    if message.get("type") != "message":
        return False
    return message.get("photo") is not None or message.get("media_type") == "video_file"
