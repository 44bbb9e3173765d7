"""A span begins with its first moment and ends before its last, whatever is read of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import row_ids, times
from storage.channels import named, pauses, shared
from storage.connection import Connection, Database
from storage.document import Document, Forward
from storage.documents import documents, problems, published
from storage.records import Channel, NewProblem
from storage.retention import old_documents, old_rows
from storage.retention.limits import Keeping

SECOND, MOMENT = timedelta(seconds=1), timedelta.resolution
HOUR = timedelta(hours=1)
CHANNEL = 77


def numbers(found: Any) -> list[int]:
    return sorted(int(one.doc_id.rpartition("/")[2]) for one in found)


@pytest.fixture
def hour(now: datetime) -> datetime:
    """When the span begins; it lasts for an hour."""
    return now.replace(microsecond=0) - 2 * HOUR


@pytest.fixture
async def store(tx: Connection, hour: datetime, make_document: Callable[..., Document]) -> None:
    """Forwarded posts: 1 a second before the span, 2 in its first one, 3 in its last one, 4 in the
    one behind it."""
    moments = (hour - SECOND, hour, hour + HOUR - SECOND, hour + HOUR)
    made = [
        make_document(
            f"Ferry {number}",
            message_id=number,
            published_at=f"{at:%FT%TZ}",
            content_hash=f"{number:016x}",
            forwarded_from=Forward(channel_id=5),
        )
        for number, at in enumerate(moments, 1)
    ]
    await documents.store_documents(tx, made, stored_at=hour + 2 * HOUR, live=True)


async def published_ids(tx: Connection, after: datetime, until: datetime) -> list[int]:
    return numbers(await published.list_published(tx, after=after, until=until, limit=9))


async def newest_ids(tx: Connection, after: datetime, until: datetime) -> list[int]:
    start, older = await published.find_newest(tx, after=after, until=until, limit=1)
    rows = await tx.fetch_all("SELECT message_id FROM document WHERE id = ?", (start,))
    last = [row["message_id"] for row in rows]
    return [*range(last[0] - older, last[0]), *last]


async def first_and_last(tx: Connection, after: datetime, until: datetime) -> list[int]:
    first = await published.find_first(tx, after=after, until=until)
    last = await published.count_by_channel(tx, after=after, until=until)
    rows = await tx.fetch_all(
        "SELECT message_id FROM document WHERE id = ?", (row_ids.first_id(first),)
    )
    found = [row["message_id"] for row in rows]
    return [*found, *range(found[0] + 1, found[0] + last[CHANNEL].posts)]


async def deleted_ids(tx: Connection, after: datetime, until: datetime) -> list[int]:
    return numbers(
        await published.list_deleted(tx, after=after, until=until, since=after - HOUR, limit=9)
    )


async def edited_ids(tx: Connection, after: datetime, until: datetime) -> list[int]:
    return numbers(await published.list_edited(tx, after=after, until=until, limit=9))


@pytest.mark.parametrize("read", [published_ids, newest_ids, first_and_last])
async def test_posts_are_of_the_span_whose_seconds_they_have(
    tx: Connection,
    store: None,
    hour: datetime,
    read: Callable[[Connection, datetime, datetime], Awaitable[list[int]]],
) -> None:
    assert await read(tx, hour, hour + HOUR) == [2, 3]


async def test_what_was_published_since_a_time_begins_with_its_second(
    tx: Connection, store: None, hour: datetime
) -> None:
    (forwarded,) = await named.list_forwarded(tx, since=hour)
    assert (forwarded.channel_id, forwarded.by, forwarded.posts) == (5, CHANNEL, 3)
    above = row_ids.first_id(hour + HOUR)
    written = await named.list_written(tx, since=hour, below=above, limit=9)
    assert [one.id for one in written] == [
        row_ids.first_id(hour + HOUR - SECOND),
        row_ids.first_id(hour),
    ]
    placed = await shared.list_published(tx, CHANNEL, since=hour)
    assert [one.at for one in placed] == [hour + HOUR, hour + HOUR - SECOND, hour]
    known = await pauses.list_times(
        tx, Channel(id=1, channel_id=CHANNEL, added_at=hour), since=hour
    )
    assert known == [int(one.at.timestamp()) for one in reversed(placed)]
    gone = await published.list_deleted(
        tx, after=hour, until=hour + 9 * HOUR, since=hour + HOUR, limit=9
    )
    assert gone == []
    await tx.execute("UPDATE document SET deleted_at = ?", (times.to_epoch(hour + HOUR),))
    gone = await published.list_deleted(
        tx, after=hour, until=hour + 9 * HOUR, since=hour + HOUR, limit=9
    )
    assert numbers(gone) == [4]


async def test_what_became_of_posts_is_of_the_span_in_which_it_was_seen(
    tx: Connection, store: None, hour: datetime
) -> None:
    moments = (hour - MOMENT, hour, hour + HOUR - MOMENT, hour + HOUR)
    for number, at in enumerate(moments, 1):
        await tx.execute(
            "INSERT INTO revision (document_id, json, replaced_at)"
            " SELECT id, json, ? FROM document WHERE message_id = ?",
            (times.to_epoch(at), number),
        )
    assert await edited_ids(tx, hour, hour + HOUR) == [2, 3]
    for number, at in enumerate(moments, 1):
        await tx.execute(
            "UPDATE document SET deleted_at = ? WHERE message_id = ?",
            (times.to_epoch(at), number),
        )
    assert await deleted_ids(tx, hour, hour + HOUR) == [2, 3]


@pytest.mark.parametrize(
    ("table", "column"),
    [("document", "stored_at"), ("revision", "replaced_at"), ("problem", "since")],
)
async def test_what_is_kept_for_a_time_is_there_to_its_last_moment(
    database: Database,
    make_document: Callable[..., Document],
    now: datetime,
    table: str,
    column: str,
) -> None:
    day = timedelta(days=1)
    keeping = Keeping(documents=day, revisions=day, problems=day)
    forget = {
        "document": old_documents.forget_documents,
        "revision": old_rows.forget_revisions,
        "problem": old_rows.forget_problems,
    }[table]
    undated = {"published_at": None, "published_precision": "none", "published_basis": "none"}
    async with database.transaction() as tx:
        for title in ("One", "Two"):
            made = make_document(title, edited_at=f"{now:%FT%TZ}", **undated)
            await documents.store_documents(tx, [made], stored_at=now, live=True)
        found = NewProblem(
            place="7/1", form="document", raw=b"{}", error="no", kind="no", history=False
        )
        await problems.set_aside(tx, found, now=now, version="1")
        kept_since = times.to_epoch(now - day)
        await tx.execute(f"UPDATE {table} SET {column} = ?", (kept_since,))  # noqa: S608
    for at, left in ((now, 1), (now + MOMENT, 0)):
        await forget(database, keeping, now=at)
        async with database.reader() as conn:
            row = await conn.fetch_one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
        assert row is not None
        assert row["n"] == left
