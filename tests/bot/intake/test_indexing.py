"""Work on an archive after an upgrade: done once, and tried again where the database refuses it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import leaping
import pytest
from structlog.testing import capture_logs

from bot.intake import indexing
from bot.intake.events import Events
from storage import facts
from storage.connection import Database
from storage.database import open_database
from storage.document import Block, Document, Source
from storage.documents import documents
from storage.errors import UnavailableError
from storage.stories import events

NOW = datetime.fromisoformat("2026-01-02T12:00:00Z")
NOTED = "archive_threaded"


class Archive:
    """Refuses three steps, and then has ``more`` of them to do."""

    def __init__(self, more: int = 0) -> None:
        self.more = more
        self.tries: list[float] = []

    async def step(self, *_: Any, **__: Any) -> int:
        self.tries.append(leaping.now())
        if len(self.tries) <= 3:
            raise UnavailableError("held", cause="lock")
        self.more -= 1
        return self.more > 0


@pytest.mark.parametrize(
    ("work", "begins", "more"),
    [
        (indexing.index_archive, "document_index.refresh", 0),
        (indexing.chain_archive, "found.find_all", 0),
        (lambda db: indexing.thread_archive(db, Events()), "_thread_some", 3),
    ],
    ids=["index", "chain", "events"],
)
def test_what_is_refused_is_tried_again_each_minute(
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Any], Awaitable[None]],
    begins: str,
    more: int,
) -> None:
    archive = Archive(more)
    monkeypatch.setattr(f"bot.intake.indexing.{begins}", archive.step)
    monkeypatch.setattr(indexing.document_index, "mend", archive.step)

    async def play() -> None:
        await work(SimpleNamespace())

    with capture_logs() as logged:
        leaping.run(play())
    assert archive.tries[:4] == [0, 60, 120, 180]
    assert [line["again_in"] for line in logged] == [60] * 3
    if more:  # with a little rest between its steps
        assert archive.tries[4:] == [180.02, 180.04]


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


def document(number: int) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:7/{number}",
        source=Source(type="telethon"),
        published_at="2026-01-02T10:00:00Z",
        body=(Block(type="paragraph", text=f"The ferry sails, {number}"),),
        content_hash=f"{number:016x}",
    )


async def count_threaded(db: Database) -> int:
    async with db.reader() as conn:
        return len(await events.list_since(conn, 0))


@pytest.mark.parametrize(("noted", "threaded"), [("all", 0), ("0", 105), (None, 105)])
async def test_what_a_former_version_noted_of_the_archive_is_understood(
    db: Database, monkeypatch: pytest.MonkeyPatch, noted: str | None, threaded: int
) -> None:
    monkeypatch.setattr(indexing, "PAUSE", 0.0)
    posts = [document(number) for number in range(105)]
    async with db.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=NOW, live=True)
        if noted is not None:
            await facts.set_value(tx, NOTED, noted)
    await indexing.thread_archive(db, Events())
    assert await count_threaded(db) == threaded
    async with db.reader() as conn:
        assert await facts.find_value(conn, NOTED) == "all"
