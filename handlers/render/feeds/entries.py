"""Posts as entries of a feed of any format, as text that is safe in XML and JSON."""

import re
import uuid
from datetime import UTC, datetime

from msgspec import Struct

from handlers.render.answers.html_page import plain, rich
from handlers.render.text.attachments import attachments_line
from handlers.render.text.dates import Here, lasting
from handlers.render.text.headings import (
    address,
    author_name,
    channel_name,
    headline,
    origin,
    published_moment,
)
from handlers.render.text.own_text import own_passage
from handlers.render.text.rich import RichText, followable
from handlers.texts.collecting import collection_words
from handlers.texts.feeding import feeding_words
from handlers.texts.words import Words
from storage.document import Document

TEXT_UNITS = 4096
"""How much of a post is in a feed, in UTF-16 units: as much as one post at Telegram has. More of an
article is on its page."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FeedEntry(Struct, frozen=True, kw_only=True):
    """A post in a feed. ``id`` is a URN that stays; ``url`` its page here, ``source`` where it was
    posted; ``html`` its text; ``published`` None where day, time or zone is not known."""

    id: str
    url: str
    source: str | None
    title: str
    html: str
    author: str
    published: datetime | None
    updated: datetime
    language: str | None


class Feed(Struct, frozen=True, kw_only=True):
    """A feed: ``url`` is its own address, ``id`` a URN that stays."""

    id: str
    url: str
    title: str
    language: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


def urn_of(name: str) -> str:
    """The URN for a name, always the same."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name.encode("utf-8", "replace").decode()).urn


def make_entry(
    document: Document,
    url: str,
    changed_at: datetime,
    here: Here,
    words: Words,
    *,
    note: str = "",
) -> FeedEntry:
    """A post as an entry. ``changed_at``: when it was stored or last changed (aware); ``note``: a
    line above it."""
    source, language = address(document), document.lang
    names = (channel_name(document, words), author_name(document))
    text = own_passage(document, (), opening=TEXT_UNITS)
    return FeedEntry(
        id=urn_of(document.doc_id),
        url=url,
        source=source if source and followable(source) else None,
        title=clean(headline(document, words)),
        html=_noted(note, words) + told_html(document, text, here, words),
        author=clean(" · ".join(filter(None, names))),
        published=_in_utc(published_moment(document)),
        updated=changed_at,
        language=language if language and re.fullmatch(r"[a-z]{2,3}", language) else None,
    )


def _noted(note: str, words: Words) -> str:
    said = collection_words(words.language).note
    return clean(f"<p><strong>{plain(said.format(note=note))}</strong></p>\n") if note else ""


def _in_utc(moment: datetime | None) -> datetime | None:
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:  # near the years 1 and 9999
        return None


def told_html(document: Document, text: RichText, here: Here, words: Words) -> str:
    """A post as paragraphs of HTML: its heading, ``text`` (what is shown of its own text), and its
    attachments."""
    said = feeding_words(words.language)
    notes = [origin(document, here, words, lasting)]
    if document.deleted_at is not None:
        notes.append(RichText(said.deleted))
    if document.edited_at is not None:
        notes.append(RichText(said.edited))
    parts = [f"<p><em>{_lines(note)}</em></p>" for note in notes if note]
    parts += [f'<p dir="auto">{_lines(part)}</p>' for part in _paragraphs(text)]
    attached = attachments_line(document, words)
    if attached:
        parts.append(f"<p>{plain(attached)}</p>")
    return clean("\n".join(parts))


def _paragraphs(text: RichText) -> list[RichText]:
    """The parts between blank lines."""
    parts, start = [], 0
    for gap in re.finditer(r"\n\s*\n", text.text):
        parts.append(text.cut(start, gap.start()))
        start = gap.end()
    parts.append(text.cut(start, len(text)))
    return [part for part in parts if part.text.strip()]


def _lines(text: RichText) -> str:
    return rich(text).replace("\n", "<br>\n")


def clean(text: str) -> str:
    """A text without what XML 1.0 forbids (section 2.2, "Characters"): control characters, halves
    of surrogate pairs. Ends of lines are ``\\n``."""
    return _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
