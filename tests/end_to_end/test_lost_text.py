"""What an older version lost of posts comes back by the next scans and by imports, unannounced."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telethon.tl import types

from bot.sandbox.state import media
from storage import database
from storage.document import Document
from storage.documents import documents, search
from storage.query.reading.syntax import parse
from storage.sqlite import migrate
from storage.subscribers import alerts, subscribers

LOST = Path(__file__).with_name("lost_text")
CHANNEL = "1777000222"
FORMER = frozenset((*range(1, 11), 12, 14, 15, 16, 17, 21, 27, 29))
"""The migrations of the version that stored ``former.sql``."""
ASKED = {
    "buoy": [1],
    "brass": [2],
    "rudder": [3],
    "link:example.org": [4, 3],
    "link:news.example.org/full": [4],
    "stands": [5],
    "emerald": [6],
    "link:port.example": [55],
    "title:брифинг": [0],
}
"""What only the newer reader finds, and in which posts (0: the article)."""
FILES = ("posts.jsonl", "page.html", "article.txt")

EDITED = {1: datetime(2026, 3, 2, 10, 2, tzinfo=UTC)}


def make_former(path: Path, channel_id: str = CHANNEL, *, posts: int = 6) -> None:
    """The database of a former version: ``posts`` of a channel, the one of a page and an article,
    of which it lost some words."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = (LOST / "former.sql").read_text(encoding="utf-8").replace(CHANNEL, channel_id)
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE schema_migration (version PRIMARY KEY, name, applied_at)")
        for migration in migrate.list_migrations():
            if migration.version in FORMER:
                made.executescript(migration.sql)
        made.executescript(rows)
        made.execute("DELETE FROM document WHERE message_id BETWEEN ? AND 6", (posts + 1,))
        made.execute("UPDATE channel SET cursor = ?", (posts,))


async def list_stored(path: Path) -> tuple[list[Document], dict[str, list[int]], dict[str, int]]:
    """All documents; which of them each query finds; and how many revisions and messages there
    are."""
    db = await database.open_database(f"sqlite:///{path}")
    try:
        async with db.reader() as conn:
            rows = await conn.fetch_all("SELECT id FROM document")
            stored = await documents.list_documents(conn, [row["id"] for row in rows])
            found = {
                text: [one.message_id or 0 async for one in search.iterate(conn, parse(text))]
                for text in ASKED
            }
            counts = {}
            for table in ("revision", "delivery"):
                row = await conn.fetch_one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
                counts[table] = 0 if row is None else int(row["n"])
        return [stored[id] for id in sorted(stored)], found, counts
    finally:
        await db.close()


def run_import(folder: Path, *names: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "import", *(str(LOST / name) for name in names), "--json"],
        cwd=folder,
        env={"DATA_DIR": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def former(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "dateline.db"
    make_former(path)
    yield path


async def test_an_import_brings_back_what_an_older_reader_lost(
    former: Path, tmp_path: Path
) -> None:
    before, found, _ = await list_stored(former)
    assert len(before) == 8
    assert {one.reader for one in before} == {None}
    assert not [one for one in before if "buoy" in str(one)]
    brought = run_import(tmp_path, *FILES)
    assert (brought["new"], brought["updated"], brought["failed"]) == (0, 8, 0)
    after, found, counts = await list_stored(former)
    assert found == ASKED
    assert counts == {"revision": 0, "delivery": 0}
    assert len(after) == len(before)
    assert None not in {one.reader for one in after}
    assert run_import(tmp_path, *FILES)["unchanged"] == 8


def written(text: str) -> Any:
    return types.TextWithEntities(text, [])


async def post_again(stage: Any) -> None:
    """The posts that the former version stored, as the channel still has them."""
    todo = types.TodoList(
        title=written("Buoys to check"),
        list=[types.TodoItem(id=1, title=written("paint the outer buoy"))],
    )
    invoice = types.MessageMediaInvoice(
        title="Compass", description="brass, boxed", currency="XTR", total_amount=1, start_param=""
    )
    page = media.web_page(
        "https://w.example.org/1", "Icebreaker leaves port", "It carries the spare rudder"
    )
    posts = [
        ("", types.MessageMediaToDo(todo, [])),
        ("", invoice),
        ("See https://w.example.org/1", page),
    ]
    for number, (text, attached) in enumerate(posts, 1):
        date = datetime(2026, 3, 2, 10, 0, number, tzinfo=UTC)
        posted = await stage.news.post(text, media=attached, date=date)
        posted.edit_date = EDITED.get(number)


async def set_alerts(path: Path, chat_id: int, *queries: str) -> None:
    db = await database.open_database(f"sqlite:///{path}")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    async with db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
        for query in queries:
            await alerts.add_alert(tx, chat_id=chat_id, query=query, now=now)
    await db.close()


async def test_the_next_scan_brings_back_what_an_older_version_lost_and_tells_nobody(
    new_stage: Any,
) -> None:
    stage = new_stage
    path = stage.folder / "data" / "dateline.db"
    await post_again(stage)
    make_former(path, str(stage.news.id), posts=3)
    await set_alerts(path, stage.ann.id, "buoy", "brass", "rudder", "is:edited")
    await stage.run(RECONCILE_INTERVAL="0.3", SCAN_REQUESTS_PER_MINUTE="6000")

    async def is_back(conn: Any) -> bool:
        names = [f"tg:{stage.news.id}/{number}" for number in (1, 2, 3)]
        found = await documents.find_documents(conn, names)
        return all(one.reader for one in found.values())

    await stage.wait_database(is_back)
    assert "[link] " in (await stage.chat.ask("/search spare rudder")).text
    assert "Buoys to check" in (await stage.chat.ask("/search outer buoy")).text
    await stage.news.post("Another buoy")
    await stage.chat.wait_for("Another buoy")
    assert len(stage.alerts()) == 1
    _, _, counts = await list_stored(path)
    assert counts["revision"] == 0
