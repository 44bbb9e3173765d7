"""After an upgrade that reads texts in another way: the archive is indexed beside the service."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage import database
from storage.document import Channel, Document, Source
from storage.documents import documents, search
from storage.query.reading.syntax import parse

POSTS = 6000
SLOWLY = "bot.intake.indexing.PAUSE = 0.1"
"""So that there is time to look, however busy the machine is."""
LEFT = "SELECT value FROM fact WHERE name = 'analysis_left'"


def old_post(number: int) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:77/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=77, username="mill", title="Mill"),
        message_id=number,
        published_at=f"2024-05-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        title=f"Harvest report {number}: grain, flour and the weather of the day",
        content_hash=f"{number:016x}",
    )


async def make_archive(path: Path) -> None:
    """An archive that an older version has indexed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = await database.open_database(f"sqlite:///{path}")
    now = datetime.now(UTC)
    posts = [old_post(number) for number in range(1, POSTS + 1)]
    async with db.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=False)
        await tx.execute("UPDATE document SET analysis = 1")
        await tx.execute("UPDATE fact SET value = '1' WHERE name = 'analysis_version'")
    await db.close()


async def wait_left(path: Path, *, below: int) -> int:
    """Wait until the service has indexed some; gives what it is about to look at."""
    connection = sqlite3.connect(path)
    try:
        async with asyncio.timeout(120):
            while True:
                row = connection.execute(LEFT).fetchone()
                if row and int(row[0]) < below:
                    return int(row[0])
                await asyncio.sleep(0.005)
    finally:
        connection.close()


async def wait_found(stage: Any, command: str, words: str) -> str:
    """Ask until the answer holds these words; gives it."""
    async with asyncio.timeout(120):
        while True:
            if words in (text := str((await stage.chat.ask(command)).text)):
                return text
            await asyncio.sleep(0.02)


async def test_an_upgraded_archive_is_indexed_beside_the_service_and_after_a_kill(
    new_stage: Any,
) -> None:
    stage = new_stage
    path = stage.folder / "data" / "dateline.db"
    await make_archive(path)
    service = await stage.run(SLOWLY)
    left = await wait_left(path, below=1 << 62)
    await service.kill()
    # What is done is kept, what is not is still to do.
    connection = sqlite3.connect(path)
    undone = connection.execute("SELECT count(*) FROM document WHERE analysis = 1").fetchone()[0]
    connection.close()
    assert 0 < undone < POSTS

    service = await stage.run(SLOWLY)
    post = await stage.news.post("Ferry timetable changed")
    # A busy machine may have it say first that it can't write anything down.
    answer = await wait_found(stage, "/search harvest report", "posts before")
    assert "Harvest report 6000" in answer
    assert await wait_left(path, below=left) < left
    await wait_found(stage, "/search ferries", "Ferry timetable")
    connection = sqlite3.connect(path)
    still = connection.execute(LEFT).fetchone()
    connection.close()
    assert still is not None, "the new post was found only after all was indexed"

    await service.wait_line("indexed anew")
    answer = await wait_found(stage, '/search "report 1"', "Harvest report 1:")
    assert "posts before" not in answer
    await service.stop()
    db = await database.open_database(f"sqlite:///{path}")
    async with db.reader() as reader:
        assert await search.count(reader, parse("harvest"), up_to=POSTS + 10) == POSTS
    async with db.transaction() as tx:
        await tx.execute("INSERT INTO document_index (document_index) VALUES ('integrity-check')")
    await db.close()
    assert post.id
