"""A bundle: alerts that were held back or missed, told in one message."""

from collections.abc import Sequence
from datetime import tzinfo

from handlers.render.alerts import matches, queries_line
from handlers.render.documents import address, channel_name, headline, published_moment, zone_of
from handlers.render.messages import MESSAGE_SPANS, MESSAGE_UNITS, Message, shorten, truncate
from handlers.render.rich import RichText, bold, join, link, marked
from handlers.texts.languages import words_of
from handlers.texts.telling import telling_words
from handlers.texts.words import Words
from storage.document import Document
from storage.query import snippet
from storage.records import Alert, Marked

NAME_UNITS = 30
MOST_UNITS = 140
LEAST_UNITS = 20
LINES_UNITS = 3300
"""What the lines of all posts may take together; the rest is for the queries."""
LINE_ROOM = 60
"""Time, channel and what stands between them."""
OTHER_SPANS = 10
MOST_MARKS = 3


def bundle_message(
    posts: Sequence[tuple[Document, Sequence[Alert]]],
    *,
    language: str,
    timezone: str,
    is_late: bool,
) -> Message:
    """Many posts in one message: a line each with its time, its channel and what matched.

    The posts, at least one, are told in the order given, each with the alerts that it matched.
    """
    words, zone, said = words_of(language), zone_of(timezone), telling_words(language)
    title = (said.bundle_late if is_late else said.bundle).format(count=len(posts))
    asked = {alert.query: alert for _, alerts in posts for alert in alerts}
    head = join("\n", [bold(title), queries_line(list(asked.values()))])
    units = max(LEAST_UNITS, min(MOST_UNITS, LINES_UNITS // len(posts) - LINE_ROOM))
    marks = max(0, min(MOST_MARKS, (MESSAGE_SPANS - OTHER_SPANS) // len(posts) - 1))
    lines = [_line(document, alerts, units, marks, zone, words) for document, alerts in posts]
    return Message(truncate(join("\n\n", [head, join("\n", lines)]), MESSAGE_UNITS))


def _line(
    document: Document,
    alerts: Sequence[Alert],
    units: int,
    marks: int,
    zone: tzinfo,
    words: Words,
) -> RichText:
    """A post in a line; ``marks`` are how many of its matches may be in bold."""
    at = published_moment(document)
    time = f"{at.astimezone(zone):%d.%m. %H:%M}" if at else ""
    name = shorten(channel_name(document, words), NAME_UNITS)
    place = link(" · ".join(part for part in (time, name) if part), address(document))
    return "• " + join(" · ", [place, _shown(document, alerts, units, marks, words)])


def _shown(
    document: Document, alerts: Sequence[Alert], units: int, marks: int, words: Words
) -> RichText:
    """Where a post matched, with what matched in bold; else how it begins."""
    text = snippet.searchable_text(document)
    spans = matches(text, alerts)
    if not spans:
        return RichText(headline(document, words, units))
    stretch = snippet.cut(Marked(text=text, spans=spans), units)
    flat = "".join(" " if character.isspace() else character for character in stretch.text)
    return truncate(marked(flat, stretch.spans[:marks]), units).stripped()
