"""News of troubles gets to the operators, by the outbox or past it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.health import operator_news
from bot.health.operator_news import NewsFeed, NewsSender, OperatorQueue
from bot.sandbox.server import Sandbox
from handlers.operators import alarm
from handlers.operators.alarm import News
from handlers.operators.notices import Notices
from handlers.operators.troubles import Troubles
from storage import database
from storage.connection import Database
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Delivery
from storage.subscribers import subscribers

SINCE = datetime(2026, 1, 5, 12, tzinfo=UTC)
NEWS = News(reason="write", since=SINCE, is_over=False, text="the disk is full")
OVER = News(reason="write", since=SINCE, is_over=True, text="the disk is full")


class Line:
    """Two operators who have begun with the bot, and what sends them news."""

    def __init__(self, db: Database, path: Path, ann: Any, bob: Any, bot: Any, client: Any) -> None:
        self.db = db
        self.path = path
        self.people = (ann, bob)
        self.bot = bot
        notices = Notices([ann.id, bob.id], language="en", outbox=Outbox())
        self.sender = NewsSender(db, notices, client)

    def heard(self) -> list[list[str]]:
        return [[one.text for one in who.chat_with(self.bot).messages] for who in self.people]

    async def queued(self) -> list[Delivery]:
        now = datetime.now(UTC)
        async with self.db.transaction() as tx:
            rows = await outbox.claim_due(tx, now=now, limit=99, lease_until=now)
            await outbox.release_all(tx)
        return rows


@pytest.fixture
async def line(
    sandbox: Sandbox, serve_as: Any, database_url: str, tmp_path: Path
) -> AsyncIterator[Line]:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    people = [sandbox.add_user(name, username=name.lower()) for name in ("Ann", "Bob")]
    db = await database.open_database(database_url)
    client = await serve_as(bot)
    client.begin()
    for person in people:
        await person.chat_with(bot).start()
        async with db.transaction() as tx:
            await subscribers.add_subscriber(
                tx,
                chat_id=person.id,
                access_hash=sandbox.access_hash(bot, person.id),
                language="ru" if person.first_name == "Bob" else "en",
                now=SINCE,
            )
    yield Line(db, tmp_path / "dateline.db", people[0], people[1], bot, client)
    await db.close()


async def test_news_is_queued_once_for_each_operator_in_their_language(line: Line) -> None:
    for news in (NEWS, NEWS, OVER):
        await line.sender.tell(news)
    rows = await line.queued()
    assert sorted(row.chat_id for row in rows) == sorted([who.id for who in line.people] * 2)
    ann = [row.text.text for row in rows if row.chat_id == line.people[0].id]
    bob = [row.text.text for row in rows if row.chat_id == line.people[1].id]
    assert "the disk is full" in ann[0]
    assert len({*ann, *bob}) == 4
    assert {row.kind for row in rows} == {"notice"}
    assert line.heard() == [[], []]


async def test_news_that_cannot_be_queued_is_sent_past_the_outbox_once(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator_news, "WRITE_TIMEOUT", 0.2)
    other = sqlite3.connect(line.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for news in (NEWS, NEWS, OVER):
        await line.sender.tell(news)
    other.execute("ROLLBACK")
    other.close()
    first, second = line.heard()
    assert [len(first), len(second)] == [2, 2]
    assert "the disk is full" in first[0] and first[0] != second[0]
    assert await line.queued() == []


async def test_who_is_not_reached_is_tried_again(
    line: Line, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator_news, "WRITE_TIMEOUT", 0.2)
    monkeypatch.setattr(operator_news, "AGAIN_SECONDS", 0.05)
    other = sqlite3.connect(line.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    fault = sandbox.faults.fail("messages.sendMessage", "INTERNAL", code=500, peer=line.people[0])
    await line.sender.tell(NEWS)
    other.execute("ROLLBACK")
    other.close()
    assert fault.hits == 1
    assert [len(heard) for heard in line.heard()] == [1, 1]


async def test_the_feed_gives_each_listener_the_news_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operator_news, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(alarm, "HOLD", alarm.HOLD * 0)
    troubles, queue = Troubles(), OperatorQueue()
    feed, heard = NewsFeed(troubles), list[News]()
    feed.listen(queue.tell)
    feed.listen(heard.append)

    class Teller:
        def __init__(self) -> None:
            self.told: list[News] = []

        async def tell(self, news: News) -> None:
            self.told.append(news)

    teller: Any = Teller()
    work = [asyncio.create_task(feed.run()), asyncio.create_task(queue.run(teller))]
    troubles.begin("disk", reason="write", text="the disk is full")
    async with asyncio.timeout(60):
        while len(heard) < 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        troubles.end("disk")
        while len(teller.told) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert [(news.reason, news.is_over) for news in teller.told] == [
        ("write", False),
        ("write", True),
    ]
    assert heard == teller.told
    for one in work:
        one.cancel()
    await asyncio.wait(work)
