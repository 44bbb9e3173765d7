"""Lines about a post's story: the other channels that have it, edits, deletion."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from handlers.render.text.dates import Here, moment
from handlers.render.text.headings import address, channel_name, published_moment
from handlers.render.text.messages import shorten
from handlers.render.text.rich import RichText, fill, join, link
from handlers.texts.alerts.alert_lines import AlertLinesWords
from handlers.texts.words import Words
from storage import times
from storage.document import Document

Spans: TypeAlias = tuple[tuple[int, int], ...]

FOLLOWED_UNITS = 90
NAMED = 5
"""The most other channels that are named; the rest is a number."""


class Counted(Struct, frozen=True, kw_only=True):
    """How many posts of the event are counted at a message, and from how many channels; ``first``:
    the first post of each of the first channels."""

    posts: int
    channels: int
    first: tuple[Document, ...] = ()


class AlertDetails(Struct, frozen=True, kw_only=True):
    """What is known of a post's story besides the post.

    ``others``: other posts of it, in order; ``first``: what the post said before its first edit;
    ``late``: seconds from publication until it could be read, if many; ``follows``: the post that
    this one follows for its reader, ``fresh``: the new ranges of its text; ``added``: posts that
    were added to it, each with its own; ``copy``: a copy that still exists, if the post was
    deleted; ``counted``: the posts of its event counted at the message; ``news``: why this post of
    an event was sent.
    """

    others: tuple[Document, ...] = ()
    first: Document | None = None
    late: float | None = None
    follows: Document | None = None
    fresh: Spans = ()
    added: tuple[tuple[Document, Spans], ...] = ()
    copy: Document | None = None
    counted: Counted | None = None
    news: str | None = None


ALONE = AlertDetails()


def detail_lines(
    document: Document, details: AlertDetails, *, here: Here, words: Words, said: AlertLinesWords
) -> list[RichText]:
    """A line for each of these that is known."""
    lines = [
        _news(details, said),
        _follows(details, said),
        _late(details, said),
        _also(document, details.others, words, said),
        _counted(details.counted, words, said),
        _edited(document, details.first, here, words, said),
        _deleted(document, details.copy, words, said),
    ]
    return [line for line in lines if line is not None]


def _follows(details: AlertDetails, said: AlertLinesWords) -> RichText | None:
    if details.follows is None:
        return None
    words = " ".join(" ".join(details.follows.texts()).split())
    return "↩️ " + fill(said.follows, words=shorten(words, FOLLOWED_UNITS))


def _news(details: AlertDetails, said: AlertLinesWords) -> RichText | None:
    told = said.news.get(details.news or "")
    return RichText(f"🆕 {told}") if told else None


def _counted(counted: Counted | None, words: Words, said: AlertLinesWords) -> RichText | None:
    if counted is None:
        return None
    if not counted.channels:  # the posts are there no more
        return RichText(f"🗂 +{counted.posts}")
    count = words.count(said.counted, counted.channels).replace("{posts}", str(counted.posts))
    named = [link(channel_name(one, words), address(one)) for one in counted.first]
    left = counted.channels - len(named)
    names = join(", ", [*named, f"+{left}"] if left > 0 else named)
    return "🗂 " + join(": ", [count, names] if named else [count])


def _late(details: AlertDetails, said: AlertLinesWords) -> RichText | None:
    if details.late is None:
        return None
    return "⏱ " + fill(said.late, span=said.span(details.late))


def _also(
    document: Document, others: Sequence[Document], words: Words, said: AlertLinesWords
) -> RichText | None:
    channels: dict[object, Document] = {}
    for other in others:
        channels.setdefault(_channel_key(other), other)
    channels.pop(_channel_key(document), None)
    if not channels:
        return None
    named = [
        link(channel_name(other, words), address(other))
        for other in list(channels.values())[:NAMED]
    ]
    left = len(channels) - len(named)
    names = join(", ", [*named, f"+{left}"] if left else named)
    return "🔁 " + fill(said.also, names=names)


def _channel_key(document: Document) -> object:
    channel = document.channel
    return (channel.id or channel.username) if channel else document.doc_id


def _edited(
    document: Document, first: Document | None, here: Here, words: Words, said: AlertLinesWords
) -> RichText | None:
    if first is None:
        return None
    before, after = _lines(first), _lines(document)
    if before == after and first.title == document.title:
        return None
    at = times.from_instant(document.edited_at)
    time = moment(at, here, words) if at else ""
    parts = [
        words.count(said.added if sign > 0 else said.removed, count)
        for sign, count in ((1, (after - before).total()), (-1, (before - after).total()))
        if count
    ]
    line = said.edited.format(time=time).strip()
    return RichText(f"✏️ {line}: {', '.join(parts)}" if parts else f"✏️ {line}")


def _lines(document: Document) -> Counter[str]:
    text = "\n".join(document.texts())
    return Counter(line.strip() for line in text.splitlines() if line.strip())


def _deleted(
    document: Document, copy: Document | None, words: Words, said: AlertLinesWords
) -> RichText | None:
    deleted_at = times.from_instant(document.deleted_at)
    if deleted_at is None:
        return None
    posted_at = published_moment(document)
    line = said.deleted_at_once
    if posted_at is not None:
        line = said.deleted.format(span=said.span((deleted_at - posted_at).total_seconds()))
    if copy is None:
        return RichText(f"🗑 {line}")
    name = link(channel_name(copy, words), address(copy))
    return f"🗑 {line}; " + fill(said.stands, name=name)
