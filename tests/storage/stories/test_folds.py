"""Copies of a post, found by what they share."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from storage.connection import Database
from storage.database import open_database
from storage.document import EMPTY_HASH, Block, Channel, Document, Forward, Media, Source
from storage.documents import batch, documents, search
from storage.query.reading import syntax
from storage.stories import folds

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def post(channel: int, number: int, text: str, **fields: Any) -> Document:
    given: dict[str, Any] = {
        "kind": "post",
        "doc_id": f"tg:{channel}/{number}",
        "source": Source(type="telethon"),
        "channel": Channel(id=channel, username=f"channel{channel}"),
        "message_id": number,
        "published_at": f"2026-11-22T10:{number:02}:00Z",
        "published_precision": "second",
        "published_basis": "api",
        "body": (Block(type="para", text=text),) if text else (),
        "content_hash": f"{hash(text) & 0xFFFFFFFFFFFFFFFF:016x}",
    }
    return Document(**{**given, **fields})


async def read_folds(
    database: Database, asked: str, *posts: Document
) -> dict[str, folds.HitCopies]:
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=AT, live=False)
    async with database.reader() as conn:
        page = await search.search(conn, syntax.parse(asked))
        found = await folds.list_folds(conn, page.hits)
    return {hit.document.doc_id: found[hit.id] for hit in page.hits}


async def test_equal_content_and_a_forward_share_a_key_with_the_original(
    database: Database,
) -> None:
    origin = Forward(name="One", channel_id=1, message_id=1)
    found = await read_folds(
        database,
        "ferry",
        post(1, 1, "The ferry sails"),
        post(2, 2, "The ferry sails"),
        post(3, 3, "Look: a ferry", forwarded_from=origin),
        post(4, 4, "A ferry of its own"),
    )
    first, copy, forward, other = (found[f"tg:{n}/{n}"] for n in (1, 2, 3, 4))
    assert (first.channels, other.channels) == (2, 0)
    assert first.keys & copy.keys
    assert first.keys & forward.keys
    assert not first.keys & other.keys


async def test_the_same_words_with_another_file_are_another_post(database: Database) -> None:
    def with_file(channel: int, name: str, *more: Media) -> Document:
        attached = (Media(type="document", name=name), *more)
        return post(channel, channel, "The ferry's papers", media=attached)

    page, film = Media(type="webpage", title="Ferry"), Media(type="video", name="1.mp4")
    found = await read_folds(
        database,
        "ferry",
        with_file(1, "plan.pdf"),
        with_file(2, "Plan (PDF)", page, film),
        with_file(3, "map.pdf"),
    )
    first, copy, other = (found[f"tg:{n}/{n}"] for n in (1, 2, 3))
    assert first.keys & copy.keys
    assert not first.keys & other.keys


@pytest.mark.parametrize(
    ("kind", "is_copy"),
    [
        *((kind, True) for kind in ("photo", "video", "round_video", "animation", "voice")),
        *((kind, True) for kind in ("sticker", "webpage")),
        *((kind, False) for kind in ("document", "audio", "poll")),
    ],
)
async def test_of_pictures_and_voices_the_name_of_the_file_says_nothing(
    database: Database, kind: Any, is_copy: bool
) -> None:
    found = await read_folds(
        database,
        "ferry",
        *(
            post(number, number, "The ferry", media=(Media(type=kind, name=f"{number}.bin"),))
            for number in (1, 2)
        ),
    )
    assert bool(found["tg:1/1"].keys & found["tg:2/2"].keys) == is_copy


async def test_posts_without_words_are_not_the_same(database: Database) -> None:
    photo = (Media(type="photo"),)
    found = await read_folds(
        database, "has:photo", post(1, 1, "", media=photo), post(2, 2, "", media=photo)
    )
    assert [fold.channels for fold in found.values()] == [0, 0]
    assert not frozenset.intersection(*(fold.keys for fold in found.values()))


async def test_copies_are_looked_up_by_indexes(database: Database) -> None:
    sql = folds._shared("?", "?")
    given = (1, folds.COUNTED, 1, folds.COUNTED, 1)
    async with database.reader() as conn:
        plan = await conn.fetch_all(f"EXPLAIN QUERY PLAN {sql}", given)
    assert not [row["detail"] for row in plan if row["detail"].startswith("SCAN other")]


async def test_stories_of_documents_by_name(database: Database) -> None:
    async with database.transaction() as tx:
        posts = (post(1, 1, "The ferry sails"),)
        await documents.store_documents(tx, posts, stored_at=AT, live=False)
    async with database.reader() as conn:
        assert await folds.list_stories(conn, ["tg:1/1", "tg:9/9"]) == {"tg:1/1": "tg:1/1"}


async def names(database: Database, ids: Sequence[int]) -> list[str]:
    async with database.reader() as conn:
        found = await documents.list_documents(conn, ids)
    return [found[id].doc_id for id in ids]


async def row_ids(database: Database, *doc_ids: str) -> list[int]:
    async with database.reader() as conn:
        rows = await batch.find_rows(conn, doc_ids)
    return [rows[doc_id] for doc_id in doc_ids]


async def test_a_row_of_results_opens_to_all_that_it_stands_for(database: Database) -> None:
    words = "The ferry sails at noon"
    forward = Forward(channel_id=2, message_id=2)
    found = await read_folds(
        database,
        "ferry",
        post(1, 1, words),
        post(1, 9, words),
        post(2, 2, words),
        post(3, 3, "A ferry, retold", forwarded_from=forward),  # by way of the second channel's
        post(4, 4, "A ferry of its own"),
    )
    assert (found["tg:1/1"].channels, found["tg:1/1"].repeats) == (1, 1)
    (first, alone) = await row_ids(database, "tg:1/1", "tg:4/4")
    async with database.reader() as conn:
        copies, none = [await folds.list_copies(conn, one) for one in (first, alone)]
    assert await names(database, copies) == ["tg:2/2", "tg:3/3", "tg:1/9"]
    assert none == []


async def test_behind_an_alert_are_other_channels_and_what_came_to_its_message(
    database: Database,
) -> None:
    given = [post(1, 1, "One"), post(2, 2, "Two"), post(1, 3, "Three"), post(1, 4, "Four")]
    async with database.transaction() as tx:
        await documents.store_documents(tx, given, stored_at=AT, live=True)
        await tx.execute("UPDATE document SET story = 'tg:1/1'")
    async with database.reader() as conn:
        ids, own = await folds.list_behind(conn, "tg:1/1", "tg:1/1", ["tg:1/3", "tg:9/9"])
    assert await names(database, ids) == ["tg:2/2", "tg:1/3"]
    assert await names(database, sorted(own)) == ["tg:1/3"]


async def test_posts_without_words_open_to_nothing(database: Database) -> None:
    photo = {"media": (Media(type="photo"),), "content_hash": EMPTY_HASH}
    await read_folds(database, "has:photo", post(1, 1, "", **photo), post(2, 2, "", **photo))
    (first,) = await row_ids(database, "tg:1/1")
    async with database.reader() as conn:
        assert await folds.list_copies(conn, first) == []


@pytest.mark.parametrize(
    ("other", "channels"),
    [
        (post(1, 1, "The ferry's original"), 1),
        (post(1, 5, "Another of that channel"), 0),
        (post(2, 1, "That number elsewhere"), 0),
        (post(4, 4, "Retold", forwarded_from=Forward(channel_id=1, message_id=1)), 1),
        (post(4, 4, "Retold", forwarded_from=Forward(channel_id=1, message_id=5)), 0),
        (post(4, 4, "Retold", forwarded_from=Forward(channel_id=2, message_id=1)), 0),
        (post(4, 4, "Retold", forwarded_from=Forward(channel_id=3, message_id=3)), 0),
    ],
)
async def test_a_forward_is_one_with_its_original_and_with_forwards_of_that(
    database: Database, other: Document, channels: int
) -> None:
    origin = Forward(name="One", channel_id=1, message_id=1)
    found = await read_folds(
        database, "look", post(3, 3, "Look, a ferry", forwarded_from=origin), other
    )
    assert found["tg:3/3"].channels == channels
    (forward,) = await row_ids(database, "tg:3/3")
    async with database.reader() as conn:
        assert len(await folds.list_copies(conn, forward)) == channels


async def test_copies_of_copies_are_listed_up_to_a_number(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Forward(name="Far", channel_id=9, message_id=9)
    chain = (
        post(1, 1, "The ferry sails"),
        post(2, 2, "The ferry sails", forwarded_from=origin),
        post(3, 3, "Look: a ferry", forwarded_from=origin),
        post(4, 4, "Look: a ferry"),
    )
    await read_folds(database, "ferry", *chain)
    async with database.reader() as conn:
        rows = await batch.find_rows(conn, [one.doc_id for one in chain])
        first, *copies = (rows[one.doc_id] for one in chain)
        assert await folds.list_copies(conn, first) == copies
        for most in (1, 2, 3):
            monkeypatch.setattr(folds, "COUNTED", most)
            assert await folds.list_copies(conn, first) == copies[:most]
