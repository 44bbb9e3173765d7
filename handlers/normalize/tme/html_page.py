"""Pages of ``t.me/s/<channel>`` and single-post embeds, in the layouts of 2018 to now."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from selectolax.lexbor import LexborNode

from handlers.normalize.parsing import (
    addresses,
    html_pages,
    html_text,
    service_texts,
    shown_numbers,
    times,
)
from handlers.normalize.parsing.fields import as_whole, clean
from handlers.normalize.parsing.html_pages import Fragment, attribute, classes, first
from handlers.normalize.parsing.html_text import plain
from handlers.normalize.post import compose, polls
from handlers.normalize.post.problems import Skipped
from handlers.normalize.post.reading import Items, Reading
from handlers.normalize.tme import media as tme_media
from storage.document import (
    Block,
    Channel,
    Document,
    Flag,
    Forward,
    Link,
    Media,
    Reply,
    Source,
    Span,
)
from storage.errors import InputError

_MESSAGE = re.compile(r"<div\b[^<>]*\bclass\s*=\s*[\"'](?:[^\"'<>]* )?tgme_widget_message[\s\"']")
_POST = re.compile(
    r"(?:https?://(?:t\.me|telegram\.me)/)?(?:s/)?(?:(?P<username>[A-Za-z]\w{2,31})|c/(?P<id>[0-9]{1,18}))"
    r"(?:/(?P<message>[0-9]{1,18}))?(?:\?.*)?",
    re.ASCII,
)
# What ``t.me/NAME`` shows of a channel: its card, which has no posts.
_CARD = re.compile(r"\bclass\s*=\s*[\"'](?:[^\"'<>]* )?tgme_page_title[\s\"']")
_HISTORY = re.compile(
    r"\bclass\s*=\s*[\"'](?:[^\"'<>]* )?tgme_(?:channel_history|widget_message)\b"
)
_NO_PREVIEW = "no posts on this page: the channel has no web preview"
_DATA_POST = re.compile(r"\bdata-post\s*=\s*[\"']([^\"'<>]{1,80})[\"']")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TEXT = ".tgme_widget_message_text, .js-message_text"


class _Address(Struct, frozen=True):
    """What a link into Telegram names."""

    username: str | None = None
    channel_id: int | None = None
    message_id: int | None = None


def read(page: str, reading: Reading) -> Items:
    """The posts of a page, in its order."""
    pieces = html_pages.cut(page, _MESSAGE)
    title = _page_title(next(pieces))
    if _CARD.search(page) and not _HISTORY.search(page):
        yield Skipped(file=reading.file, chat=title or reading.file, messages=1, why=_NO_PREVIEW)
        return
    for piece in pieces:
        yield reading.attempt(
            partial(_document, piece, title, reading),
            f"line {piece.line}",
            partial(_alone, piece, title),
            message_id=_named_id(piece),
        )


def _alone(piece: Fragment, title: str | None) -> str:
    """A post as an HTML page of its own."""
    return f'<meta property="og:title" content="{html.escape(title or "")}">{piece.html}'


def _named_id(piece: Fragment) -> int | None:
    found = _DATA_POST.search(piece.html)
    return _address(found[1]).message_id if found else None


def _document(piece: Fragment, page_title: str | None, reading: Reading) -> Document:
    root = html_pages.parse(piece)
    message = first(root, ".tgme_widget_message")
    if message is None:
        raise InputError("a post could not be read", hint="it was left out; save the page again")
    date_link = first(root, ".tgme_widget_message_date")
    stands = _address(attribute(message, "data-post"))
    if stands.message_id is None:
        stands = _address(attribute(date_link, "href"))
    if stands.message_id is None:
        raise InputError("a post names no id", hint="it was left out; save the page again")
    title = plain(first(message, ".tgme_widget_message_owner_name")) or page_title
    channel_id = stands.channel_id or _channel_id(attribute(message, "data-view"))
    channel = Channel(id=channel_id, username=stands.username, title=title)
    channel = addresses.joined(channel, reading.channel)
    # A post's own parts may stand outside its element where a page was damaged.
    whole = message if first(message, ".tgme_widget_message_date") is not None else root
    shared = _placed(whole, message, channel, stands.message_id, reading.file)
    if "service_message" in classes(message):
        return compose.finish(_service(message, shared))
    return compose.finish(_post(whole, channel, shared))


class _Shown(compose.Provenance):
    media: tuple[Media, ...]
    content_hash: str


def _placed(
    whole: LexborNode, message: LexborNode, channel: Channel, message_id: int, file: str
) -> _Shown:
    media = () if "service_message" in classes(message) else tme_media.read(whole)
    ids = tme_media.album_ids(media)
    lowest = min((message_id, *ids))
    identity = addresses.doc_id(channel, lowest)
    if identity is None:
        raise InputError("a post names no channel", hint="name it: --channel")
    moment = times.read(attribute(first(whole, "time[datetime]"), "datetime"))
    return {
        "doc_id": identity,
        "source": Source(type="tme_html", file=file),
        "channel": channel,
        "message_id": lowest,
        "album_ids": tuple(sorted({message_id, *ids})) if ids else (),
        "url": addresses.link(channel, lowest, private=channel.username is None),
        "published_at": moment.text if moment else None,
        "published_precision": "second" if moment else "none",
        "published_basis": "time_attr" if moment else "none",
        "flags": ("zone_unknown",) if moment and not moment.zone_known else (),
        "media": media,
        "content_hash": "",
    }


def _post(whole: LexborNode, channel: Channel, shared: _Shown) -> Document:
    text, spans = _text(whole)
    own = compose.split_post(text, spans)
    lists, buttons = _poll_blocks(whole), _button_links(whole)
    taken = compose.with_attached(own, shared["media"], lists, buttons)
    if not text and any(part.state == "hidden" for part in shared["media"]):
        withheld: Flag = "text_withheld"
        shared = {**shared, "flags": (*shared["flags"], withheld)}
    return Document(
        kind="post",
        **shared,
        forwarded_from=_forward(first(whole, ".tgme_widget_message_forwarded_from")),
        reply_to=_reply(first(whole, ".tgme_widget_message_reply"), channel),
        author_signature=plain(first(whole, ".tgme_widget_message_from_author")),
        views=shown_numbers.count(plain(first(whole, ".tgme_widget_message_views"))),
        reactions=_reactions(whole),
        title=taken.title,
        body=taken.body,
        links=taken.links,
    )


def _service(message: LexborNode, shared: _Shown) -> Document:
    text, _ = _text(message)
    action, title = service_texts.action(text)
    return Document(kind="service", **shared, service_action=action, title=title)


def _text(message: LexborNode) -> tuple[str, tuple[Span, ...]]:
    """The post's own text: the innermost of nested elements, not that of what it answers."""
    for node in message.css(_TEXT):
        names = classes(node)
        if "js-message_reply_text" in names or "tgme_widget_message_metatext" in names:
            continue
        # In the layout of 2018 the answered post's text has the class of every text.
        if "tgme_widget_message_reply" in html_pages.classes_above(node, message):
            continue
        if any(inner.mem_id != node.mem_id for inner in node.css(_TEXT)):
            continue
        text, spans = html_text.read(node)
        if text:
            return text, spans
    return "", ()


