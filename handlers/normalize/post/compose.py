"""The one place that finishes a document: what every reader derives in the same way.

A reader gives what it found (title, deck, body, ids, dates); ``finish`` adds what follows from the
text: hashtags, elisions, event, language, a post's noted dateline and the content hash.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict

from msgspec import Struct

from handlers.normalize.post import language, lines
from storage.document import (
    Basis,
    Block,
    Channel,
    Dateline,
    Document,
    Event,
    Flag,
    Kind,
    Link,
    Media,
    Precision,
    Source,
    Span,
)
from storage.structs import replace

READER = 2
"""The version of the readers, increased whenever one of them makes another text of the same source.
A document read by a newer version replaces the older one, and that is no edit
(storage/documents/merge.py)."""

_ELISIONS = ("<...>", "<…>")
_HEAD_BRACKETS = re.compile(r"\((?P<inside>[^()]{3,120})\)[\s.!]{0,3}$")
_SAMPLE = 4096
_SPEAKING = frozenset({"invoice", "giveaway", "game", "story"})
_LONGEST_PLACE = 100
_SMALL_WORDS = frozenset(
    (
        *("of", "the", "on", "upon", "de", "del", "la", "el", "al", "and", "dpa"),
        *("и", "на", "над", "г", "пос", "с"),
    )
)
_STOPS = re.compile(r"[,.(/:]|^[-–—]")
# Most sentences show themselves by a word in small letters before their first stop.
_SENTENCE = re.compile(rf"[^,.(/:–—-]{{0,60}}?\s(?!(?:{'|'.join(_SMALL_WORDS)})\b)[a-zа-яё]")


class PostText(Struct, frozen=True, kw_only=True):
    """A post's text taken apart: first line, the other lines, and the links of both in order."""

    title: str | None
    body: tuple[Block, ...]
    links: tuple[Link, ...]


def split_post(text: str, spans: Sequence[Span] = ()) -> PostText:
    """The first line of a post as its title, the rest as blocks.

    Spans count characters over the whole text. The title keeps none of its spans, save that its
    links are among ``links``.
    """
    title, body = lines.split_post(text, spans)
    return PostText(title=title, body=body, links=_links(text, spans) if spans else ())


def headed(blocks: Sequence[Block]) -> PostText:
    """The same for blocks: the text of the first one becomes the title."""
    if not blocks:
        return PostText(title=None, body=(), links=())
    first, *rest = blocks
    links = [link for block in blocks for link in _links(block.text, block.spans)]
    if rest:
        rest[0] = replace(rest[0], gap=None)
    return PostText(title=first.text, body=tuple(rest), links=tuple(links))


def with_attached(
    own: PostText, media: Iterable[Media], lists: Sequence[Block], links: Iterable[Link] = ()
) -> PostText:
    """A post's text with the words of what is attached to it.

    ``lists`` are the blocks of polls and checklists, ``links`` the addresses of buttons and the
    like. What invoices, giveaways, games and stories say is the text of a post that has no other.
    """
    added = tuple(links)
    if own.title is not None or own.body:
        if not lists and not added:
            return own
        return replace(own, body=own.body + tuple(lists), links=own.links + added)
    if not lists:
        said = [medium.title for medium in media if medium.type in _SPEAKING and medium.title]
        own = split_post("\n".join(said))
        return replace(own, links=own.links + added)
    title, body = lines.split_post(lists[0].text)
    rest = list(lists[1:])
    if rest and not body:
        rest[0] = replace(rest[0], gap=None)
    return PostText(title=title, body=(*body, *rest), links=own.links + added)


class Provenance(TypedDict):
    """The fields of a document that say where and when, the same for posts and service messages."""

    doc_id: str
    source: Source
    channel: Channel
    message_id: int
    album_ids: tuple[int, ...]
    grouped_id: NotRequired[int | None]
    url: str | None
    published_at: str | None
    published_precision: Precision
    published_basis: Basis
    flags: tuple[Flag, ...]


class Derived(TypedDict):
    """The fields of a document that follow from its text."""

    hashtags: tuple[str, ...]
    elisions: int
    lang: str | None
    reader: int
    content_hash: str
    event: NotRequired[Event | None]
    dateline: NotRequired[Dateline | None]


