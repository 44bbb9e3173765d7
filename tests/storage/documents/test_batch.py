"""The names by which a document is known, and what one says that its messages are gone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from storage.connection import Connection
from storage.document import Channel, Document, name_key
from storage.documents import documents, redactions
from storage.documents.batch import BatchEntry, document_names
from storage.documents.batch_entry import make_ready
from storage.documents.merge import Merged
from storage.records import Stored
from storage.structs import replace

MakeDocument = Callable[..., Document]
AT = datetime(2024, 5, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("doc_id", "key"),
    [
        ("tg:77/1", "tg:77/1"),
        ("tg:@Harbour/1", "tg:@harbour/1"),
        ("file:Harbour.html", "file:Harbour.html"),
    ],
)
def test_user_names_know_no_case(doc_id: str, key: str) -> None:
    assert name_key(doc_id) == key


@pytest.mark.parametrize(
    ("doc_id", "channel", "fields", "names"),
    [
        ("tg:77/1", Channel(id=77), {}, {"tg:77/1"}),
        ("tg:77/1", Channel(id=77, username="Harbour"), {}, {"tg:77/1", "tg:@harbour/1"}),
        ("tg:@Harbour/1", Channel(username="Harbour"), {}, {"tg:@harbour/1"}),
        ("tg:@Port/1", Channel(id=77, username="Harbour"), {},
         {"tg:@port/1", "tg:77/1", "tg:@harbour/1"}),
        ("tg:77/1", Channel(id=77), {"album_ids": (1, 2, 3)}, {"tg:77/1", "tg:77/2", "tg:77/3"}),
        ("tg:77/1", Channel(id=77, username="a"), {"album_ids": (1, 2)},
         {"tg:77/1", "tg:77/2", "tg:@a/1", "tg:@a/2"}),
        # A page that does not say which pictures belong together guesses it.
        ("tg:77/1", Channel(id=77), {"album_ids": (1, 2), "flags": ("album_guessed",)},
         {"tg:77/1"}),
        ("file:a.html", Channel(id=77), {}, {"file:a.html"}),
        ("tg:77/1", None, {}, {"tg:77/1"}),
        ("tg:77/1", Channel(id=77, username="a"), {"message_id": None}, {"tg:77/1"}),
    ],
)  # fmt: skip
def test_a_document_is_known_by_number_and_user_name_and_by_its_parts(
    doc_id: str,
    channel: Channel | None,
    fields: dict[str, object],
    names: set[str],
    make_document: MakeDocument,
) -> None:
    made = make_document(channel=channel, **{"doc_id": doc_id, "message_id": 1, **fields})
    assert document_names(made) == names


def entry(document: Document) -> BatchEntry:
    return BatchEntry(merged=Merged(document=document), row_id=5, stored=document)


def test_an_album_is_gone_with_its_last_message(make_document: MakeDocument) -> None:
    album = entry(make_document(message_id=1, album_ids=(1, 2)))
    assert not album.delete({9}, AT)
    assert not album.changed
    assert not album.delete({1}, AT)
    assert (album.changed, album.document.deleted_at) == (True, None)
    east = timezone(timedelta(hours=3))
    assert album.delete({2}, AT.astimezone(east))
    assert album.document.deleted_at == "2024-05-02T10:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "is_back"),
    [(None, False), (-60, False), (0, False), (0.5, False), (1, True), (60, True)],
)
def test_what_is_seen_later_than_it_was_gone_is_there(
    seconds: float | None, is_back: bool, make_document: MakeDocument
) -> None:
    gone = entry(make_document(deleted_at="2024-05-02T10:00:00Z"))
    gone.return_seen(None if seconds is None else AT + timedelta(seconds=seconds))
    assert (gone.document.deleted_at is None) == gone.changed == is_back
    there = entry(make_document())
    there.return_seen(AT)
    assert not there.changed


async def test_two_rows_become_one_also_where_what_shows_it_says_nothing_else(
    tx: Connection, make_document: MakeDocument
) -> None:
    named = make_document("Grain", channel=Channel(username="harbour"), source="tme_html")
    numbered = make_document("Grain", channel=Channel(id=77), source="tme_html")
    both = make_document("Grain", channel=Channel(id=77, username="harbour"), source="tme_html")
    stored = await documents.store_documents(tx, [numbered, named], stored_at=AT, live=True)
    assert len({one.id for one in stored}) == 2
    (joined,) = await documents.store_documents(tx, [both], stored_at=AT, live=True)
    assert joined.outcome == "updated"
    assert await documents.count_documents(tx) == 1
    found = await documents.find_documents(tx, ["tg:77/1", "tg:@harbour/1"])
    assert found == dict.fromkeys(("tg:77/1", "tg:@harbour/1"), joined.document)


async def test_rows_that_are_joined_one_after_another_leave_one_with_the_versions_of_all(
    tx: Connection, make_document: MakeDocument
) -> None:
    def post(text: str, **channel: Any) -> Document:
        return make_document(text, channel=Channel(**channel), source="tme_html")

    async def store(*given: Document) -> list[Stored]:
        return await documents.store_documents(tx, given, stored_at=AT, live=True)

    former = post("Grain", username="harbour")
    await store(post("Grain", username="port"))
    first, _ = await store(post("Grain", id=77), former)
    edited = make_document(
        "Grain!", channel=Channel(username="harbour"), edited_at="2024-05-02T09:00:00Z"
    )
    *_, joined, again = await store(
        edited,
        post("Grain", id=77, username="harbour"),
        post("Grain", id=77, username="port"),
        post("Grain!", username="harbour"),
    )
    assert await documents.count_documents(tx) == 1
    assert (joined.id, again.id, joined.outcome, again.outcome) == (
        first.id - 1, first.id - 1, "updated", "unchanged",
    )  # fmt: skip
    names = ["tg:77/1", "tg:@harbour/1", "tg:@port/1"]
    assert await documents.find_documents(tx, names) == dict.fromkeys(names, joined.document)
    assert await documents.list_revisions(tx, "tg:77/1") == [former]
    entered = await tx.fetch_all("SELECT DISTINCT document_id FROM chain_entry")
    assert [row["document_id"] for row in entered] == [joined.id]


@pytest.mark.parametrize("is_first", [True, False])
async def test_what_turns_out_to_be_a_redacted_post_says_nothing_either(
    tx: Connection, make_document: MakeDocument, is_first: bool
) -> None:
    def post(text: str, **channel: Any) -> Document:
        return make_document(text, channel=Channel(**channel), source="tme_html")

    async def store(*given: Document) -> list[Stored]:
        return await documents.store_documents(tx, given, stored_at=AT, live=True)

    redaction = redactions.Redaction(redacted_at=AT, reason="asked for")
    await redactions.add_redactions(tx, ["tg:@harbour/1"], redaction)
    both = [post("Grain", username="harbour"), post("Grain", id=77)]
    for one in both if is_first else both[::-1]:
        await store(one)
    (joined,) = await store(post("Grain", id=77, username="harbour"))
    assert redactions.is_redacted(joined.document)
    assert joined.document.texts() == [redaction.notice]


async def test_a_row_that_is_stored_keeps_its_place_when_a_new_one_turns_out_the_same(
    tx: Connection, make_document: MakeDocument
) -> None:
    numbered = make_document("Grain", channel=Channel(id=77), source="tme_html")
    named = make_document("Grain", channel=Channel(username="harbour"), source="tme_html")
    both = make_document("Grain", channel=Channel(id=77, username="harbour"), source="tme_html")
    (stored,) = await documents.store_documents(tx, [numbered], stored_at=AT, live=True)
    *_, joined = await documents.store_documents(tx, [named, both], stored_at=AT, live=True)
    assert joined.id == stored.id
    assert await documents.count_documents(tx) == 1


def test_what_a_row_cannot_hold_is_replaced_in_the_document_too(
    make_document: MakeDocument,
) -> None:
    one = entry(make_document("Grain"))
    before = one.document
    assert '"Grain"' in one.take_row_text()
    assert one.document is before
    lone = entry(make_document("Gr\ud800in"))
    assert '"Gr\ufffdin"' in lone.take_row_text()
    assert lone.document.title == "Gr\ufffdin"


def test_what_was_worked_out_beforehand_is_what_is_written(make_document: MakeDocument) -> None:
    document = make_document("Ferry 1 sails\nat sea")
    ready = make_ready(document)
    assert ready is not None
    plain, prepared, changed = (
        BatchEntry(merged=Merged(document=one), ready=kept)
        for one, kept in (
            (document, None),
            (document, ready),
            (replace(document, lang="fr"), ready),
        )
    )
    for entry in (plain, prepared):
        assert entry.take_row_text() == ready.text
        assert entry.version == ready.version
        assert entry.analyse() == entry.analysed == ready.analysed
    assert prepared.analysed is ready.analysed
    assert '"lang":"fr"' in changed.take_row_text()
    assert changed.analyse() != ready.analysed


def test_what_is_not_written_as_it_stands_is_not_worked_out(make_document: MakeDocument) -> None:
    assert make_ready(replace(make_document("Ferry 1 sails\nat sea"), title="Ferry \ud800")) is None


@pytest.mark.parametrize("story", [None, "tg:9/9"])
@pytest.mark.parametrize(("id", "expected"), [(77, "tg:@harbour/1"), (None, None)])
async def test_the_first_of_a_story_that_gets_another_name_stays_in_it(
    tx: Connection,
    make_document: MakeDocument,
    story: str | None,
    id: int | None,
    expected: str | None,
) -> None:
    first = make_document("Grain", channel=Channel(username="harbour"), source="tme_html")
    beside = make_document("Grain", channel=Channel(username="quay"), source="tme_html")
    await documents.store_documents(tx, [first, beside], stored_at=AT, live=True)
    await tx.execute("UPDATE document SET story = ? WHERE doc_id = ?", (story, first.doc_id))
    named = Channel(id=id, username="harbour")
    edited = make_document(
        "Grain sails", channel=named, source="telethon", edited_at=f"{AT:%FT%TZ}"
    )
    await documents.store_documents(tx, [edited], stored_at=AT, live=True)
    rows = await tx.fetch_all("SELECT doc_id, story FROM document ORDER BY doc_id")
    doc_id = "tg:@harbour/1" if id is None else "tg:77/1"
    assert {row["doc_id"]: row["story"] for row in rows} == {
        doc_id: story or expected,
        "tg:@quay/1": None,
    }


@pytest.mark.parametrize("before", [(), ("name",), ("number",), ("number", "name")])
@pytest.mark.parametrize("order", [("name", "number", "both"), ("number", "name", "both")])
async def test_what_a_later_post_of_the_batch_shows_to_be_one_post_is_told_as_one(
    tx: Connection, make_document: MakeDocument, before: tuple[str, ...], order: tuple[str, ...]
) -> None:
    ways = {"name": Channel(username="harbour"), "number": Channel(id=77)}
    ways["both"] = Channel(id=77, username="harbour")

    async def store(*given: str) -> list[Stored]:
        posts = [make_document("Grain", channel=ways[way], source="tme_html") for way in given]
        return await documents.store_documents(tx, posts, stored_at=AT, live=True)

    for way in before:
        await store(way)
    stored = await store(*order)
    rows = await tx.fetch_all("SELECT id FROM document")
    assert [row["id"] for row in rows] == [stored[0].id]
    assert {one.id for one in stored} == {stored[0].id}
    assert len({one.document.doc_id for one in stored}) == 1
    assert [one.outcome for one in stored].count("new") == (0 if before else 1)
