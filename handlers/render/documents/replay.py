"""Replay: the text of a file made again from the documents that were read from it.

Artefacts and furniture come back, so that a file that was read and made again byte for byte proves
that nothing was lost. What a document does not hold (whether a title stood one or two line breaks
above the text) follows from the number of lines that it took.
"""

from collections.abc import Iterable, Iterator, Sequence

from handlers.normalize.page import header as page_header
from handlers.normalize.post import guards, page_marks
from handlers.render.documents import replay_article
from storage.document import Document


def replay(documents: Iterable[Document]) -> str:
    """The text of the one file that these documents were read from, in any order given."""
    ordered = sorted(documents, key=lambda document: document.source.lines)
    if not ordered:
        return ""
    if ordered[0].kind == "article":
        return "\n\n".join(replay_article.write(document) for document in ordered)
    rows: list[str] = []
    for document in ordered:
        first = document.source.lines[0] if document.source.lines else 1
        rows += [""] * (first - 1 - len(rows))
        rows += _rows(document)
    return "\n".join(rows)


def _rows(document: Document) -> list[str]:
    """A post's lines: its marks, its text once, the copy, and what followed."""
    above = list(_above(document))
    text = list(_text_rows(document))
    below = [*_copy(document), *_below(document)]
    lines = document.source.lines
    taken = lines[1] - lines[0] + 1 if len(lines) == 2 else 0
    if taken > len(above) + len(text) + len(below) and document.title is not None and text[1:]:
        # The first block has no gap of its own: the lines taken tell of it.
        text.insert(1, "")
    rows = [*above, *text, *below]
    # A file may end in the middle of a pair of lines.
    return rows[:taken] if 0 < taken < len(rows) else rows


def _above(document: Document) -> Iterator[str]:
    """What stands above a post's text."""
    if document.header_date is not None:
        yield f" date {document.header_date} "
    header = document.furniture[: page_header.read(_furniture(document)).count]
    for above, item in zip((None, *header), header, strict=False):
        if above is not None and item.at > above.at:
            yield ""
        yield item.text
    if document.forwarded_from is not None:
        yield f"Forwarded from {document.forwarded_from.name}"
    if document.reply_to is not None and document.reply_to.quote is not None:
        rest = document.furniture[len(header) :]
        yield from (item.text for item in rest if item.kind == "section")
        yield document.reply_to.quote
    yield from _placeholders(document)


def _below(document: Document) -> Iterator[str]:
    """What stands below a post's text and its copy: preview, hidden pair, counters."""
    header = page_header.read(_furniture(document)).count
    yield from (item.text for item in document.furniture if item.kind == "tail")
    if document.artefact.hidden_fallback:
        yield from (page_marks.HIDDEN, page_marks.VIEW)
    yield from (item.text for item in document.furniture[header:] if item.kind == "counter")


def _furniture(document: Document) -> list[str]:
    return [item.text for item in document.furniture]


def _placeholders(document: Document) -> Iterator[str]:
    for medium in document.media:
        if medium.state == "too_big":
            yield from (page_marks.TOO_BIG, page_marks.VIEW)
        elif medium.state == "not_in_browser":
            yield from (page_marks.NOT_IN_BROWSER, page_marks.VIEW)


def _text_rows(document: Document) -> Iterator[str]:
    """Title and body, with the blank lines that their gaps tell of."""
    if document.title is not None:
        yield guards.protect(document.title)
    for block in document.body:
        if block.gap == 2:
            yield ""
        yield guards.protect(block.text)


def _copy(document: Document) -> Sequence[str]:
    artefact = document.artefact
    texts = [guards.protect(block.text) for block in document.body]
    if artefact.copy == "exact":
        return texts
    return [
        texts[index] if length is None else texts[index][:length]
        for index, length in artefact.keep
        if 0 <= index < len(texts)
    ]
