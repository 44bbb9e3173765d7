"""A bundle: alerts that were held back or missed, told in one message."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from handlers.render.alerts.alerts import QUERIES, QUERY_UNITS, found_in, matches
from handlers.render.alerts.story_lines import Spans
from handlers.render.text.attachments import found_line
from handlers.render.text.dates import Here, here_in, moment
from handlers.render.text.headings import address, channel_name, headline, published_moment
from handlers.render.text.keyboards import BUNDLE_OPEN, BUNDLE_PAGE, data, pager
from handlers.render.text.messages import (
    MESSAGE_SPANS,
    MESSAGE_UNITS,
    Button,
    Message,
    shorten,
    truncate,
)
from handlers.render.text.rich import RichText, bold, code, join, link, marked, utf16_length
from handlers.texts.alerts.alert_lines import AlertLinesWords, alert_lines_words
from handlers.texts.languages import words_of
from handlers.texts.words import Words
from storage.document import Document
from storage.languages.catalogue import Forms
from storage.query import snippet
from storage.query.marked import Marked
from storage.query.words import analysis
from storage.records import Alert

PER_PAGE = 10
NAME_UNITS = 30
MOST_UNITS = 200
LEAST_UNITS = 20
LINES_UNITS = 3300
"""What the lines of all posts may take together; the rest is for the queries."""
LINE_ROOM = 60
"""Time, channel and what stands between them."""
OTHER_SPANS = 10
MOST_MARKS = 3
BURST_UNITS = 3500
BURST_SPANS = 90
"""The most spans of a list that grows: a message with more is not read."""
BURST_LINE_UNITS = 155
"""What a line of it may have, so that twenty and the queries fit."""
BURST_MARKS = 3
BURST_QUERIES = 3
BURST_QUERY_UNITS = 60


class Told(Struct, frozen=True, kw_only=True):
    """A post of a bundle, with the alerts that it matched; ``channels`` tell its story too, and so
    many posts of its event were ``counted`` there. ``fresh``: where in its text what is new stands,
    for one that follows another."""

    document: Document
    alerts: tuple[Alert, ...]
    channels: int = 0
    counted: int = 0
    fresh: Spans = ()


class Bundle(Struct, frozen=True, kw_only=True):
    """What all pages of a bundle say: how many posts there are, and the queries by how many of
    them each matched. ``id`` names it for its buttons; ``is_late``: these posts were missed;
    ``is_away``: and perhaps told, before an older copy of the database was put back; ``is_gone``:
    they were deleted."""

    id: int
    count: int
    queries: Mapping[str, int]
    is_late: bool = False
    is_away: bool = False
    is_gone: bool = False

    @property
    def pages(self) -> int:
        """How many pages a bundle that has pages has."""
        return max(1, -(-self.count // PER_PAGE))


def bundle_message(
    bundle: Bundle,
    posts: Sequence[Told],
    *,
    page: int | None,
    language: str,
    timezone: str,
    now: datetime,
) -> Message:
    """Posts of a bundle, at least one, in a message: a line each with its time, its channel and
    what matched. ``page`` is 0-based; None: these are all, without buttons."""
    words, here, said = words_of(language), here_in(timezone, now), alert_lines_words(language)
    title = words.count(_title(bundle, said), bundle.count)
    head = join("\n", [bold(title), _queries(bundle)])
    units = max(LEAST_UNITS, min(MOST_UNITS, LINES_UNITS // len(posts) - LINE_ROOM))
    marks = max(0, min(MOST_MARKS, (MESSAGE_SPANS - OTHER_SPANS) // len(posts) - 1))
    lines = [_line(told, units, marks, here, words) for told in posts]
    text = truncate(join("\n\n", [head, join("\n", lines)]), MESSAGE_UNITS)
    if page is None:
        return Message(text)
    more = page + 1 < bundle.pages
    return Message(
        text, pager(BUNDLE_PAGE, (bundle.id,), page, bundle.pages, more=more, words=words)
    )


def burst_message(
    bundle: Bundle,
    posts: Sequence[Told],
    *,
    begun_at: datetime,
    has_buttons: bool,
    language: str,
    timezone: str,
) -> Message:
    """A list that grows, as long as it is by now: a line each with its time, its channel and what
    matched, and a button that opens them in full. It has at most ``BURST_UNITS`` and
    ``BURST_SPANS``, where there are no more than ``storage.outbox.bursts.MOST_LINES`` posts."""
    words, here, said = words_of(language), here_in(timezone, begun_at), alert_lines_words(language)
    title = bold(said.burst.format(count=bundle.count))
    queries = _queries(bundle, most=BURST_QUERIES, units=BURST_QUERY_UNITS)
    lines = [_short_line(told, here, words) for told in posts]
    text = join("\n\n", [join("\n", [title, queries]), join("\n", lines)])
    opening = Button(text=said.burst_open, data=data(BUNDLE_OPEN, bundle.id, 0))
    return Message(truncate(text, BURST_UNITS), ((opening,),) if has_buttons else ())


def tally_message(count: int, language: str) -> Message:
    """How many posts came to the list that this message answers."""
    said = alert_lines_words(language)
    return Message(RichText(words_of(language).count(said.tally, count)))


def _title(bundle: Bundle, said: AlertLinesWords) -> Forms:
    if bundle.is_away:
        return said.bundle_away
    if bundle.is_gone:
        return said.bundle_gone
    return said.bundle_late if bundle.is_late else said.bundle


def _queries(bundle: Bundle, *, most: int = QUERIES, units: int = QUERY_UNITS) -> RichText:
    """The queries, most telling first; how often each, where there are several."""
    ordered = sorted(bundle.queries, key=lambda query: -bundle.queries[query])
    if len(ordered) == 1:
        return code(shorten(ordered[0], units))
    shown: list[RichText | str] = [
        code(shorten(query, units)) + f" ({bundle.queries[query]})" for query in ordered[:most]
    ]
    left = len(ordered) - len(shown)
    return join(" · ", [*shown, f"+{left}"] if left else shown)


def _short_line(told: Told, here: Here, words: Words) -> RichText:
    """A post in a line of limited length."""
    head = _line_head(told, here, words)
    left = BURST_LINE_UNITS - utf16_length(head.text)
    return head + _shown(told, max(LEAST_UNITS, left), BURST_MARKS, words)


def _line(told: Told, units: int, marks: int, here: Here, words: Words) -> RichText:
    """A post in a line; ``marks`` are how many of its matches may be in bold."""
    return _line_head(told, here, words) + _shown(told, units, marks, words)


def _line_head(told: Told, here: Here, words: Words) -> RichText:
    document = told.document
    at = published_moment(document)
    time = moment(at, here, words) if at else ""
    name = shorten(channel_name(document, words), NAME_UNITS)
    place = link(" · ".join(part for part in (time, name) if part), address(document))
    parts: list[RichText | str] = [place]
    if told.fresh:
        parts.append("↩️")
    if told.channels:
        parts.append(f"🔁 +{told.channels}")
    if told.counted:
        parts.append(f"🗂 +{told.counted}")
    if document.deleted_at is not None:
        parts.append("🗑")
    return "• " + join(" · ", [*parts, ""])


def _shown(told: Told, units: int, marks: int, words: Words) -> RichText:
    """What is new in a post, or where it matched, in bold; else how it begins."""
    text = snippet.searchable_text(told.document)
    spans = tuple(span for span in told.fresh if span[1] <= len(text))
    spans = spans or matches(told.document, told.alerts)
    if not spans:
        return _headed(told, units, marks, words)
    title = len(analysis.title_text(told.document))
    stretch = snippet.cut(Marked(text=text, spans=spans), units, title=title)
    flat = "".join(" " if character.isspace() else character for character in stretch.text)
    return truncate(marked(flat, stretch.spans[:marks]), units).stripped()


def _headed(told: Told, units: int, marks: int, words: Words) -> RichText:
    """How a post begins; and what is attached, where that is what matched."""
    found = found_in(told.document, told.alerts)
    head = headline(told.document, words, units // 2 if found else units)
    if not found:
        return RichText(head)
    line = found_line(found, words)
    line = RichText(line.text, line.spans[:marks])
    says = any(text.strip() for text in told.document.texts())
    return truncate(join(" ", (head, line)) if says else line, units).stripped()
