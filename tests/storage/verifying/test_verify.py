"""A database that is looked through: nothing is found in a sound one, else each thing by name."""

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from database_steps import mark_sent

from storage import database as databases
from storage.connection import Database
from storage.document import Channel
from storage.documents import documents
from storage.errors import SchemaTooNewError, StorageError
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.sqlite import migrate
from storage.verifying import checks
from storage.verifying import verify as verifying
from storage.verifying.checks import Report
from storage.verifying.verify import verify

POSTS = 12
UNNUMBERED = Channel(username="Lisvik_Port", title="Port of Lisvik")
"""A channel whose number is not known: its posts keep its capitals, their keys do not."""


@pytest.fixture
async def filled(database: Database, database_path: Path, make_document: Any, now: Any) -> Path:
    """A database with posts, of which one says the same, and messages in several states."""
    posts = [
        make_document(f"Grain exports, part {n}\nThe port of Lisvik, {n}", message_id=n)
        for n in range(1, POSTS)
    ]
    posts.append(make_document("Grain of another port", message_id=POSTS, channel=UNNUMBERED))
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True)
    return database_path


@pytest.fixture
async def sent(filled: Path, database: Database, queue_in: Any, now: Any) -> Path:
    """The same with messages, one of each state that there mostly is."""
    async with database.transaction() as tx:
        await queue_in(tx, "a", "b", "c", "d")
        first, second, *_ = await outbox.claim_due(
            tx, now=now, limit=4, lease_until=now + timedelta(minutes=1)
        )
        await mark_sent(tx, first.id, 7, now)
        await outbox.mark_dead(tx, second.id, "MESSAGE_EMPTY")
    return filled


@pytest.fixture
def queue_in(now: Any) -> Callable[..., Any]:
    async def add(tx: Any, *keys: str) -> None:
        rows = [new_rows.alert(5, key, AlertPayload(doc_id=key), now=now) for key in keys]
        await queueing.add_deliveries(tx, rows)

    return add


def break_it(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def test_nothing_is_found_in_a_sound_database_and_nothing_is_changed(sent: Path) -> None:
    before = sent.read_bytes()
    assert verify(sent) == Report(documents=POSTS, problems=())
    assert sent.read_bytes() == before


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            ["UPDATE document SET json = '{}' WHERE message_id = 3"],
            "documents: 1 row holds no document, or another one: tg:77/3",
        ),
        (
            ["DELETE FROM document_index_docsize WHERE id = (SELECT max(id) FROM document)"],
            f"index: 1 document is not in it: tg:@lisvik_port/{POSTS}",
        ),
        (["DELETE FROM document WHERE message_id = 1"], "index: 1 entry is of no document: "),
        (
            ["UPDATE document SET json = replace(json, 'Grain', 'Copper') WHERE message_id = 2"],
            "index: 1 document is not found by its own words: tg:77/2",
        ),
        (
            ["UPDATE document SET analysis = 1 WHERE message_id < 6"],
            "index: 5 documents were indexed by another version: tg:77/1, tg:77/2, tg:77/3, …",
        ),
        (
            ["INSERT INTO revision (document_id, replaced_at, json) VALUES (404, 1, '{}')"],
            "revision: 1 row belongs to a document that is not there",
        ),
        (
            ["UPDATE delivery SET told_post = 404 WHERE state = 'sent'"],
            "outbox: 1 row tells of a post that is not there: 1",
        ),
        (
            ["INSERT INTO told_post (id, name) VALUES (404, 'x')"],
            "outbox: 1 post is told by no row: 404",
        ),
        (
            [
                "INSERT INTO delivery (chat_id, kind, key, random_id, told_post, payload, priority,"
                " due_at, created_at) SELECT chat_id, kind, key, 1, told_post, payload, priority,"
                " due_at, created_at FROM delivery WHERE id = 3",
            ],
            "outbox: 1 key stands in several rows: 3",
        ),
        (
            ["UPDATE delivery SET leased_until = 5 WHERE state = 'sent'"],
            "outbox: 1 row that is done is under way: 1",
        ),
        (
            ["UPDATE delivery SET message_id = 5 WHERE id = 3"],
            "outbox: 1 row that waits is done: 3",
        ),
        (
            ["UPDATE delivery SET finished_at = NULL WHERE state = 'sent'"],
            "outbox: 1 row that was sent says not when: 1",
        ),
        (
            ["UPDATE delivery SET target = 404 WHERE id = 3"],
            "outbox: 1 edit that waits is of a message that is not there: 3",
        ),
        (
            ["UPDATE delivery SET payload = '[' WHERE id = 4"],
            "outbox: 1 row that waits cannot be read: 4",
        ),
    ],
)
def test_each_thing_that_is_wrong_is_said(sent: Path, statements: list[str], said: str) -> None:
    break_it(sent, *statements)
    report = verify(sent)
    assert not report.ok
    assert any(problem.startswith(said) for problem in report.problems), report.problems


def test_many_of_a_kind_are_one_line(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_COUNTED", 4)
    break_it(sent, "UPDATE document SET analysis = 1")
    assert verify(sent).problems == (
        "index: 4 or more documents were indexed by another version: tg:77/1, tg:77/2, tg:77/3, …",
    )


def test_what_a_new_analysis_has_not_reached_yet_is_no_problem(sent: Path) -> None:
    break_it(
        sent,
        "UPDATE document SET analysis = 1",
        "INSERT INTO document_index (document_index) VALUES ('delete-all')",
        "INSERT INTO fact VALUES ('analysis_left', '9')",
    )
    assert verify(sent).ok


async def test_a_damaged_file_is_a_problem(sent: Path, database: Database) -> None:
    await database.close()
    with sent.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096 * 6)
    report = verify(sent)
    assert report.is_damaged
    assert not report.ok
    assert report.problems[0].startswith("file: ")


def test_no_database_is_a_problem_and_no_file_an_error(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 1000)
    assert verify(tmp_path / "text.db").is_damaged
    break_it(tmp_path / "other.db", "CREATE TABLE t (x)")
    with pytest.raises(StorageError, match="not a Dateline database"):
        verify(tmp_path / "other.db")
    with pytest.raises(StorageError, match="no such file"):
        verify(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()


def test_a_newer_version_is_said(sent: Path) -> None:
    break_it(sent, "INSERT INTO schema_migration VALUES (9999, 'later', 1)")
    with pytest.raises(SchemaTooNewError, match="schema 9999"):
        verify(sent)


async def test_of_an_earlier_version_the_file_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = await databases.engine.open_file(path)
    await migrate.migrate(old, migrate.list_migrations()[:3])
    await old.close()
    assert verify(path) == Report(documents=0, problems=(), is_older=True)


def test_it_can_be_given_up(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "LOOK_STEPS", 1)
    with pytest.raises(StorageError, match="given up"):
        verify(sent, goes_on=lambda: False)


async def test_a_service_writes_on_meanwhile(
    sent: Path, database: Database, make_document: Any, now: Any
) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(
            tx, [make_document("Ferry", message_id=99)], stored_at=now, live=True
        )
        assert verify(sent) == Report(documents=POSTS, problems=())
    assert verify(sent).documents == POSTS + 1
