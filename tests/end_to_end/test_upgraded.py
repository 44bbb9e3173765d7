"""A service of today on the database of a former version: nothing is lost, nothing comes twice."""

import json
import sqlite3
from typing import Any

import former_rows
import former_schemas
from former_rows import SECRET

from storage import row_ids, times
from storage.outbox import outbox_keys

WAITING = "The answer that waited for the upgrade"
PATIENCE = 180.0
OUT = "The answer that was out before"
POST = "The ferry of the former version"


def former_service(chat_id: int, access_hash: int, posted: Any) -> former_schemas.Fill:
    """Rows of a chat with an alert, for whom a post and an answer wait, and who has had another."""
    channel_id, message_id = posted.channel.id, posted.id
    doc_id, now = f"tg:{channel_id}/{message_id}", times.to_epoch(posted.date)
    post = former_rows.POSTS[former_rows.DATED] | {
        "doc_id": doc_id, "title": POST, "message_id": message_id,
        "channel": {"id": channel_id, "username": "harbour", "title": "Harbour News"},
        "published_at": posted.date.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip
    document = {
        "id": row_ids.first_id(posted.date), "doc_id": doc_id, "channel_id": channel_id,
        "message_id": message_id, "stored_at": now, "changed_at": now, "live": 1,
        "content_hash": "0" * 16, "analysis": 3001, "ranks": "{}", "json": json.dumps(post),
        "story": doc_id,
    }  # fmt: skip

    def delivery(key: str, payload: Any, **fields: Any) -> former_rows.Row:
        return {
            "chat_id": chat_id, "kind": key.split(":")[0], "key": key,
            "payload": json.dumps(payload), "random_id": outbox_keys.random_id(SECRET, key),
            "priority": 1, "due_at": now, "created_at": now,
        } | fields  # fmt: skip

    told = {"doc_id": doc_id, "alerts": [[1, "ferry"]]}
    out = {"state": "sent", "finished_at": now, "message_id": 5}
    deliveries = [
        delivery(f"alert:{chat_id}:ab:2024-05-01/5f", told, story=doc_id, post=doc_id),
        delivery(f"answer:{chat_id}:1:0", {"text": WAITING}, priority=0),
        delivery(f"answer:{chat_id}:2:0", {"text": OUT}, priority=0, **out),
    ]

    def fill(made: sqlite3.Connection) -> None:
        subscriber = {"chat_id": chat_id, "created_at": now, "incarnation": "ab"}
        subscriber["access_hash"] = access_hash
        alert = {"id": 1, "chat_id": chat_id, "query": "ferry", "created_at": now}
        former_rows.insert(made, "fact", {"name": "outbox_secret", "value": SECRET.hex()})
        former_rows.insert(made, "document", document)
        former_rows.insert(made, "subscriber", subscriber)
        former_rows.insert(made, "alert", alert)
        for row in deliveries:
            former_rows.insert(made, "delivery", row)

    return fill


def times_told(stage: Any, text: str) -> int:
    received = stage.sandbox.ledger.received_by(stage.ann)
    return sum(text in one.versions[0].text for one in received)


async def test_what_waited_comes_once_and_what_was_out_does_not(new_stage: Any) -> None:
    """In a file that followed main: what refers to the outbox came before that was written anew."""
    stage = new_stage
    path = stage.folder / "data" / "dateline.db"
    await stage.chat.send("hello")
    access_hash = stage.sandbox.access_hash(stage.bot, stage.ann.id)
    fill = former_service(stage.ann.id, access_hash, await stage.news.post(POST))
    former_schemas.followed("930355b", "2b9fd49").write(path, fill)
    service = stage.process()
    await service.start()
    await service.wait_ready(PATIENCE)
    await stage.chat.wait_for(POST, timeout=PATIENCE)
    await stage.chat.wait_for(WAITING, timeout=PATIENCE)
    news = await stage.news.post("The ferry after the upgrade")
    await stage.chat.wait_for(news.text, timeout=PATIENCE)
    await stage.wait_drained()
    assert "the former version" in (await stage.chat.ask("/search former")).text
    assert [times_told(stage, text) for text in (WAITING, news.text, OUT)] == [1, 1, 0]
    assert stage.told_twice() == []
