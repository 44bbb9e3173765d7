"""Telegram Desktop's HTML export: one file of it (``messages.html``, ``messages2.html``, …).

Facts are from Desktop's own writer (export_output_html.cpp). A message that was sent soon after
another by the same sender is "joined": it repeats neither the sender nor a user's forward line.
Nothing says which channel it is, or whether it is one.
"""

import html
import re
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct
from selectolax.lexbor import LexborNode

from handlers.normalize.desktop import html_media, html_times
from handlers.normalize.parsing import addresses, dates, html_pages, html_text, service_texts
from handlers.normalize.parsing.fields import clean
from handlers.normalize.parsing.html_pages import Fragment, attribute, classes, first
from handlers.normalize.parsing.html_text import plain
from handlers.normalize.post import compose, polls
from handlers.normalize.post.problems import Problem, Skipped
from handlers.normalize.post.reading import Items, Reading
from storage.document import (
    Author,
    Block,
    Channel,
    Document,
    Forward,
    Link,
    Media,
    Precision,
    Reply,
    Source,
    Span,
)
from storage.errors import InputError
from storage.structs import replace

_MESSAGE = re.compile(r"<div\b[^<>]*\bclass\s*=\s*[\"']message (?:default|service)\b")
_ID = re.compile(r"message(?P<id>-?[0-9]{1,18})")
_REPLY = re.compile(r"(?:go_to_message|GoToMessage\()(?P<id>[0-9]{1,18})")
_VIA = re.compile(r" via @\w+$")
_UNSUPPORTED = "This message is not supported by this version"
_LARGEST_ALBUM = 10
_PICTURES = frozenset({"photo", "video"})


class _Message(Struct, frozen=True, kw_only=True):
    """One message as its file shows it. ``sender`` and ``forward`` are carried into joined ones."""

    id: int
    line: int
    is_joined: bool = False
    service: str | None = None
    published: str | None = None
    precision: Precision = "none"
    zone_known: bool = True
    sender: str | None = None
    forward: Forward | None = None
    is_forwarded: bool = False
    reply_id: int | None = None
    signature: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    media: Media | None = None
    poll: tuple[Block, ...] = ()
    buttons: tuple[Link, ...] = ()
    reactions: int | None = None


def read(page: str, reading: Reading, file_hash: str) -> Items:
    """The documents of one file, in its order; a private chat's or group's are left out."""
    pieces = html_pages.cut(page, _MESSAGE)
    title = _page_title(next(pieces))
    messages: list[_Message] = []
    problems: list[Problem] = []
    for item in _messages(pieces, title, reading):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            messages.append(item)
    is_channel = _is_channel(messages, title)
    is_left_out = not messages or not (reading.all_chats or is_channel)
    # What is not taken is not kept either.
    yield from (replace(item, raw=None) if is_left_out else item for item in problems)
    if not messages:
        return
    if is_left_out:
        yield Skipped(file=reading.file, chat=title or reading.file, messages=len(messages))
        return
    channel = addresses.joined(Channel(title=title), reading.channel)
    for number, parts in enumerate(_albums(messages), start=1):
        message_id = min(part.id for part in parts)
        identity = addresses.doc_id(channel, message_id) or f"txt:{file_hash}#{number}"
        yield reading.attempt(
            partial(_finished, parts, channel, identity, reading.file, is_channel),
            f"line {parts[0].line}",
            lambda: None,
        )


def _finished(
    parts: Sequence[_Message], channel: Channel, identity: str, file: str, is_channel: bool
) -> Document:
    document = _document(parts, channel, identity, file)
    return compose.finish(document if is_channel else _with_author(document, parts[0].sender))


class _Day(Struct, frozen=True):
    """The day of the messages that follow, and how the page shows it."""

    date: str
    shown: str


def _messages(
    pieces: Iterator[Fragment], title: str | None, reading: Reading
) -> Iterator[_Message | Problem]:
    day: _Day | None = None
    previous: _Message | None = None
    for piece in pieces:
        item = reading.attempt(
            partial(_understood, piece, day, previous),
            f"line {piece.line}",
            partial(_alone, piece, title, day),
        )
        if isinstance(item, _Day):
            day = item
            continue
        if isinstance(item, _Message):
            previous = item
        yield item


