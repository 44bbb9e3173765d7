"""All that is stored of a chat, table by table: ``/mydata`` hands it out, ``/forgetme`` deletes it.

What names a chat in passing in a message to somebody else is that one's, and is not listed here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from storage import times
from storage.connection import Connection, Row
from storage.documents.authors import list_keys
from storage.undoing import removals

MOST = 5000
"""The most rows of a table that are told, the newest."""


class Part(Struct, frozen=True):
    """What a table holds of a chat; ``more``: older rows are left out."""

    name: str
    rows: tuple[Mapping[str, Any], ...]
    more: bool


_STATEMENTS = {
    "subscriber": (
        "SELECT chat_id, username, name, language, timezone, active, admitted, created_at,"
        " last_digest_at, quiet_from, quiet_until, quiet_but_urgent, is_channel, burst_after,"
        " growing, topic FROM subscriber WHERE chat_id = ? LIMIT ?"
    ),
    "caller": (
        "SELECT chat_id, username, name, language, wrote_at, asked_at, denied_at FROM caller"
        " WHERE chat_id = ? LIMIT ?"
    ),
    "alert": (
        "SELECT id, query, created_at, paused, snoozed_until, urgent, silent, hourly_limit,"
        " every_minutes, once, since, topic FROM alert WHERE chat_id = ? ORDER BY id DESC LIMIT ?"
    ),
    "removed_alert": (
        "SELECT id, query, settings, created_at, removed_at FROM removed_alert WHERE chat_id = ?"
        " ORDER BY id DESC LIMIT ?"
    ),
    "mute": (
        "SELECT alert_id, channel, title FROM mute WHERE alert_id IN"
        " (SELECT id FROM alert WHERE chat_id = ?) ORDER BY alert_id DESC, channel LIMIT ?"
    ),
    "told": (
        "SELECT alert_id, told_at FROM told WHERE alert_id IN"
        " (SELECT id FROM alert WHERE chat_id = ?) ORDER BY id DESC LIMIT ?"
    ),
    "plan": (
        "SELECT id, kind, name, query, channels, times, timezone, most, short, says_nothing_new,"
        " paused, created_at, told_until, due_at, removed_at, topic FROM plan WHERE chat_id = ?"
        " ORDER BY id DESC LIMIT ?"
    ),
    "collection": (
        "SELECT id, name, used_at, removed_at FROM collection WHERE chat_id = ?"
        " ORDER BY id DESC LIMIT ?"
    ),
    "collected": (
        "SELECT collection_id, doc_id, note, saved_at, removed_at FROM collected"
        " WHERE collection_id IN (SELECT id FROM collection WHERE chat_id = ?)"
        " ORDER BY saved_at DESC, doc_id LIMIT ?"
    ),
    "silence": (
        "SELECT channel, created_at, told_of, unread_of, topic FROM silence WHERE chat_id = ?"
        " ORDER BY id DESC LIMIT ?"
    ),
    "surge": (
        "SELECT query, created_at, told_at, topic, told_posts FROM surge WHERE chat_id = ?"
        " ORDER BY id DESC LIMIT ?"
    ),
    "digest_snapshot": (
        "SELECT made_at, since, until, query, title, short FROM digest_snapshot WHERE chat_id = ?"
        " ORDER BY made_at DESC LIMIT ?"
    ),
    "wish": (
        "SELECT target, asked_at, denied_at, topic FROM wish WHERE chat_id = ?"
        " ORDER BY id DESC LIMIT ?"
    ),
    "link": (
        "SELECT kind, target, created_at, ends_at, people FROM link WHERE made_by = ?"
        " ORDER BY created_at DESC LIMIT ?"
    ),
    "feed": (
        "SELECT kind, target, created_at FROM feed WHERE chat_id = ?"
        " ORDER BY created_at DESC LIMIT ?"
    ),
    "managed": (
        "SELECT chat_id, seen_at FROM managed WHERE user_id = ? ORDER BY seen_at DESC LIMIT ?"
    ),
    "question": (
        "SELECT chat_id, command, before, suggestion, asked_at FROM question"
        " WHERE ? IN (chat_id, sender_id) ORDER BY id DESC LIMIT ?"
    ),
    "backfill": "SELECT channel, since, asked_at FROM backfill WHERE asked_by = ? LIMIT ?",
    "own_post": (
        "SELECT message_id FROM own_post WHERE chat_id = ? ORDER BY message_id DESC LIMIT ?"
    ),
    "folded": (
        "SELECT delivery_id, post, folded_at FROM folded WHERE delivery_id IN"
        " (SELECT id FROM delivery WHERE chat_id = ?) ORDER BY delivery_id DESC, post LIMIT ?"
    ),
    "event_told": (
        "SELECT delivery_id, alert_id, document_id FROM event_told WHERE delivery_id IN"
        " (SELECT id FROM delivery WHERE chat_id = ?) ORDER BY delivery_id DESC LIMIT ?"
    ),
    "delivery": (
        "SELECT id, kind, post, payload, state, created_at, due_at, finished_at, message_id,"
        " topic FROM whole_delivery WHERE chat_id = ? ORDER BY id DESC LIMIT ?"
    ),
}

TOLD = {
    table: tuple(sql.removeprefix("SELECT ").partition(" FROM ")[0].split(", "))
    for table, sql in _STATEMENTS.items()
}
"""The columns of each table that are told. What is left out names nobody: random numbers that keep
a message from arriving twice, say."""

_JSON = frozenset({"json", "payload", "settings", "value"})
_TIMES = frozenset(
    name
    for columns in TOLD.values()
    for name in columns
    if name.endswith("_at")
    or name in {"snoozed_until", "told_until", "since", "until", "told_of", "unread_of"}
)


async def list_parts(conn: Connection, chat_id: int) -> list[Part]:
    """What each table holds of a chat; those that hold nothing are left out."""
    parts = [
        _part(table, await conn.fetch_all(sql, (chat_id, MOST + 1)), TOLD[table])
        for table, sql in _STATEMENTS.items()
    ]
    searched = await conn.fetch_all(
        "SELECT name, value FROM fact WHERE name LIKE ? AND name <> ? ORDER BY name",
        (f"%:{chat_id}", f"{removals.PREFIX}{chat_id}"),
    )
    parts.append(_part("fact", searched, ("name", "value")))
    removed = await removals.list_kept(conn, chat_id)
    parts.append(Part("removed", tuple(removed), more=False))
    if chat_id > 0:
        parts.append(_part("document", await _list_posts(conn, chat_id), ("doc_id", "json")))
    return [part for part in parts if part.rows]


async def _list_posts(conn: Connection, user_id: int) -> Sequence[Row]:
    """What a person wrote in watched groups, as far as it is known to be theirs, and what others
    forwarded of theirs."""
    written = await conn.fetch_all(
        "SELECT id, doc_id, json FROM document"
        " WHERE author_key IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?",
        (json.dumps(await list_keys(conn, user_id)), MOST + 1),
    )
    forwarded = await conn.fetch_all(
        "SELECT id, doc_id, json FROM document"
        " WHERE json_extract(json, '$.forwarded_from.user_id') = ? ORDER BY id DESC LIMIT ?",
        (user_id, MOST + 1),
    )
    rows = {row["id"]: row for row in (*written, *forwarded)}
    return [rows[number] for number in sorted(rows, reverse=True)]


def _part(name: str, rows: Sequence[Row], columns: Sequence[str]) -> Part:
    return Part(name, tuple(_told(row, columns) for row in rows[:MOST]), len(rows) > MOST)


def _told(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """A row as it is told: times in ISO 8601, what is JSON taken apart, empty columns left out."""
    return dict(_values(row, columns))


def _values(row: Row, columns: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for name in columns:
        value = row[name]
        if value is None:
            continue
        if name in _TIMES:
            value = times.from_epoch(value).isoformat()
        elif name in _JSON:
            value = _parsed(value)
        yield name, value


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
