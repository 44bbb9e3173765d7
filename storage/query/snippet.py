"""Snippets: marks a query's matches in a text, or in an extract of it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from storage.document import Document
from storage.query import evaluate, tree
from storage.query.marked import Attached, Marked
from storage.query.tree import Cased, Exact, Filter, Near, Node, Prefix, Query, Words
from storage.query.words import analysis, folding, quotes, sites
from storage.query.words.analysis import Column
from storage.query.words.quotes import Quote

WIDTH = 200
CUT = "\u2026"
MOST_LINKS = 3

_DASH = " \u2014"
_ENDINGS = frozenset(".!?\u2026:;,\u2013\u2014-\u3002\uff01\uff1f\uff1a\u061f\u06d4 \t\r\n")
_BREAK = re.compile("[\t\r\n]")
_SPACE = re.compile(r"\s+")


def mark(text: str, query: Query, *, title: int = 0) -> Marked:
    """The text with all matches of the query's words, prefixes and hashtags. ``title``: how many of
    its first characters are the title, which is a column of its own."""
    leaves = list(tree.positive_leaves(query.root))
    below = [leaf for leaf in leaves if not (isinstance(leaf, Words) and leaf.title)]
    found = _spans(text[:title], leaves) if title else set()
    found |= {(title + start, title + end) for start, end in _spans(text[title:], below)}
    tags = {leaf.value for leaf in leaves if isinstance(leaf, Filter) and leaf.name == "tag"}
    if tags:
        found.update((start, end) for start, end, tag in analysis.hashtags(text) if tag in tags)
    found.update(quote.who for quote in said(text, query))
    return Marked(text=text, spans=_joined(sorted(found)))


def said(text: str, query: Query) -> list[Quote]:
    """The quotations of a text by the speakers that the query names."""
    leaves = tree.positive_leaves(query.root)
    asked = [leaf.marks for leaf in leaves if isinstance(leaf, Filter) and leaf.name == "who"]
    found = quotes.find_quotes(text) if asked else []
    return [quote for quote in found if any(quote.is_by(groups) for groups in asked)]


def mark_document(document: Document, query: Query) -> Marked:
    """All of a document's searchable text, marked."""
    title = len(analysis.title_text(document))
    return mark(searchable_text(document), query, title=title)


def mark_attached(document: Document, query: Query) -> tuple[Attached, ...]:
    """The attachments that match: the text of each medium, and the addresses of links, marked. What
    the document's own text says as well is left to ``mark_document``."""
    if not document.media and not document.links:
        return ()
    said = searchable_text(document)
    leaves = list(tree.positive_leaves(query.root, attached=True))
    found = (*_mark_media(document, leaves, said), *_mark_links(document, query, said))
    return tuple(found)


def _mark_media(document: Document, leaves: Sequence[Node], said: str) -> Iterator[Attached]:
    attached = analysis.attached_texts(document)
    leaves = [leaf for leaf in leaves if not (isinstance(leaf, Words) and leaf.title)]
    if not attached or not leaves:
        return
    text = "\n".join(words for _, words in attached)
    spans, at = _joined(sorted(_spans(text, leaves))), 0
    for medium, words in attached:
        end = at + len(words)
        inside = tuple((max(a, at) - at, min(b, end) - at) for a, b in spans if a < end and b > at)
        if inside and words not in said:
            name = medium.name if analysis.is_label(medium) else None
            yield Attached(type=medium.type, text=Marked(text=words, spans=inside), name=name)
        at = end + 1


def _mark_links(document: Document, query: Query, said: str) -> list[Attached]:
    """The addresses of links that match the query; at most a few."""
    leaves = tree.positive_leaves(query.root)
    asked = [
        site
        for leaf in leaves
        if isinstance(leaf, Filter) and leaf.name == "link" and (site := sites.read(leaf.value))
    ]
    if not asked:
        return []
    leading = [
        url
        for url in sites.list_addresses(document)
        if (site := sites.read(url)) is not None
        and any(sites.leads_to(site, one) for one in asked)
        and url not in said
    ]
    return [
        Attached(type="link", text=Marked(text=url, spans=((0, len(url)),)))
        for url in [*dict.fromkeys(leading)][:MOST_LINKS]
    ]


def snippet(document: Document, query: Query, width: int = WIDTH) -> Marked:
    """An extract of about ``width`` characters with the most matches, cut at words.

    Without matches (a query of filters alone) it is the document's beginning.
    """
    return cut(mark_document(document, query), width, title=len(analysis.title_text(document)))


def matched(document: Document, query: Query) -> tuple[str, ...]:
    """The words of the document that match, as written, each once."""
    return surfaces(mark_document(document, query))


