"""Links that open the bot: each contains a token that cannot be guessed."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from storage import times
from storage.connection import ALL, Connection, Row
from storage.undoing import removals

LinkKind = Literal["invite", "search", "alert", "channel"]
TOKEN_BYTES = 16
KEPT = 100
"""The most links stored for a chat; the latest ones."""


class Link(Struct, frozen=True, kw_only=True):
    """A link that a chat made: to ``target`` (a query, or a channel), until ``ends_at``.
    ``people``: how many an invitation may still let in."""

    token: str
    kind: LinkKind
    target: str
    made_by: int
    ends_at: datetime
    people: int


async def add_link(
    tx: Connection,
    *,
    kind: LinkKind,
    target: str = "",
    made_by: int,
    people: int = 0,
    now: datetime,
    ends_at: datetime,
) -> str:
    """Make a link; gives its token: 128 random bits in the characters that Telegram allows
    (core.telegram.org/api/links, "Bot links"). Sharing the same twice makes two links."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await tx.execute(
        "INSERT INTO link (token, kind, target, made_by, created_at, ends_at, people)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            token,
            kind,
            target,
            made_by,
            times.to_epoch(now),
            times.to_epoch(ends_at),
            people,
        ),
    )
    await tx.execute(
        "DELETE FROM link WHERE ends_at <= ? OR token IN (SELECT token FROM link"
        " WHERE made_by = ? ORDER BY created_at DESC LIMIT ? OFFSET ?)",
        (times.to_epoch(now), made_by, ALL, KEPT),
    )
    return token


async def find_link(conn: Connection, token: str, *, now: datetime) -> Link | None:
    """The link of that token; None if there is none, it has expired or was revoked."""
    row = await conn.fetch_one(
        "SELECT * FROM link WHERE token = ? AND ends_at > ?", (token, times.to_epoch(now))
    )
    return None if row is None else _from_row(row)


async def list_links(conn: Connection, made_by: int, *, now: datetime, invites: bool) -> list[Link]:
    """The valid links of a chat, newest first: invitations, or all others."""
    rows = await conn.fetch_all(
        "SELECT * FROM link WHERE made_by = ? AND ends_at > ? AND (kind = 'invite') = ?"
        " AND (kind <> 'invite' OR people > 0) ORDER BY created_at DESC, token",
        (made_by, times.to_epoch(now), invites),
    )
    return [_from_row(row) for row in rows]


async def use_invite(tx: Connection, token: str, *, now: datetime) -> bool:
    """Let one more person in by an invitation; whether it still lets somebody in."""
    return (
        await tx.execute(
            "UPDATE link SET people = people - 1 WHERE token = ? AND kind = 'invite'"
            " AND people > 0 AND ends_at > ?",
            (token, times.to_epoch(now)),
        )
        > 0
    )


async def remove_link(
    tx: Connection, token: str, made_by: int, *, invites: bool = False, now: datetime
) -> Link | None:
    """End a link of a chat, or an invitation. It can be restored for a while; None if the chat has
    no such link."""
    row = await tx.fetch_one(
        "SELECT * FROM link WHERE token = ? AND made_by = ? AND (kind = 'invite') = ?",
        (token, made_by, invites),
    )
    if row is None:
        return None
    await removals.keep(tx, made_by, "link", token, _columns(row), now=now)
    await tx.execute("DELETE FROM link WHERE token = ?", (token,))
    return _from_row(row)


async def restore_link(
    tx: Connection, token: str, made_by: int, *, invites: bool = False, now: datetime
) -> Link | None:
    """Undo the removal of a link or an invitation, with its former expiry; one that was not removed
    is left as it is. None if it is not kept any more, has expired, or is somebody else's."""
    kept = await removals.find(tx, made_by, "link", token, now=now)
    if kept is not None and (kept.row["kind"] == "invite") != invites:
        return None
    row = await removals.take(tx, made_by, "link", token, now=now)
    if row is not None and row["ends_at"] > times.to_epoch(now):
        await tx.execute(
            "INSERT INTO link (token, kind, target, made_by, created_at, ends_at, people)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            tuple(made_by if name == "made_by" else row[name] for name in _COLUMNS),
        )
    found = await find_link(tx, token, now=now)
    if found is None or found.made_by != made_by or (found.kind == "invite") != invites:
        return None
    return found


def read_kept(kept: removals.Kept) -> Link:
    """The link that was removed and is kept for an undo."""
    return _from_row(kept.row)


async def forget_chat(tx: Connection, chat_id: int) -> None:
    """End all links that a chat made."""
    await tx.execute("DELETE FROM link WHERE made_by = ?", (chat_id,))


_COLUMNS = ("token", "kind", "target", "made_by", "created_at", "ends_at", "people")


def _columns(row: Row) -> dict[str, object]:
    return {name: row[name] for name in _COLUMNS}


def _from_row(row: Row | Mapping[str, Any]) -> Link:
    return Link(
        token=row["token"],
        kind=row["kind"],
        target=row["target"],
        made_by=row["made_by"],
        ends_at=times.from_epoch(row["ends_at"]),
        people=row["people"],
    )
