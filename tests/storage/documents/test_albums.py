"""Albums that lose messages: what is left is the post, and what is gone stays gone."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.channels import progress
from storage.connection import Database
from storage.document import Channel, Document, Media
from storage.documents import albums, documents, search
from storage.query.reading.syntax import parse
from storage.records import Channel as WatchedChannel
from storage.stories import stories

MakeDocument = Callable[..., Document]

LATER = timedelta(minutes=5)


class Desk:
    """A channel whose album is stored, deleted from and read again."""

    def __init__(self, database: Database, make: MakeDocument, now: datetime) -> None:
        self.now = now
        self.database = database
        self._make = make

    def album(self, *ids: int, text: str = "Caption", **fields: Any) -> Document:
        """An album as a reader gives it: one message alone names no medium's message."""
        several = len(ids) > 1
        return self._make(
            text,
            message_id=ids[0],
            album_ids=ids if several else (),
            grouped_id=900,
            url=f"https://t.me/harbour/{ids[0]}",
            media=tuple(
                Media(type="photo", name=f"{n}.jpg", message_id=n if several else None) for n in ids
            ),
            **fields,
        )

    async def store(self, document: Document, seen_at: datetime | None = None) -> str:
        async with self.database.transaction() as tx:
            (stored,) = await documents.store_documents(
                tx, [document], stored_at=self.now, live=True, seen_at=[seen_at]
            )
        return stored.outcome

    async def delete(self, *ids: int) -> int:
        async with self.database.transaction() as tx:
            gone = await documents.mark_deleted(
                tx, channel_id=77, message_ids=ids, noticed_at=self.now
            )
            return len(gone)

    async def get(self, number: int = 10) -> Document:
        async with self.database.reader() as conn:
            return await documents.get_document(conn, f"tg:77/{number}")

    async def count(self) -> int:
        async with self.database.reader() as conn:
            return await documents.count_documents(conn)

    async def list_message_ids(self) -> set[int]:
        channel = WatchedChannel(id=1, channel_id=77, added_at=self.now)
        async with self.database.reader() as conn:
            return await progress.list_message_ids(conn, channel)


@pytest.fixture
async def desk(
    database: Database, make_document: MakeDocument, now: datetime
) -> AsyncIterator[Desk]:
    desk = Desk(database, make_document, now)
    await desk.store(desk.album(10, 11, 12, 13))
    yield desk


def shown(document: Document) -> tuple[str, tuple[int, ...], list[str | None]]:
    return document.doc_id, document.album_ids, [one.name for one in document.media]


@pytest.mark.parametrize(
    ("gone", "doc_id", "album_ids", "media"),
    [
        ((12, 13), "tg:77/10", (10, 11), ["10.jpg", "11.jpg"]),
        ((10, 12), "tg:77/11", (11, 13), ["11.jpg", "13.jpg"]),
        ((10, 11, 13), "tg:77/12", (), ["12.jpg"]),
    ],
)
async def test_what_is_left_is_the_post(
    desk: Desk, gone: tuple[int, ...], doc_id: str, album_ids: tuple[int, ...], media: list[str]
) -> None:
    assert await desk.delete(*gone) == 0
    left = sorted({10, 11, 12, 13} - {*gone})
    for number in (10, 11, 12, 13):
        found = await desk.get(number)
        assert shown(found) == (doc_id, album_ids, media)
        assert (found.message_id, found.url) == (left[0], f"https://t.me/harbour/{left[0]}")
        assert (found.title, found.deleted_at) == ("Caption", None)
        assert [one.message_id for one in found.media] == (left if album_ids else [None])
    assert await desk.list_message_ids() == {*left}
    assert await desk.store(desk.album(*left), desk.now + LATER) in ("unchanged", "updated")
    assert shown(await desk.get()) == (doc_id, album_ids, media)
    assert await desk.delete(*left) == 1
    assert (await desk.get()).deleted_at is not None
    assert await desk.count() == 1


