"""What is stored of a digest or a review for its buttons."""

import hashlib
import json
from datetime import datetime
from typing import Literal, TypeAlias

from handlers.outlines.outline import Outline
from handlers.reviews.review import Review
from storage.query.reading.syntax import Query
from storage.structs import RecordWriter
from storage.subscribers.snapshots import Snapshot

Subject: TypeAlias = Literal["digest", "review"]

HISTORY = "history"
"""The member, beside those of an outline, for the number of posts that a digest leaves out."""

_WRITER = RecordWriter(always={}, also={})


def keep(
    subject: Subject,
    made: Outline | Review,
    chat_id: int,
    *,
    after: datetime,
    until: datetime,
    query: Query | None,
    title: str,
    maker: str,
    short: bool = False,
    history: int = 0,
) -> Snapshot:
    """A chat's digest or review as it is kept. ``maker``: whose of several of the same span it
    is; ``history``: how many posts of it a digest says it leaves out. One that is made again has
    the same token, so that its buttons stay good."""
    asked = query.written if query else ""
    named = f"{subject} {chat_id} {after.isoformat()} {until.isoformat()} {asked}\0{maker}"
    return Snapshot(
        token=hashlib.blake2b(named.encode(), digest_size=9).hexdigest(),
        chat_id=chat_id,
        since=after,
        until=until,
        query=query.written if query else None,
        outline=json.dumps(
            _WRITER.write(made) | ({HISTORY: history} if history else {}),
            ensure_ascii=False,
            separators=(",", ":"),
        ),
        title=title,
        short=short,
    )
