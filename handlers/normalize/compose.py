"""The one place that finishes a document: what every reader derives in the same way.

A reader gives what it found (title, deck, body, ids, dates); ``finish`` adds what follows from the
text: hashtags, elisions, event, language, a post's noted dateline and the content hash.
"""

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.normalize import datelines, language, lines
from storage.document import Block, Dateline, Document, Event, Link, Span

_ELISIONS = ("<...>", "<…>")
_HEAD_BRACKETS = re.compile(r"\((?P<inside>[^()]{3,120})\)[\s.!]{0,3}$")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostText:
    """A post's text taken apart: first line, the other lines, and the links of both in order."""

    title: str | None
    body: tuple[Block, ...]
    links: tuple[Link, ...]


def split_post(text: str, spans: Sequence[Span] = ()) -> PostText:
    """The first line of a post as its title, the rest as blocks.

    Spans count characters over the whole text. The title keeps none of its spans, save that its
    links are among ``links``.
    """
    found = lines.split(text, spans)
    body = lines.blocks(found[1:])
    return PostText(
        title=found[0].text if found else None,
        body=body,
        links=_links(text, spans),
    )


def finish(document: Document) -> Document:
    """The document with all that follows from its text: a reader calls this once, at its end.

    Takes title, deck, body and kind from the document; gives hashtags, elisions, event (posts),
    language, the dateline a post opens with (it stays in the text) and the content hash.
    """
    texts = document.texts()
    is_article = document.kind == "article"
    return dataclasses.replace(
        document,
        hashtags=list_hashtags(texts),
        elisions=count_elisions(texts),
        event=None if is_article else find_event(document.title, document.body),
        dateline=document.dateline if is_article else _noted_dateline(texts),
        lang=language.identify("\n".join(texts)),
        content_hash=content_hash(texts),
    )


def content_hash(texts: Iterable[str]) -> str:
    """First 16 hex digits of SHA-256 over the texts, joined by newlines, white space folded.

    The same for a forward and its original; texts of nothing give a hash that joins nothing.
    """
    folded = _SPACES.sub(" ", "\n".join(texts)).strip()
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def list_hashtags(texts: Iterable[str]) -> tuple[str, ...]:
    """Hashtags with their ``#``, each once, in order of appearance."""
    return tuple(dict.fromkeys(tag for text in texts for tag in lines.HASHTAG.findall(text)))


def count_elisions(texts: Iterable[str]) -> int:
    """How many ``<...>`` and ``<…>`` the texts hold."""
    return sum(text.count(mark) for text in texts for mark in _ELISIONS)


def find_event(title: str | None, body: Iterable[Block]) -> Event | None:
    """Place and date that a post speaks of: a pin line's, else the head line's in brackets."""
    heads = lines.blocks(lines.split(title or ""))
    for block in (*heads, *body):
        if block.type == "location" and block.place and block.date:
            return Event(place=block.place, date=block.date, basis="pin_line")
    brackets = _HEAD_BRACKETS.search((title or "")[-140:])
    if brackets is None:
        return None
    place, date = lines.place_and_date(brackets["inside"])
    return Event(place=place, date=date, basis="head_parens") if place and date else None


def _noted_dateline(texts: Sequence[str]) -> Dateline | None:
    for text in texts[:2]:
        found = datelines.match(text)
        if found is not None:
            return found.dateline
    return None


def _links(text: str, spans: Iterable[Span]) -> tuple[Link, ...]:
    ordered = sorted((span for span in spans if span.kind == "link"), key=lambda span: span.start)
    return tuple(Link(text=text[span.start : span.end], url=span.url) for span in ordered)
