"""One message of a Telegram Desktop ``result.json``, or the parts of an album, as a document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from msgspec import Struct

from handlers.normalize.desktop import media as desktop_media
from handlers.normalize.desktop import rich as desktop_rich
from handlers.normalize.desktop import text as desktop_text
from handlers.normalize.parsing import addresses, times
from handlers.normalize.parsing.fields import whole_of, words_of
from handlers.normalize.post import compose, polls
from storage.document import (
    Author,
    Basis,
    Block,
    Channel,
    Document,
    Flag,
    Forward,
    Link,
    Media,
    Precision,
    Reply,
    Source,
    Span,
)

_PEER = re.compile(r"(?P<kind>user|chat|channel)?(?P<id>[0-9]{1,18})")

_LISTED = (("poll", "question"), ("todo_list", "title"))
_EDITED = ("edited_unixtime", "edited")
# Most posts have none of these members, and nothing of what they say.
_OCCASIONAL = frozenset(
    (
        *(*_EDITED, "forwarded_from", "forwarded_from_id", "reply_to_message_id", "reactions"),
        *("poll", "todo_list", "inline_bot_buttons"),
    )
)
# Types of buttons whose data is an address (export_output_json.cpp).
_OPENING = frozenset({"url", "auth", "web_view", "simple_web_view"})

Message = Mapping[str, object]


class Chat(Struct, frozen=True, kw_only=True):
    """Where messages of an export stood. ``prefix`` opens their document ids. ``is_channel``: the
    posts are the channel's own; elsewhere each has an author."""

    channel: Channel
    prefix: str
    source: Source
    is_private: bool = False
    is_channel: bool = True


def normalize(parts: Sequence[Message], *, chat: Chat) -> Document:
    """The document of one message, or of what looks like the parts of one album (then flagged).

    Each message has a whole number as its ``id``.
    """
    first = parts[0]
    message_id = number_of(first) if len(parts) == 1 else min(map(number_of, parts))
    published, precision, basis, flags = _published(first)
    if len(parts) > 1:
        flags = (*flags, "album_guessed")
    kind = first.get("type")
    if kind == "unsupported":
        flags = (*flags, "text_withheld")
    shared: compose.Provenance = {
        "doc_id": f"{chat.prefix}/{message_id}",
        "source": chat.source,
        "channel": chat.channel,
        "message_id": message_id,
        "album_ids": tuple(sorted(map(number_of, parts))) if len(parts) > 1 else (),
        "url": addresses.link(chat.channel, message_id, private=chat.is_private),
        "published_at": published,
        "published_precision": precision,
        "published_basis": basis,
        "flags": flags,
    }
    if kind == "service":
        return _service(first, chat, shared)
    return _post(parts, chat, shared)


def _post(parts: Sequence[Message], chat: Chat, shared: compose.Provenance) -> Document:
    first = parts[0]
    rich = desktop_rich.read(first)
    media = (*rich.media, *_media(parts))
    own = compose.headed(rich.blocks) if rich.blocks else compose.split_post(*_text(parts))
    is_plain = all(map(_OCCASIONAL.isdisjoint, parts))
    links = rich.links if is_plain else (*rich.links, *_button_links(parts))
    taken = compose.with_attached(own, media, () if is_plain else _lists(first), links)
    if not rich.is_whole and "text_withheld" not in shared["flags"]:
        shared["flags"] += ("text_withheld",)
    return Document(
        kind="post",
        **shared,
        **compose.derived("post", taken.title, taken.body),
        **({} if is_plain else _told_besides(parts, chat)),
        author_signature=words_of(first, "author") or _sender(first, chat),
        author=_author(first, chat),
        title=taken.title,
        body=taken.body,
        links=taken.links,
        media=media,
    )


class _Besides(TypedDict, total=False):
    """Fields of a document that most messages do not have."""

    edited_at: str | None
    forwarded_from: Forward | None
    reply_to: Reply | None
    reactions: int | None


def _told_besides(parts: Sequence[Message], chat: Chat) -> _Besides:
    return {
        "edited_at": _edited_at(parts),
        "forwarded_from": _forward(parts[0]),
        "reply_to": _reply(parts[0], chat, "reply_to_message_id"),
        "reactions": _reactions(parts),
    }


def _service(message: Message, chat: Chat, shared: compose.Provenance) -> Document:
    title = words_of(message, "title") or words_of(message, "new_title")
    title = title or words_of(message, "information_text")
    return Document(
        kind="service",
        **shared,
        **compose.derived("service", title, ()),
        service_action=words_of(message, "action") or "unknown",
        reply_to=_reply(message, chat, "message_id"),
        title=title,
    )


def number_of(message: Message) -> int:
    """The ``id``, which each message has."""
    number = whole_of(message, "id")
    assert number is not None  # noqa: S101  (the export's reader passes over those without)
    return number


