"""A bundle: alerts that were held or missed, sent in one message."""

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
"""The most units of all lines together; the rest is for the queries."""
LINE_ROOM = 60
"""Units for time, channel and separators of a line."""
OTHER_SPANS = 10
MOST_MARKS = 3
BURST_UNITS = 3500
BURST_SPANS = 90
"""The most spans of a growing list: Telegram would drop more."""
BURST_LINE_UNITS = 155
"""The most units of a line, so that twenty lines and the queries fit."""
BURST_MARKS = 3
BURST_QUERIES = 3
BURST_QUERY_UNITS = 60


class BundledPost(Struct, frozen=True, kw_only=True):
    """A post of a bundle, with the alerts that it matched. ``channels``: how many other channels
    have its story; ``counted``: how many posts of its event are counted at it; ``fresh``: the new
    ranges of a follow-up's text."""

    document: Document
    alerts: tuple[Alert, ...]
    channels: int = 0
    counted: int = 0
    fresh: Spans = ()


class Bundle(Struct, frozen=True, kw_only=True):
    """What all pages of a bundle show: the number of posts, and the queries with how many posts
    each matched.

    ``id``: names it in buttons; ``is_late``: these posts were missed; ``is_away``: missed, and
    perhaps sent before an older copy of the database was restored; ``is_gone``: they were deleted.
    """

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
    posts: Sequence[BundledPost],
    *,
    page: int | None,
    language: str,
    timezone: str,
    now: datetime,
) -> Message:
    """The posts of a bundle (at least one) in a message: a line each with time, channel and what
    matched.

    ``page`` is from 0; None: these are all posts, without buttons.
    """
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
    posts: Sequence[BundledPost],
    *,
    begun_at: datetime,
    has_buttons: bool,
    language: str,
    timezone: str,
) -> Message:
    """A growing list as it is now: a line for each post with time, channel and what matched, and a
    button that opens them in full.

    It has at most ``BURST_UNITS`` and ``BURST_SPANS`` for up to
    ``storage.outbox.bursts.MOST_LINES`` posts.
    """
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
    """The queries, those that matched most first; with their numbers if there are several."""
    ordered = sorted(bundle.queries, key=lambda query: -bundle.queries[query])
    if len(ordered) == 1:
        return code(shorten(ordered[0], units))
    shown: list[RichText | str] = [
        code(shorten(query, units)) + f" ({bundle.queries[query]})" for query in ordered[:most]
    ]
    left = len(ordered) - len(shown)
    return join(" · ", [*shown, f"+{left}"] if left else shown)


def _short_line(told: BundledPost, here: Here, words: Words) -> RichText:
    """A post in a line of limited length."""
    head = _line_head(told, here, words)
    left = BURST_LINE_UNITS - utf16_length(head.text)
    return head + _shown(told, max(LEAST_UNITS, left), BURST_MARKS, words)


def _line(told: BundledPost, units: int, marks: int, here: Here, words: Words) -> RichText:
    """A post in a line; ``marks``: how many matches may be bold."""
    return _line_head(told, here, words) + _shown(told, units, marks, words)


def _line_head(told: BundledPost, here: Here, words: Words) -> RichText:
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


def _shown(told: BundledPost, units: int, marks: int, words: Words) -> RichText:
    """The new or matching parts of a post, in bold; else its beginning."""
    text = snippet.searchable_text(told.document)
    spans = tuple(span for span in told.fresh if span[1] <= len(text))
    spans = spans or matches(told.document, told.alerts)
    if not spans:
        return _headed(told, units, marks, words)
    title = len(analysis.title_text(told.document))
    stretch = snippet.cut(Marked(text=text, spans=spans), units, title=title)
    flat = "".join(" " if character.isspace() else character for character in stretch.text)
    return truncate(marked(flat, stretch.spans[:marks]), units).stripped()


def _headed(told: BundledPost, units: int, marks: int, words: Words) -> RichText:
    """The beginning of a post, with the attachment that matched."""
    found = found_in(told.document, told.alerts)
    head = headline(told.document, words, units // 2 if found else units)
    if not found:
        return RichText(head)
    line = found_line(found, words)
    line = RichText(line.text, line.spans[:marks])
    says = any(text.strip() for text in told.document.texts())
    return truncate(join(" ", (head, line)) if says else line, units).stripped()
