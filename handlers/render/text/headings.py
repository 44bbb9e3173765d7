"""A document's own facts in words: its channel, its time in the reader's zone, its origin."""

import re
from collections.abc import Callable
from datetime import datetime

from handlers.render.text.dates import Here, partial_date
from handlers.render.text.messages import shorten
from handlers.render.text.names import contained
from handlers.render.text.rich import RichText, fill, join, link, openable
from handlers.texts.words import Words
from storage import times
from storage.document import DELETED, Channel, Document, Forward

DateWriter = Callable[[str | None, Here, Words], str | None]
"""How a partial date is written for a reader."""
NAME_UNITS = 100
"""The most units shown of a channel's or an author's name: names come from outside."""


def published(document: Document, here: Here, words: Words) -> str:
    """When a document was published, as well as that is known."""
    return partial_date(document.published_at, here, words) or words.unknown_date


def published_moment(document: Document) -> datetime | None:
    """The instant of publication, aware; None if day, time or zone is unknown."""
    return times.from_instant(document.published_at)


def channel_name(document: Document, words: Words) -> str:
    """The name of a document's channel; for text files, the file's name."""
    name = _name(document.channel) or document.source.file or words.no_name
    return shorten(name, NAME_UNITS)


def _name(channel: Channel | None) -> str | None:
    if channel is None:
        return None
    handle = f"@{channel.username}" if channel.username else None
    number = str(channel.id) if channel.id else None
    return contained(channel.title or "").strip() or handle or number


def address(document: Document) -> str | None:
    """A document's link: its own, else one made of its channel and message id."""
    if document.url and openable(document.url):
        return document.url
    channel = document.channel
    if channel is None or not document.message_id:
        return None
    return post_address(channel.username, channel.id, document.message_id)


def post_address(username: str | None, channel_id: int | None, message_id: int) -> str | None:
    """The link of a post of a public channel, else of a private one that members can open."""
    if username and re.fullmatch(r"[A-Za-z0-9_]+", username):
        return f"https://t.me/{username}/{message_id}"
    return f"https://t.me/c/{channel_id}/{message_id}" if channel_id else None


def heading(document: Document, here: Here, words: Words) -> RichText:
    """``Channel · today 14:05``, leading to the post; in a group with who wrote it."""
    name = link(channel_name(document, words), address(document))
    parts = (name, author_name(document) or "", published(document, here, words))
    return join(" · ", [part for part in parts if part])


def author_name(document: Document) -> str | None:
    """The author of a post of a group, if stored; None if the group itself posted it."""
    author = document.author
    if author is None or author.kind == "group" or author == DELETED:
        return None
    handle = f"@{author.username}" if author.username else None
    number = str(author.id) if author.id else None
    name = contained(author.name or "").strip() or handle or number
    return shorten(name, NAME_UNITS) if name else None


def origin(
    document: Document, here: Here, words: Words, date: DateWriter = partial_date
) -> RichText | None:
    """``↪ Forwarded from NAME · DATE``, a link to the original; None if it is no forward."""
    forward = document.forwarded_from
    if forward is None:
        return None
    name = origin_name(forward)
    line: RichText | str = words.forwarded
    if name:
        line = fill(words.forwarded_from, name=link(name, _origin_address(forward)))
    parts = [line, date(forward.date, here, words) or ""]
    return "↪ " + join(" · ", [part for part in parts if part])


def origin_name(forward: Forward) -> str | None:
    """The author of the original, if known."""
    handle = f"@{forward.username}" if forward.username else None
    name = contained(forward.name or "").strip() or handle or (forward.author or "").strip()
    return shorten(name, NAME_UNITS) if name else None


def _origin_address(forward: Forward) -> str | None:
    if not forward.message_id:
        return None
    return post_address(forward.username, forward.channel_id, forward.message_id)


def headline(document: Document, words: Words, units: int = 160) -> str:
    """The first words of a document on one line; its attachments if it has no words."""
    text = next((text for text in document.texts() if text.strip()), "")
    if not text and document.media:
        return f"[{words.media[document.media[0].type]}]"
    return shorten(text, units) or words.no_name