def finish(document: Document) -> Document:
    """The document with all that follows from its text: a reader calls this once, at its end.

    Takes title, deck, body and kind from the document; gives hashtags, elisions, event (posts),
    language, the dateline a post opens with (it stays in the text) and the content hash.
    """
    return replace(
        document,
        **derived(document.kind, document.title, document.body, deck=document.deck),
    )


def derived(
    kind: Kind, title: str | None, body: tuple[Block, ...], *, deck: str | None = None
) -> Derived:
    """The fields that ``finish`` adds, for a reader that builds its document in one go."""
    texts = [text for text in (title, deck) if text is not None]
    texts += [block.text for block in body]
    whole = "\n".join(texts)
    fields: Derived = {
        "hashtags": list_hashtags([whole]) if "#" in whole else (),
        "elisions": count_elisions([whole]) if "<" in whole else 0,
        "lang": language.identify(_sample(whole)),
        "reader": READER,
        "content_hash": _hash(whole),
    }
    if kind != "article":
        fields["event"] = find_event(title, body)
        fields["dateline"] = _noted_dateline(texts)
    return fields


def content_hash(texts: Iterable[str]) -> str:
    """First 16 hex digits of SHA-256 over the texts, joined by newlines, white space folded.

    The same for a forward and its original; texts of nothing give a hash that joins nothing.
    """
    return _hash("\n".join(texts))


def _hash(whole: str) -> str:
    folded = whole.replace("\n", " ")
    # White space but " " is not printable. To look for it is faster than to fold it.
    if not folded.isprintable() or "  " in folded or folded.strip(" ") != folded:
        folded = " ".join(whole.split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def list_hashtags(texts: Iterable[str]) -> tuple[str, ...]:
    """Hashtags with their ``#``, each once, in order of appearance."""
    found = [lines.HASHTAG.findall(text) for text in texts if "#" in text]
    return tuple(dict.fromkeys(tag for tags in found for tag in tags))


def count_elisions(texts: Iterable[str]) -> int:
    """How many ``<...>`` and ``<…>`` the texts hold."""
    return sum(text.count(mark) for text in texts for mark in _ELISIONS)


def find_event(title: str | None, body: Iterable[Block]) -> Event | None:
    """Place and date that a post speaks of: a pin line's, else the head line's in brackets."""
    # Taking a title apart costs more than the rest; only a pin line gives it a place.
    heads = lines.blocks(lines.split(title)) if title and "📍" in title else ()
    for block in (*heads, *body) if heads else body:
        if block.type == "location" and block.place and block.date:
            return Event(place=block.place, date=block.date, basis="pin_line")
    tail = (title or "")[-140:]
    brackets = _HEAD_BRACKETS.match(tail, tail.rfind("(")) if "(" in tail else None
    if brackets is None:
        return None
    place, date = lines.place_and_date(brackets["inside"])
    return Event(place=place, date=date, basis="head_parens") if place and date else None


def _sample(whole: str) -> str:
    """What the language is told from: a whole post, or both ends of a long article."""
    return whole if len(whole) <= 2 * _SAMPLE else f"{whole[:_SAMPLE]}\n{whole[-_SAMPLE:]}"


def _noted_dateline(texts: Sequence[str]) -> Dateline | None:
    for text in texts[:2]:
        found = _match_dateline(text) if _may_open_with_dateline(text) else None
        if found is not None:
            return found
    return None


def _match_dateline(text: str) -> Dateline | None:
    # Its patterns take a while to be made: the service has started until a post looks like one.
    from handlers.normalize.datelines import datelines

    found = datelines.match(text)
    return found.dateline if found is not None else None


def _may_open_with_dateline(text: str) -> bool:
    """Whether asking for a dateline is worth its cost: nearly every post opens with a sentence.

    Up to its first stop, a dateline has names, links between them, numbers and no other words.
    """
    if _SENTENCE.match(text):
        return False
    for word in text[:_LONGEST_PLACE].split():
        stop = _STOPS.search(word)
        named = word[: stop.start()] if stop else word
        if named and not (named[0].isupper() or named[0].isdigit() or named in _SMALL_WORDS):
            return False
        if stop:
            break
    return True


def _links(text: str, spans: Iterable[Span]) -> tuple[Link, ...]:
    ordered = [span for span in spans if span.kind == "link"]
    if not ordered:
        return ()
    ordered.sort(key=lambda span: span.start)
    return tuple([Link(text=text[span.start : span.end], url=span.url) for span in ordered])
