"""Narrowing a query by buttons: ``ferry`` and the button "Russian" make ``ferry lang:ru``."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from handlers.render.text.names import contained
from storage.document import Channel, Document
from storage.errors import QueryError
from storage.query.reading import syntax
from storage.query.reading.syntax import Query
from storage.query.tree import Or

NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
"""What a channel filter of a button may name: a username or an id."""


def narrow(
    query: Query, conditions: Sequence[str], *, now: datetime | None = None, zone: tzinfo = UTC
) -> Query | None:
    """The query with filters such as ``lang:ru`` beside it; None where that is no query any more
    (too long, say)."""
    parts = [*query.dates, *conditions]
    if query.root is not None:
        asked = f"({query.root})" if isinstance(query.root, Or) and parts else str(query.root)
        parts.insert(0, asked)
    narrower = _parse(" ".join(parts), now, zone)
    if narrower is None:
        return None
    for asked in (query.written, f"({query.written})"):
        same = _parse(" ".join((asked, *conditions)), now, zone)
        if same == narrower:
            return same
    return narrower


def _parse(text: str, now: datetime | None, zone: tzinfo) -> Query | None:
    try:
        return syntax.parse(text, now=now, zone=zone)
    except QueryError:
        return None


def without_dates(query: Query) -> Query | None:
    """The query for posts to come; None where nothing but dates was asked."""
    return None if query.root is None else syntax.parse(str(query.root))


def channel_value(channel: Channel | None) -> str | None:
    """How a filter names a channel: by username, else by id; None where it has neither."""
    if channel is None:
        return None
    for name in (channel.username, str(channel.id) if channel.id else None):
        if name and NAME.fullmatch(name):
            return name
    return None


def list_channels(documents: Iterable[Document], most: int) -> list[tuple[str, str]]:
    """The channels that posts are from, the most frequent first: filter value and title."""
    counts: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for document in documents:
        value = channel_value(document.channel)
        if value is not None and document.channel is not None:
            counts[value] += 1
            titles[value] = contained(document.channel.title or "").strip() or value
    return [(value, titles[value]) for value, _ in counts.most_common(most)]
