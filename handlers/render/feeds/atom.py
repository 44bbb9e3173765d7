"""A feed as Atom (RFC 4287)."""

from datetime import datetime
from html import escape

from handlers.render.feeds.entries import Feed, FeedEntry, clean

MIME = "application/atom+xml; charset=utf-8"


def atom(feed: Feed) -> bytes:
    """The whole feed, in UTF-8."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_text(feed.language)}">',
        f"<id>{_text(feed.id)}</id>",
        f"<title>{_text(feed.title)}</title>",
        f"<updated>{moment(feed.updated)}</updated>",
        f'<link rel="self" type="application/atom+xml" href="{_text(feed.url)}"/>',
        "<generator>Dateline</generator>",
    ]
    for entry in feed.entries:
        lines += _entry(entry)
    return "\n".join([*lines, "</feed>\n"]).encode("utf-8")


def _entry(entry: FeedEntry) -> list[str]:
    language = f' xml:lang="{_text(entry.language)}"' if entry.language else ""
    lines = [
        f"<entry{language}>",
        f"<id>{_text(entry.id)}</id>",
        f"<title>{_text(entry.title)}</title>",
        f"<author><name>{_text(entry.author)}</name></author>",
        f"<updated>{moment(entry.updated)}</updated>",
        f'<link rel="alternate" type="text/html" href="{_text(entry.url)}"/>',
    ]
    if entry.published is not None:
        lines.append(f"<published>{moment(entry.published)}</published>")
    if entry.source is not None:
        lines.append(f'<link rel="via" href="{_text(entry.source)}"/>')
    return [*lines, f'<content type="html">{_text(entry.html)}</content>', "</entry>"]


def moment(at: datetime) -> str:
    """An instant in UTC as RFC 3339 writes it."""
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _text(text: str) -> str:
    return escape(clean(text))
