"""The saved queries follow the database, whatever changes it and whoever does."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest
from database_steps import list_active
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.intake import Intake
from bot.intake.posts import Post
from bot.intake.saved_queries import Saved, SavedQueries
from storage.channels import channels
from storage.chats import erasure, moving
from storage.connection import Connection, Database
from storage.database import open_database
from storage.document import Block, Channel, Document, Source
from storage.outbox import outbox
from storage.subscribers import alert_changes, alerts, mutes, subscribers

NOW = datetime(2025, 11, 1, 12, tzinfo=UTC)
WORDS = ("ferry", "port", "crane")
QUERIES = (*WORDS, "ferry -storm", "port is:edited", "ferry OR crane")
CHATS = (1, 2, -3, -1003)
TEXT = " ".join(WORDS)


def post(text: str, number: int = 1) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:7/{number}",
        channel=Channel(id=7, username="harbour", title="Harbour"),
        message_id=number,
        source=Source(type="telethon"),
        title=None,
        body=(Block(type="para", text=text),),
        published_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        published_precision="second",
        published_basis="api",
        content_hash=f"{number:016x}",
    )


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def add(tx: Connection, chat_id: int, query: str) -> int:
    await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
    return (await alerts.add_alert(tx, chat_id=chat_id, query=query, now=NOW)).id


async def followed(saved: SavedQueries, db: Database) -> list[Saved]:
    """What matches a post with all words that is stored now."""
    async with db.transaction() as tx:
        await saved.follow(tx)
    return saved.matching(post(TEXT))


_ADD = """
import asyncio, sys
from datetime import UTC, datetime
from storage.database import open_database
from storage.subscribers import alerts

async def add(address, query):
    db = await open_database(address)
    async with db.transaction() as tx:
        await alerts.add_alert(tx, chat_id=42, query=query, now=datetime.now(UTC))
    await db.close()

