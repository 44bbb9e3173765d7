"""Heads are posted once and stamped once; what keeps them from it is told and tried again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import leaping
import pytest
from authorities import HAS_OPENSSL, Authority, serving
from plain_web import plain_web

from bot.anchoring import anchors
from bot.anchoring.anchors import Anchors, Attempts
from bot.anchoring.timestamps import read_answer
from handlers.operators.heads import HeadWriter
from handlers.operators.notices import Notices
from storage.chain import heads, stamps
from storage.chain.heads import Head
from storage.channels import chat_ids
from storage.connection import Database
from storage.database import open_database
from storage.document import Document, Source
from storage.documents import documents
from storage.outbox.gate import Outbox

ServeAs = Callable[..., Awaitable[Any]]
DAY = timedelta(days=1)
FIRST = datetime(2021, 5, 1, 12, tzinfo=UTC)
ADMIN = 42


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def web() -> AsyncIterator[httpx2.AsyncClient]:
    async with plain_web() as client:
        yield client


@pytest.fixture
async def authority(tmp_path: Path) -> AsyncIterator[Authority]:
    if not HAS_OPENSSL:
        pytest.skip("there is no openssl")
    folder = tmp_path / "authority"
    folder.mkdir()
    async with serving(folder) as running:
        yield running


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again at the next look."""
    monkeypatch.setattr(anchors, "FIRST_PAUSE", 0.0)


async def store(database: Database, number: int, at: datetime) -> None:
    document = Document(
        kind="post",
        doc_id=f"tg:77/{number}",
        source=Source(type="telethon"),
        title=f"Post {number}",
        content_hash=f"{number:016x}",
    )
    async with database.transaction() as tx:
        await documents.store_documents(tx, [document], stored_at=at, live=True)


def make(
    database: Database, bot: Any, *, channel: str | None = None, url: str | None = None
) -> Anchors:
    outbox = Outbox()
    notices = Notices([ADMIN], language="en", outbox=outbox)
    writer = HeadWriter("en")
    return Anchors(database, bot, outbox, notices, writer, channel=channel, authority_url=url)


async def queued(database: Database, chat_id: int) -> list[str]:
    async with database.reader() as conn:
        rows = await conn.fetch_all(
            "SELECT json_extract(payload, '$.text') AS text FROM delivery"
            " WHERE kind = 'notice' AND chat_id = ? ORDER BY id",
            (chat_id,),
        )
    return [row["text"] for row in rows]


async def last_head(database: Database) -> Head:
    async with database.reader() as conn:
        head = await heads.find_last(conn)
    assert head is not None
    return head


async def test_the_last_head_is_posted_once(
    sandbox: Any, serve_as: ServeAs, database: Database, web: httpx2.AsyncClient
) -> None:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    channel = sandbox.add_channel("Ledger", username="ledger")
    channel.add_member(bot, admin=True)
    client = await serve_as(bot)
    chat_id = chat_ids.of_channel(channel.id)
    works = make(database, client, channel="@ledger")
    await works.look(web, FIRST)
    assert await queued(database, chat_id) == []
    for number in range(1, 4):
        await store(database, number, FIRST + number * DAY)
    for _ in range(2):
        await works.look(web, FIRST + 9 * DAY)
        await make(database, client, channel=str(channel.id)).look(web, FIRST + 9 * DAY)
    head = await last_head(database)
    (said,) = await queued(database, chat_id)
    assert said == (
        f"🔗 All documents up to 2021-05-04 (UTC), 3 entries: head 3.\n"
        f"SHA-256: {head.hash.hex()}\n\n{head.line}"
    )
    await store(database, 4, FIRST + 5 * DAY)
    await works.look(web, FIRST + 9 * DAY)
    assert len(await queued(database, chat_id)) == 2
    assert await queued(database, ADMIN) == []


async def test_a_channel_that_is_not_there_is_told_after_some_tries(
    sandbox: Any, serve_as: ServeAs, database: Database, web: httpx2.AsyncClient, at_once: None
) -> None:
    client = await serve_as(sandbox.add_bot("lookout_bot", token="1000:open-sesame"))
    await store(database, 1, FIRST)
    works = make(database, client, channel="@nowhere")
    for tries in range(6):
        await works.look(web, FIRST + DAY)
        assert len(await queued(database, ADMIN)) == (tries >= anchors.TOLD_AFTER - 1)
    (said,) = await queued(database, ADMIN)
    assert said.startswith("⚠️ The head of 2021-05-01 is not posted in EVIDENCE_CHANNEL: USERNAME_")


