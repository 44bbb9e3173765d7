"""Rows of the database before they were small keep all their meaning."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_database
from storage.outbox import changes, outbox, outbox_keys, queueing
from storage.payloads import AlertPayload, TextPayload, UnreadablePayload
from storage.records import NewDelivery
from storage.sqlite import migrate
from storage.stories import folded

SMALL = 60
SECRET = bytes(range(32))
STATES = ("queued", "sent", "gone", "dead", "expired", "bundled", "dropped")
OIL = {"doc_id": "tg:7/5", "alerts": [[1, "oil \ud83d"], [2, "gas"]]}
HASH = "2026-11-27/5f3a"

Given = dict[str, Any]


def row(key: str, **fields: Any) -> Given:
    given = {
        "chat_id": 42, "kind": "alert", "key": key, "payload": OIL, "priority": 1, "due_at": 5,
        "created_at": 4, "expires_at": 9, "story": "tg:7/5", "post": "tg:7/5",
    } | fields  # fmt: skip
    stored = given["payload"]
    given["payload"] = stored if isinstance(stored, str) else json.dumps(stored)
    return given


PLAIN = {"story": None, "post": None}
ROWS: list[Given] = [
    *(row(f"alert:42:{state}:{HASH}", state=state, finished_at=6) for state in STATES),
    row("alert:43:ab:7/5", chat_id=43, leased_until=99, attempts=2, tried_at=3, last_error="late"),
    row("alert:44:ab:7/5", chat_id=44, bundle="held:17", due_at=10**15),
    row("alert:45:ab:7/6", chat_id=45, payload=OIL | {"silent": True, "urgent": True}),
    row("alert:46:ab:7/6", chat_id=46, payload=OIL | {"follows": "tg:1/1", "fresh": [[0, 3]]}),
    # It stands in the place of a post that was held.
    row("alert:47:ab:7/6", chat_id=47, payload=OIL | {"doc_id": "tg:8/8"}),
    # It is of a group that has another number by now.
    row("alert:-48:ab:7/6", chat_id=-100048, closed=2, message_id=7, state="sent"),
    row(
        "change:42:ab:7|7/5:edited/x/y/",
        payload=OIL | {"change": "edited", "since": 1}, story=None, versions=3,
    ),
    row("alert:49:ab:@mill/5", chat_id=49, story=None),
    row("alert:50:7/5", chat_id=50),
    row("k", chat_id=51),
    row("alert:52:ab:7/5", chat_id=52, payload="{not JSON"),
    row("alert:53:ab:7/5", chat_id=53, payload="[1]", post=None),
    row("alert:54:ab:7/5", chat_id=54, payload={"doc_id": "tg:7/5"}),
    row("alert:55:ab:7/5", chat_id=55, payload={"alerts": []}),
    row("answer:42:1:0", kind="answer", payload={"text": "yes: \"a\""}, priority=0, **PLAIN),
    row("digest:42:ab:2026-11-27T0900:ff:0", kind="digest", payload={"text": "d"}, **PLAIN),
    row("notice:access:x:1", kind="notice", payload={"text": "n"}, **PLAIN),
    row(
        "bundle:42:ff", kind="bundle", payload={"posts": [["tg:7/5", [], None, []]], "rows": [6]},
        bundle="burst", **PLAIN,
    ),
    row("update:bundle:42:ff:1", kind="update", payload={"lines": 3}, target=29, **PLAIN),
    row("tally:bundle:42:ff:2026", kind="tally", payload={"count": 3}, target=29, **PLAIN),
]  # fmt: skip


def write_former(path: Path) -> list[dict[str, Any]]:
    """A database as it was before, with these rows; gives them as they stand."""
    with closing(sqlite3.connect(path)) as made:
        made.execute(
            "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
            " applied_at INTEGER NOT NULL) STRICT"
        )
        for step in migrate.list_migrations():
            if step.version < SMALL:
                made.executescript(step.sql)
                made.execute("INSERT INTO schema_migration VALUES (?, 'x', 0)", (step.version,))
        made.execute("INSERT INTO fact VALUES ('outbox_secret', ?)", (SECRET.hex(),))
        for one in ROWS:
            given = one | {"random_id": outbox_keys.random_id(SECRET, one["key"])}
            names, places = ", ".join(given), ", ".join("?" * len(given))
            sql = f"INSERT INTO delivery ({names}) VALUES ({places})"  # noqa: S608
            made.execute(sql, tuple(given.values()))
        made.execute("INSERT INTO folded VALUES (8, 'tg:9/9', 1, NULL, 'alert:43:ab:9/9', '[]')")
        made.execute("UPDATE sqlite_sequence SET seq = 10000000 WHERE name = 'delivery'")
        made.commit()
        return list_rows(made, "delivery")


def list_rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    connection.row_factory = sqlite3.Row
    found = connection.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
    return [{**one} | {"payload": meaning(one["payload"])} for one in found]


def meaning(payload: str) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload


@pytest.fixture
async def former(tmp_path: Path) -> tuple[Path, list[dict[str, Any]]]:
    path = tmp_path / "dateline.db"
    before = write_former(path)
    assert len(before) == len(ROWS)
    await (await open_database(f"sqlite:///{path}")).close()
    return path, before


def test_every_row_is_what_it_was(former: tuple[Path, list[dict[str, Any]]]) -> None:
    path, before = former
    with closing(sqlite3.connect(path)) as made:
        before = [{**row, "topic": None} for row in before]
        assert list_rows(made, "whole_delivery") == before
        alerts = {one["id"]: one for one in list_rows(made, "whole_alert")}
        assert alerts == {one["id"]: one for one in before if one["story"] or one["post"]}
        (shared,) = made.execute("SELECT count(*) FROM told_post WHERE name = ?", (HASH,))
        assert shared[0] == 1
        (kept,) = made.execute("SELECT delivery_id, post, key FROM folded")
        assert tuple(kept) == (8, "tg:9/9", "alert:43:ab:9/9")
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_what_was_queued_is_not_queued_again(
    former: tuple[Path, list[dict[str, Any]]], now: datetime
) -> None:
    path, before = former
    told = AlertPayload(doc_id="tg:7/5")
    again = [
        NewDelivery(
            chat_id=one["chat_id"], kind=one["kind"], key=one["key"], priority=1, due_at=now,
            created_at=now, story="tg:7/5",
            payload=told if one["kind"] == "alert" else TextPayload(text="a"),
        )
        for one in before
    ]  # fmt: skip
    database = await open_database(f"sqlite:///{path}")
    async with database.transaction() as tx:
        assert await queueing.add_deliveries(tx, again) == 0
        for one in before:
            found = await outbox.find_delivery(tx, one["key"])
            assert found is not None
            assert (found.id, found.random_id) == (one["id"], one["random_id"])
        unreadable = await outbox.find_delivery(tx, "alert:52:ab:7/5")
        assert unreadable is not None
        assert isinstance(unreadable.payload, UnreadablePayload)
        assert unreadable.story == "tg:7/5"
        (edited,) = await changes.list_changes(
            tx, 42, "change:42:ab:7|", since=datetime.fromtimestamp(0, tz=now.tzinfo)
        )
        assert (edited.key, edited.versions) == ("change:42:ab:7|7/5:edited/x/y/", 3)
        told = await folded.list_told(tx, ["tg:7/5", "tg:1/1"])
        assert {chat for chat, _, _ in told} >= {42, 43, 44, 45, 46, 47, -100048, 50, 51, 52}
        assert await queueing.add_deliveries(
            tx, [NewDelivery(**{**_fields(again[0]), "key": "alert:42:zz:1/1"})]
        )
        added = await outbox.find_delivery(tx, "alert:42:zz:1/1")
        assert added is not None
        assert added.id > 10_000_000
    await database.close()


def _fields(new: NewDelivery) -> dict[str, Any]:
    return {name: getattr(new, name) for name in NewDelivery.__struct_fields__}
