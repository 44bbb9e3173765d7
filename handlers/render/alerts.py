"""An alert: what matched, where, when, the words themselves, and how to stop it."""

from collections.abc import Sequence
from datetime import tzinfo

from handlers.render.documents import address, heading, origin, zone_of
from handlers.render.keyboards import alert_rows, below_alert
from handlers.render.messages import Message, shorten, truncate
from handlers.render.passages import passage
from handlers.render.rich import RichText, code, fill, join, link
from handlers.render.telling import ALONE, Spans, Telling, telling_lines
from handlers.texts.languages import words_of
from handlers.texts.telling import telling_words
from handlers.texts.words import Words
from storage.document import Document
from storage.errors import QueryError
from storage.query import snippet, syntax
from storage.records import Alert

QUERY_UNITS = 80
QUERIES = 5
FOLLOW_UNITS = 2000
FOLLOW_PIECES = 8
ADDED_UNITS = 120


def alert_message(
    document: Document,
    alerts: Sequence[Alert],
    *,
    language: str,
    timezone: str,
    telling: Telling = ALONE,
) -> Message:
    """One message about one post for one chat, whatever number of its alerts match (at least 1).

    ``timezone`` is the subscriber's IANA zone; ``telling`` is what came of the story. The message
    fits into one of Telegram's.
    """
    text = alert_text(document, alerts, language=language, timezone=timezone, telling=telling)
    return Message(text, below_alert(document, alerts, words_of(language)))


def alert_text(
    document: Document,
    alerts: Sequence[Alert],
    *,
    language: str,
    timezone: str,
    telling: Telling = ALONE,
) -> RichText:
    """The text of an alert, which is the same for all whose alerts ask for the same."""
    words, zone = words_of(language), zone_of(timezone)
    url = address(document)
    head: list[RichText | str] = [
        "🔔 " + queries_line(alerts),
        heading(document, zone, words),
        origin(document, zone, words) or "",
        *telling_lines(document, telling, zone=zone, words=words, said=telling_words(language)),
    ]
    text = snippet.searchable_text(document)
    blocks: list[RichText | str] = [
        join("\n", [line for line in head if line]),
        # Of a follow-up everything that is new is shown.
        passage(text, telling.fresh, opening=FOLLOW_UNITS, pieces=FOLLOW_PIECES)
        if telling.follows is not None
        else passage(text, matches(document, alerts)),
        link(url, url) if url else "",
        *(_added(other, fresh, zone, words) for other, fresh in telling.added),
    ]
    return truncate(join("\n\n", [block for block in blocks if block]), 4096)


def _added(document: Document, fresh: Spans, zone: tzinfo, words: Words) -> RichText:
    """A post that was added to a follow-up: what is new in bold, and where it stands."""
    url = address(document)
    text = passage(snippet.searchable_text(document), fresh, opening=ADDED_UNITS)
    lines = ["➕ " + heading(document, zone, words), text, link(url, url) if url else ""]
    return join("\n", [line for line in lines if line])


def queries_line(alerts: Sequence[Alert]) -> RichText:
    """The alerts that matched, in code font, so that a tap copies them."""
    shown = [code(shorten(alert.query, QUERY_UNITS)) for alert in alerts[:QUERIES]]
    left = len(alerts) - len(shown)
    return join(" · ", [*shown, f"+{left}"] if left else shown)


def matches(document: Document, alerts: Sequence[Alert]) -> tuple[tuple[int, int], ...]:
    """The character ranges of a document's searchable text where any of the alerts matched, in
    order, none overlapping."""
    ranges = sorted(span for alert in alerts for span in _marks(document, alert))
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _marks(document: Document, alert: Alert) -> tuple[tuple[int, int], ...]:
    """Where one alert matched; nowhere for a query that only an older version could read."""
    try:
        query = syntax.parse(alert.query)
    except QueryError:
        return ()
    return snippet.mark_document(document, query).spans


def alert_list(alerts: Sequence[Alert], page: int, words: Words) -> Message:
    """A chat's alerts with a button each to remove it; ``page`` is 0-based."""
    if not alerts:
        lines: list[RichText | str] = [
            words.alerts_none,
            fill(words.for_example, example=code(words.example("/alert {word}"))),
        ]
        return Message(join("\n", lines))
    title = fill(words.alerts_title, count=len(alerts))
    text = join("\n", [title, words.alerts_remove_hint])
    return Message(text, alert_rows(alerts, page, words))