async def test_what_telegram_refuses_is_told(
    sandbox: Any, serve_as: ServeAs, database: Database, web: httpx2.AsyncClient, at_once: None
) -> None:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    channel = sandbox.add_channel("Ledger", username="ledger")
    works = make(database, await serve_as(bot), channel="@ledger")
    await store(database, 1, FIRST)
    await works.look(web, FIRST + DAY)
    async with database.transaction() as tx:
        await Outbox().chat_left(
            tx, chat_ids.of_channel(channel.id), reason="CHAT_ADMIN_REQUIRED", now=FIRST
        )
    for _ in range(anchors.TOLD_AFTER):
        await works.look(web, FIRST + DAY)
    (said,) = await queued(database, ADMIN)
    assert "CHAT_ADMIN_REQUIRED" in said


async def test_a_head_is_stamped_once(
    database: Database, web: httpx2.AsyncClient, authority: Authority
) -> None:
    await store(database, 1, FIRST)
    works = make(database, None, url=authority.url)
    for _ in range(3):
        await works.look(web, FIRST + DAY)
    assert len(authority.asked) == 1
    head = await last_head(database)
    async with database.reader() as conn:
        assert await stamps.list_stamps(conn) == {1: authority.last}
    read_answer(authority.last, imprint=head.hash)
    assert await queued(database, ADMIN) == []


HTTP = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("bent", "reason"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "it answers 503"),
        (b"HTTP/1.1 302 Go\r\nLocation: file:///etc/passwd\r\nConnection: close\r\n\r\n", "302"),
        (HTTP + b"<html>", "it is no answer of RFC 3161"),
        (HTTP + bytes(2 << 20), "its answer is too long"),
        (b"", "it can't be asked: RemoteProtocolError"),
    ],
)
async def test_an_authority_that_fails_is_told_and_asked_again(
    database: Database,
    web: httpx2.AsyncClient,
    authority: Authority,
    at_once: None,
    bent: bytes,
    reason: str,
) -> None:
    await store(database, 1, FIRST)
    works = make(database, None, url=authority.url)
    authority.bent = bent
    for _ in range(4):
        await works.look(web, FIRST + DAY)
    (said,) = await queued(database, ADMIN)
    assert reason in said and "2021-05-01" in said and "hunter2" not in said
    authority.bent = None
    await works.look(web, FIRST + DAY)
    async with database.reader() as conn:
        assert await stamps.is_stamped(conn, 1)


async def test_an_old_answer_is_not_taken_for_another(
    database: Database, web: httpx2.AsyncClient, authority: Authority
) -> None:
    await store(database, 1, FIRST)
    works = make(database, None, url=authority.url)
    await works.look(web, FIRST + DAY)
    authority.bent = HTTP + authority.last
    await store(database, 2, FIRST + DAY)
    await works.look(web, FIRST + 2 * DAY)
    async with database.reader() as conn:
        assert set(await stamps.list_stamps(conn)) == {1}


async def test_a_failure_is_tried_again_later_and_not_at_each_look(
    database: Database, web: httpx2.AsyncClient, authority: Authority
) -> None:
    await store(database, 1, FIRST)
    works = make(database, None, url=authority.url)
    authority.bent = b""
    for _ in range(3):
        await works.look(web, FIRST + DAY)
    assert len(authority.asked) == 1


def test_what_failed_is_tried_again_after_minutes_that_double_up_to_an_hour() -> None:
    async def play() -> tuple[list[float], list[int]]:
        attempts, tries, told = Attempts(), [], []
        while len(tries) < 40:
            if attempts.is_due:
                tries.append(leaping.now())
                if attempts.fail():
                    told.append(len(tries))
            await asyncio.sleep(1.0)
        attempts.succeed()
        assert attempts.is_due
        attempts.fail()
        await asyncio.sleep(60.0)
        assert attempts.is_due
        return [later - one for one, later in pairwise(tries)], told

    pauses, told = leaping.run(play())
    assert pauses == [60, 120, 240, 480, 960, 1920, *[3600] * 33]
    assert told == [3]
