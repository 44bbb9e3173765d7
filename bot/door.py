"""The one door: whatever its source, a post is stored and joined to its story here, together."""

from collections.abc import Sequence
from datetime import datetime

from handlers.stories import fingerprint
from storage import documents, stories
from storage.authors import Authors
from storage.database import Connection
from storage.document import Document
from storage.records import Stored


async def store(
    tx: Connection,
    batch: Sequence[Document],
    *,
    now: datetime,
    live: bool,
    authors: Authors,
    seen_at: Sequence[datetime | None] | None = None,
) -> tuple[list[Stored], dict[int, str]]:
    """Store documents in a transaction: the outcomes in their order, and the names of their
    stories by row id.

    ``live``: they came from watching. ``authors``: what is kept of who wrote them. ``seen_at``:
    when the channel of each was asked and showed it, where it was.
    """
    stored = await documents.store_documents(
        tx, batch, stored_at=now, live=live, authors=authors, seen_at=seen_at
    )
    return stored, await stories.join_stories(tx, stored, fingerprint, now=now, live=live)