def _understood(piece: Fragment, day: _Day | None, previous: _Message | None) -> _Message | _Day:
    node = first(html_pages.parse(piece), "div.message")
    if node is None:
        raise InputError("a message could not be read", hint="it was left out")
    shown = _service_text(node)
    date = dates.parse_date(shown) if shown is not None else None
    if shown is not None and date is not None:
        return _Day(date, shown)
    return _carry(_read(node, day.date if day else None, piece.line), previous)


def _alone(piece: Fragment, title: str | None, day: _Day | None) -> str:
    """A message as an HTML page of its own."""
    header = f'<div class="text bold">{html.escape(title or "")}</div>'
    parts = [f'<div class="page_header">{header}</div>']
    if day is not None:
        shown = f'<div class="body details">{html.escape(day.shown)}</div>'
        parts.append(f'<div class="message service">{shown}</div>')
    return "".join([*parts, piece.html])


def _read(node: LexborNode, day: str | None, line: int) -> _Message:
    found = _ID.fullmatch(attribute(node, "id") or "")
    if found is None:
        raise InputError("a message has no id", hint="it was left out")
    message_id = int(found["id"])
    service = _service_text(node)
    reply = _REPLY.search(html_pages.source(node, ".reply_to, .body.details"))
    if service is not None:
        return _Message(
            id=message_id,
            line=line,
            service=service,
            published=day,
            precision="day" if day and len(day) == 10 and day[0] != "-" else "none",
            reply_id=int(reply["id"]) if reply else None,
        )
    published, precision, zone_known = html_times.read(first(node, ".date.details"), day)
    text_node = first(node, "div.text")
    text, spans = html_text.read(text_node) if text_node is not None else ("", ())
    forwarded = first(node, ".forwarded.body")
    return _Message(
        id=message_id,
        line=line,
        is_joined="joined" in classes(node),
        published=published,
        precision=precision,
        zone_known=zone_known,
        sender=_sender(node, forwarded),
        forward=_forward(forwarded, day),
        is_forwarded=forwarded is not None,
        reply_id=int(reply["id"]) if reply else None,
        signature=plain(first(node, ".signature")),
        text=text,
        spans=spans,
        media=html_media.read(node),
        poll=_poll(node),
        buttons=tuple(_button_links(node)),
        reactions=_reactions(node),
    )


def _carry(message: _Message, previous: _Message | None) -> _Message:
    """A joined message, with the sender and the forward line of the message before it."""
    if previous is None or not message.is_joined:
        return message
    forward = message.forward
    if message.is_forwarded and forward is None and previous.forward is not None:
        forward = replace(previous.forward, date=None)
    return replace(message, sender=message.sender or previous.sender, forward=forward)


def _service_text(node: LexborNode) -> str | None:
    if "service" not in classes(node):
        return None
    return plain(first(node, ".body.details")) or ""


def _sender(node: LexborNode, forwarded: LexborNode | None) -> str | None:
    for name in node.css(".from_name"):
        parent = name.parent
        if forwarded is None or parent is None or parent.mem_id != forwarded.mem_id:
            return _VIA.sub("", plain(name) or "") or None
    return None


def _forward(forwarded: LexborNode | None, day: str | None) -> Forward | None:
    """``NAME <span class="date">…</span>``, where the message names its origin; in 2019 the class
    was ``details``."""
    name = first(forwarded, ".from_name") if forwarded is not None else None
    if name is None:
        return None
    moment = first(name, ".date, .details")
    date, precision, _ = html_times.read(moment, day)
    shown = plain(name) or ""
    stamp = plain(moment) or ""
    if stamp and shown.endswith(stamp):
        shown = shown.removesuffix(stamp).rstrip()
    shown = _VIA.sub("", shown)
    return Forward(name=shown or None, date=date if precision != "none" else None)


def _poll(node: LexborNode) -> tuple[Block, ...]:
    poll = first(node, ".media_poll")
    if poll is None:
        return ()
    options = []
    for answer in poll.css(".answer"):
        votes = plain(first(answer, ".details"))
        shown = (plain(answer) or "").removeprefix("- ")
        options.append(shown.removesuffix(votes).rstrip() if votes else shown)
    return polls.blocks(plain(first(poll, ".question")), options)


def _button_links(node: LexborNode) -> Iterator[Link]:
    """The buttons under a message that open an address; the others' have a script instead."""
    for anchor in node.css(".bot_button a[href]"):
        address = attribute(anchor, "href")
        if address is not None and ":" in address:
            yield Link(text=plain(anchor) or "", url=clean(address))


