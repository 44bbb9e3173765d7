"""The operator hears of what is wrong, also when Telegram or the database is what is out."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from storage.subscribers import subscribers

PATIENCE = 120.0
HASTY = """
import sys
from datetime import timedelta
from bot import cli
from bot.health import keeper, monitor, readiness
from bot.health import operator_news
from handlers.operators import alarm
readiness.WRITE_SECONDS = readiness.ANSWER_SECONDS = 3.0
monitor.LOOK_SECONDS = 0.2
keeper.BEAT_SECONDS = operator_news.LOOK_SECONDS = operator_news.WRITE_TIMEOUT = 0.5
alarm.HOLD = timedelta(seconds=1)
sys.exit(cli.main(["run"]))
"""


class Hearer:
    """What a web server was asked for, and what was posted to it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.posted: list[Any] = []
        self._news = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next(
            (line for line in head.split("\r\n") if line.startswith("content-length")), ""
        )
        body = await reader.readexactly(int(length.partition(":")[2] or 0))
        self.asked.append(head.partition(" http/")[0])
        if body:
            self.posted.append(json.loads(body))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        self._news.set()

    async def wait(self, *news: tuple[str, bool]) -> None:
        """Wait until all of this was posted: reasons, and whether they are over."""
        async with asyncio.timeout(PATIENCE):
            while not {(item["reason"], item["over"]) for item in self.posted} >= set(news):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def hearing() -> AsyncIterator[tuple[Hearer, dict[str, str]]]:
    hearer = Hearer()
    server = await asyncio.start_server(hearer.serve, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield (
            hearer,
            {"HEARTBEAT_URL": f"{url}/beat-hunter2", "NOTIFY_URL": f"{url}/news-hunter2"},
        )


async def run_hasty(stage: Any, **changes: str) -> Any:
    service = stage.process(ADMINS=str(stage.ann.id), NO_PROXY="127.0.0.1", **changes)
    await service.start(program=("-c", HASTY))
    await service.wait_ready(120)
    return service


def notices(stage: Any) -> list[str]:
    received = stage.sandbox.ledger.received_by(stage.ann)
    return [message.text for message in received if message.text[:1] in "⚠✅"]


async def test_what_is_wrong_with_telegram_is_told_by_the_web_and_then_by_message(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    async with hearing() as (hearer, urls):
        service = await run_hasty(stage, **urls, LOG_LEVEL="debug")
        await stage.chat.ask("/start")
        await stage.sandbox.stop_serving()
        await hearer.wait(("bot", False), ("user", False))
        await stage.sandbox.serve_again()
        await hearer.wait(("bot", True), ("user", True))
        await stage.chat.wait_for("The bot hears all again", timeout=PATIENCE)
        await stage.chat.wait_for("account hears all again", timeout=PATIENCE)
        await stage.wait_drained()
        assert await service.stop() == 0
    assert "get /beat-hunter2" in hearer.asked
    assert "post /news-hunter2" in hearer.asked
    for reason in ("bot", "user"):  # on a busy machine a connection may fail once more
        told = [one["over"] for one in hearer.posted if one["reason"] == reason]
        assert told == [bool(number % 2) for number in range(len(told))]
    assert len(notices(stage)) >= 4
    assert not [line for line in service.lines if "hunter2" in line]


async def test_a_database_that_cannot_be_written_is_told_while_it_lasts(ready_stage: Any) -> None:
    stage = ready_stage
    await run_hasty(stage)
    await stage.chat.ask("/start")
    db = sqlite3.connect(stage.folder / "data" / "dateline.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        await stage.chat.wait_for("Nothing can be written", timeout=PATIENCE)
    finally:
        db.execute("ROLLBACK")
        db.close()
    await stage.chat.wait_for("is written again", timeout=PATIENCE)
    await stage.wait_drained()
    # Once each; on a busy machine a write may take too long once more, or a connection's answer.
    told = [text for text in notices(stage) if " hear" not in text]
    assert all(" written" in text for text in told), told
    ends = ["is written again" in text for text in told]
    assert ends == [bool(number % 2) for number in range(len(ends))]


async def test_notices_wait_for_an_operator_who_has_not_begun_yet(ready_stage: Any) -> None:
    stage = ready_stage
    service = stage.process(ADMINS=str(stage.ann.id), CHANNELS="@harbour, @no_such_channel")
    await service.start()
    await service.wait_ready(120)

    async def is_held(conn: Any) -> bool:
        row = await conn.fetch_one(
            "SELECT count(*) AS n FROM delivery WHERE state = 'queued' AND last_error IS NOT NULL"
        )
        return bool(row["n"])

    await stage.wait_database(is_held)
    assert notices(stage) == []
    await stage.chat.send("/start")
    told = await stage.chat.wait_for("can't be read", timeout=PATIENCE)
    assert "no_such_channel" in told.text
    await stage.wait_drained()
    assert len(notices(stage)) == 1
    assert await service.stop() == 0


async def test_an_operator_whose_notice_is_refused_keeps_the_alerts(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(ADMINS=str(stage.ann.id), RECONCILE_INTERVAL="0.3")
    await stage.chat.ask("/alert ferry")
    send, words = "messages.sendMessage", "has another name now"
    fault = stage.sandbox.faults.fail(send, "PEER_ID_INVALID", text=words, times=None)
    await stage.news.set_username("harbour_new")
    await fault.wait_hit()
    await stage.news.post("The ferry sails")
    await stage.chat.wait_for("The ferry sails")
    fault.stop()
    stage.sandbox.faults.fail(send, "USER_IS_BLOCKED", text="Another ferry")
    await stage.chat.ask("/start")
    await stage.chat.wait_for(words)
    await stage.news.post("Another ferry returns")

    async def is_inactive(conn: Any) -> bool:
        subscriber = await subscribers.find_subscriber(conn, stage.ann.id)
        return subscriber is not None and not subscriber.active

    await stage.wait_database(is_inactive)


@pytest.mark.parametrize("name", ["HEARTBEAT_URL", "NOTIFY_URL"])
async def test_an_address_of_no_use_is_wrong_use_and_not_shown(stage: Any, name: str) -> None:
    service = stage.process(**{name: "hunter2"})
    await service.start()
    assert await service.wait() == 2
    assert service.lines[-1].startswith(f"dateline: error: {name}: is not a web address")
    assert "hunter2" not in service.lines[-1]
