"""What a match looks like: the words that matched, marked, in a text or in a piece of it."""

from bisect import bisect_left, bisect_right

from storage.document import Document
from storage.query import analysis, evaluate, tree
from storage.query.analysis import Token
from storage.query.tree import Exact, Filter, Prefix, Query, Words
from storage.records import Marked

WIDTH = 200
CUT = "\u2026"


def mark(text: str, query: Query) -> Marked:
    """The text with all that the query's words, prefixes and hashtags match in it."""
    return Marked(text=text, spans=_spans(text, analysis.analyse(text), query))


def snippet(document: Document, query: Query, width: int = WIDTH) -> Marked:
    """About ``width`` characters of the document around the densest matches, cut at words.

    A document without matches (filters alone were asked for) gives its beginning.
    """
    text = searchable_text(document)
    tokens = analysis.analyse(text)
    return _cut(text, tokens, _spans(text, tokens, query), width)


def matched(document: Document, query: Query) -> tuple[str, ...]:
    """The words of the document that match, as they stand there, each once."""
    marked = mark(searchable_text(document), query)
    return surfaces(marked)


def surfaces(marked: Marked) -> tuple[str, ...]:
    """The marked words of a text, each once."""
    found: dict[str, str] = {}
    for start, end in marked.spans:
        found.setdefault(marked.text[start:end].casefold(), marked.text[start:end])
    return tuple(found.values())


def searchable_text(document: Document) -> str:
    """All that a query's words look at, in reading order."""
    title, body = analysis.title_text(document), analysis.body_text(document)
    return "\n".join(part for part in (title, body) if part)


def _spans(text: str, tokens: list[Token], query: Query) -> tuple[tuple[int, int], ...]:
    row = [token.word.term for token in tokens]
    found: set[tuple[int, int]] = set()
    for leaf in tree.positive_leaves(query.root):
        match leaf:
            case Words(terms):
                for index in evaluate.starts(row, leaf):
                    last = tokens[index + len(terms) - 1]
                    found.add((tokens[index].start, last.end))
            case Exact(form):
                found.update((t.start, t.end) for t in tokens if t.word.form == form)
            case Prefix(form):
                found.update((t.start, t.end) for t in tokens if t.word.form.startswith(form))
            case Filter(name="tag", value=value):
                tags = analysis.hashtags(text)
                found.update((start, end) for start, end, name in tags if name == value)
    return _joined(sorted(found))


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Overlapping stretches as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _cut(text: str, tokens: list[Token], spans: tuple[tuple[int, int], ...], width: int) -> Marked:
    start, end = _window(text, spans, width)
    start, end = _at_words(text, tokens, start, end)
    head = CUT if text[:start].strip() else ""
    tail = CUT if text[end:].strip() else ""
    inside = tuple(
        (a - start + len(head), b - start + len(head)) for a, b in spans if start <= a and b <= end
    )
    shown = "".join(" " if char in "\r\n\t" else char for char in text[start:end])
    return Marked(text=f"{head}{shown}{tail}", spans=inside)


def _window(text: str, spans: tuple[tuple[int, int], ...], width: int) -> tuple[int, int]:
    """The stretch of ``width`` characters with the most matches in it, the first such."""
    if not spans:
        return 0, min(width, len(text))
    starts = [start for start, _ in spans]
    best = max(
        range(len(starts)),
        key=lambda i: (bisect_right(starts, starts[i] + width * 2 // 3) - i, -i),
    )
    last = spans[bisect_right(starts, starts[best] + width * 2 // 3) - 1][1]
    spare = max(0, width - (last - starts[best]))
    start = max(0, min(starts[best] - spare // 2, len(text) - width))
    return start, min(len(text), max(start + width, spans[best][1]))


def _at_words(text: str, tokens: list[Token], start: int, end: int) -> tuple[int, int]:
    """The stretch without the words that it would cut through."""
    first = bisect_left([token.end for token in tokens], start + 1)
    if start and first < len(tokens) and tokens[first].start < start:
        start = tokens[first].end
    last = bisect_right([token.start for token in tokens], end - 1) - 1
    if last >= 0 and tokens[last].end > end and tokens[last].start > start:
        end = tokens[last].start
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
