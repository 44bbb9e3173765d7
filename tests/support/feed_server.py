"""A server of feeds and of what programs ask for, as the service runs it, and who asks it."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
from plain_web import plain_web

from bot.feeds import serving
from bot.settings import Settings
from handlers.conversation.services import Services
from storage.connection import Database
from storage.document import Channel, Document, Source
from storage.documents import documents
from storage.subscribers import feeds, subscribers

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = 1


def post(number: int, title: str) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:100/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour", title="Harbour News"),
        message_id=number,
        url=f"https://t.me/harbour/{number}",
        published_at=f"2026-11-22T10:00:{number:02}Z",
        title=title,
        content_hash=hashlib.sha256(title.encode()).hexdigest()[:16],
    )


class Server:
    """A server of feeds, and somebody who asks it."""

    def __init__(self, database: Database, url: str, web: httpx2.AsyncClient) -> None:
        self.database, self.url, self.web = database, url, web
        known = httpx2.URL(url)
        self.place = (known.host, known.port or 443)

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.web.get(f"{self.url}{path}", headers=named)

    async def store(self, *posts: Document) -> None:
        async with self.database.transaction() as tx:
            await documents.store_documents(tx, posts, stored_at=NOW, live=True)

    async def add(self, target: str) -> str:
        async with self.database.transaction() as tx:
            await subscribers.add_subscriber(tx, chat_id=ANN, now=NOW)
            secret = await feeds.add_feed(tx, chat_id=ANN, kind="query", target=target, now=NOW)
        assert secret is not None
        return secret


@contextlib.asynccontextmanager
async def served(database: Database, **settings: Any) -> AsyncIterator[Server]:
    """A server until the context ends."""
    given = Settings(**{"feeds_address": "127.0.0.1:0", **settings})
    services, work = await serving.begin(given, Services(database=database, bot_username="bot"))
    task = asyncio.create_task(work)
    await asyncio.sleep(0)  # it has begun, and with it what ends it
    try:
        async with plain_web() as web:
            yield Server(database, services.feeds_url, web)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
