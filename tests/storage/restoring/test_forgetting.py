"""Who is in a backup, and since when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import times
from storage.connection import Connection, Database
from storage.document import Document, Forward
from storage.documents import documents
from storage.documents.redactions import Redaction
from storage.restoring import forgetting
from storage.subscribers import subscribers

CHANNEL = "INSERT INTO channel (id, channel_id, watched, added_at) VALUES (1, 7, 1, 0)"


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (["INSERT INTO subscriber (chat_id, created_at) VALUES (5, 0)"], {5}),
        (["INSERT INTO caller (chat_id, wrote_at, request) VALUES (6, 0, 'x')"], {6}),
        (
            ["INSERT INTO question (chat_id, sender_id, command, before, suggestion, asked_at)"
             " VALUES (-7, 8, 'a', '', '', 0)"],
            {-7, 8},
        ),
        (
            ["INSERT INTO link (token, kind, target, made_by, created_at, ends_at)"
             " VALUES ('t', 'k', '', 9, 0, 0)"],
            {9},
        ),
        ([CHANNEL, "INSERT INTO backfill (channel, asked_by, asked_at) VALUES (1, 10, 0)"], {10}),
        ([CHANNEL, "INSERT INTO backfill (channel, asked_at) VALUES (1, 0)"], set()),
        (
            [
                "INSERT INTO subscriber (chat_id, created_at) VALUES (-12, 0)",
                "INSERT INTO managed (user_id, chat_id, seen_at) VALUES (13, -12, 0)",
            ],
            {-12, 13},
        ),
        (["INSERT INTO own_post (chat_id, message_id) VALUES (-11, 1), (-11, 2)"], {-11}),
    ],
)  # fmt: skip
async def test_every_table_that_knows_a_person_says_so(
    tx: Connection, known: list[str], found: set[int]
) -> None:
    for sql in known:
        await tx.execute(sql)
    assert await forgetting.list_chats(tx) == found


async def test_who_wrote_or_is_quoted_or_was_told_is_known(
    tx: Connection, queue: Callable[..., Any], make_document: Callable[..., Document], now: datetime
) -> None:
    posts = [
        make_document("One", message_id=1),
        make_document("Two", message_id=2),
        make_document("Three", message_id=3, forwarded_from=Forward(user_id=22, name="Bob")),
        make_document("Four", message_id=4, forwarded_from=Forward(name="Hidden")),
    ]
    await documents.store_documents(tx, posts, stored_at=now, live=True)
    for id, key in ((1, "21"), (2, "-1007"), (3, "h:Ann")):
        sql = "UPDATE document SET author_key = ? WHERE message_id = ?"
        await tx.execute(sql, (key, id))
    await queue("a", "b", chat_id=23)
    assert await forgetting.list_chats(tx) == {21, 22, 23}


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("7000000001", {7000000001}),  # more than 32 bits hold
        ("999999999999999999", {999999999999999999}),
        ("2nd Reader", set()),
        ("12 ", set()),
        ("9" * 25, set()),
        ("1²", set()),
        ("Ann", set()),
    ],
)
async def test_an_author_of_a_long_number_or_of_a_name_with_digits_stops_nothing(
    tx: Connection, make_document: Callable[..., Document], now: datetime, key: str, known: set[int]
) -> None:
    await documents.store_documents(tx, [make_document("One")], stored_at=now, live=True)
    await tx.execute("UPDATE document SET author_key = ?", (key,))
    assert await forgetting.list_chats(tx) == known


async def test_since_when_each_subscriber_is_one(tx: Connection, now: datetime) -> None:
    await subscribers.add_subscriber(tx, chat_id=5, now=now)
    await subscribers.add_subscriber(tx, chat_id=6, now=now + timedelta(days=1))
    assert await forgetting.list_met(tx) == {5: now, 6: now + timedelta(days=1)}


async def test_posts_are_redacted_once_and_those_that_are_not_stored_are_noted(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> None:
    async with database.transaction() as tx:
        posts = [make_document(text, message_id=id) for id, text in ((1, "One"), (2, "Two"))]
        await documents.store_documents(tx, posts, stored_at=now, live=True)
    asked = {
        name: Redaction(redacted_at=now, reason=reason)
        for name, reason in (("tg:77/1", "a court"), ("tg:77/9", "asked"))
    }
    assert [await forgetting.redact(database, asked) for _ in range(2)] == [1, 0]
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT * FROM redaction WHERE doc_id LIKE 'tg:77/%' ORDER BY doc_id"
        )
        texts = await conn.fetch_all("SELECT doc_id FROM document WHERE json LIKE '%One%'")
    at = times.to_epoch(now)
    assert [tuple(row) for row in rows] == [("tg:77/1", at, "a court"), ("tg:77/9", at, "asked")]
    assert not texts
