"""An alert: what matched, where, when, the words themselves, and how to stop it."""

from collections.abc import Sequence
from datetime import datetime

from handlers.render.alerts.story_lines import ALONE, AlertDetails, Spans, detail_lines
from handlers.render.text.attachments import attachments_found, found_line, preview_address
from handlers.render.text.dates import Here, here_in
from handlers.render.text.headings import heading, origin
from handlers.render.text.keyboards import below_alert
from handlers.render.text.messages import MESSAGE_SPANS, MESSAGE_UNITS, Message, shorten, truncate
from handlers.render.text.own_text import own_passage
from handlers.render.text.passages import OPENING_UNITS, PIECES
from handlers.render.text.rich import RichText, code, join
from handlers.texts.alerts.alert_lines import alert_lines_words
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from storage.document import Document
from storage.errors import QueryError
from storage.query import snippet
from storage.query.marked import Attached
from storage.query.reading import syntax
from storage.query.tree import Query
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
    now: datetime,
    details: AlertDetails = ALONE,
) -> Message:
    """One message about one post for one chat, for any number (at least 1) of its alerts that
    match.

    ``timezone``: the subscriber's IANA zone; ``now``: when it is sent; ``details``: what is known
    of the story. The message fits into one of Telegram's.
    """
    text = alert_text(
        document, alerts, language=language, timezone=timezone, now=now, details=details
    )
    keyboard = below_alert(document, alerts, words_of(language))
    return Message(text, keyboard, preview=preview_address(document))


def alert_text(
    document: Document,
    alerts: Sequence[Alert],
    *,
    language: str,
    timezone: str,
    now: datetime,
    details: AlertDetails = ALONE,
) -> RichText:
    """The text of an alert, the same for all readers whose alerts have the same query."""
    words, here = words_of(language), here_in(timezone, now)
    head: list[RichText | str] = [
        "🔔 " + queries_line(alerts),
        heading(document, here, words),
        origin(document, here, words) or "",
        *detail_lines(document, details, here=here, words=words, said=alert_lines_words(language)),
    ]
    blocks: list[RichText | str] = [
        join("\n", [line for line in head if line]),
        # Of a follow-up everything that is new is shown.
        _words(document, details.fresh, words, opening=FOLLOW_UNITS, pieces=FOLLOW_PIECES)
        if details.follows is not None
        else _words(document, matches(document, alerts), words, found=found_in(document, alerts)),
        *(_added(other, fresh, here, words) for other, fresh in details.added),
    ]
    return _limited(truncate(join("\n\n", [block for block in blocks if block]), MESSAGE_UNITS))


def _words(
    document: Document,
    spans: Spans,
    words: Words,
    *,
    opening: int = OPENING_UNITS,
    pieces: int = PIECES,
    found: Sequence[Attached] = (),
) -> RichText:
    """The post's text and its attachments, unless the preview shows these and they did not match
    (``found``)."""
    text = own_passage(document, spans, opening=opening, pieces=pieces)
    if text and preview_address(document):
        attached = found_line(found, words)
    else:
        attached = attachments_found(document, found, words)
    between = " " if _begins_with_medium(document) and attached.text.endswith("]") else "\n"
    said = join(between, [part for part in (attached, text) if part])
    withheld = words.withheld if "text_withheld" in document.flags else ""
    return join("\n", [part for part in (said, withheld) if part])


def _begins_with_medium(document: Document) -> bool:
    """Whether the text is that of the post's only medium: a poll's question, an invoice's title."""
    if len(document.media) != 1:
        return False
    medium, first = document.media[0], next(iter(document.texts()), None)
    return first is not None and first == (medium.title or "").partition("\n")[0]


def _limited(text: RichText) -> RichText:
    """The text with no more spans than Telegram keeps; bold ones are dropped first."""
    left = len(text.spans) - MESSAGE_SPANS
    if left <= 0:
        return text
    bold = [span for span in text.spans if span.kind == "bold"]
    gone = {id(span) for span in bold[len(bold) - min(left, len(bold)) :]}
    kept = [span for span in text.spans if id(span) not in gone]
    return RichText(text.text, tuple(kept[:MESSAGE_SPANS]))


def _added(document: Document, fresh: Spans, here: Here, words: Words) -> RichText:
    """A post that was added to a follow-up: what is new in bold, and a link to it."""
    text = _words(document, fresh, words, opening=ADDED_UNITS)
    lines = ["➕ " + heading(document, here, words), text]
    return join("\n", [line for line in lines if line])


def queries_line(alerts: Sequence[Alert]) -> RichText:
    """The alerts that matched, in code font, so that a tap copies them."""
    shown = [code(shorten(alert.query, QUERY_UNITS)) for alert in alerts[:QUERIES]]
    left = len(alerts) - len(shown)
    return join(" · ", [*shown, f"+{left}"] if left else shown)


def matches(document: Document, alerts: Sequence[Alert]) -> tuple[tuple[int, int], ...]:
    """The ranges (characters) of a document's searchable text where any of the alerts matched,
    ascending and disjoint."""
    ranges = sorted(span for alert in alerts for span in _marks(document, alert))
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def found_in(document: Document, alerts: Sequence[Alert]) -> tuple[Attached, ...]:
    """The attachments that any of the alerts matched, without duplicates."""
    found: dict[str, Attached] = {}
    for query in filter(None, map(_query, alerts)):
        for one in snippet.mark_attached(document, query):
            found.setdefault(one.text.text, one)
    return tuple(found.values())


def _marks(document: Document, alert: Alert) -> tuple[tuple[int, int], ...]:
    """Where one alert matched."""
    query = _query(alert)
    return () if query is None else snippet.mark_document(document, query).spans


def _query(alert: Alert) -> Query | None:
    """The query of an alert; None for one that this version cannot parse."""
    try:
        return syntax.parse(alert.query)
    except QueryError:
        return None
