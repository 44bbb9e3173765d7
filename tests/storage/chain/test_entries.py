"""What goes into the chain, and that each entry holds on to the one before."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.chain import entries, versions
from storage.chain.entries import Entry
from storage.connection import Database
from storage.document import DELETED, Author, Channel, Document
from storage.documents import documents
from storage.documents.authors import Authors
from storage.structs import replace

MakeDocument = Callable[..., Document]
LATER = "2024-05-01T12:30:00Z"
FULL = Authors(keep="full")


async def store(database: Database, *given: Document, at: datetime, seen: bool = False) -> int:
    async with database.transaction() as tx:
        seen_at = [at if seen else None for _ in given]
        stored = await documents.store_documents(
            tx, given, stored_at=at, live=True, authors=FULL, seen_at=seen_at
        )
    return stored[-1].id


async def chain(database: Database) -> list[Entry]:
    async with database.reader() as conn:
        return await entries.list_between(conn, 1, 1_000_000)


def check(found: list[Entry]) -> None:
    """Each entry's hash is that of its line behind the one before."""
    previous = entries.NOTHING
    for number, entry in enumerate(found, 1):
        assert entry.seq == number
        assert entry.hash == entries.hash_of(entry.line(previous))
        previous = entry.hash


def forms(found: list[Entry], *told: tuple[str, Document]) -> None:
    assert [(one.kind, one.version) for one in found] == [
        (kind, versions.digest(versions.canonical(document))) for kind, document in told
    ]
    check(found)


async def test_every_version_has_an_entry(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    first, other = make_document("One"), make_document("Other", message_id=2)
    edited = make_document("Two", edited_at=LATER)
    counted = replace(edited, views=5)
    known = replace(edited, author_signature="Desk")
    await store(database, first, other, at=now)
    await store(database, edited, at=now)
    await store(database, counted, at=now)
    await store(database, known, at=now)
    found = await chain(database)
    forms(found, ("stored", first), ("stored", other), ("edited", edited), ("changed", known))
    assert {entry.made_at for entry in found} == {now}
    assert [entry.doc_id for entry in found] == ["tg:77/1", "tg:77/2", "tg:77/1", "tg:77/1"]


async def test_edits_that_come_together_have_an_entry_each(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    said = [
        make_document("One"),
        make_document("Two", edited_at=LATER),
        make_document("One", edited_at="2024-05-01T12:31:00Z"),
    ]
    await store(database, *said, at=now)
    forms(
        await chain(database),
        *zip(("stored", "edited", "edited"), said, strict=True),
    )


async def test_a_deletion_and_a_return_have_an_entry_each(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    post = make_document("One")
    await store(database, post, at=now)
    async with database.transaction() as tx:
        await documents.mark_deleted(tx, channel_id=77, message_ids=[1], noticed_at=now)
    gone = replace(post, deleted_at="2024-05-01T12:00:00Z")
    await store(database, post, at=now + timedelta(hours=1), seen=True)
    forms(await chain(database), ("stored", post), ("deleted", gone), ("restored", post))


async def test_a_person_who_is_forgotten_leaves_the_hashes(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    ann = Author(kind="user", id=5, name="Ann Example")
    said = [make_document("One", author=ann), make_document("Two", edited_at=LATER, author=ann)]
    await store(database, *said, at=now)
    async with database.transaction() as tx:
        await documents.forget_person(tx, 5, now=now)
    left = [replace(document, author=DELETED) for document in said]
    forms(
        await chain(database),
        ("stored", said[0]),
        ("edited", said[1]),
        ("forgotten", left[1]),
        ("forgotten", left[0]),
    )


async def test_entries_follow_documents_that_become_one(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    by_name = make_document("One", channel=Channel(username="harbour"))
    by_number = make_document("One", channel=Channel(id=77))
    await store(database, by_name, at=now)
    await store(database, by_number, at=now)
    row = await store(database, make_document("One"), at=now)
    found = await chain(database)
    check(found)
    assert {entry.document_id for entry in found} == {row}
    async with database.reader() as conn:
        assert await entries.list_of_documents(conn, [row]) == found


async def test_an_entry_outlives_its_document(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    await store(database, make_document("One"), at=now)
    (before,) = await chain(database)
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM document")
    assert await chain(database) == [replace(before, document_id=None)]


async def test_what_is_rolled_back_was_never_in_the_chain(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await documents.store_documents(tx, [make_document("No")], stored_at=now, live=True)
            raise RuntimeError
    await store(database, make_document("Yes"), at=now)
    forms(await chain(database), ("stored", make_document("Yes")))


@pytest.mark.parametrize(
    "bent",
    [
        {"seq": 8},
        {"kind": "edited"},
        {"doc_id": 'tg:77/2","x'},
        {"made_at": datetime(2024, 5, 1, 12, 0, 0, 1, tzinfo=UTC)},
        {"stored_at": datetime(2024, 5, 1, tzinfo=UTC)},
        {"version": bytes(31) + b"\x01"},
    ],
)
def test_whatever_an_entry_says_is_in_its_hash(bent: dict[str, object], now: datetime) -> None:
    entry = Entry(
        seq=7,
        kind="stored",
        doc_id="tg:77/1",
        made_at=datetime(2024, 5, 1, 12, tzinfo=UTC),
        stored_at=None,
        version=bytes(32),
        hash=b"",
        document_id=1,
    )
    line = entry.line(entries.NOTHING)
    assert line == (
        '["dateline/entry/1",7,"stored","tg:77/1","2024-05-01T12:00:00.000000Z",null,'
        f'"{"0" * 64}","{"0" * 64}"]'
    )
    assert replace(entry, **bent).line(entries.NOTHING) != line  # type: ignore[arg-type]
    assert entry.line(b"\x01" * 32) != line


@given(
    kind=st.text(), doc_id=st.text(), claimed=st.none() | st.text(), seq=st.integers(min_value=1)
)
def test_a_line_is_the_json_of_what_it_says(
    kind: str, doc_id: str, claimed: str | None, seq: int
) -> None:
    made, version, previous = "2024-05-01T12:00:00.000000Z", b"\x01" * 32, entries.NOTHING
    told = [entries.FORM, seq, kind, doc_id, made, claimed, version.hex(), previous.hex()]
    line = entries.line_of(seq, kind, doc_id, made, claimed, version, previous)
    assert line == json.dumps(told, ensure_ascii=False, separators=(",", ":"))
