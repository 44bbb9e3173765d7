"""Channels with posts of weeks, and a clock that a test sets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from storage.channels import channels
from storage.connection import Database
from storage.document import Channel, Document
from storage.documents import documents
from storage.outbox import outbox
from storage.structs import replace

HOUR = timedelta(hours=1)


@dataclass
class Clock:
    """A clock that the test sets."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def post_weeks(database: Database, make_post, now) -> Callable[..., Awaitable[int]]:
    """Watches a channel that posted every hour of the last weeks by day, up to ``until``, and was
    read ``read_at``; gives its row."""

    async def post(
        channel: Channel,
        *,
        until: datetime,
        read_at: datetime | None,
        weeks: int = 8,
    ) -> int:
        made: list[Document] = []
        at = (until - timedelta(weeks=weeks)).replace(minute=20)
        while at <= until:
            if 6 <= at.hour < 20:
                number = len(made) + 1
                title = f"Bulletin {number}"
                made.append(make_post(number, title, channel=channel, published_at=f"{at:%FT%TZ}"))
            at += HOUR
        made = [replace(one, published_precision="second") for one in made]
        async with database.transaction() as tx:
            added = await channels.add_channel(
                tx,
                channel_id=channel.id,
                username=channel.username,
                title=channel.title,
                now=now - timedelta(weeks=weeks),
            )
            for start in range(0, len(made), 200):
                await documents.store_documents(
                    tx, made[start : start + 200], stored_at=until, live=True
                )
            if read_at is not None:
                await channels.advance_cursor(tx, added.id, len(made), read_at)
        return added.id

    return post


@pytest.fixture
def told(database: Database) -> Callable[[], Awaitable[list[tuple[int, str]]]]:
    """Gives what stands in the outbox: chat and text."""

    async def listed() -> list[tuple[int, str]]:
        async with database.transaction() as tx:
            rows = await tx.fetch_all("SELECT key FROM delivery ORDER BY id")
            found = [await outbox.find_delivery(tx, row["key"]) for row in rows]
        return [(row.chat_id, row.text.text) for row in found if row is not None]

    return listed