def _poll_blocks(message: LexborNode) -> tuple[Block, ...]:
    poll = first(message, ".tgme_widget_message_poll")
    if poll is None:
        return ()
    options = [plain(option) for option in poll.css(".tgme_widget_message_poll_option_text")]
    return polls.blocks(plain(first(poll, ".tgme_widget_message_poll_question")), options)


def _button_links(message: LexborNode) -> Iterator[Link]:
    """The buttons under a post that open an address."""
    for button in message.css("a.tgme_widget_message_inline_button[href]"):
        address = attribute(button, "href")
        if address is not None and _ABSOLUTE.match(address):
            yield Link(text=plain(button) or "", url=clean(address))


def _forward(node: LexborNode | None) -> Forward | None:
    """``Forwarded from NAME (AUTHOR)``: only a channel's post has a link with its number."""
    if node is None:
        return None
    name = first(node, ".tgme_widget_message_forwarded_from_name")
    origin = _address(attribute(name, "href"))
    author = plain(first(node, ".tgme_widget_message_forwarded_from_author"))
    shown = plain(name) or (plain(node) or "").removeprefix("Forwarded from").strip()
    return Forward(
        name=shown or None,
        author=author,
        channel_id=origin.channel_id,
        username=origin.username,
        message_id=origin.message_id,
        kind="channel" if origin.message_id is not None else None,
    )


def _reply(node: LexborNode | None, channel: Channel) -> Reply | None:
    answered = _address(attribute(node, "href"))
    if node is None or answered.message_id is None:
        return None
    own = answered.username is not None and answered.username == channel.username
    return Reply(
        channel_id=channel.id if own else answered.channel_id, message_id=answered.message_id
    )


def _reactions(message: LexborNode) -> int | None:
    counts = [shown_numbers.count(_own_text(node)) for node in message.css(".tgme_reaction")]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _own_text(node: LexborNode) -> str:
    """The text of an element itself, without its children: a reaction's count without its emoji."""
    return "".join(node.text(deep=False).split())


def _address(link: str | None) -> _Address:
    found = _POST.fullmatch(link.strip()) if link else None
    if found is None:
        return _Address()
    number, message = found["id"], found["message"]
    return _Address(
        username=found["username"],
        channel_id=int(number) if number else None,
        message_id=int(message) if message else None,
    )


def _channel_id(data_view: str | None) -> int | None:
    """The channel's id out of ``data-view``: base64 of JSON, its padding left off."""
    raw = data_view or ""
    try:
        value = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    number = as_whole(value.get("c")) if isinstance(value, dict) else None
    return -number if number is not None and number < 0 else None


def _page_title(head: Fragment) -> str | None:
    try:
        root = html_pages.parse(head)
    except InputError:
        return None
    shown = first(root, ".tgme_channel_info_header_title, .tgme_header_title, .tgme_page_title")
    return plain(shown) or attribute(first(root, 'meta[property="og:title"]'), "content")
