"""A replica takes the place of PostgreSQL without what was committed last: what people asked for in
that time is done again, and answered once."""

import asyncio
from typing import Any

import postgresql
import pytest

from storage.database import open_database
from storage.subscribers import subscribers

PATIENCE = 120.0


@pytest.fixture
def engine() -> str:
    return "own server"


async def _is_queued(conn: Any) -> bool:
    return bool(await conn.fetch_one("SELECT 1 AS it FROM delivery WHERE state = 'queued'"))


async def _come_back(stage: Any, person: Any) -> None:
    """Somebody blocks the bot and lets it write again."""

    async def has_left(conn: Any) -> bool:
        known = await subscribers.find_subscriber(conn, person.id)
        return known is not None and not known.active

    await person.chat_with(stage.bot).ask("/start", timeout=PATIENCE)
    await person.block(stage.bot)
    await stage.wait_database(has_left)
    await person.unblock(stage.bot)
    await person.chat_with(stage.bot).ask("/start", timeout=PATIENCE)


async def _lose_all_but(database: Any, newest: int) -> None:
    """Take back what was committed since, as a replica that was not given it."""
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM alert")
        await tx.execute("DELETE FROM delivery WHERE id > ?", (newest,))


async def test_what_was_asked_for_and_lost_is_done_again_and_answered_once(
    stage: Any, server: postgresql.Server
) -> None:
    serving = stage.process()
    await serving.start("run", "--roles", "serve,schedule")
    await serving.wait_ready(PATIENCE)
    delivering = stage.process(DATA_DIR=str(stage.folder / "second"))
    await delivering.start("run", "--roles", "deliver")
    await delivering.wait_ready(PATIENCE)
    await stage.chat.ask("/start", timeout=PATIENCE)
    bob = stage.sandbox.add_user("Bob")
    await _come_back(stage, bob)
    database = await open_database(server.url)
    async with database.reader() as conn:
        row = await conn.fetch_one("SELECT max(id) AS newest FROM delivery")
    await stage.chat.ask("/alert wharf", timeout=PATIENCE)
    await delivering.stop()
    sent = await stage.chat.send("/alert quay")
    await stage.wait_database(_is_queued)

    await _lose_all_but(database, row["newest"])
    await database.close()
    await asyncio.to_thread(server.take_over)
    await serving.wait_line("dateline: ready", count=2, timeout=PATIENCE)
    await delivering.start("run", "--roles", "deliver")
    await stage.chat.wait_for("quay", after=sent, timeout=30.0)
    await stage.chat.ask("/help", timeout=PATIENCE)
    told = [message.text for message in stage.chat.messages if message.sender is stage.bot]
    assert [sum(f"Alert set: {word}." in text for text in told) for word in ("wharf", "quay")] == [
        1,
        1,
    ]
    database = await open_database(server.url)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT query FROM alert ORDER BY query")
        back = await subscribers.get_subscriber(conn, bob.id)
    await database.close()
    assert [row["query"] for row in rows] == ["quay", "wharf"]
    assert back.active
    assert await serving.stop() == 0