def _published(message: Message) -> tuple[str | None, Precision, Basis, tuple[Flag, ...]]:
    exact = times.read(message.get("date_unixtime"))
    if exact is not None:
        return exact.text, "second", "unixtime", ()
    local = times.read(message.get("date"))
    if local is None:
        return None, "none", "none", ()
    return local.text, "second", "local_time", () if local.zone_known else ("zone_unknown",)


def _edited_at(parts: Sequence[Message]) -> str | None:
    """The latest edit; exports write 1970 for "never"."""
    shown: list[str] = []
    for part in parts:
        for name in _EDITED:
            moment = times.read(part[name]) if name in part else None
            if moment is not None:
                shown.append(moment.text)
                break
    return max(shown, default=None)


def _text(parts: Sequence[Message]) -> tuple[str, tuple[Span, ...]]:
    for part in parts:
        text, spans = desktop_text.read(part.get("text"))
        if not text:
            text, spans = desktop_text.read(part.get("text_entities"))
        if text:
            return text, spans
    return "", ()


def _media(parts: Sequence[Message]) -> tuple[Media, ...]:
    if len(parts) == 1:
        return desktop_media.read(parts[0], message_id=None)
    return tuple(
        media for part in parts for media in desktop_media.read(part, message_id=number_of(part))
    )


def _lists(message: Message) -> tuple[Block, ...]:
    """A poll's options and a checklist's tasks, each under its head."""
    found: tuple[Block, ...] = ()
    for name, head in _LISTED:
        record = message.get(name)
        if isinstance(record, dict):
            items = [desktop_text.read(item.get("text"))[0] for item in _dicts(record, "answers")]
            found += polls.blocks(desktop_text.read(record.get(head))[0], items)
    return found


def _button_links(parts: Sequence[Message]) -> Iterator[Link]:
    """The buttons that open an address (``inline_bot_buttons``: rows of them)."""
    for part in parts:
        rows = part.get("inline_bot_buttons")
        for row in rows if isinstance(rows, list) else ():
            for button in row if isinstance(row, list) else ():
                address = _address(button) if isinstance(button, dict) else None
                if address is not None:
                    yield Link(text=words_of(button, "text") or "", url=address)


def _address(button: Message) -> str | None:
    return words_of(button, "data") if button.get("type") in _OPENING else None


def _dicts(record: Message, name: str) -> list[Message]:
    found = record.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _forward(message: Message) -> Forward | None:
    """The origin: a name, or none where Desktop could not tell it (then the key holds null)."""
    if "forwarded_from" not in message and "forwarded_from_id" not in message:
        return None
    kind, number = peer(message.get("forwarded_from_id"))
    return Forward(
        name=words_of(message, "forwarded_from"),
        channel_id=number if kind == "channel" else None,
        user_id=number if kind == "user" else None,
        kind="channel" if kind == "channel" else "user" if kind == "user" else None,
    )


def _reply(message: Message, chat: Chat, name: str) -> Reply | None:
    message_id = whole_of(message, name)
    if message_id is None:
        return None
    kind, number = peer(message.get("reply_to_peer_id"))
    if kind is None:
        return Reply(channel_id=chat.channel.id, message_id=message_id)
    return Reply(channel_id=number if kind == "channel" else None, message_id=message_id)


def _sender(message: Message, chat: Chat) -> str | None:
    """The person who speaks in a channel beside it; elsewhere that is the author."""
    name = words_of(message, "from")
    if name is None or not chat.is_channel or name == chat.channel.title:
        return None
    kind, number = peer(message.get("from_id"))
    return None if kind == "channel" and number == chat.channel.id else name


def _author(message: Message, chat: Chat) -> Author | None:
    """Who wrote in a group or a private chat; a channel's posts are its own."""
    if chat.is_channel:
        return None
    name = words_of(message, "from")
    kind, number = peer(message.get("from_id"))
    if name is None and number is None:
        return None
    if kind == "channel":
        return Author(
            kind="group" if number == chat.channel.id else "channel", id=number, name=name
        )
    return Author(kind="user", id=number, name=name)


def _reactions(parts: Sequence[Message]) -> int | None:
    counts: list[int] = []
    for part in parts:
        reactions = part.get("reactions")
        if isinstance(reactions, list):
            counts += [whole_of(each, "count") or 0 for each in reactions if isinstance(each, dict)]
    return sum(counts) if counts else None


def peer(value: object) -> tuple[str | None, int | None]:
    """``channel1700000001`` as its kind and number; old exports write the number alone."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    found = _PEER.fullmatch(value) if isinstance(value, str) else None
    return (found["kind"] or "user", int(found["id"])) if found else (None, None)
