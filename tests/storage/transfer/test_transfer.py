"""A whole database into PostgreSQL and back: all is there, and each message goes out once."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import former_rows
import former_schemas
import pytest
import transferred
from database_steps import mark_sent
from former_rows import NOON

from storage import instance
from storage.connection import Database
from storage.database import open_database
from storage.documents import search
from storage.errors import StorageError
from storage.outbox import outbox
from storage.query.reading.syntax import parse

LATER = NOON + timedelta(days=1)


@pytest.fixture
async def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    await transferred.make(path)
    return path


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def assert_served(url: str) -> None:
    """All that was stored is found, and what was queued goes out once under the id it had."""
    async with opened(url) as database:
        async with database.reader() as conn:
            for row_id, word in former_rows.WORDS.items():
                page = await search.search(conn, parse(word))
                found = [hit.document.doc_id for hit in page.hits]
                assert found == [former_rows.POSTS[row_id]["doc_id"]], word
        async with database.transaction() as tx:
            claimed = await outbox.claim_due(tx, now=LATER, limit=99, lease_until=LATER)
            assert len(claimed) >= 8
            for row in claimed:
                await mark_sent(tx, row.id, 1, LATER)
            later = LATER + timedelta(hours=1)
            assert not await outbox.claim_due(tx, now=later, limit=99, lease_until=later)


async def test_all_is_carried_over_and_back(old: Path, tmp_path: Path, postgres_url: str) -> None:
    content, held = bytes_of(old), transferred.read_file(old)
    assert all(held.values())
    first = await transferred.carry(f"sqlite:///{old}", postgres_url)
    assert await transferred.read_server(postgres_url, old) == held
    assert bytes_of(old) == content
    back = tmp_path / "back.db"
    second = await transferred.carry(postgres_url, f"sqlite:///{back}")
    assert transferred.read_file(back) == held
    assert first.tables == second.tables
    assert sum(one.rows for one in first.tables) >= sum(map(len, held.values())) - len(held["ids"])
    assert first.identity and second.identity
    assert second.identity.counter == first.identity.counter + 1
    await assert_served(postgres_url)
    await assert_served(f"sqlite:///{back}")


async def test_new_rows_get_ids_that_no_row_ever_had(old: Path, postgres_url: str) -> None:
    with closing(sqlite3.connect(old)) as db:
        known = dict(db.execute("SELECT name, seq FROM sqlite_sequence"))
        (channels,) = db.execute("SELECT max(id) FROM channel").fetchone()
    await transferred.carry(f"sqlite:///{old}", postgres_url)
    async with opened(postgres_url) as database, database.transaction() as tx:
        alert = await tx.insert(
            "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)", (43, "new", 1)
        )
        channel = await tx.insert("INSERT INTO channel (watched, added_at) VALUES (?, ?)", (1, 1))
        delivery = await tx.insert(
            "INSERT INTO delivery (chat_id, kind, key, random_id, payload, priority, due_at,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (43, "answer", "k", 99, "{}", 1, 1, 1),
        )
    assert (alert, channel, delivery) == (known["alert"] + 1, channels + 1, 5001)


async def test_what_came_in_since_comes_back(old: Path, tmp_path: Path, postgres_url: str) -> None:
    await transferred.carry(f"sqlite:///{old}", postgres_url)
    async with opened(postgres_url) as database, database.transaction() as tx:
        await tx.insert(
            "INSERT INTO alert (chat_id, query, created_at) VALUES (?, ?, ?)", (43, "new", 1)
        )
        claimed = await outbox.claim_due(tx, now=LATER, limit=3, lease_until=LATER)
        for row in claimed:
            await mark_sent(tx, row.id, 77, LATER)
        await tx.execute("DELETE FROM delivery WHERE id = (SELECT max(id) FROM delivery)")
        await tx.skip_ids("plan", instance.SKIPPED)
        await instance.raise_counter(tx)
    back = tmp_path / "back.db"
    await transferred.carry(postgres_url, f"sqlite:///{back}")
    held = transferred.read_file(back)
    assert held == await transferred.read_server(postgres_url, back)
    assert dict(held["ids"])["plan"] > instance.SKIPPED
    assert dict(held["ids"])["delivery"] == 5000
    with closing(sqlite3.connect(back)) as db:
        sent = "SELECT count(*) FROM delivery WHERE message_id = 77 AND state = 'sent'"
        assert db.execute(sent).fetchone() == (3,)


async def test_what_is_there_already_is_not_written_over(
    old: Path, tmp_path: Path, postgres_url: str
) -> None:
    other = tmp_path / "other.db"
    await transferred.make(other)
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("UPDATE fact SET value = 'ffff' WHERE name = 'instance'")
    await transferred.carry(f"sqlite:///{other}", postgres_url)
    held = await transferred.read_server(postgres_url, other)
    with pytest.raises(StorageError, match="not empty"):
        await transferred.carry(f"sqlite:///{old}", postgres_url)
    assert await transferred.read_server(postgres_url, other) == held


async def test_once_it_is_done_it_is_only_looked_at_again(old: Path, postgres_url: str) -> None:
    first = await transferred.carry(f"sqlite:///{old}", postgres_url)
    again = await transferred.carry(f"sqlite:///{old}", postgres_url)
    assert (first.was_whole, again.was_whole) == (False, True)
    assert again.tables == first.tables
    async with opened(postgres_url) as database, database.transaction() as tx:
        await instance.raise_counter(tx)  # a service has run on it
    with pytest.raises(StorageError, match="not empty"):
        await transferred.carry(f"sqlite:///{old}", postgres_url)


async def test_a_copy_that_is_not_whole_is_served_by_nobody_and_is_of_one_database(
    old: Path, tmp_path: Path, postgres_url: str
) -> None:
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("UPDATE channel SET title = ? WHERE id = 2", ("nul\0nul",))
    with pytest.raises(StorageError, match="title holds a NUL") as refused:
        await transferred.carry(f"sqlite:///{old}", postgres_url)
    assert refused.value.where == "channel 2"
    with pytest.raises(StorageError, match="not whole"):
        await open_database(postgres_url)
    with pytest.raises(StorageError, match="not whole"):
        await transferred.carry(postgres_url, f"sqlite:///{tmp_path / 'back.db'}")
    other = tmp_path / "other.db"
    await transferred.make(other)
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("UPDATE fact SET value = 'ffff' WHERE name = 'instance'")
    with pytest.raises(StorageError, match="of another database"):
        await transferred.carry(f"sqlite:///{other}", postgres_url)
    outcome = await transferred.carry(f"sqlite:///{old}", postgres_url, replaces_nul=True)
    assert outcome.replaced == 1
    held = await transferred.read_server(postgres_url, old)
    assert [row[4] for row in held["channel"]] == ["Harbour News", "nul\ufffdnul"]


async def test_one_that_changed_meanwhile_is_no_copy_any_more(old: Path, postgres_url: str) -> None:
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("INSERT INTO caller (chat_id, wrote_at, request) VALUES (59, 1, 'r59')")
        db.execute("UPDATE channel SET title = ? WHERE id = 2", ("nul\0nul",))
    with pytest.raises(StorageError, match="NUL"):
        await transferred.carry(f"sqlite:///{old}", postgres_url)
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("UPDATE channel SET title = 'mended' WHERE id = 2")
        db.execute("UPDATE caller SET name = 'another' WHERE chat_id = 60")  # copied by then
    with pytest.raises(StorageError, match="caller 60 is not as in the old database"):
        await transferred.carry(f"sqlite:///{old}", postgres_url)
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("INSERT INTO fact VALUES ('instance_counter', '9')")  # a service ran on it
    with pytest.raises(StorageError, match="before it was written last"):
        await transferred.carry(f"sqlite:///{old}", postgres_url)


async def test_one_of_an_older_version_is_left_alone(tmp_path: Path, postgres_url: str) -> None:
    path = tmp_path / "old.db"
    former_schemas.made_at(former_schemas.list_commits()[-2]).write(path)
    held = bytes_of(path)
    with pytest.raises(StorageError, match="of an older version"):
        await transferred.carry(f"sqlite:///{path}", postgres_url)
    with pytest.raises(StorageError, match="no such file"):
        await transferred.carry(f"sqlite:///{tmp_path / 'none.db'}", postgres_url)
    assert bytes_of(path) == held
    (tmp_path / "text.db").write_text("not a database, whatever its name says " * 9)
    with pytest.raises(StorageError, match="not a Dateline database"):
        await transferred.carry(f"sqlite:///{tmp_path / 'text.db'}", postgres_url)
