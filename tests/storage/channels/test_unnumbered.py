"""What has no number among a channel's posts is none of its newest, on either engine."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import storage
from storage.channels import channels, pauses, progress, shared, watched
from storage.connection import Connection
from storage.documents import documents
from storage.records import Channel
from storage.stories import events

BY_NUMBER = re.compile(r"FROM document\b(?:(?!\bFROM\b).)*?ORDER BY message_id\b[^\"]*", re.DOTALL)
SAID = re.compile(r"message_id IS NOT NULL|message_id [<>]|NULLS (FIRST|LAST)")
DAY = timedelta(days=1)


async def list_status(tx: Connection, channel: Channel, now: datetime) -> object:
    (one,) = await progress.list_status(tx, midnight=now - DAY)
    return one.posts, one.last_message_id, one.open_gaps


async def count_posts(tx: Connection, channel: Channel, now: datetime) -> object:
    return round(await watched.posts_a_day(tx, channel, now=now), 2)


async def count_languages(tx: Connection, channel: Channel, now: datetime) -> object:
    return await documents.count_languages(tx, 77)


async def list_pauses(tx: Connection, channel: Channel, now: datetime) -> object:
    times = await pauses.list_times(tx, channel, since=now - DAY)
    return [int(now.timestamp()) - one for one in times]


async def list_shared(tx: Connection, channel: Channel, now: datetime) -> object:
    return [one.story for one in await shared.list_published(tx, 77, since=now - DAY)]


@pytest.mark.parametrize(
    ("limit", "read", "found"),
    [
        ((progress, "COUNTED"), list_status, (1, 3, ((2, 2),))),
        # The newest of them came half an hour ago.
        ((watched, "COUNTED"), count_posts, 48.0),
        ((documents, "_NEWEST"), count_languages, {"ru": 1}),
        ((pauses, "MOST"), list_pauses, [1800]),
        ((shared, "MOST"), list_shared, ["tg:77/3"]),
    ],
)
async def test_the_newest_are_those_with_the_highest_numbers(
    tx: Connection,
    now: datetime,
    make_document: Any,
    monkeypatch: pytest.MonkeyPatch,
    limit: tuple[object, str],
    read: Callable[[Connection, Channel, datetime], Awaitable[object]],
    found: object,
) -> None:
    now = now.replace(microsecond=0)
    channel = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    for number, minutes, lang in ((1, 60, "en"), (3, 30, "ru"), (None, 10, "de")):
        at = now - timedelta(minutes=minutes)
        post = make_document(
            f"Post {number}", message_id=number, lang=lang, published_at=f"{at:%FT%TZ}"
        )
        await documents.store_documents(tx, [post], stored_at=now, live=True)
    monkeypatch.setattr(*limit, 1)
    assert await read(tx, channel, now) == found


async def find_last(tx: Connection, channel: Channel, now: datetime) -> object:
    return await pauses.find_last_post(tx, channel)


async def list_documents(tx: Connection, channel: Channel, now: datetime) -> object:
    return await documents.list_newest(tx, 77, limit=9)


async def list_texts(tx: Connection, channel: Channel, now: datetime) -> object:
    return await events.list_texts(tx, [77], limit=9)


@pytest.mark.parametrize(
    ("read", "none"),
    [
        (list_status, (0, None, ())),
        (count_posts, 0.0),
        (count_languages, {}),
        (find_last, None),
        (list_documents, []),
        (list_texts, {77: []}),
    ],
)
async def test_without_numbers_none_is_the_newest(
    tx: Connection,
    now: datetime,
    make_document: Any,
    read: Callable[[Connection, Channel, datetime], Awaitable[object]],
    none: object,
) -> None:
    channel = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    post = make_document("A page", message_id=None, lang="de", published_at=f"{now:%FT%TZ}")
    await documents.store_documents(tx, [post], stored_at=now, live=True)
    assert await read(tx, channel, now) == none


def test_every_statement_in_that_order_says_where_they_are() -> None:
    sources = Path(storage.__file__).parent.rglob("*.py")
    found = [one[0] for path in sources for one in BY_NUMBER.finditer(path.read_text("utf-8"))]
    assert len(found) > 8
    assert [sql for sql in found if not SAID.search(sql)] == []
