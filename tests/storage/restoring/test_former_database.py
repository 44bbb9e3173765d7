"""What is read of the database in whose place a backup is put."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from storage.connection import Database
from storage.documents import redactions
from storage.documents.redactions import Redaction
from storage.errors import StorageError
from storage.outbox import carried_over, queueing
from storage.payloads import AlertPayload, TextPayload
from storage.records import NewDelivery
from storage.restoring import former_database
from storage.sqlite import migrate

CHATS_TOPICS, TOPICS = 29, 96
"""The migrations from which on a chat has a topic, and each message one of its own."""
OUTBOX = (
    "UPDATE delivery SET state = 'sent' WHERE id IN (1, 4)",
    "UPDATE delivery SET tried_at = 7 WHERE id IN (2, 5)",
)


@pytest.fixture
async def filled(database: Database, database_path: Path, now: datetime) -> Path:
    """Messages of which the first and the fourth are out, the second and the fifth may be, and the
    third and the sixth wait."""
    rows: list[Any] = [
        NewDelivery(
            chat_id=5, kind="answer", key=f"answer:5:{number}:0", priority=0, due_at=now,
            created_at=now, payload=TextPayload(text="Hello"),
        )
        for number in range(1, 7)
    ]  # fmt: skip
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, rows)
        for sql in OUTBOX:
            await tx.execute(sql)
        await tx.execute("INSERT INTO own_post (chat_id, message_id) VALUES (-1, 8), (-2, 9)")
        names = ["tg:7/1", "tg:7/2"]
        await redactions.add_redactions(tx, names, Redaction(redacted_at=now, reason="a court"))
    return database_path


@pytest.mark.parametrize(
    ("after", "waiting", "ids"),
    [
        (0, [], [1, 2, 4, 5]), (3, [], [4, 5]), (4, [], [5]), (5, [], []), (6, [3, 1], [3, 1]),
        (3, [3, 99], [3, 4, 5]),
    ],
)  # fmt: skip
async def test_rows_that_waited_and_those_that_came_later_and_may_be_out_are_read(
    filled: Path, after: int, waiting: list[int], ids: list[int]
) -> None:
    with former_database.opened(filled) as before:
        found = list(before.list_rows(after=after, waiting=waiting))
    assert [one.row["id"] for one in found] == ids
    for one in found:
        assert set(carried_over.DELIVERY.split(", ")) <= set(one.row)
        assert (one.row["key"], one.told) == (f"answer:5:{one.row['id']}:0", None)


async def test_what_an_alert_has_in_common_with_others_is_read_with_it(
    database: Database, database_path: Path, now: datetime
) -> None:
    alerts = [
        NewDelivery(
            chat_id=chat, kind="alert", key=f"alert:{chat}:ab:7/5", priority=1, due_at=now,
            created_at=now, payload=AlertPayload(doc_id="tg:7/5"), story="tg:7/1",
        )
        for chat in (1, 2)
    ]  # fmt: skip
    async with database.transaction() as tx:
        await queueing.add_deliveries(tx, alerts)
    with former_database.opened(database_path) as before:
        first, second = before.list_rows(after=0, waiting=[1, 2])
    assert first.told == second.told == {
        "id": 1, "name": "7/5", "post": "tg:7/5", "story": "tg:7/1",
        "payload": '{"doc_id":"tg:7/5"}',
    }  # fmt: skip
    assert (first.row["key"], second.row["key"]) == ("alert:1:ab:", "alert:2:ab:")


@pytest.mark.parametrize(
    ("before", "topics"),
    [(TOPICS, {1: 12, 2: None, 3: None}), (CHATS_TOPICS, {1: None, 2: None, 3: None})],
)
def test_a_row_of_before_topics_has_that_of_its_chat(
    tmp_path: Path, before: int, topics: dict[int, int | None]
) -> None:
    path = tmp_path / "former.db"
    with contextlib.closing(sqlite3.connect(path)) as made:
        for step in migrate.list_migrations():
            if step.version < TOPICS:
                made.executescript(step.sql)
        made.execute("INSERT INTO subscriber (chat_id, topic, created_at) VALUES (-1, 12, 0)")
        if before <= CHATS_TOPICS:
            made.execute("ALTER TABLE subscriber DROP COLUMN topic")
        made.execute("INSERT INTO told_post (id, name, post, payload) VALUES (4, 'a', 'a', '{}')")
        made.executemany(
            "INSERT INTO delivery (id, chat_id, kind, key, random_id, told_post, payload,"
            " priority, due_at, state, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, '{}', 1, 0, 'sent', 0)",
            [
                (1, -1, "alert", "alert", 1, 4),
                (2, -1, "answer", "answer", 2, None),
                (3, -2, "digest", "digest", 3, None),
            ],
        )
        made.commit()
    with former_database.opened(path) as former:
        rows = list(former.list_rows(after=0, waiting=[]))
    assert {one.row["id"]: one.row["topic"] for one in rows} == topics
    assert rows[0].told is not None and rows[0].told["id"] == 4


async def test_own_posts_and_redactions_are_read(filled: Path, now: datetime) -> None:
    with former_database.opened(filled) as before:
        assert before.list_own_posts() == [(-2, 9), (-1, 8)]
        redacted = Redaction(redacted_at=now, reason="a court")
        assert before.list_redactions() == {"tg:7/1": redacted, "tg:7/2": redacted}


async def test_what_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(StorageError), former_database.opened(path):
        pass
    assert not path.exists()
    path.write_bytes(b"no database at all, but some text" * 100)
    with former_database.opened(path) as before, pytest.raises(StorageError):
        before.list_own_posts()