asyncio.run(add(*sys.argv[1:]))
"""


@pytest.mark.end_to_end
async def test_what_another_process_adds_sees_the_very_next_post(
    db: Database, tmp_path: Path
) -> None:
    async with db.transaction() as tx:
        channel = await channels.add_channel(tx, channel_id=7, title="Harbour", now=NOW)
        await subscribers.add_subscriber(tx, chat_id=42, now=NOW)
    saved = SavedQueries()
    intake = Intake(db, saved)
    work = asyncio.create_task(intake.run())
    await intake.submit([Post(channel=channel, document=post(TEXT))])
    assert len(saved) == 0
    address = f"sqlite:///{tmp_path / 'dateline.db'}"
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", _ADD, address, "ferry")
    assert await other.wait() == 0
    await intake.submit([Post(channel=channel, document=post("The ferry sails", 2))])
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    async with db.transaction() as tx:
        later = datetime.now(UTC)
        (row,) = await outbox.claim_due(tx, now=later, limit=9, lease_until=later)
    assert (row.chat_id, row.payload.doc_id) == (42, "tg:7/2")


async def test_who_stopped_was_forgotten_or_moved_is_told_where_they_are_now(db: Database) -> None:
    saved = SavedQueries()
    async with db.transaction() as tx:
        for chat_id in CHATS[:3]:
            await add(tx, chat_id, "ferry")
    assert [one.chat_id for one in await followed(saved, db)] == [1, 2, -3]
    async with db.transaction() as tx:
        await subscribers.deactivate(tx, 1)
        await erasure.erase_chat(tx, 2)
        await moving.move_chat(tx, -3, -1003)
    assert [one.chat_id for one in await followed(saved, db)] == [-1003]
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=1, now=NOW)
    assert [one.chat_id for one in await followed(saved, db)] == [1, -1003]


async def test_what_is_undone_has_changed_nothing(db: Database) -> None:
    saved = SavedQueries()
    async with db.transaction() as tx:
        await add(tx, 1, "ferry")
    await followed(saved, db)
    with contextlib.suppress(ZeroDivisionError):
        async with db.transaction() as tx:
            await add(tx, 2, "ferry")
            raise ZeroDivisionError
    assert [one.chat_id for one in await followed(saved, db)] == [1]


async def test_how_an_alert_is_told_is_no_change_of_what_it_matches(db: Database) -> None:
    async with db.transaction() as tx:
        number = await add(tx, 1, "ferry")
        place = await alert_changes.find_end(tx)
        await alerts.update_alert(tx, number, 1, paused=True, urgent=True)
        await mutes.add_mutes(tx, [number], "id:7", "Harbour")
        await subscribers.update_subscriber(tx, 1, language="ru", quiet_but_urgent=True)
        await subscribers.add_subscriber(tx, chat_id=1, now=NOW)
        assert await alert_changes.find_end(tx) == place


async def test_the_list_is_short_and_who_is_too_far_behind_reads_everything(db: Database) -> None:
    saved = SavedQueries()
    async with db.transaction() as tx:
        gone = await add(tx, 1, "ferry")
    await followed(saved, db)
    async with db.transaction() as tx:
        behind = await alert_changes.find_end(tx)
        await alerts.remove_alert(tx, gone, 1)
        kept = await add(tx, 1, "crane")
        await tx.execute_many("INSERT INTO alert_change (alert_id) VALUES (?)", [(kept,)] * 10_000)
        row = await tx.fetch_one("SELECT count(*) AS n FROM alert_change")
        assert row is not None and row["n"] == 10_000
        assert behind is not None and await alert_changes.list_changed(tx, behind) is None
    assert [one.query for one in await followed(saved, db)] == ["crane"]
    assert len(saved) == 1


async def test_an_older_copy_whose_numbers_go_on_otherwise_is_read_anew(
    db: Database, tmp_path: Path
) -> None:
    saved = SavedQueries()
    async with db.transaction() as tx:
        await add(tx, 1, "ferry")
    await db.scrub()  # The file alone is the whole database now.
    shutil.copy(tmp_path / "dateline.db", tmp_path / "copy.db")
    copy = await open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    for one, query in ((db, "port"), (copy, "crane")):
        async with one.transaction() as tx:
            await add(tx, 2, query)
    assert [one.query for one in await followed(saved, db)] == ["ferry", "port"]
    assert [one.query for one in await followed(saved, copy)] == ["ferry", "crane"]
    await copy.close()


Step: TypeAlias = tuple[str, int, int, str]

STEPS = ("add", "add", "add", "remove", "stop", "start", "forget", "move", "pause", "undo")
steps = st.lists(
    st.tuples(
        st.sampled_from((*STEPS, "follow", "follow")),
        st.sampled_from(CHATS),
        st.sampled_from(CHATS),
        st.sampled_from(QUERIES),
    ),
    min_size=3,
    max_size=25,
)


async def change(tx: Connection, step: Step) -> None:
    what, chat_id, other, query = step
    have = await alerts.list_alerts(tx, chat_id)
    if what == "add":
        await add(tx, chat_id, query)
    elif what == "stop":
        await subscribers.deactivate(tx, chat_id)
    elif what == "start":
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=NOW)
    elif what == "forget":
        await erasure.erase_chat(tx, chat_id)
    elif what == "move" and other != chat_id:
        await moving.move_chat(tx, chat_id, other)
    elif what == "remove" and have:
        await alerts.remove_alert(tx, have[0].id, chat_id)
    elif what == "pause" and have:
        await alerts.update_alert(tx, have[-1].id, chat_id, paused=not have[-1].paused)
    elif what == "undo":
        await add(tx, chat_id, query)
        raise ZeroDivisionError


async def compare(db: Database, sequence: Sequence[Step]) -> None:
    saved, anew = SavedQueries(), SavedQueries()
    for step in sequence:
        with contextlib.suppress(ZeroDivisionError):
            async with db.transaction() as tx:
                await change(tx, step)
        if step[0] == "follow":
            await followed(saved, db)
    matched = await followed(saved, db)
    assert matched == await followed(anew, db)
    async with db.transaction() as tx:
        assert len(await list_active(tx)) == len(saved)
        for chat_id in CHATS:
            await erasure.erase_chat(tx, chat_id)
    assert saved.telling_of(post(TEXT), "edited") == anew.telling_of(post(TEXT), "edited")
    for word in WORDS:
        assert saved.matching(post(word)) == anew.matching(post(word))
    assert saved.asks_for_changes == anew.asks_for_changes


@pytest.mark.slow
def test_after_any_changes_they_are_what_would_be_loaded_anew(database_url: str) -> None:
    with asyncio.Runner() as runner:
        db = runner.run(open_database(database_url))

        @examples(60)
        @given(steps)
        def check(sequence: Sequence[Step]) -> None:
            runner.run(compare(db, sequence))

        check()
        runner.run(db.close())