def _reactions(node: LexborNode) -> int | None:
    total = 0
    for reaction in node.css(".reaction"):
        count = plain(first(reaction, ".count"))
        if count is not None and count.isdecimal():
            total += int(count)
        else:
            total += len(reaction.css(".userpic"))
    return total or None


def _is_channel(messages: Sequence[_Message], title: str | None) -> bool:
    """Whether the file is a channel's: it says so, or nobody but the channel speaks in it."""
    if any((message.service or "").startswith("Channel ") for message in messages):
        return True
    senders = {message.sender for message in messages} - {None}
    return len(senders) <= 1 and (title is None or senders <= {title})


def _albums(messages: Sequence[_Message]) -> Iterator[list[_Message]]:
    """The messages in groups: single ones, and what looks like the parts of an album."""
    waiting: list[_Message] = []
    for message in messages:
        if waiting and not _is_same_album(waiting, message):
            yield waiting
            waiting = []
        waiting.append(message)
    if waiting:
        yield waiting


def _is_same_album(parts: Sequence[_Message], message: _Message) -> bool:
    last = parts[-1]
    return (
        message.id == last.id + 1
        and len(parts) < _LARGEST_ALBUM
        and message.precision == "second"
        and message.published == last.published
        and all(part.media and part.media.type in _PICTURES for part in (last, message))
        and message.is_joined
        and not (message.text and any(part.text for part in parts))
    )


def _document(parts: Sequence[_Message], channel: Channel, identity: str, file: str) -> Document:
    first_part = parts[0]
    is_album = len(parts) > 1
    document = _frame(parts, channel, identity, file)
    if first_part.service is not None:
        return _service(document, first_part.service)
    captioned = next((part for part in parts if part.text), first_part)
    media = tuple(
        replace(part.media, message_id=part.id) if is_album else part.media
        for part in parts
        if part.media is not None
    )
    taken = compose.with_attached(
        compose.split_post(captioned.text, captioned.spans),
        media,
        first_part.poll,
        [link for part in parts for link in part.buttons],
    )
    own = channel.title
    counts = [part.reactions for part in parts if part.reactions is not None]
    return replace(
        document,
        flags=document.flags if first_part.zone_known else ("zone_unknown", *document.flags),
        forwarded_from=first_part.forward,
        author_signature=first_part.signature
        or (first_part.sender if first_part.sender != own else None),
        reactions=sum(counts) if counts else None,
        title=taken.title,
        body=taken.body,
        links=taken.links,
        media=media,
    )


def _frame(parts: Sequence[_Message], channel: Channel, identity: str, file: str) -> Document:
    """The document without its text: which post it is."""
    first_part = parts[0]
    is_album = len(parts) > 1
    return Document(
        kind="post",
        doc_id=identity,
        source=Source(type="desktop_html", file=file),
        channel=channel if channel != Channel() else None,
        message_id=first_part.id,
        album_ids=tuple(part.id for part in parts) if is_album else (),
        url=addresses.link(channel, first_part.id),
        published_at=first_part.published,
        published_precision=first_part.precision,
        published_basis="local_time" if first_part.published else "none",
        reply_to=_reply(first_part, channel),
        flags=("album_guessed",) if is_album else (),
        content_hash="",
    )


def _with_author(document: Document, sender: str | None) -> Document:
    """The document with the author of a message in a group or a private chat; only the name is
    known."""
    if document.kind == "service" or sender is None:
        return document
    is_group = document.channel is not None and sender == document.channel.title
    signature = document.author_signature
    return replace(
        document,
        author=Author(kind="group" if is_group else "user", name=sender),
        author_signature=None if signature == sender else signature,
    )


def _service(document: Document, text: str) -> Document:
    if text.startswith(_UNSUPPORTED):
        return replace(document, flags=("text_withheld",))
    action, title = service_texts.action(text)
    return replace(document, kind="service", service_action=action, title=title)


def _reply(message: _Message, channel: Channel) -> Reply | None:
    if message.reply_id is None:
        return None
    return Reply(channel_id=channel.id, message_id=message.reply_id)


def _page_title(head: Fragment) -> str | None:
    try:
        root = html_pages.parse(head)
    except InputError:
        return None
    return plain(first(root, ".page_header .text"))
