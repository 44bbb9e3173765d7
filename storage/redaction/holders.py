"""What else holds words of a post that is redacted: messages, digests as they were made, and other
posts that quote it. Looked for beside the writer; what is found is changed in one transaction."""

import json
import zlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import payloads
from storage.connection import Connection, Row, fetch_in
from storage.document import Document
from storage.document_json import dump, parse
from storage.payloads import TextPayload
from storage.redaction.wording import Wording
from storage.structs import replace

ROWS = 2_000
"""How many rows are looked at at once."""
WIPED = "[redacted]"

_MESSAGES = (
    "SELECT id, kind, state, payload FROM delivery WHERE id > ?"
    " AND kind IN ('answer', 'digest', 'notice') ORDER BY id LIMIT ?"
)
_QUOTING = (
    "SELECT id, doc_id, json FROM document WHERE id > ? AND instr(json, '\"quote\"') > 0"
    " ORDER BY id LIMIT ?"
)
_LOWEST = -(1 << 63)


@dataclass(slots=True)
class Holders:
    """Rows to be changed: ``messages`` (payload by id), ``digests`` (outline by token), and
    ``quoting``, the names of posts whose quotation is to go."""

    messages: dict[int, str] = field(default_factory=dict)
    digests: dict[str, bytes] = field(default_factory=dict)
    quoting: list[str] = field(default_factory=list)
    seen_to: int = 0


async def find_holders(conn: Connection, wording: Wording, posts: Sequence[Document]) -> Holders:
    """All that holds words of these posts (versions of one) now."""
    found = Holders()
    await find_messages(conn, wording, found)
    for row in await conn.fetch_all("SELECT token, outline FROM digest_snapshot"):
        outline = json.loads(zlib.decompress(row["outline"]).decode("utf-8", "surrogatepass"))
        if wording.is_in(outline):
            found.digests[row["token"]] = _packed(wording.mask_value(outline))
    places = {place for post in posts for place in _places(post)}
    async for row in _rows(conn, _QUOTING, _LOWEST):
        if _quotes(parse(row["json"]), places):
            found.quoting.append(row["doc_id"])
    return found


async def find_messages(conn: Connection, wording: Wording, found: Holders) -> None:
    """Add the messages that were queued after those which were looked at before."""
    async for row in _rows(conn, _MESSAGES, found.seen_to):
        found.seen_to = row["id"]
        said = payloads.read(row["kind"], row["payload"])
        changed = _changed(row, said, wording)
        if changed is not None:
            found.messages[row["id"]] = changed


def _changed(row: Row, said: payloads.Payload, wording: Wording) -> str | None:
    """The payload without the post's words, where it holds any: what was sent keeps nothing."""
    if not isinstance(said, TextPayload):
        return None
    if not wording.is_in(json.loads(row["payload"])):
        return None
    if row["state"] != "queued":
        return payloads.write(TextPayload(text=WIPED, access_hash=said.access_hash))
    masked = wording.mask(said.text)
    return None if masked == said.text else payloads.write(replace(said, text=masked))


async def change(tx: Connection, found: Holders) -> None:
    """Change what was found, but for quotations."""
    await tx.execute_many(
        "UPDATE delivery SET payload = ? WHERE id = ?",
        [(payload, row_id) for row_id, payload in found.messages.items()],
    )
    await tx.execute_many(
        "UPDATE digest_snapshot SET outline = ? WHERE token = ?",
        [(outline, token) for token, outline in found.digests.items()],
    )


async def unquote_revisions(tx: Connection, row_ids: Sequence[int]) -> None:
    """Take the quotation out of what posts said before."""
    rows = await fetch_in(
        tx, "SELECT id, json FROM revision WHERE document_id IN (:values)", row_ids
    )
    await tx.execute_many(
        "UPDATE revision SET json = ? WHERE id = ?",
        [(dump(unquoted(parse(row["json"]))), row["id"]) for row in rows],
    )


def unquoted(document: Document) -> Document:
    """A post without what it quotes of the one that it answers."""
    if document.reply_to is None:
        return document
    return replace(document, reply_to=replace(document.reply_to, quote=None))


def _quotes(document: Document, places: Iterable[tuple[int | None, int]]) -> bool:
    reply = document.reply_to
    if reply is None or reply.quote is None or reply.message_id is None:
        return False
    own = document.channel.id if document.channel else None
    return (reply.channel_id or own, reply.message_id) in places


def _places(document: Document) -> Iterable[tuple[int | None, int]]:
    channel = document.channel.id if document.channel else None
    if document.message_id is not None:
        yield from ((channel, part) for part in {document.message_id, *document.album_ids})


def _packed(outline: Any) -> bytes:
    text = json.dumps(outline, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


async def _rows(conn: Connection, sql: str, start: int) -> AsyncIterator[Row]:
    rows = await conn.fetch_all(sql, (start, ROWS))
    while rows:
        for row in rows:
            yield row
        rows = await conn.fetch_all(sql, (rows[-1]["id"], ROWS))
