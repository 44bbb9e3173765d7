"""Who is told of edits and deletions, how loudly, and when they come as one list."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database_steps import mark_sent
from telethon.tl import types

from bot.intake import changes
from bot.intake.batch import Read
from bot.intake.changes import Changed
from bot.intake.intake import Intake
from bot.intake.posts import Deletion, Post
from bot.intake.saved_queries import SavedQueries
from storage import database
from storage.channels import channels
from storage.connection import Database
from storage.document import Document, Source
from storage.outbox import outbox
from storage.records import Channel, Delivery, Stored
from storage.subscribers import alerts, subscribers

HARBOUR, ANN, BOB = 7, 501, 502
POSTED = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Watch:
    """Ann asks for edits and deletions of ferries, Bob for deletions alone."""

    db: Database
    channel: Channel
    intake: Intake
    edits: dict[int, int] = field(default_factory=dict)

    async def say(self, number: int, text: str, *, history: bool = False) -> None:
        """Post this, or edit the post of that number."""
        edits = self.edits[number] = self.edits.get(number, -1) + 1
        message = types.Message(
            id=number,
            peer_id=types.PeerChannel(HARBOUR),
            date=POSTED,
            message=text,
            edit_date=POSTED + timedelta(seconds=edits) if edits else None,
        )
        post = Post(channel=self.channel, messages=(message,), history=history)
        await self.intake.submit([post])

    async def delete(self, *numbers: int) -> None:
        deletion = Deletion(id=self.channel.id, channel_id=HARBOUR, message_ids=numbers)
        await self.intake.submit([], deletion=deletion)

    async def rows(self) -> list[Delivery]:
        """All that was ever queued, in order."""
        async with self.db.reader() as conn:
            ids = await conn.fetch_all("SELECT id FROM delivery ORDER BY id")
            return await outbox.list_deliveries(conn, [row["id"] for row in ids])

    async def send(self, *rows: Delivery) -> None:
        async with self.db.transaction() as tx:
            for row in rows:
                await mark_sent(tx, row.id, 30 + row.id, datetime.now(UTC))


@pytest.fixture
async def watch(database_url: str) -> AsyncIterator[Watch]:
    db = await database.open_database(database_url)
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=HARBOUR, title="Harbour", now=now)
        for person, query in (
            (ANN, "ferry (is:edited OR is:deleted)"),
            (ANN, "boat is:edited"),
            (BOB, "ferry is:deleted"),
        ):
            await subscribers.add_subscriber(tx, chat_id=person, now=now)
            await alerts.add_alert(tx, chat_id=person, query=query, now=now)
    intake = Intake(db, SavedQueries())
    work = asyncio.create_task(intake.run())
    yield Watch(db, channel, intake)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await db.close()


def told(rows: list[Delivery]) -> list[tuple[object, ...]]:
    return [
        (row.chat_id, row.alert.doc_id, row.alert.change, [id for id, _ in row.alert.alerts])
        for row in rows
    ]


async def test_an_edit_is_told_for_what_the_post_said_and_says(watch: Watch) -> None:
    await watch.say(1, "The ferry sails")
    await watch.say(2, "A train leaves")
    assert await watch.rows() == []
    await watch.say(1, "The boat sails")
    await watch.say(2, "A train has left")
    rows = await watch.rows()
    assert told(rows) == [(ANN, "tg:7/1", "edited", [1, 2])]
    assert (rows[0].alert.since, rows[0].alert.silent, rows[0].bundle) == (0, False, None)


async def test_an_edit_that_a_history_shows_is_not_told(watch: Watch) -> None:
    await watch.say(1, "The ferry sails")
    await watch.say(1, "The boat sails", history=True)
    assert [row.alert.change for row in await watch.rows()] == []


async def test_an_edit_of_typography_alone_is_no_news(watch: Watch) -> None:
    await watch.say(1, "The ferry sails")
    await watch.say(1, "The  ferry sails 🚢")
    assert await watch.rows() == []


async def test_further_edits_change_the_message_and_ring_no_more(watch: Watch) -> None:
    await watch.say(1, "The ferry sails")
    await watch.say(1, "The ferry sails at noon")
    (first,) = await watch.rows()
    await watch.send(first)
    await watch.say(1, "The ferry sails at nine")
    _, update = await watch.rows()
    assert (update.kind, update.target) == ("update", first.id)
    async with watch.db.transaction() as tx:
        await tx.execute("UPDATE delivery SET versions = 10 WHERE id = ?", (first.id,))
        await tx.execute("UPDATE delivery SET state = 'sent' WHERE id = ?", (update.id,))
    await watch.say(1, "The ferry sails at ten")
    *_, second = await watch.rows()
    assert told([second]) == [(ANN, "tg:7/1", "edited", [1])]
    assert (second.alert.silent, second.alert.since) == (True, 2)
    await watch.delete(1)
    deleted = [row for row in await watch.rows() if row.kind == "alert"][2:]
    assert told(deleted) == [(ANN, "tg:7/1", "deleted", [1]), (BOB, "tg:7/1", "deleted", [3])]
    # Who was told of the edits just now hears no second ring; the other does.
    assert [row.alert.silent for row in deleted] == [True, False]


async def test_an_edit_long_after_the_last_one_rings_again(watch: Watch) -> None:
    await watch.say(1, "The ferry sails")
    await watch.say(1, "The ferry sails at noon")
    (first,) = await watch.rows()
    await watch.send(first)
    async with watch.db.transaction() as tx:
        await tx.execute("UPDATE delivery SET created_at = created_at - 601000000")
    await watch.say(1, "The ferry sails at nine")
    _, second = await watch.rows()
    assert (second.kind, second.alert.silent) == ("alert", False)


@pytest.mark.parametrize("before", ["a deletion", "a line of a list"])
async def test_an_edit_changes_no_message_but_that_of_an_edit_alone(
    watch: Watch, before: str
) -> None:
    await watch.say(1, "The ferry sails")
    if before == "a deletion":
        await watch.delete(1)
        await watch.send(*await watch.rows())
    else:
        await watch.say(1, "The ferry sails at noon")
        async with watch.db.transaction() as tx:
            await tx.execute("UPDATE delivery SET state = 'bundled'")
    former = len(await watch.rows())
    await watch.say(1, "The ferry sails at nine")
    (later,) = (await watch.rows())[former:]
    assert (later.kind, later.alert.change, later.alert.silent) == ("alert", "edited", False)


async def test_what_is_held_for_quiet_hours_is_in_no_other_list(watch: Watch) -> None:
    now = datetime.now(UTC)
    begins, ends = (now - timedelta(hours=1)).time(), (now + timedelta(hours=1)).time()
    async with watch.db.transaction() as tx:
        await subscribers.update_subscriber(tx, ANN, quiet_from=begins, quiet_until=ends)
    for number in range(1, 5):
        await watch.say(number, f"The ferry number {number} sails")
    await watch.delete(1, 2, 3, 4)
    bundles = {row.chat_id: row.bundle or "" for row in await watch.rows()}
    assert bundles[ANN].startswith("held:") and bundles[BOB].startswith("gone:")


async def test_three_deletions_come_alone_and_more_as_a_list(watch: Watch) -> None:
    for number in range(1, 10):
        await watch.say(number, f"The ferry number {number} sails")
    await watch.delete(1)
    await watch.delete(2, 3)
    alone = await watch.rows()
    assert [row.bundle for row in alone] == [None] * 6
    before = datetime.now(UTC)
    await watch.delete(4, 5)
    listed = (await watch.rows())[6:]
    assert told(listed) == [
        (ANN, "tg:7/4", "deleted", [1]),
        (ANN, "tg:7/5", "deleted", [1]),
        (BOB, "tg:7/4", "deleted", [3]),
        (BOB, "tg:7/5", "deleted", [3]),
    ]
    for row in listed:
        assert row.bundle is not None and row.bundle.startswith("gone:")
        assert timedelta(seconds=29) < row.due_at - before < timedelta(seconds=40)
    await watch.delete(6)
    later = (await watch.rows())[10:]
    assert {row.due_at for row in later} == {row.due_at for row in listed}
    await watch.send(*listed, *later)
    await watch.delete(7)
    last = (await watch.rows())[12:]
    assert len(last) == 2
    for row in last:
        assert timedelta(minutes=9.9) < row.due_at - before < timedelta(minutes=11)


async def test_four_at_once_are_a_list(watch: Watch) -> None:
    for number in range(1, 5):
        await watch.say(number, f"The ferry number {number} sails")
    await watch.delete(1, 2, 3, 4)
    assert all(row.bundle for row in await watch.rows())


def document(text: str, **fields: str) -> Document:
    return Document(
        kind="post", doc_id="tg:7/1", source=Source(type="telethon"), content_hash=text, **fields
    )


def test_each_change_has_a_name_of_its_own() -> None:
    first, second = document("a"), document("b", edited_at="2026-01-01T12:00:00Z")
    edited = Changed(document=second, former=first)
    assert (edited.change, edited.name) == ("edited", "edited/a/b/2026-01-01T12:00:00Z")
    deleted = Changed(document=first)
    assert (deleted.change, deleted.name) == ("deleted", "deleted/a")
    assert Changed(document=first, former=second).name == "edited/b/a/"


def test_a_telephone_rings_once_in_ten_minutes_for_a_post() -> None:
    assert (
        timedelta(minutes=10),
        timedelta(seconds=30),
    ) == (changes.RINGS_AFTER, changes.TOGETHER)


@pytest.mark.parametrize(
    ("stored", "history", "story", "is_told"),
    [
        ({"outcome": "new"}, False, "tg:7/1", True),  # another post tells it again
        ({"outcome": "new"}, False, "tg:7/2", False),  # it is the story's first
        ({"outcome": "new"}, True, "tg:7/1", False),
        ({"outcome": "merged"}, False, "tg:7/1", False),
        ({"outcome": "merged", "revised": True}, True, "tg:7/2", True),
        ({"outcome": "unchanged"}, False, "tg:7/1", False),
    ],
)
async def test_the_alerts_of_a_story_are_changed_where_it_is_told_again_or_edited(
    watch: Watch, stored: dict[str, Any], history: bool, story: str, is_told: bool
) -> None:
    document = Document(
        kind="post", doc_id="tg:7/2", source=Source(type="tme"), content_hash="0" * 16
    )
    read = Read(Post(channel=watch.channel, document=document, history=history), document)
    outcome = Stored(id=2, document=document, **stored)
    async with watch.db.transaction() as tx:
        found = await changes.list_stories(tx, [], [read], [outcome], {2: story})
    assert found == ({story} if is_told else set())
