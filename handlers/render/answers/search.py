"""The answer to a search: a page of results, with the buttons to turn and refine it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from handlers.render.text.attachments import found_line
from handlers.render.text.dates import Here, moment
from handlers.render.text.headings import heading, origin
from handlers.render.text.keyboards import COPIES, SEARCH_PAGE, data, pager, translating
from handlers.render.text.messages import (
    MESSAGE_UNITS,
    Button,
    Keyboard,
    Message,
    shorten,
    truncate,
)
from handlers.render.text.rich import RichText, code, fill, join, marked, rich
from handlers.texts.querying import querying_words
from handlers.texts.words import Words
from handlers.times.spans import parse_span
from storage.records import Hit

PER_PAGE = 5
COUNTED = 1_000
"""Results are counted up to one more than this; beyond, people read "more than 1,000"."""
QUERY_UNITS = 100
EVERYTHING_DAYS = 30
EVERYTHING = f"after:{EVERYTHING_DAYS}d"
"""The query if none is given: a query must ask for something."""
_CHANNEL = re.compile(r"channel:@?([A-Za-z][A-Za-z0-9_]*)")
OFFER_UNITS = 40


class Offer(Struct, frozen=True, kw_only=True):
    """A query that may have been meant, the posts it finds; ``token`` names its search."""

    query: str
    posts: int
    token: str


class SearchPage(Struct, frozen=True, kw_only=True):
    """One page (``number``, from 0) of a search.

    ``total``: counted up to ``COUNTED``, None if unknown; ``token``: names the search in buttons;
    ``also``: by row id, how many other channels have a hit; ``repeats``: how often its own channel
    repeats it; ``folded``: copies were left out, so the number of pages is unknown; ``doubted``: a
    note on a query that may mean something else; ``meant``: a note that it may be a command;
    ``since``: older posts are being indexed again and may be missing; ``offers``: queries that may
    have been meant if there are no hits; ``speakers``: other speakers if the one asked for has no
    quotes; ``examples``: queries that find something; ``words_for``: a description of a query that
    was made by a button.
    """

    query: str
    hits: tuple[Hit, ...]
    total: int | None
    number: int = 0
    more: bool = False
    token: str = ""
    also: Mapping[int, int] = field(default_factory=dict)
    repeats: Mapping[int, int] = field(default_factory=dict)
    folded: bool = False
    doubted: RichText | None = None
    meant: RichText | None = None
    since: datetime | None = None
    offers: tuple[Offer, ...] = ()
    speakers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    words_for: RichText | None = None


def search_message(found: SearchPage, here: Here, words: Words, refine: Keyboard = ()) -> Message:
    """The results with channel, date, link, snippet and matches in bold; the rows of ``refine``
    and the buttons to page."""
    query = code(shorten(found.query, QUERY_UNITS))
    notes = _notes(found, here, words)
    if not found.hits:
        none = fill(words.search_none, query=query)
        hint = fill(words.search_hint, example=code(words.example("/search {prefix}")))
        if found.words_for is not None:
            none = fill(querying_words(words.language).none_of, posts=found.words_for)
            hint = RichText("")
        if found.speakers:
            hint = RichText(querying_words(words.language).quoted_lately)
        if found.offers:
            notes = [*notes, RichText(querying_words(words.language).meant)]
        said = (found.meant, *notes) if found.offers else (*(notes or [hint]), found.meant)
        named = RichText(querying_words(words.language).named if found.examples else "")
        lines = [line for line in (none, *said, named) if line]
        return Message(join("\n", lines), (*_offered(found, words), *refine))
    title = found.words_for or fill(words.search_title, query=query)
    if found.total is not None:
        title = join(": ", (title, _total(found.total, words)))
    title = join("\n", (title, *([found.meant] if found.meant else []), *notes))
    first = found.number * PER_PAGE + 1
    entries = [
        _entry(hit, first + index, _count(hit, found, words), here, words)
        for index, hit in enumerate(found.hits)
    ]
    known = found.total is not None and found.total <= COUNTED and not found.folded
    pages = -(-(found.total or 0) // PER_PAGE) if known else None
    turning = pager(SEARCH_PAGE, (found.token,), found.number, pages, more=found.more, words=words)
    text = truncate(join("\n\n", [title, *entries]), MESSAGE_UNITS)
    return Message(text, (*_opening(found, words), *refine, *turning))


def in_words(query: str, conditions: Sequence[str], words: Words) -> RichText | None:
    """A description of a query that a button made, with the conditions that buttons added; None for
    queries that were typed."""
    said, channel = querying_words(words.language), _CHANNEL.fullmatch(query)
    if query == EVERYTHING:
        days = words.count(said.of_days, EVERYTHING_DAYS)
        posts = rich(said.of_all if _is_shorter(conditions) else days)
    elif channel is not None:
        posts = fill(said.of_channel, channel=f"@{channel[1]}")
    else:
        return None
    return join(" · ", (posts, *([code(" ".join(conditions))] if conditions else [])))


def _is_shorter(conditions: Sequence[str]) -> bool:
    """Whether a button chose a period no longer than the default."""
    chosen = (one.removeprefix("after:") for one in conditions if one.startswith("after:"))
    spans = (parse_span(one) for one in chosen)
    return any(span is not None and span.days <= EVERYTHING_DAYS for span in spans)


def _total(number: int, words: Words) -> str:
    if number <= COUNTED:
        return words.count(words.results, number)
    said = querying_words(words.language)
    return fill(said.many_results, n=said.number(COUNTED)).text


def _offered(found: SearchPage, words: Words) -> Keyboard:
    """A button for each query that may have been meant."""
    return tuple(
        (
            Button(
                text=f"🔎 {shorten(offer.query, OFFER_UNITS)} · {_posts(offer.posts, words)}",
                data=data(SEARCH_PAGE, offer.token, 0),
            ),
        )
        for offer in found.offers
    )


def _posts(number: int, words: Words) -> str:
    counted = words.count(words.posts, min(number, COUNTED))
    return f"≥ {counted}" if number >= COUNTED else counted


def _opening(found: SearchPage, words: Words) -> Keyboard:
    """A row with a button for each hit that stands for others too."""
    first = found.number * PER_PAGE + 1
    row = tuple(
        Button(
            text=f"{first + index}: {_count(hit, found, words)}",
            data=data(COPIES, found.token, found.number, hit.id, 0),
        )
        for index, hit in enumerate(found.hits)
        if _count(hit, found, words)
    )
    return (row[:3], row[3:]) if len(row) > 3 else (row,) if row else ()


def translating_row(found: SearchPage, words: Words) -> Keyboard:
    """A row with a button for each hit that may be had in the reader's language."""
    first = found.number * PER_PAGE + 1
    row = [
        button
        for index, hit in enumerate(found.hits)
        for button in translating(hit.document, f"🌐 {first + index}", words)
    ]
    return (tuple(row),) if row else ()


