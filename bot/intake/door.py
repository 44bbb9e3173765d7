"""Stores documents, for the intake and for imports: written, then joined to a story and an event.

A post joins the *story* of posts that say the same (its original, forwards, copies), and the
*event* of stories that report the same happening in other words.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.intake import usual_languages
from bot.intake.events import Events
from bot.intake.prepared import Prepared, whole_text
from handlers.stories import fingerprint
from storage.connection import Connection, Query
from storage.document import Document, name_key
from storage.documents import batch as stored_documents
from storage.documents import documents
from storage.documents.authors import Authors
from storage.records import Stored
from storage.stories import stories
from storage.stories.events import Unthreaded


async def store(
    tx: Connection,
    batch: Sequence[Document],
    *,
    now: datetime,
    live: bool,
    authors: Authors,
    events: Events,
    seen_at: Sequence[datetime | None] | None = None,
    prepared: Sequence[Prepared] = (),
) -> tuple[list[Stored], dict[int, str]]:
    """Store documents in a transaction. Returns the outcomes in their order, and the names of the
    stories by the documents' row ids.

    ``live``: they came from watching, not from history or a file. ``authors``: how much is kept of
    who wrote them. ``events``: puts them into events. ``seen_at``: for each document when its
    channel was asked and showed it, or None. ``prepared``: what was computed of them beforehand,
    for speed only; it does not change what is stored.
    """
    told = await usual_languages.fill(tx, batch)
    since = await events.look(tx)
    stored = await documents.store_documents(
        tx,
        told,
        stored_at=now,
        live=live,
        authors=authors,
        seen_at=seen_at,
        ready={one.document.doc_id: one.ready for one in prepared if one.ready is not None},
    )
    names = await stories.join_stories(tx, stored, fingerprint, now=now, live=live)
    new = [one for one in stored if one.outcome == "new"]
    readings = {
        whole_text(one.document): one.reading for one in prepared if one.reading is not None
    }
    await events.join(tx, [_unthreaded(one, names[one.id]) for one in new], readings, since=since)
    return stored, names


def expected(batch: Sequence[Document]) -> list[Query]:
    """What ``store`` will ask before it writes, if the documents are new."""
    return [*usual_languages.queries(batch), *stored_documents.expected(batch)] if batch else []


def _unthreaded(stored: Stored, story: str) -> Unthreaded:
    document = stored.document
    return Unthreaded(
        document_id=stored.id,
        channel_id=document.channel.id if document.channel else None,
        story=story,
        is_copy=story != name_key(document.doc_id),
        text=whole_text(document),
    )
