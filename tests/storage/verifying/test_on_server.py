"""A database on a server that is looked through: what is ours there is looked at."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from database_steps import mark_sent

from bot.intake.indexing import index_archive
from storage.chain import found, heads
from storage.connection import Database
from storage.database import open_database
from storage.document import Channel
from storage.documents import documents
from storage.documents import index as document_index
from storage.documents.search import search
from storage.errors import SchemaTooNewError, StorageError, UnavailableError
from storage.location import location_of
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.query.reading.syntax import parse
from storage.verifying.checks import Report
from storage.verifying.on_server import verify

POSTS = 12
UNNUMBERED = Channel(username="Lisvik_Port", title="Port of Lisvik")
"""A channel whose number is not known: its posts keep its capitals, their keys do not."""
FREE = "SET LOCAL session_replication_role = replica"
"""The server does not look what points at what."""


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = await open_database(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
async def filled(database: Database, make_document: Any, now: Any) -> Database:
    """Posts, one of them edited, in the chain, and messages in several states."""
    posts = [
        make_document(f"Grain exports, part {n}\nThe port of Lisvik, {n}", message_id=n)
        for n in range(1, POSTS)
    ]
    posts.append(make_document("Grain of another port", message_id=POSTS, channel=UNNUMBERED))
    edited = make_document("Grain exports, mended", message_id=4, edited_at="2024-05-01T12:30:00Z")
    async with database.transaction() as tx:
        await documents.store_documents(tx, posts, stored_at=now, live=True)
        await documents.store_documents(tx, [edited], stored_at=now, live=True)
        rows = [new_rows.alert(5, key, AlertPayload(doc_id=key), now=now) for key in "abcd"]
        await queueing.add_deliveries(tx, rows)
        first, second, *_ = await outbox.claim_due(
            tx, now=now, limit=4, lease_until=now + timedelta(minutes=1)
        )
        await mark_sent(tx, first.id, 7, now)
        await outbox.mark_dead(tx, second.id, "MESSAGE_EMPTY")
    await found.find_all(database, now=now)
    await heads.close_days(database, now=now + timedelta(days=2))
    return database


async def test_nothing_is_found_in_a_sound_database(filled: Database, postgres_url: str) -> None:
    assert await verify(location_of(postgres_url)) == Report(documents=POSTS, problems=())


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            ["UPDATE document SET json = '{}' WHERE message_id = 3"],
            "documents: 1 row holds no document, or another one: tg:77/3",
        ),
        (
            ["UPDATE revision SET json = '{}x'"],
            "documents: 1 earlier version cannot be read: ",
        ),
        (
            ["DELETE FROM document_index WHERE id = (SELECT max(id) FROM document)"],
            f"index: 1 document is not in it: tg:@lisvik_port/{POSTS}",
        ),
        (
            [FREE, "DELETE FROM document WHERE message_id = 1"],
            "index: 1 entry is of no document: ",
        ),
        (
            [FREE, "DELETE FROM document_index WHERE id = (SELECT max(id) FROM document)"],
            "index: how much is in it is counted wrong",
        ),
        (
            ["UPDATE document SET json = replace(json, 'Grain', 'Copper') WHERE message_id = 2"],
            "index: 1 document is not found by its own words: tg:77/2",
        ),
        (
            ["UPDATE document SET json = replace(json, 'Grain', 'Copper') WHERE message_id = 2"],
            "chain: 1 document is not as it was recorded: tg:77/2",
        ),
        (
            ["UPDATE document_index SET terms = terms || CAST('bcopper:1' AS tsvector)"],
            "index: 12 documents are not found by their own words: tg:77/1, tg:77/2, tg:77/3, …",
        ),
        (
            ["UPDATE document SET analysis = 1 WHERE message_id < 6"],
            "index: 5 documents were indexed by another version: tg:77/1, tg:77/2, tg:77/3, …",
        ),
        (
            [FREE, "INSERT INTO revision (document_id, replaced_at, json) VALUES (404, 1, '{}')"],
            "revision: 1 row belongs to a document that is not there",
        ),
        (
            ["UPDATE delivery SET leased_until = 5 WHERE state = 'sent'"],
            "outbox: 1 row that is done is under way: ",
        ),
        (
            ["UPDATE delivery SET payload = '[' WHERE key = 'd'"],
            "outbox: 1 row that waits cannot be read: ",
        ),
        (
            ["UPDATE chain_entry SET doc_id = 'tg:77/99' WHERE seq = 3"],
            "chain: 1 entry is not as it was made: 3",
        ),
        (
            ["DELETE FROM chain_entry WHERE seq = 3"],
            "chain: 1 entry is not as it was made: 4",
        ),
        (
            ["UPDATE chain_head SET root = last_hash"],
            "chain: 1 head is not as it was made: 2024-05-01",
        ),
    ],
)
async def test_each_thing_that_is_wrong_is_said(
    filled: Database, postgres_url: str, statements: list[str], said: str
) -> None:
    async with filled.transaction() as tx:
        for statement in statements:
            await tx.execute(statement)
    report = await verify(location_of(postgres_url))
    assert any(problem.startswith(said) for problem in report.problems), report.problems


@pytest.mark.parametrize(("times", "missed"), [(300, []), (1, ["tg:77/1"])])
async def test_what_was_beyond_the_index_before_an_upgrade_has_no_signs(
    database: Database, postgres_url: str, make_document: Any, now: Any, times: int, missed: Any
) -> None:
    """And no words: what is decided on the document needs none."""
    made = make_document("grain " * times + "export")
    async with database.transaction() as tx:
        await documents.store_documents(tx, [made], stored_at=now, live=True)
        await tx.execute("DELETE FROM document_index_signs")
        await tx.execute("DELETE FROM document_index_words")
    problems = (await verify(location_of(postgres_url))).problems
    assert [one for one in problems if "index" in one] == [
        line.format(name)
        for name in missed
        for line in (
            "index: 1 document lacks what words in a row are found by, and is indexed anew by"
            " `dateline run`: {}",
            "index: 1 document is not found by its own words: {}",
        )
    ]


@pytest.mark.parametrize(
    ("table", "hidden", "named"),
    [
        ("document_index_signs", [2, 3], [2, 3]),
        ("document_index_words", [], [2, 3]),  # then the document itself is looked at
        ("document_index_pairs", [], [2, 3]),  # among so few nothing is looked up by them
        ("document_index", [2, 3], []),
    ],
)
async def test_what_the_index_has_lost_is_indexed_anew_at_the_next_start(
    filled: Database, postgres_url: str, table: str, hidden: list[int], named: list[int]
) -> None:
    """And found by words in a row again, as before."""
    location, phrase = location_of(postgres_url), '"port of Lisvik"'

    async def find() -> list[str]:
        async with filled.reader() as conn:
            found = await search(conn, parse(phrase), limit=POSTS)
            return [one.document.doc_id for one in found.hits]

    before = await find()
    async with filled.transaction() as tx:
        await tx.execute(
            f"DELETE FROM {table} WHERE id IN"  # noqa: S608
            " (SELECT id FROM document WHERE message_id IN (2, 3))"
        )
    assert {*before} - {*await find()} == {f"tg:77/{number}" for number in hidden}
    said = [one for one in (await verify(location)).problems if "`dateline run`" in one]
    names = ", ".join(f"tg:77/{number}" for number in named)
    assert said == [
        "index: 2 documents lack what words in a row are found by, and are indexed anew by"
        f" `dateline run`: {names}"
    ] * bool(named)
    await index_archive(filled)
    assert (await find(), (await verify(location)).problems) == (before, ())


async def test_what_is_lost_is_not_indexed_anew_by_a_process_of_another_version(
    filled: Database,
) -> None:
    """Once a new one has begun: its terms would stand among those of the new one."""
    async with filled.transaction() as tx:
        await tx.execute("DELETE FROM document_index_words")
        await tx.execute("UPDATE fact SET value = '1' WHERE name = 'analysis_version'")
    assert await document_index.mend(filled) == 0
    async with filled.transaction() as tx:
        assert await tx.fetch_all("SELECT id FROM document_index_words") == []
        changed = "UPDATE fact SET value = ? WHERE name = 'analysis_version'"
        assert await tx.execute(changed, (str(document_index.version()),)) == 1
    assert await document_index.mend(filled) > 0


async def test_what_a_new_analysis_has_not_reached_yet_is_no_problem(
    filled: Database, postgres_url: str
) -> None:
    async with filled.transaction() as tx:
        await tx.execute("UPDATE document SET analysis = 1")
        await tx.execute("INSERT INTO fact VALUES ('analysis_left', '9')")
    assert (await verify(location_of(postgres_url))).ok


async def test_what_is_none_of_ours_is_said(new_postgres_url: str) -> None:
    with pytest.raises(StorageError, match="no Dateline database"):
        await verify(location_of(new_postgres_url))
    database = await open_database(new_postgres_url)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM schema_migration WHERE version = 80")
    assert await verify(location_of(new_postgres_url)) == Report(
        documents=0, problems=(), is_older=True
    )
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO schema_migration VALUES (9999, 'later', 1)")
    await database.close()
    with pytest.raises(SchemaTooNewError, match="schema 9999"):
        await verify(location_of(new_postgres_url))
    with pytest.raises(UnavailableError, match="cannot be reached"):
        await verify(location_of("postgresql://127.0.0.1:1/dateline"))
