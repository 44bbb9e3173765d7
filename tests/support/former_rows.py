"""Rows for databases of former versions: something in every table, of every state.

A row has all columns that its table ever had; what a schema does not have is left out. The outbox
was written in two ways, whole rows and small ones that share what they tell of: both are made here.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from storage import row_ids, times
from storage.outbox import outbox_keys

epoch = times.to_epoch

SECRET = bytes(range(32))
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
THEN = epoch(NOON)
LATER = THEN + 60_000_000
AT = row_ids.first_id(NOON)
DATED, LAST_OF_SECOND, SPILLED, UNDATED = AT - 512, AT + 255, AT + 256, 300
FIRST_STATES = ("queued", "sent", "gone", "dead")
STATES = (*FIRST_STATES, "expired", "bundled", "dropped")

Row = dict[str, Any]

WORDS = {
    DATED: "resumed", DATED + 1: "зерна", LAST_OF_SECOND: "lighthouse", SPILLED: "ferry",
    UNDATED: "almanac", DATED + 2: "dredging",
}  # fmt: skip
"""A word by which each document is found."""


def _post(doc_id: str, title: str, **fields: Any) -> Row:
    return {
        "schema": "dateline/1", "doc_id": doc_id, "kind": "post", "source": {"type": "telethon"},
        "channel": {"id": 77, "username": "harbour", "title": "Harbour News"},
        "message_id": 1, "content_hash": "0" * 16,
        "published_at": "2024-05-01T12:00:00Z", "published_precision": "second",
        "published_basis": "api", "title": title, "body": [], "flags": [],
    } | fields  # fmt: skip


_NOWHERE = {"channel": None, "message_id": None, "published_at": None}
_UNKNOWN_TIME = {"published_precision": "none", "published_basis": "none"}
POSTS = {
    DATED: _post("tg:77/1", "Grain exports resumed", published_at="2024-05-01T11:59:58Z"),
    DATED + 1: _post(
        "tg:77/2", "Экспорт зерна возобновлён 🌾", message_id=2,
        published_at="2024-05-01T11:59:58Z",
        forwarded_from={"name": "Mill", "channel_id": 78, "message_id": 5, "kind": "channel"},
    ),
    DATED + 2: _post(
        "tg:77/10", "Dredging begins", message_id=10, album_ids=[10, 11],
        deleted_at="2024-05-01T12:05:00Z",
    ),
    LAST_OF_SECOND: _post("tg:77/255", "The lighthouse   is lit", message_id=255),
    SPILLED: _post(
        "tg:-100/9", "A ferry \u202e <b>waits</b>", message_id=9, channel={"id": 100},
        author={"kind": "user", "id": 5, "name": "Ann"},
        forwarded_from={"user_id": 6, "kind": "user", "name": "Ben"},
    ),
    UNDATED: _post("txt:0123456789abcdef#1", "An almanac", **_NOWHERE, **_UNKNOWN_TIME),
}  # fmt: skip


def _documents() -> list[Row]:
    rows = []
    for number, (row_id, post) in enumerate(POSTS.items()):
        origin = post.get("forwarded_from", {})
        rows.append({
            "id": row_id, "doc_id": post["doc_id"], "channel_id": (post["channel"] or {}).get("id"),
            "message_id": post["message_id"], "stored_at": THEN + number, "changed_at": LATER,
            "live": number % 2, "content_hash": f"{number:016x}" if number else None,
            "origin_channel_id": origin.get("channel_id"),
            "origin_message_id": origin.get("message_id"),
            "deleted_at": LATER if "deleted_at" in post else None, "analysis": 3001,
            "ranks": '{"time":1}' if number else "{}",
            # With white space that nobody writes today: it is to stay as it is.
            "json": json.dumps(post, ensure_ascii=bool(number % 2), indent=number % 3 or None),
            "story": "tg:77/1" if number < 2 else None,
            "author_key": "user:5" if row_id == SPILLED else None,
        })  # fmt: skip
    return rows


def _delivery(id: int, key: str, payload: Row, **fields: Any) -> Row:
    return {
        "id": id, "chat_id": 42, "kind": key.split(":", 1)[0], "key": key,
        "random_id": outbox_keys.random_id(SECRET, key),
        "payload": json.dumps(payload, separators=(",", ":")), "due_at": THEN, "priority": 1,
        "leased_until": None, "state": "queued", "attempts": 0,
        "last_error": None, "message_id": None, "created_at": THEN, "finished_at": None,
        "expires_at": None, "bundle": None, "story": None, "target": None, "versions": 0,
        "closed": 0, "post": payload.get("doc_id"), "tried_at": None, "tried": 0,
    } | fields  # fmt: skip


ALERT = {"doc_id": "tg:77/1", "alerts": [[1, 'grain "x"'], [2, "ё"]]}
_TOLD = {"story": "tg:77/1"}
_DONE = {"finished_at": LATER, "message_id": 900, **_TOLD}
_LINES = {"posts": [["tg:77/1", [[1, "grain"]], None, []]], "rows": [6]}
_CHANGE = {**ALERT, "change": "edited", "since": 1}


def _deliveries(states: Sequence[str]) -> list[Row]:
    rows = [
        _delivery(number, f"alert:42:ab:{state}/5f", ALERT, state=state,
                  **(_TOLD if state == "queued" else _DONE))
        for number, state in enumerate(states, 1)
    ]  # fmt: skip
    first = len(STATES) + 1
    tried = {"attempts": 2, "last_error": "late", "tried_at": THEN, "tried": 1}
    leased = {"attempts": 1, "leased_until": 9 * 10**15, "tried_at": THEN, "tried": 1}
    rows += [
        _delivery(first, "alert:43:ab:77/1", ALERT, chat_id=43, **_TOLD, **tried),
        _delivery(first + 1, "alert:44:ab:77/1", ALERT, chat_id=44, **_TOLD, **leased),
        _delivery(first + 2, "alert:45:cd:77/2", {**ALERT, "doc_id": "tg:77/2", "urgent": True},
                  chat_id=45, due_at=9 * 10**15, bundle="held:17"),
        _delivery(first + 3, "answer:42:1:0", {"text": "yes: \"a\""}, priority=0),
        _delivery(first + 4, "digest:46:ab:2024-05-01", {"text": "d"}, chat_id=46, priority=2),
        _delivery(first + 5, "notice:access:x:1", {"text": "n"}, chat_id=47),
        _delivery(first + 6, "bundle:48:ff", _LINES, chat_id=48, bundle="burst", state="sent",
                  **_DONE),
        _delivery(first + 7, "update:bundle:48:ff:1", {"lines": 3}, chat_id=48, target=first + 6),
        _delivery(first + 8, "tally:bundle:48:ff:24", {"count": 3}, chat_id=48, target=first + 6),
        _delivery(first + 9, "change:49:ab:77|77/1:edited/x", _CHANGE, chat_id=49, versions=3,
                  kind="alert"),
        _delivery(first + 10, "answer:-1000000000042:7:0", {"text": "here"}, state="sent",
                  chat_id=-1000000000042, priority=0, finished_at=LATER, message_id=17),
    ]  # fmt: skip
    return rows


_OF_READER = ("alerts", "urgent")


def _make_small(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The same rows as they stand since what they tell of stands once."""
    posts: dict[tuple[Any, ...], Row] = {}
    small = []
    for row in rows:
        if row["kind"] == "alert":
            *beginning, end = row["key"].split(":", 3)
            payload = json.loads(row["payload"])
            own = {name: payload.pop(name) for name in _OF_READER if name in payload}
            shared = json.dumps(payload, separators=(",", ":"))
            place = (end, row["post"], row["story"], shared)
            told = {"name": end, "post": row["post"], "story": row["story"], "payload": shared}
            post = posts.setdefault(place, {"id": len(posts) + 1, **told})
            key = ":".join((*beginning, ""))
            row = {**row, "key": key, "payload": json.dumps(own), "told_post": post["id"]}
        small.append(row)
    return {"told_post": list(posts.values()), "delivery": small}