def surfaces(*texts: Marked) -> tuple[str, ...]:
    """The marked words of texts, each once."""
    found: dict[str, str] = {}
    for marked in texts:
        for start, end in marked.spans:
            found.setdefault(marked.text[start:end].casefold(), marked.text[start:end])
    return tuple(found.values())


def cut(marked: Marked, width: int = WIDTH, *, title: int = 0) -> Marked:
    """The extract of a marked text that ``snippet`` shows, on one line. ``title``: how many of its
    first characters are the title; a dash follows it if it has no closing sign."""
    text = marked.text
    start, end = _window(text, marked.spans, width)
    head = CUT if text[:start].strip() else ""
    tail = CUT if text[end:].strip() else ""
    inside = [(a, b) for a, b in marked.spans if start <= a and b <= end]
    parted = start < title < end and text[title - 1] not in _ENDINGS
    shown = text[start:title] + _DASH + text[title:end] if parted else text[start:end]

    def moved(place: int) -> int:
        return len(head) + place - start + (len(_DASH) if parted and place > title else 0)

    spans = tuple((moved(a), moved(b)) for a, b in inside)
    return Marked(text=f"{head}{_BREAK.sub(' ', shown)}{tail}", spans=spans)


def _spans(text: str, leaves: Iterable[Node]) -> set[tuple[int, int]]:
    """The character ranges that match the leaves in a column's text."""
    placed = analysis.WordSpans(text)
    found: set[tuple[int, int]] = set()
    beside: set[tuple[int, int]] = set()
    for leaf in leaves:
        found.update(_matches(placed.column, leaf))
        for form in placed.column.beside:
            if _asks_for(leaf, form):
                beside.update(placed.beside(form))
        if isinstance(leaf, Cased) and not leaf.capital:
            beside.update(folding.find_cased(text, leaf.text))
    return beside | {(placed.span(first)[0], placed.span(last)[1]) for first, last in found}


def _asks_for(leaf: Node, form: str) -> bool:
    """Whether a leaf matches this form."""
    match leaf:
        case Words(forms):
            return forms == (form,)
        case Exact(wanted):
            return form in folding.as_held(wanted)
        case Cased(_, _, capital):
            return form == capital
        case Prefix(begun):
            return form.startswith(begun)
    return False


def _matches(column: Column, leaf: Node) -> Iterator[tuple[int, int]]:
    """The first and last word of each match of the leaf."""
    match leaf:
        case Words(forms):
            yield from _rows(evaluate.starts(column.terms, leaf), forms)
        case Near(left, right):
            lefts, rights = evaluate.near(column.terms, leaf)
            yield from _rows(lefts, left.forms)
            yield from _rows(rights, right.forms)
        case Exact(form):
            either = folding.as_held(form)
            yield from ((at, at) for at, held in enumerate(column.words) if held in either)
        case Cased(_, _, capital):
            yield from ((at, at) for at, held in enumerate(column.words) if held == capital)
        case Prefix(form):
            yield from ((at, at) for at, held in enumerate(column.words) if held.startswith(form))


def _rows(starts: Iterable[int], forms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The word ranges of a phrase of this length from each start."""
    return ((start, start + len(forms) - 1) for start in starts)


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Merge overlapping ranges."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _window(text: str, spans: tuple[tuple[int, int], ...], width: int) -> tuple[int, int]:
    """The extract of about ``width`` characters, cut at words, with the most matches."""
    if not spans:
        return _at_words(text, 0, min(width, len(text)), kept=(0, 0))
    reach = width * 2 // 3
    starts = [start for start, _ in spans]
    # The first window with the most matches.
    best = max(range(len(spans)), key=lambda i: (bisect_right(starts, starts[i] + reach) - i, -i))
    first = starts[best]
    last = spans[bisect_right(starts, first + reach) - 1][1]
    start = max(0, min(first - max(0, width - (last - first)) // 2, len(text) - width))
    end = min(len(text), max(start + width, last))
    return _at_words(text, start, end, kept=(first, last))


def _at_words(text: str, start: int, end: int, *, kept: tuple[int, int]) -> tuple[int, int]:
    """The range without partial words and white space at its ends; ``kept`` stays whole."""
    first, last = kept
    if start and not text[start - 1].isspace():
        space = _SPACE.search(text, start, first)
        start = space.end() if space else first
    if end < len(text) and not text[end].isspace():
        spaces = [space.start() for space in _SPACE.finditer(text, last, end)]
        end = spaces[-1] if spaces else last or end
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def searchable_text(document: Document) -> str:
    """All text of a document that queries search, in reading order."""
    title, body = analysis.title_text(document), analysis.body_text(document)
    return "\n".join(part for part in (title, body) if part)
