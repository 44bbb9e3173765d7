"""Feeds of chats for feed readers: each is read with a secret, of which only the hash is stored."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row
from storage.undoing import removals

FeedKind = Literal["query", "channel", "collection"]
SECRET_BYTES = 32
NAME_BYTES = 9
MOST = 20
"""How many feeds a chat may have."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]{12}", re.ASCII)


class Feed(Struct, frozen=True, kw_only=True):
    """A chat's feed of a query (``target`` is its text), a channel (its number) or a collection of
    that chat (its id).

    ``name`` is no secret: buttons and the addresses of pages contain it. ``secret_hash`` is the
    SHA-256 of the secret, in hexadecimal.
    """

    name: str
    secret_hash: str
    chat_id: int
    kind: FeedKind
    target: str
    created_at: datetime

    def page_key(self, post: str) -> str:
        """The key that the address of a page of this feed must contain beside the post's (or
        story's) name: it cannot be forged, and opens no other page."""
        said = post.encode("utf-8", "surrogatepass")
        return hmac.new(bytes.fromhex(self.secret_hash), said, hashlib.sha256).hexdigest()

    def opens(self, post: str, key: str) -> bool:
        """Whether that is the key of the post's page."""
        return hmac.compare_digest(self.page_key(post).encode(), key.encode("utf-8", "replace"))


async def add_feed(
    tx: Connection, *, chat_id: int, kind: FeedKind, target: str, now: datetime
) -> str | None:
    """Make a feed; gives its secret (256 random bits, URL-safe), which is not stored; None if the
    chat has the most allowed. A second feed of the same has another secret."""
    if len(await list_feeds(tx, chat_id)) >= MOST:
        return None
    secret = secrets.token_urlsafe(SECRET_BYTES)
    await tx.execute(
        "INSERT INTO feed (name, secret_hash, chat_id, kind, target, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            secrets.token_urlsafe(NAME_BYTES),
            hash_of(secret),
            chat_id,
            kind,
            target,
            times.to_epoch(now),
        ),
    )
    return secret


def hash_of(secret: str) -> str:
    """The stored hash of a secret. The secret is as random as the hash is long: no salt is
    needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


async def find_feed(conn: Connection, secret: str) -> Feed | None:
    """The feed of a secret; None if there is none, or it was revoked."""
    if not _SECRET.fullmatch(secret):
        return None
    asked = hash_of(secret)
    row = await conn.fetch_one("SELECT * FROM feed WHERE secret_hash = ?", (asked,))
    if row is None or not hmac.compare_digest(row["secret_hash"], asked):
        return None
    return _from_row(row)


async def find_named(conn: Connection, name: str) -> Feed | None:
    """The feed with that name, or None."""
    if not _NAME.fullmatch(name):
        return None
    row = await conn.fetch_one("SELECT * FROM feed WHERE name = ?", (name,))
    return None if row is None else _from_row(row)


async def list_feeds(conn: Connection, chat_id: int) -> list[Feed]:
    """The feeds of a chat, newest first."""
    rows = await conn.fetch_all(
        "SELECT * FROM feed WHERE chat_id = ? ORDER BY created_at DESC, name", (chat_id,)
    )
    return [_from_row(row) for row in rows]


async def remove_feed(tx: Connection, name: str, chat_id: int, *, now: datetime) -> Feed | None:
    """End a feed of a chat, with all its pages. It can be restored for a while; None if the chat
    has no such feed."""
    row = await tx.fetch_one("SELECT * FROM feed WHERE name = ? AND chat_id = ?", (name, chat_id))
    if row is None:
        return None
    columns = {column: row[column] for column in _COLUMNS}
    await removals.keep(tx, chat_id, "feed", name, columns, now=now)
    await tx.execute("DELETE FROM feed WHERE name = ?", (name,))
    return _from_row(row)


async def restore_feed(
    tx: Connection, name: str, chat_id: int, *, now: datetime
) -> Literal["restored", "full", "gone"]:
    """Undo the removal of a feed, at the same address; ``full`` if there are too many by now,
    ``gone`` if it is not kept any more."""
    have = await list_feeds(tx, chat_id)
    if any(one.name == name for one in have):
        return "restored"
    if len(have) >= MOST:
        return "full"
    row = await removals.take(tx, chat_id, "feed", name, now=now)
    if row is None:
        return "gone"
    await tx.execute(
        "INSERT INTO feed (name, secret_hash, chat_id, kind, target, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        tuple(chat_id if column == "chat_id" else row[column] for column in _COLUMNS),
    )
    return "restored"


def read_kept(kept: removals.Kept) -> Feed:
    """The feed that was removed and is kept for an undo."""
    return _from_row(kept.row)


async def forget_chat(tx: Connection, chat_id: int) -> None:
    """End all feeds of a chat."""
    await tx.execute("DELETE FROM feed WHERE chat_id = ?", (chat_id,))


_COLUMNS = ("name", "secret_hash", "chat_id", "kind", "target", "created_at")


def _from_row(row: Row | Mapping[str, Any]) -> Feed:
    return Feed(
        name=row["name"],
        secret_hash=row["secret_hash"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        target=row["target"],
        created_at=times.from_epoch(row["created_at"]),
    )
