"""A post's own text with its hidden links and the blank lines between its parts."""

from collections.abc import Iterator, Sequence

from handlers.render.text.messages import shorten
from handlers.render.text.passages import OPENING_UNITS, PIECES, Range, passage
from handlers.render.text.rich import RichText, Span, followable, join, styled
from storage.document import Block, Document
from storage.query import snippet
from storage.query.words import analysis

MOST_LINKS = 20
BELOW = 3
LINK_UNITS = 60
LONGEST_LINK = 300
"""The most characters of one link: a post may be one link from beginning to end."""


def own_passage(
    document: Document,
    spans: Sequence[Range],
    *,
    opening: int = OPENING_UNITS,
    pieces: int = PIECES,
) -> RichText:
    """What is shown of a post's searchable text, in which ``spans`` lie; see ``passage``. Links in
    the parts left out stand below it: "Full statement" is mostly the last line."""
    links = hidden_links(document)
    text = snippet.searchable_text(document)
    gaps = tuple(_gaps(document))
    shown = passage(text, spans, opening=opening, pieces=pieces, links=links, gaps=gaps)
    there = {span.url for span in shown.spans}
    left = {span.url: text[span.start : span.end] for span in links if span.url not in there}
    below = [
        styled("link", shorten(words, LINK_UNITS), url)
        for url, words in list(left.items())[-BELOW:]
    ]
    return join("\n\n", [shown, "🔗 " + join(" · ", below)]) if below else shown


def hidden_links(document: Document) -> tuple[Span, ...]:
    """Links whose words do not show where they lead, over the document's searchable text."""
    found = [
        span
        for span in (*_title_links(document), *_body_links(document))
        if span.url is not None and followable(span.url) and span.end - span.start <= LONGEST_LINK
    ]
    text = snippet.searchable_text(document)
    return tuple(span for span in found if not _shows(text[span.start : span.end], span.url or ""))[
        :MOST_LINKS
    ]


def _shows(text: str, url: str) -> bool:
    """Whether a link's words are its address, so that the address need not be shown."""
    return _bare(text) == _bare(url)


def _bare(url: str) -> str:
    return url.strip().rstrip("/").removeprefix("https://").removeprefix("http://")


def _title_links(document: Document) -> Iterator[Span]:
    """The links of the title, which come first, found by their words in order."""
    title, place = analysis.title_text(document), 0
    for link in document.links:
        words = link.text.split("\n")[0].strip()
        at = title.find(words, place) if words else -1
        if at < 0:
            return
        place = at + len(words)
        yield Span("link", at, place, link.url)


def _body_links(document: Document) -> Iterator[Span]:
    for at, block in _placed(document):
        for span in block.spans:
            if span.kind == "link" and 0 <= span.start < span.end <= len(block.text):
                yield Span("link", at + span.start, at + span.end, span.url)


def _gaps(document: Document) -> Iterator[int]:
    return (at for at, block in _placed(document) if at and (block.gap or 1) > 1)


def _placed(document: Document) -> Iterator[tuple[int, Block]]:
    """The blocks with where each begins in the searchable text."""
    at = len(snippet.searchable_text(document)) - sum(len(b.text) + 1 for b in document.body) + 1
    for block in document.body:
        yield at, block
        at += len(block.text) + 1
