"""Composes a digest for a chat, and opens a stored one again."""

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from handlers.digests.keeping import HISTORY, keep
from handlers.digests.reading import read_outline
from handlers.outlines.outline import STORIES, Outline
from handlers.render.answers import digest_pages, digest_stories
from handlers.render.text.dates import Here, here_in, zone_of
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage import facts
from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.errors import DocumentError
from storage.outbox import traces
from storage.query.reading.syntax import Query
from storage.structs import decoder
from storage.subscribers import snapshots, subscribers
from storage.subscribers.snapshots import Snapshot

FIRST_SPAN = timedelta(hours=24)
"""The length of the first digest of a subscriber."""

_read_outline = decoder(Outline)


class Digest(Struct, frozen=True, kw_only=True):
    """A digest to be sent. ``posts``: the ``doc_id`` of all its posts; ``snapshot`` must be stored
    with it, for its buttons."""

    message: Message
    posts: tuple[str, ...]
    snapshot: Snapshot


async def compose_digest(
    conn: Connection,
    chat_id: int,
    *,
    after: datetime,
    until: datetime,
    timezone: str,
    language: str,
    query: Query | None = None,
    most: int = STORIES,
    title: str = "",
    short: bool = False,
    maker: str = "",
    history: int = 0,
) -> Digest | None:
    """What was stored live after ``after`` up to ``until``, told to a chat; None where that is
    nothing. ``timezone`` is the chat's; ``title`` stands above it; ``maker`` is whose digest of
    several of the same period it is; ``history``: how many posts it is to say that it leaves out.

    It may take seconds where much came in, so it is read beside the writer: in a turn of the
    writer that comes first ``until`` is fixed, and no post that is stored later is from before it.
    """
    mine = await traces.list_told(conn, chat_id, after=after)
    outline, known = await read_outline(
        conn, after=after, until=until, query=query, mine=mine, most=most
    )
    if not outline.posts:
        return None
    kept = partial(keep, "digest", outline, chat_id, after=after, until=until, query=query)
    snapshot = await asyncio.to_thread(kept, title=title, maker=maker, short=short, history=history)
    shown = _shown(snapshot, outline, known, history)
    here, words = here_in(timezone, until), words_of(language)
    message = await asyncio.to_thread(digest_pages.digest_page, shown, 0, here, words)
    return Digest(message=message, posts=outline.posts, snapshot=snapshot)


async def open_digest(
    conn: Connection,
    token: str,
    *,
    chat_id: int,
    timezone: str,
    needs: Callable[[Outline], Iterable[str]] = digest_pages.shown_posts,
) -> tuple[digest_stories.Digest, Here] | None:
    """A digest that was made for a chat, with the documents that are needed, and where and when it
    is read. None where it is not kept any more."""
    snapshot = await snapshots.find_snapshot(conn, token, chat_id=chat_id)
    if snapshot is None:
        return None
    try:
        outline, history = await asyncio.to_thread(_read, snapshot.outline)
    except DocumentError:  # It is a review.
        return None
    known = await documents.find_documents(conn, needs(outline))
    return _shown(snapshot, outline, known, history), Here(zone_of(timezone), snapshot.until)


def _shown(
    snapshot: Snapshot, outline: Outline, known: dict[str, Document], history: int
) -> digest_stories.Digest:
    return digest_stories.Digest(
        token=snapshot.token,
        since=snapshot.since,
        until=snapshot.until,
        query=snapshot.query,
        outline=outline,
        documents=known,
        title=snapshot.title,
        short=snapshot.short,
        history=history,
    )


def _read(text: str) -> tuple[Outline, int]:
    """The outline of a stored digest, and how many posts it says it leaves out."""
    kept = json.loads(text)
    history = kept.pop(HISTORY, 0)
    return _read_outline(kept), history


async def find_period(
    tx: Connection, *, chat_id: int, message_id: int, now: datetime
) -> tuple[datetime, datetime]:
    """The period of a digest that a message asks for.

    To be called by the writer, so that whatever is stored later has a later time. The same message
    gets the same period again (after a crash before its answer was queued), so that nothing is left
    out.
    """
    subscriber = await subscribers.get_subscriber(tx, chat_id)
    noted = json.loads(await facts.find_value(tx, _name(chat_id)) or "null")
    if noted is not None and noted[0] == message_id:
        until = datetime.fromisoformat(noted[2]) if len(noted) > 2 else now
        return datetime.fromisoformat(noted[1]), until
    return digest_start(subscriber.last_digest_at, now), now


async def note_period(
    tx: Connection, *, chat_id: int, message_id: int, after: datetime, until: datetime
) -> None:
    """Note that the digest a message asked for is composed: the next one begins where it ends.

    Only then: otherwise a failure would leave a period that no digest covers.
    """
    value = [message_id, after.isoformat(), until.isoformat()]
    await facts.set_value(tx, _name(chat_id), json.dumps(value))
    await subscribers.update_subscriber(tx, chat_id, last_digest_at=until)


def _name(chat_id: int) -> str:
    return f"digest:{chat_id}"


def digest_start(last_digest_at: datetime | None, now: datetime) -> datetime:
    """Where the next digest begins: at the end of the last one, or a day ago for the first."""
    return last_digest_at if last_digest_at is not None else now - FIRST_SPAN
