"""The answer to a search: a page of results, newest first."""

from dataclasses import dataclass
from datetime import tzinfo

from handlers.render.documents import heading, origin
from handlers.render.keyboards import SEARCH_PAGE, pager
from handlers.render.messages import MESSAGE_UNITS, Message, shorten, truncate
from handlers.render.rich import RichText, code, fill, join, marked
from handlers.texts.words import Words
from storage.records import Hit

PER_PAGE = 5
COUNTED = 200
"""Results are counted up to this many; beyond, people read "200+"."""
QUERY_UNITS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a search: ``number`` 0-based; ``total`` counted up to ``COUNTED``; ``token``
    names the search for its buttons."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    number: int = 0
    more: bool = False
    token: str = ""


def search_message(found: Found, zone: tzinfo, words: Words) -> Message:
    """The results with channel, date, link, snippet and matches in bold, and buttons to page."""
    query = code(shorten(found.query, QUERY_UNITS))
    if not found.hits:
        none = fill(words.search_none, query=query)
        hint = fill(words.search_hint, example=code(words.example("/search {prefix}")))
        return Message(join("\n", (none, hint)))
    total = words.count(words.results, found.total)
    if found.total >= COUNTED:
        total = total.replace(str(found.total), f"{COUNTED}+", 1)
    title = join(": ", (fill(words.search_title, query=query), total))
    first = found.number * PER_PAGE + 1
    entries = [_entry(hit, first + index, zone, words) for index, hit in enumerate(found.hits)]
    pages = -(-found.total // PER_PAGE) if found.total < COUNTED else None
    keyboard = pager(SEARCH_PAGE, (found.token,), found.number, pages, more=found.more, words=words)
    return Message(truncate(join("\n\n", [title, *entries]), MESSAGE_UNITS), keyboard)


def _entry(hit: Hit, number: int, zone: tzinfo, words: Words) -> RichText:
    lines = [f"{number}. " + heading(hit.document, zone, words)]
    source = origin(hit.document, zone, words)
    if source is not None:
        lines.append(source)
    lines.append(snippet_text(hit))
    return join("\n", lines)


def snippet_text(hit: Hit) -> RichText:
    """A hit's snippet on one line with what matched in bold."""
    flat = "".join(" " if character.isspace() else character for character in hit.snippet.text)
    return truncate(marked(flat, hit.snippet.spans), 500).stripped()
