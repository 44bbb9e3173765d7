"""Canonical text: a document as people read it, in a form that the text reader understands.

A `` date YYYY-MM-DD `` header if the date is known, the forward line, the placeholder of a medium,
title, deck, the dateline with the first paragraph, and the blocks: articles with blank lines
between, posts with single line breaks. Ids, link targets, spans and times of day are lost.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from handlers.normalize import text
from handlers.normalize.datelines import datelines
from handlers.normalize.post import guards, page_marks
from storage.document import Document, Media

_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")


class _Style(Struct, frozen=True, kw_only=True):
    """How explicit a text is. ``claimed``: each line says what it is; ``apart``: a blank line at
    the beginning, if nothing else shows that it is an article."""

    claimed: bool = False
    apart: bool = False


_STYLES = (_Style(), _Style(apart=True), _Style(claimed=True), _Style(claimed=True, apart=True))


def canonical(document: Document) -> str:
    """The document as canonical text, without a newline at its end.

    ``read_text`` gives back title, deck, the blocks' texts, the origin's name, the date to the day,
    dateline, event and content hash. A line that would read as markup gets a U+200B; where that is
    not enough, each line gets a mark of what it is.
    """
    written = ""
    for style in _STYLES:
        written = _write(document, style)
        if _reads_back(written, document):
            return written
    return written


def day_of(published_at: str | None) -> str | None:
    """The part of a partial ISO time that a header can hold: year, month or day."""
    found = _DAY.match(published_at or "")
    return found.group() if found else None


def _reads_back(written: str, document: Document) -> bool:
    read = text.shape(written)
    if not read:
        return not any((*_fields(document),))
    return len(read) == 1 and _fields(read[0]) == _fields(document)


def _fields(document: Document) -> tuple[object, ...]:
    """The fields that canonical text keeps, without those derived from others."""
    forward = document.forwarded_from
    return (
        document.kind == "article",
        document.title,
        document.deck,
        tuple(block.text for block in document.body),
        forward.name if forward else None,
        day_of(document.published_at),
        document.dateline if document.kind == "article" else None,
    )


def _write(document: Document, style: _Style) -> str:
    day = day_of(document.published_at)
    if document.kind == "article":
        parts = list(_article_parts(document, style))
        header = f" date {day} " if day else ""
        return header + ("\n\n" if style.apart else "") + "\n\n".join(parts)
    lines = [f" date {day} "] if day else []
    return "\n".join([*lines, *_post_lines(document, style)])


def _post_lines(document: Document, style: _Style) -> Iterator[str]:
    forward = document.forwarded_from
    if forward is not None and forward.name:
        yield f"Forwarded from {forward.name}"
    for medium in document.media:
        yield from _placeholder(medium)
    if document.title is not None:
        yield _line(document.title, "title", style)
    if document.deck is not None:
        yield _line(document.deck, "deck", style)
    for block in document.body:
        yield _line(block.text, "body", style)


def _placeholder(medium: Media) -> Iterator[str]:
    if medium.type == "video" and medium.state == "too_big":
        yield from (page_marks.TOO_BIG, page_marks.VIEW)
    elif medium.state == "not_in_browser":
        yield from (page_marks.NOT_IN_BROWSER, page_marks.VIEW)


def _article_parts(document: Document, style: _Style) -> Iterator[str]:
    if document.title is not None:
        yield _line(document.title, "title", style)
    if document.deck is not None:
        yield _line(document.deck, "deck", style)
    texts = [block.text for block in document.body]
    if document.dateline is not None:
        raw, agency = document.dateline.raw, document.dateline.agency
        if _goes_before_text(raw) and texts:
            yield f"{raw} {texts.pop(0)}"
        else:
            yield raw
            if agency is not None and agency not in raw:
                yield f"{agency}:"
    for block in texts:
        yield _line(block, "body", style)


def _goes_before_text(raw: str) -> bool:
    """Whether a dateline ends by itself, so that text can follow it on its line."""
    found = datelines.match(f"{raw} Text")
    return found is not None and found.dateline.raw == raw


def _line(written: str, role: guards.Role, style: _Style) -> str:
    return guards.assign(written, role) if style.claimed else guards.protect(written)