_FOLDED = {
    "post": "tg:77/2", "folded_at": LATER, "fresh": "[[0,5]]", "key": "alert:42:ab:77/2",
    "alerts": "[[1,\"grain\"]]", "event": 1,
}  # fmt: skip


def _others() -> dict[str, list[Row]]:
    """All tables but the outbox's, parents first."""
    subscriber = {
        "access_hash": 7, "username": "ann", "name": "Ann", "language": "ru",
        "timezone": "Europe/Berlin", "active": 1, "admitted": 1, "created_at": THEN,
        "last_digest_at": LATER, "quiet_from": 1320,
        "quiet_until": 420, "quiet_but_urgent": 1, "is_channel": 0, "incarnation": "ab",
        "burst_after": 3, "growing": None, "topic": 4,
    }  # fmt: skip
    channel = {
        "channel_id": 77, "username": "Harbour", "username_key": "harbour", "title": "Harbour News",
        "access_hash": -9, "watched": 1, "removed": 0, "cursor": 255, "added_at": THEN,
        "last_scan_at": LATER, "error": None, "reference": "@Harbour", "source": "account",
        "floor": 1, "gaps_filled": 2, "posts_filled": 3, "official": 1,
    }  # fmt: skip
    nowhere = {
        "channel_id": None,
        "username": "mill",
        "username_key": "mill",
        "removed": 1,
        "watched": 0,
    }
    alert = {
        "chat_id": 42, "created_at": THEN, "paused": 0, "snoozed_until": LATER, "urgent": 1,
        "silent": 0, "hourly_limit": 5, "every_minutes": 30, "once": 1,
        "since": LATER,
    }  # fmt: skip
    plan = {
        "id": 1, "chat_id": 42, "kind": "digest", "token": "t", "times": "daily 08:05", "name": "n",
        "timezone": "Europe/Berlin", "created_at": THEN, "told_until": LATER, "due_at": None,
    }  # fmt: skip
    return {
        "fact": [
            {"name": "outbox_secret", "value": SECRET.hex()},
            {"name": "analysis_version", "value": "3001"},
            {"name": "instance", "value": "0a1b"},
        ],
        "channel": [{"id": 1, **channel}, {"id": 2, **channel, **nowhere, "error": "not found"}],
        "channel_reference": [{"name": "harbour", "channel": 1}],
        "channel_name": [{"username_key": "old_harbour", "channel_id": 77}],
        "backfill": [{
            "channel": 1, "since": THEN, "first_id": 1, "next_id": 9, "last_id": 90, "remaining": 5,
            "posts": 8, "asked_by": 42, "asked_at": THEN, "finished_at": None, "error": "flood",
            "newest_first": 1,
        }],
        "document": _documents(),
        "spilled": [{"document_id": SPILLED, "first_id": AT}],
        "sketch": [{"hash": -5, "document_id": DATED}, {"hash": 2**62, "document_id": DATED}],
        "document_name": [
            {"doc_id": "tg:77/11", "document_id": DATED + 2, "deleted_at": LATER},
            {"doc_id": "tg:@harbour/1", "document_id": DATED, "deleted_at": None},
        ],
        "revision": [
            {"id": 1, "document_id": DATED + 1, "replaced_at": THEN, "json": '{ "title": "З" }'},
            {"id": 2, "document_id": DATED + 1, "replaced_at": LATER, "json": "{}"},
        ],
        "subscriber": [
            {"chat_id": 42, **subscriber},
            {"chat_id": 43, **subscriber, "active": 0, "last_digest_at": None, "incarnation": "cd"},
            {"chat_id": -1000000000042, **subscriber, "is_channel": 1, "incarnation": "ef"},
        ],
        "alert": [{"id": 1, **alert, "query": "grain \"x\""}, {"id": 2, **alert, "query": "ё"}],
        "removed_alert": [{
            "id": 3, "chat_id": 42, "query": "grain", "settings": "{}", "created_at": THEN,
            "removed_at": LATER,
        }],
        "alert_change": [{"id": 100, "alert_id": 1, "mark": 5}],
        "mute": [{"alert_id": 1, "channel": "78", "title": "Mill"}],
        "collection": [{
            "id": 6, "chat_id": 42, "name": "Brief", "name_key": "brief", "used_at": THEN,
            "removed_at": None,
        }],
        "collected": [{
            "collection_id": 6, "doc_id": "tg:77/5", "note": "n", "saved_at": THEN,
            "removed_at": LATER,
        }],
        "told": [{"id": 1, "alert_id": 1, "told_at": THEN}],
        "digest_plan": [
            {"id": 7, "chat_id": 42, "minute": 485, "timezone": "Asia/Tokyo", "created_at": THEN},
            {"id": 9, "chat_id": 43, "minute": 0, "timezone": "UTC", "created_at": THEN},
        ],
        "digest_run": [{"plan_id": 7, "local_date": "2024-05-01", "ran_at": THEN}],
        "plan": [plan],
        "problem": [{
            "id": 3, "place": "77/4", "form": "telethon", "file": None, "given": None,
            "channel_id": 77, "message_id": 4, "error": "E", "kind": "E", "history": 0,
            "since": THEN, "tries": 1,
            "version": "0", "size": 3, "raw": b"\x00\xff\x01",
        }],
        "own_post": [{"chat_id": -1000000000042, "message_id": 17}],
        "caller": [{
            "chat_id": 60, "access_hash": 1, "username": None, "name": "Cy", "language": "en",
            "wrote_at": THEN, "request": "r", "asked_at": None, "denied_at": LATER,
        }],
        "link": [{
            "token": "tok", "kind": "invite", "target": "", "made_by": 42, "created_at": THEN,
            "ends_at": LATER, "people": 3,
        }],
        "feed": [{
            "name": "n", "secret_hash": "0f", "chat_id": 42, "kind": "query", "target": "grain",
            "created_at": THEN,
        }],
        "api_token": [{
            "name": "desk", "secret_hash": "0a", "scopes": "search", "channels": "77",
            "created_at": THEN, "expires_at": None,
        }],
        "translation": [{
            "document_id": DATED, "language": "ru", "content_hash": "00", "text": "T",
            "made_at": THEN,
        }],
        "question": [{
            "id": 4, "chat_id": 42, "sender_id": 42, "command": "alert", "before": "",
            "suggestion": "", "asked_at": THEN, "answered_by": None,
        }],
        "wish": [{
            "id": 5, "chat_id": 42, "target": "@quay", "request": "w", "asked_at": THEN,
            "denied_at": None,
        }],
        "silence": [{
            "id": 2, "chat_id": 42, "channel": 1, "created_at": THEN, "told_of": None,
            "unread_of": LATER,
        }],
        "managed": [{"user_id": 42, "chat_id": 42, "seen_at": LATER}],
        "surge": [{
            "id": 3, "chat_id": 42, "query": "grain", "created_at": THEN, "told_at": LATER,
        }],
        "event_post": [{"id": 1, "document_id": DATED, "event": 1, "russian": 0, "terms": b"\x01"}],
        "event_alias": [{"id": 1, "event": 2, "merged_into": 1}],
        "event_frequency": [{"russian": 0, "posts": 3, "counts": b"\x02", "counted_to": 1}],
        "digest_snapshot": [{
            "token": "s", "chat_id": 42, "made_at": THEN, "since": THEN, "until": LATER,
            "query": None, "outline": b"\x03", "title": "t", "short": 1,
        }],
    }  # fmt: skip