@pytest.mark.parametrize("seen", [None, -LATER])
async def test_an_old_reading_brings_nothing_back(desk: Desk, seen: timedelta | None) -> None:
    await desk.delete(10, 13)
    before = await desk.get()
    seen_at = None if seen is None else desk.now + seen
    assert await desk.store(desk.album(10, 11, 12, 13), seen_at) == "unchanged"
    assert await desk.store(desk.album(10, text=""), seen_at) == "unchanged"
    assert await desk.get() == before
    assert await desk.list_message_ids() == {11, 12}


@pytest.mark.parametrize(
    ("seen", "is_back"), [(-1, False), (0, False), (1, True), (2, True), (3, True)]
)
async def test_what_is_noticed_twice_was_gone_when_it_was_noticed_first(
    desk: Desk, seen: int, is_back: bool
) -> None:
    noticed = desk.now
    for later in (0 * LATER, 2 * LATER):
        desk.now = noticed + later
        await desk.delete(10, 13)
    await desk.store(desk.album(10, 11, 12, 13), noticed + seen * LATER)
    assert await desk.list_message_ids() == ({10, 11, 12, 13} if is_back else {11, 12})


async def test_a_part_that_is_there_again_comes_back(desk: Desk) -> None:
    await desk.delete(10, 13)
    whole = desk.album(10, 11, 12, 13)
    assert await desk.store(whole, desk.now + LATER) == "updated"
    assert shown(await desk.get()) == shown(whole)
    assert await desk.list_message_ids() == {10, 11, 12, 13}
    assert await desk.count() == 1
    assert await desk.delete(10) == 0
    assert (await desk.get()).doc_id == "tg:77/11"


async def test_an_album_that_is_there_again_is_not_deleted(desk: Desk) -> None:
    assert await desk.delete(10, 11, 12, 13) == 1
    await desk.store(desk.album(10, 11, 12, 13))
    assert (await desk.get()).deleted_at is not None
    await desk.store(desk.album(10, 11, 12, 13), desk.now + LATER)
    assert (await desk.get()).deleted_at is None
    assert await desk.list_message_ids() == {10, 11, 12, 13}


async def test_an_edit_of_the_lowest_part_after_its_neighbour_is_gone(desk: Desk) -> None:
    await desk.delete(11)
    edited = desk.album(10, text="Another caption", edited_at="2024-05-01T12:30:00Z")
    await desk.store(edited)
    found = await desk.get(12)
    assert found.title == "Another caption"
    assert shown(found) == ("tg:77/10", (10, 12, 13), ["10.jpg", "12.jpg", "13.jpg"])


async def test_an_album_id_used_again_takes_nothing_over(desk: Desk) -> None:
    other = desk.album(40, 41, text="Other")
    elsewhere = desk.album(10, 11, text="Elsewhere", channel=Channel(id=78, username="mill"))
    await desk.delete(10)
    assert await desk.store(other, desk.now) == "new"
    assert await desk.store(elsewhere, desk.now) == "new"
    assert shown(await desk.get())[1] == (11, 12, 13)
    assert shown(await desk.get(40)) == shown(other)
    assert await desk.count() == 3


async def test_its_story_goes_on_under_its_former_name(desk: Desk, database: Database) -> None:
    async with database.reader() as conn:
        before = await stories.find_story(conn, (await desk.get()).doc_id)
    await desk.delete(10)
    async with database.reader() as conn:
        assert await stories.find_story(conn, (await desk.get()).doc_id) == before == "tg:77/10"
        assert len(await stories.list_members(conn, before)) == 1


async def test_a_single_post_that_is_there_again_is_not_deleted(desk: Desk) -> None:
    single = desk.album(50, text="Alone")
    await desk.store(single)
    assert await desk.delete(50) == 1
    await desk.store(single, desk.now - LATER)
    assert (await desk.get(50)).deleted_at is not None
    await desk.store(single, desk.now + LATER)
    assert (await desk.get(50)).deleted_at is None


