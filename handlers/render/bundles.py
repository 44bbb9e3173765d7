"""A bundle: alerts that were held back or missed, told in one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from handlers.render.alerts import QUERIES, QUERY_UNITS, matches
from handlers.render.documents import address, channel_name, headline, published_moment, zone_of
from handlers.render.keyboards import BUNDLE_PAGE, pager
from handlers.render.messages import MESSAGE_SPANS, MESSAGE_UNITS, Message, shorten, truncate
from handlers.render.rich import RichText, bold, code, join, link, marked
from handlers.texts.languages import words_of
from handlers.texts.telling import TellingWords, telling_words
from handlers.texts.words import Words
from storage.document import Document
from storage.query import snippet
from storage.records import Alert, Marked

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A post of a bundle, with the alerts that it matched; ``channels`` tell its story too."""

    document: Document
    alerts: tuple[Alert, ...]
    channels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What all pages of a bundle say: how many posts there are, and the queries by how many of
    them each matched. ``id`` names it for its buttons; ``is_late``: these posts were missed;
    ``is_away``: and perhaps told, before an older copy of the database was put back."""

    id: int
    count: int
    queries: Mapping[str, int]
    is_late: bool = False
    is_away: bool = False

    @property
    def pages(self) -> int:
        """How many pages a bundle that has pages has."""
        return max(1, -(-self.count // PER_PAGE))


def bundle_message(
    bundle: Bundle, posts: Sequence[Told], *, page: int | None, language: str, timezone: str
) -> Message:
    """Posts of a bundle, at least one, in a message: a line each with its time, its channel and
    what matched. ``page`` is 0-based; None: these are all, without buttons."""
    words, zone, said = words_of(language), zone_of(timezone), telling_words(language)
    title = _title(bundle, said).format(count=bundle.count)
    head = join("\n", [bold(title), _queries(bundle)])
    units = max(LEAST_UNITS, min(MOST_UNITS, LINES_UNITS // len(posts) - LINE_ROOM))
    marks = max(0, min(MOST_MARKS, (MESSAGE_SPANS - OTHER_SPANS) // len(posts) - 1))
    lines = [_line(told, units, marks, zone, words) for told in posts]
    text = truncate(join("\n\n", [head, join("\n", lines)]), MESSAGE_UNITS)
    if page is None:
        return Message(text)
    more = page + 1 < bundle.pages
    return Message(
        text, pager(BUNDLE_PAGE, (bundle.id,), page, bundle.pages, more=more, words=words)
    )


def _title(bundle: Bundle, said: TellingWords) -> str:
    if bundle.is_away:
        return said.bundle_away
    return said.bundle_late if bundle.is_late else said.bundle


def _queries(bundle: Bundle) -> RichText:
    """The queries, most telling first; how often each, where there are several."""
    ordered = sorted(bundle.queries, key=lambda query: -bundle.queries[query])
    if len(ordered) == 1:
        return code(shorten(ordered[0], QUERY_UNITS))
    shown: list[RichText | str] = [
        code(shorten(query, QUERY_UNITS)) + f" ({bundle.queries[query]})"
        for query in ordered[:QUERIES]
    ]
    left = len(ordered) - len(shown)
    return join(" · ", [*shown, f"+{left}"] if left else shown)


def _line(told: Told, units: int, marks: int, zone: tzinfo, words: Words) -> RichText:
    """A post in a line; ``marks`` are how many of its matches may be in bold."""
    document = told.document
    at = published_moment(document)
    time = f"{at.astimezone(zone):%d.%m. %H:%M}" if at else ""
    name = shorten(channel_name(document, words), NAME_UNITS)
    place = link(" · ".join(part for part in (time, name) if part), address(document))
    parts: list[RichText | str] = [place]
    if told.channels:
        parts.append(f"🔁 +{told.channels}")
    if document.deleted_at is not None:
        parts.append("🗑")
    return "• " + join(" · ", [*parts, _shown(document, told.alerts, units, marks, words)])


def _shown(
    document: Document, alerts: Sequence[Alert], units: int, marks: int, words: Words
) -> RichText:
    """Where a post matched, with what matched in bold; else how it begins."""
    text = snippet.searchable_text(document)
    spans = matches(document, alerts)
    if not spans:
        return RichText(headline(document, words, units))
    stretch = snippet.cut(Marked(text=text, spans=spans), units)
    flat = "".join(" " if character.isspace() else character for character in stretch.text)
    return truncate(marked(flat, stretch.spans[:marks]), units).stripped()
