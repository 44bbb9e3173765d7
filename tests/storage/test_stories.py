"""Which posts are one story: a forward and its original, and posts of the same words."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import database, documents, stories
from storage.database import Database
from storage.document import Channel, Document, Forward, Source

NOW = datetime(2025, 11, 1, 12, tzinfo=UTC)
WINDOW = NOW - timedelta(days=7)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await database.open_database(f"sqlite:///{tmp_path / 'stories.db'}")
    yield opened
    await opened.close()


def post(
    channel_id: int, message_id: int, *, words: str = "", origin: tuple[int, int] | None = None
) -> Document:
    """A post; ``words`` stand for a text and its hash, ``origin`` for what it forwards."""
    return Document(
        kind="post",
        doc_id=f"tg:{channel_id}/{message_id}",
        source=Source(type="telethon"),
        channel=Channel(id=channel_id),
        message_id=message_id,
        title=words or None,
        forwarded_from=Forward(channel_id=origin[0], message_id=origin[1]) if origin else None,
        content_hash=words or "e3b0c44298fc1c14",
    )


async def story_of(db: Database, document: Document, *earlier: tuple[Document, datetime]) -> str:
    """The story of a document that is stored now, after others at their times."""
    async with db.transaction() as tx:
        for other, stored_at in earlier:
            await documents.store_documents(tx, [other], stored_at=stored_at, live=True)
        await documents.store_documents(tx, [document], stored_at=NOW, live=True)
        return await stories.find_story(tx, document, since=WINDOW)


HOUR_AGO = NOW - timedelta(hours=1)


async def test_a_post_alone_is_its_own_story(db: Database) -> None:
    assert await story_of(db, post(1, 1, words="ferry"), (post(1, 2, words="snow"), HOUR_AGO)) == (
        "tg:1/1"
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (post(1, 1, words="ferry"), post(2, 9, words="ferry")),
        (post(1, 1, words="ferry"), post(2, 9, words="cut", origin=(1, 1))),
        (post(2, 9, words="cut", origin=(1, 1)), post(1, 1, words="ferry")),
        (post(2, 9, words="a", origin=(1, 1)), post(3, 5, words="b", origin=(1, 1))),
    ],
    ids=["same words", "forward after original", "original after forward", "two forwards"],
)
async def test_the_same_story_is_named_after_what_was_stored_first(
    db: Database, earlier: Document, later: Document
) -> None:
    assert await story_of(db, later, (earlier, HOUR_AGO)) == earlier.doc_id


async def test_posts_without_words_are_not_one_story(db: Database) -> None:
    assert await story_of(db, post(1, 2), (post(1, 1), HOUR_AGO)) == "tg:1/2"


async def test_what_was_stored_before_the_window_is_another_story(db: Database) -> None:
    old = (post(1, 1, words="ferry"), NOW - timedelta(days=8))
    assert await story_of(db, post(2, 9, words="ferry"), old) == "tg:2/9"
