"""Rows that are older than they are kept go, a few at a time; what is needed stays."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from storage import times
from storage.channels import own_posts
from storage.connection import Connection, Database
from storage.document import Channel, Document
from storage.documents import documents, problems
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import NewDelivery, NewProblem
from storage.retention import old_rows
from storage.retention.limits import Keeping
from storage.stories import events
from storage.stories.events import EventPost
from storage.subscribers import subscribers

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def alert(key: str, at: datetime) -> NewDelivery:
    payload = AlertPayload(doc_id="tg:7/1", alerts=((1, "ferry"),))
    return new_rows.alert(42, f"alert:42:x:{key}", payload, now=at)


async def ids(database: Database, sql: str) -> list[Any]:
    async with database.reader() as conn:
        return [next(iter(row)) for row in await conn.fetch_all(sql)]


async def test_messages_that_are_out_for_long_go(database: Database) -> None:
    old, young = NOW - 91 * DAY, NOW - 89 * DAY
    made = [(f"{number}", old) for number in range(200)] + [("young", young)]
    async with database.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=42, now=old)
        await queueing.add_deliveries(tx, [alert(key, at) for key, at in made])
        states = ["queued", "sent", "dead", "gone", "sent", "sent"]
        for id, state in enumerate(states, 1):
            await tx.execute("UPDATE delivery SET state = ? WHERE id = ?", (state, id))
        await tx.execute(
            "UPDATE delivery SET state = 'sent', finished_at = ? WHERE id BETWEEN 7 AND 200",
            (times.to_epoch(old),),
        )
        # Sent the day before yesterday, though it was queued long ago; a list that still grows.
        await tx.execute("UPDATE delivery SET finished_at = ? WHERE id = 5", (times.to_epoch(NOW),))
        await subscribers.set_growing(tx, 42, 6)
    turns = await old_rows.forget_sent(database, Keeping(), now=NOW)
    assert await ids(database, "SELECT id FROM delivery ORDER BY id") == [1, 5, 6, 201]
    assert turns.done == 197
    # What no message says any more is gone as well.
    assert len(await ids(database, "SELECT id FROM told_post")) == 4


@pytest.mark.parametrize(("sent", "left"), [(None, 2), (timedelta(days=1), 1)])
async def test_messages_are_kept_as_long_as_stories_are_told(
    database: Database, sent: timedelta | None, left: int
) -> None:
    async with database.transaction() as tx:
        for days in (9, 7):
            at = NOW - days * DAY
            await queueing.add_deliveries(tx, [alert(str(days), at)])
            row = await outbox.find_delivery(tx, f"alert:42:x:{days}")
            assert row is not None
            await mark_sent(tx, row.id, days, at)
    await old_rows.forget_sent(database, Keeping(sent=sent), now=NOW)
    assert len(await ids(database, "SELECT id FROM delivery")) == left


async def test_earlier_versions_go(
    database: Database, make_document: Callable[..., Document]
) -> None:
    async with database.transaction() as tx:
        for days, text in ((500, "One"), (400, "Two"), (300, "Three")):
            document = make_document(text, edited_at=f"{NOW - days * DAY:%FT%TZ}")
            await documents.store_documents(tx, [document], stored_at=NOW - days * DAY, live=True)
    turns = await old_rows.forget_revisions(database, Keeping(), now=NOW)
    assert turns.done == 0
    turns = await old_rows.forget_revisions(database, Keeping(revisions=365 * DAY), now=NOW)
    assert turns.done == 1
    async with database.reader() as conn:
        assert [one.title for one in await documents.list_revisions(conn, "tg:77/1")] == ["Two"]


async def set_aside(tx: Connection, place: str, at: datetime) -> None:
    found = NewProblem(
        place=place, form="document", raw=b"{}", error="no", kind="no", history=False
    )
    await problems.set_aside(tx, found, now=at, version="1")


async def test_what_was_set_aside_goes(database: Database) -> None:
    async with database.transaction() as tx:
        for number in range(20):
            await set_aside(tx, f"tg:7/{number}", NOW - 91 * DAY)
        await set_aside(tx, "tg:7/99", NOW - 89 * DAY)
    await old_rows.forget_problems(database, Keeping(problems=None), now=NOW)
    assert len(await ids(database, "SELECT id FROM problem")) == 21
    turns = await old_rows.forget_problems(database, Keeping(), now=NOW)
    assert turns.done == 20
    assert await ids(database, "SELECT place FROM problem") == ["tg:7/99"]


async def test_names_go_when_nothing_has_them(
    database: Database, make_document: Callable[..., Document]
) -> None:
    mill = Channel(id=78, username="mill", title="Mill")
    made = [make_document(), make_document(channel=mill, content_hash="0" * 16)]
    async with database.transaction() as tx:
        stored = await documents.store_documents(tx, made, stored_at=NOW, live=True)
        rows = [
            EventPost(id=number, document_id=one.id, event=number, russian=False)
            for number, one in enumerate(stored, 1)
        ]
        await events.add_posts(tx, rows)
        await events.merge(tx, 11, into=1)
        await events.merge(tx, 12, into=2)
        await events.merge(tx, 13, into=9)
    assert (await old_rows.forget_names(database)).done == 0  # The last alias stays.
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document WHERE id = ?", (stored[0].id,))
        await events.merge(tx, 14, into=9)
    assert (await old_rows.forget_names(database)).done == 3
    assert await ids(database, "SELECT username_key FROM channel_name") == ["mill"]
    assert await ids(database, "SELECT event FROM event_alias ORDER BY id") == [12, 14]


async def test_of_the_bots_own_words_the_newest_are_known(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_rows, "OWN_POSTS", 3)
    channels = (-1000000000007, -1000000000008)
    async with database.transaction() as tx:
        wrote = [(channels[0], number) for number in range(1, 10)] + [(channels[1], 1)]
        await own_posts.add_own_posts(tx, wrote)
    assert (await old_rows.forget_own_posts(database)).done == 6
    async with database.reader() as conn:
        assert await own_posts.find_own_posts(conn, channels[0], range(1, 10)) == {7, 8, 9}
        assert await own_posts.find_own_posts(conn, channels[1], [1]) == {1}
