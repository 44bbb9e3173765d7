"""What a match looks like: the words that matched, marked, in a text or in a piece of it."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from storage.document import Document
from storage.query import analysis, evaluate, tree
from storage.query.analysis import Token
from storage.query.tree import Exact, Filter, Near, Node, Prefix, Query, Words
from storage.records import Marked

WIDTH = 200
CUT = "\u2026"

_BREAK = re.compile("[\t\r\n]")
_SPACE = re.compile(r"\s+")


def mark(text: str, query: Query, *, title: int = 0) -> Marked:
    """The text with all that the query's words, prefixes and hashtags match in it; ``title``: so
    many characters of it are the title, which is a column of its own."""
    leaves = list(tree.positive_leaves(query.root))
    tokens = analysis.analyse(text)
    above = bisect_right(tokens, title, key=_start) if title else 0
    found = _spans(tokens[:above], leaves)
    below = [leaf for leaf in leaves if not (isinstance(leaf, Words) and leaf.title)]
    found |= _spans(tokens[above:], below)
    tags = {leaf.value for leaf in leaves if isinstance(leaf, Filter) and leaf.name == "tag"}
    if tags:
        found.update((start, end) for start, end, tag in analysis.hashtags(text) if tag in tags)
    return Marked(text=text, spans=_joined(sorted(found)))


def mark_document(document: Document, query: Query) -> Marked:
    """All of a document's searchable text, marked."""
    title = len(analysis.title_text(document))
    return mark(searchable_text(document), query, title=title)


def snippet(document: Document, query: Query, width: int = WIDTH) -> Marked:
    """About ``width`` characters of the document around the densest matches, cut at words.

    A document without matches (filters alone were asked for) gives its beginning.
    """
    return cut(mark_document(document, query), width)


def matched(document: Document, query: Query) -> tuple[str, ...]:
    """The words of the document that match, as they stand there, each once."""
    return surfaces(mark_document(document, query))


def surfaces(marked: Marked) -> tuple[str, ...]:
    """The marked words of a text, each once."""
    found: dict[str, str] = {}
    for start, end in marked.spans:
        found.setdefault(marked.text[start:end].casefold(), marked.text[start:end])
    return tuple(found.values())


def cut(marked: Marked, width: int = WIDTH) -> Marked:
    """The stretch of a marked text that ``snippet`` shows."""
    text = marked.text
    start, end = _window(text, marked.spans, width)
    head = CUT if text[:start].strip() else ""
    tail = CUT if text[end:].strip() else ""
    moved = len(head) - start
    inside = [(a + moved, b + moved) for a, b in marked.spans if start <= a and b <= end]
    shown = _BREAK.sub(" ", text[start:end])
    return Marked(text=f"{head}{shown}{tail}", spans=tuple(inside))


def _start(token: Token) -> int:
    return token.start


def _spans(tokens: list[Token], leaves: list[Node]) -> set[tuple[int, int]]:
    """Where the leaves match in a column."""
    row = [token.word.term for token in tokens]
    found: set[tuple[int, int]] = set()
    for leaf in leaves:
        match leaf:
            case Words(forms):
                found |= _rows(tokens, evaluate.starts(row, leaf), len(forms))
            case Near(left, right):
                lefts, rights = evaluate.near(row, leaf)
                found |= _rows(tokens, lefts, len(left.forms))
                found |= _rows(tokens, rights, len(right.forms))
            case Exact(form):
                found.update((t.start, t.end) for t in tokens if t.word.form == form)
            case Prefix(form):
                found.update((t.start, t.end) for t in tokens if t.word.form.startswith(form))
    return found


def _rows(tokens: list[Token], starts: Iterable[int], length: int) -> set[tuple[int, int]]:
    """So many tokens in a row each, from these on."""
    return {(tokens[start].start, tokens[start + length - 1].end) for start in starts}


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Overlapping stretches as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _window(text: str, spans: tuple[tuple[int, int], ...], width: int) -> tuple[int, int]:
    """The stretch of about ``width`` characters, cut at words, with the most matches in it."""
    if not spans:
        return _at_words(text, 0, min(width, len(text)), kept=(0, 0))
    reach = width * 2 // 3
    starts = [start for start, _ in spans]
    # The first of those from which most matches begin within reach.
    best = max(range(len(spans)), key=lambda i: (bisect_right(starts, starts[i] + reach) - i, -i))
    first = starts[best]
    last = spans[bisect_right(starts, first + reach) - 1][1]
    start = max(0, min(first - max(0, width - (last - first)) // 2, len(text) - width))
    end = min(len(text), max(start + width, last))
    return _at_words(text, start, end, kept=(first, last))


def _at_words(text: str, start: int, end: int, *, kept: tuple[int, int]) -> tuple[int, int]:
    """The stretch without pieces of words and white space at its ends; ``kept`` stays whole."""
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
    """All that a query's words look at, in reading order."""
    title, body = analysis.title_text(document), analysis.body_text(document)
    return "\n".join(part for part in (title, body) if part)