def _count(hit: Hit, found: SearchPage, words: Words) -> str:
    """The number of posts behind a hit; empty if there are none."""
    said = querying_words(words.language)
    if channels := found.also.get(hit.id):
        return words.count(said.also_in, channels)
    posts = found.repeats.get(hit.id)
    return words.count(said.also_posts, posts) if posts else ""


def _notes(found: SearchPage, here: Here, words: Words) -> list[RichText]:
    notes = [] if found.doubted is None else [found.doubted]
    if found.since is not None:
        said = querying_words(words.language).indexing
        notes.append(fill(said, moment=moment(found.since, here, words)))
    return notes


def _entry(hit: Hit, number: int, also: str, here: Here, words: Words) -> RichText:
    first = f"{number}. " + heading(hit.document, here, words)
    if also:
        first = join(" · ", (first, also))
    lines = [first]
    source = origin(hit.document, here, words)
    if source is not None:
        lines.append(source)
    lines.append(snippet_text(hit, words))
    return join("\n", lines)


def snippet_text(hit: Hit, words: Words) -> RichText:
    """A hit's snippet on one line with what matched in bold; what is attached and matched below."""
    flat = "".join(" " if character.isspace() else character for character in hit.snippet.text)
    text = truncate(marked(flat, hit.snippet.spans), 500).stripped()
    attached = truncate(found_line(hit.attached, words), 500)
    return join("\n", [part for part in (text, attached) if part])