_AFTER_OUTBOX = {
    "folded": [{"delivery_id": 1, **_FOLDED}, {"delivery_id": 2, **_FOLDED, "fresh": None}],
    "event_told": [{"delivery_id": 2, "alert_id": 1, "document_id": DATED}],
}


def fill(connection: sqlite3.Connection) -> None:
    """Put rows into every table that there is. Raises AssertionError for one that gets none."""
    columns = {table: _columns(connection, table) for table in list_tables(connection)}
    states = STATES if "bundle" in columns["delivery"] else FIRST_STATES
    whole = _deliveries(states)
    outbox = _make_small(whole) if "told_post" in columns else {"delivery": whole}
    for table, rows in {**_others(), **outbox, **_AFTER_OUTBOX}.items():
        for row in rows if table in columns else ():
            insert(connection, table, {name: row[name] for name in columns[table] if name in row})
    for table in columns:
        if not connection.execute(f'SELECT 1 FROM "{table}"').fetchone():  # noqa: S608
            insert(connection, table, _anything(connection, table))
    # Rows of the outbox were removed that had higher numbers: none of these is given again.
    connection.execute("UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'delivery'")


def list_tables(connection: sqlite3.Connection) -> list[str]:
    """The tables that hold rows of ours."""
    found = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'document_index%' AND name <> 'schema_migration' ORDER BY rowid"
    )
    return [name for (name,) in found]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in connection.execute(f'PRAGMA table_info("{table}")')]


def insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Put one row into a table."""
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    sql = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608
    connection.execute(sql, tuple(row.values()))


_BY_TYPE = {"INTEGER": 1, "TEXT": "x", "BLOB": b"x", "REAL": 1.0, "ANY": "x", "INT": 1}


def _anything(connection: sqlite3.Connection, table: str) -> Row:
    """A row for a table that this file does not know; a reference is to a row that there is."""
    row: Row = {}
    for _, name, type, *_ in connection.execute(f'PRAGMA table_info("{table}")'):
        row[name] = _BY_TYPE[type]
    for _, _, parent, here, there, *_ in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
        sql = f'SELECT "{there}" FROM "{parent}"'  # noqa: S608
        (row[here],) = connection.execute(sql).fetchone()
    return row
