"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from handlers.render.feeds.atom import moment
from handlers.render.feeds.entries import Feed, FeedEntry, clean

MIME = "application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """The whole feed, in UTF-8."""
    written = {
        "version": VERSION,
        "title": clean(feed.title),
        "feed_url": feed.url,
        "language": feed.language,
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _item(entry: FeedEntry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_modified": moment(entry.updated),
        "authors": [{"name": entry.author}],
    }
    if entry.published is not None:
        item["date_published"] = moment(entry.published)
    if entry.source is not None:
        item["external_url"] = entry.source
    if entry.language is not None:
        item["language"] = entry.language
    return item
