"""Posts that say the same as one that is redacted: they are named, and stay."""

from msgspec import Struct

from storage.connection import Connection, fetch_in
from storage.document import EMPTY_HASH, Document
from storage.document_json import parse
from storage.documents import redactions

_BY_ORIGIN = "SELECT id FROM document WHERE origin_channel_id = ? AND origin_message_id = ?"
_BY_PLACE = "SELECT id FROM document WHERE channel_id = ? AND message_id = ?"
_BY_TEXT = "SELECT id FROM document WHERE content_hash = ?"
_BY_STORY = "SELECT id FROM document WHERE story = (SELECT story FROM document WHERE id = ?)"

Tie = tuple[str, str, tuple[object, ...]]


class Other(Struct, frozen=True, kw_only=True):
    """A post that says the same. ``how``: it is a ``forward`` of the redacted one, the
    ``original`` of it, a ``copy`` word for word, or of one ``story`` with it."""

    doc_id: str
    url: str | None
    how: str


async def list_others(conn: Connection, document: Document, row_id: int) -> tuple[Other, ...]:
    """The stored posts that say the same as this one, those that are redacted left out."""
    found: dict[int, str] = {}
    for how, sql, values in _ties(document, row_id):
        for row in await conn.fetch_all(sql, values):
            found.setdefault(row["id"], how)
    found.pop(row_id, None)
    rows = await fetch_in(conn, "SELECT id, json FROM document WHERE id IN (:values)", [*found])
    listed = {row["id"]: parse(row["json"]) for row in rows}
    return tuple(
        Other(doc_id=other.doc_id, url=other.url, how=how)
        for other_id, how in found.items()
        if not redactions.is_redacted(other := listed[other_id])
    )


def _ties(document: Document, row_id: int) -> list[Tie]:
    """Where such posts are looked for: how they are tied, the SQL and its values."""
    channel = document.channel.id if document.channel else None
    parts = {*document.album_ids, document.message_id or 0}
    ties: list[Tie] = [("forward", _BY_ORIGIN, (channel, part)) for part in sorted(parts)]
    origin = document.forwarded_from
    if origin is not None and origin.channel_id is not None:
        place = (origin.channel_id, origin.message_id)
        ties += [("original", _BY_PLACE, place), ("forward", _BY_ORIGIN, place)]
    if document.content_hash != EMPTY_HASH:
        ties.append(("copy", _BY_TEXT, (document.content_hash,)))
    return [*ties, ("story", _BY_STORY, (row_id,))]
