"""Documents as rows of a spreadsheet: one row a document, and no cell that can start a formula."""

import re
from collections.abc import Callable

from storage.document import Document

# What spreadsheets take for the start of a formula, also in full-width form, and the controls that
# some of them skip before looking (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[\s\ufeff\u200b]*[=+\-@|%＝＋－＠]|[\t\r\n]")

_COLUMNS: dict[str, Callable[[Document], object]] = {
    "doc_id": lambda document: document.doc_id,
    "kind": lambda document: document.kind,
    "published_at": lambda document: document.published_at,
    "published_precision": lambda document: document.published_precision,
    "edited_at": lambda document: document.edited_at,
    "deleted_at": lambda document: document.deleted_at,
    "channel": lambda document: document.channel and document.channel.title,
    "channel_username": lambda document: document.channel and document.channel.username,
    "channel_id": lambda document: document.channel and document.channel.id,
    "message_id": lambda document: document.message_id,
    "url": lambda document: document.url,
    "forwarded_from": lambda document: document.forwarded_from and document.forwarded_from.name,
    "dateline": lambda document: document.dateline and document.dateline.raw,
    "title": lambda document: document.title,
    "deck": lambda document: document.deck,
    "body": lambda document: "\n".join(block.text for block in document.body),
    "hashtags": lambda document: " ".join(document.hashtags),
    "links": lambda document: " ".join(link.url for link in document.links if link.url),
    "media": lambda document: " ".join(media.type for media in document.media),
    "views": lambda document: document.views,
    "lang": lambda document: document.lang,
    "content_hash": lambda document: document.content_hash,
    "author": lambda document: document.author and document.author.name,
}

HEADER = tuple(_COLUMNS)


def row(document: Document) -> tuple[str, ...]:
    """The document's cells, in the order of HEADER."""
    return tuple(safe_cell(cell(document)) for cell in _COLUMNS.values())


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula: with an apostrophe before it if
    needed. Our own numbers stay numbers, also negative ones."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int):
        return text
    text = text.replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text