@given(st.sets(st.integers(1, 10), min_size=2), st.lists(st.sets(st.integers(1, 10))))
@settings(deadline=None)
def test_parts_and_media_stay_together(
    make_document: MakeDocument, ids: set[int], deletions: Sequence[set[int]]
) -> None:
    order = tuple(sorted(ids))
    media = tuple(Media(type="photo", name=str(n), message_id=n) for n in order)
    document = make_document(message_id=order[0], album_ids=order, media=media)
    for gone in deletions:
        left = albums.without(document, gone)
        ids -= gone
        assert (left is None) == (not ids)
        if left is None:
            break
        document = left
        assert [one.name for one in document.media] == [str(n) for n in sorted(ids)]
        assert set(albums.parts(document)) == ids
        assert document.doc_id == f"tg:77/{min(ids)}"
        assert len(document.album_ids) != 1


async def test_the_index_follows(desk: Desk, database_path: Path) -> None:
    await desk.delete(10, 11, 12)
    async with desk.database.reader() as conn:
        assert await search.count(conn, parse("has:album")) == 0
        assert await search.count(conn, parse("has:photo caption")) == 1
    raw = sqlite3.connect(database_path)
    raw.execute("INSERT INTO document_index (document_index) VALUES ('integrity-check')")
    raw.close()


@pytest.mark.usefixtures("sqlite_alone")
@pytest.mark.parametrize("text", ["Walrus", "Walrus and wombat"])
async def test_what_was_joined_to_another_row_is_in_the_index_no_more(
    desk: Desk, make_document: MakeDocument, database: Database, text: str
) -> None:
    def part(*ids: int, text: str, **fields: Any) -> Document:
        media = tuple(Media(type="photo", message_id=number) for number in ids)
        return make_document(text, message_id=ids[0], grouped_id=950, media=media, **fields)

    await desk.store(part(50, text="Walrus"))
    await desk.store(part(51, text="Wombat"))
    async with database.reader() as conn:
        separate = {row["id"] for row in await conn.fetch_all("SELECT id FROM document")}
    whole = part(50, 51, text=text, album_ids=(50, 51), edited_at="2024-05-01T12:30:00Z")
    await desk.store(whole, desk.now + LATER)
    async with database.reader() as conn:
        rows = {row["id"] for row in await conn.fetch_all("SELECT id FROM document")}
        assert rows < separate
        for word in ("walrus", "wombat"):
            found = await conn.fetch_all(
                "SELECT rowid AS id FROM document_index WHERE document_index MATCH ?", (word,)
            )
            assert {row["id"] for row in found} <= rows
            assert len(found) == (word in text.lower())


@pytest.mark.parametrize(
    ("doc_id", "channel", "ids", "name", "url"),
    [
        ("tg:77/5", Channel(id=77), (5, 6), "tg:77/5", "https://t.me/harbour/5"),
        ("tg:77/6", Channel(id=77), (6, 4), "tg:77/4", "https://t.me/harbour/4"),
        # A channel's number stands for its user name as soon as it is known.
        ("tg:@harbour/6", Channel(id=77), (6,), "tg:77/6", "https://t.me/harbour/6"),
        ("tg:@harbour/6", Channel(username="harbour"), (6, 4), "tg:@harbour/4", None),
        ("tg:@harbour/6", None, (6, 4), "tg:@harbour/4", None),
        ("tg:@harbour/6", None, (), "tg:@harbour/6", "https://t.me/harbour/9"),
        ("file:a/6", Channel(id=77), (6, 4), "file:a/6", "https://t.me/harbour/9"),
    ],
)
def test_a_post_has_the_name_of_its_lowest_message(
    make_document: MakeDocument,
    doc_id: str,
    channel: Channel | None,
    ids: tuple[int, ...],
    name: str,
    url: str | None,
) -> None:
    document = make_document(
        message_id=ids[0] if ids else None,
        channel=channel,
        doc_id=doc_id,
        album_ids=ids,
        url=url and "https://t.me/harbour/9",
    )
    found = albums.named(document)
    assert (found.doc_id, found.url) == (name, url)
    renamed = doc_id.startswith("tg:") and ids
    assert found.message_id == (min(ids) if renamed else document.message_id)
