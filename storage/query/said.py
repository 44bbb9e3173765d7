"""The quotations of the speakers that a query names by ``who:`` and that match the rest of the
query."""

from storage.document import Document
from storage.query import evaluate, snippet
from storage.query.marked import Marked
from storage.query.tree import Query
from storage.query.words import analysis
from storage.query.words.analysis import NO_WORDS, Analysed
from storage.query.words.quotes import Quote
from storage.structs import replace

BEFORE = "💬 "
BETWEEN = " · "


def list_quotes(document: Document, query: Query) -> list[Quote]:
    """The quotations of a document, by offsets in its searchable text, that match the query as if
    the document had no other text. Dates are not checked."""
    text = snippet.searchable_text(document)
    found = snippet.said(text, query)
    if not found or query.root is None:
        return []
    whole = replace(analysis.analyse_document(document), title=NO_WORDS, attached=NO_WORDS)
    return [
        quote
        for quote in found
        if evaluate.node_matches(query.root, _alone(text[quote.start : quote.end], whole))
    ]


def _alone(words: str, whole: Analysed) -> Analysed:
    """A document with this text only."""
    return replace(whole, body=analysis.column(words), texts=("", words, ""))


def mark_quotes(document: Document, query: Query, width: int = snippet.WIDTH) -> Marked:
    """The matching quotations, each with its speaker as the document names them, cut to about
    ``width`` characters around the matches; empty if none matches."""
    text = snippet.searchable_text(document)
    parts = [_mark(text, quote, query, width) for quote in list_quotes(document, query)]
    joined = ""
    spans: list[tuple[int, int]] = []
    for part in parts:
        joined += BETWEEN if joined else ""
        spans += [(start + len(joined), end + len(joined)) for start, end in part.spans]
        joined += part.text
    return Marked(text=joined, spans=tuple(spans))


def _mark(text: str, quote: Quote, query: Query, width: int) -> Marked:
    name = text[slice(*quote.who)]
    said = snippet.cut(snippet.mark(text[quote.start : quote.end], query), width)
    head = f"{BEFORE}{name}: "
    moved = [(start + len(head), end + len(head)) for start, end in said.spans]
    named = (len(BEFORE), len(BEFORE) + len(name))
    return Marked(text=head + said.text, spans=(named, *moved))
