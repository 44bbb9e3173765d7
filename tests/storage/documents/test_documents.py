import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import times as moments
from storage.channels import channels
from storage.connection import Database
from storage.database import open_database
from storage.document import Channel, Document, Media
from storage.documents import documents, search
from storage.errors import NotFoundError
from storage.query.reading.syntax import parse
from storage.records import Stored
from storage.structs import replace

MakeDocument = Callable[..., Document]


async def store(
    database: Database, *given: Document, stored_at: datetime, live: bool = True
) -> list[Stored]:
    async with database.transaction() as tx:
        return await documents.store_documents(tx, given, stored_at=stored_at, live=live)


async def find(database: Database, doc_id: str) -> Document | None:
    async with database.reader() as reader:
        return await documents.find_document(reader, doc_id)


def check_index(path: Path) -> None:
    """FTS5's own check, and ours: exactly the ids of the documents are in the index."""
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO document_index (document_index) VALUES ('integrity-check')")
    indexed = {row for (row,) in connection.execute("SELECT rowid FROM document_index")}
    stored = {row for (row,) in connection.execute("SELECT id FROM document")}
    connection.close()
    assert indexed == stored


def terms(path: Path) -> dict[str, int]:
    """What is in the index: each term with the number of documents that hold it."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, document_index, row)")
    found = dict(connection.execute("SELECT term, doc FROM temp.words"))
    connection.close()
    return found


async def test_a_document_comes_back_as_it_went_in(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    document = make_document("Порт открыт\nГрузы пошли 🚢", media=(Media(type="photo"),))
    (stored,) = await store(database, document, stored_at=now)
    assert (stored.document, stored.outcome, stored.revised) == (document, "new", False)
    assert await find(database, document.doc_id) == document
    async with database.reader() as reader:
        assert await documents.list_documents(reader, [stored.id, 5]) == {stored.id: document}
        assert await documents.count_documents(reader) == 1


async def test_the_same_again_is_unchanged(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    document = make_document()
    (first,) = await store(database, document, stored_at=now)
    again = replace(document, source=replace(document.source, retrieved_at="2024-05-02T00:00:00Z"))
    (second,) = await store(database, again, stored_at=now + timedelta(hours=1))
    assert (second.outcome, second.id, second.document) == ("unchanged", first.id, document)


async def test_the_same_twice_in_one_batch(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    results = await store(database, make_document(), make_document(), stored_at=now)
    assert [result.outcome for result in results] == ["new", "unchanged"]
    assert results[0].id == results[1].id


async def test_missing_documents(database: Database) -> None:
    assert await find(database, "tg:1/1") is None
    async with database.reader() as reader:
        with pytest.raises(NotFoundError, match="tg:1/1"):
            await documents.get_document(reader, "tg:1/1")


async def test_a_later_edit_makes_a_revision(
    database: Database, make_document: MakeDocument, now: datetime, database_path: Path
) -> None:
    first = make_document("Old words")
    second = make_document("New words", edited_at="2024-05-01T12:30:00Z")
    await store(database, first, stored_at=now)
    (stored,) = await store(database, second, stored_at=now)
    assert (stored.outcome, stored.revised) == ("updated", True)
    async with database.reader() as reader:
        assert await documents.list_revisions(reader, first.doc_id) == [first]
    assert await find(database, first.doc_id) == second
    assert "old" not in terms(database_path)
    check_index(database_path)


async def test_two_edits_in_one_batch_make_two_revisions(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    versions = [
        make_document("One"),
        make_document("Two", edited_at="2024-05-01T12:30:00Z"),
        make_document("Three", edited_at="2024-05-01T12:31:00Z"),
    ]
    await store(database, *versions, stored_at=now)
    async with database.reader() as reader:
        assert await documents.list_revisions(reader, versions[0].doc_id) == versions[:2]


async def test_names_by_user_name_and_number_become_one(
    database: Database, make_document: MakeDocument, now: datetime, database_path: Path
) -> None:
    page = make_document(
        "Ферма",
        channel=Channel(username="Harbour"),
        source="tme_html",
        views=None,
        url="https://t.me/Harbour/1",
    )
    assert page.doc_id == "tg:@Harbour/1"
    (first,) = await store(database, page, stored_at=now)
    (second,) = await store(database, make_document("Ферма", url=None), stored_at=now)
    assert (second.outcome, second.document.doc_id) == ("updated", "tg:77/1")
    assert second.document.url == page.url
    assert await find(database, "tg:@harbour/1") == second.document
    assert await find(database, "tg:@HARBOUR/1") == second.document
    (third,) = await store(database, page, stored_at=now)
    assert (third.outcome, third.id) == ("unchanged", first.id)
    check_index(database_path)


async def test_two_stored_rows_become_one_when_the_number_is_known(
    database: Database, make_document: MakeDocument, now: datetime, database_path: Path
) -> None:
    named = make_document("Page text", channel=Channel(username="harbour"), source="tme_html")
    numbered = make_document("Page text", channel=Channel(id=77), source="desktop_json")
    results = await store(database, named, numbered, stored_at=now)
    assert [result.outcome for result in results] == ["new", "new"]
    (joined,) = await store(database, make_document("Page text"), stored_at=now)
    assert joined.outcome == "updated"
    async with database.reader() as reader:
        assert await documents.count_documents(reader) == 1
        found = await documents.find_documents(reader, ["tg:@harbour/1", "tg:77/1", "tg:77/2"])
    assert found == {"tg:@harbour/1": joined.document, "tg:77/1": joined.document}
    check_index(database_path)


async def test_a_user_name_that_moved_joins_nothing(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    other = make_document("Another", channel=Channel(id=88, username="harbour"))
    results = await store(database, make_document(), other, stored_at=now)
    assert [result.outcome for result in results] == ["new", "new"]
    assert await find(database, "tg:88/1") == other


async def test_a_known_channel_gives_its_number(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=77, username="Harbour", title="H", now=now)
    page = make_document(channel=Channel(username="harbour"), source="tme_html")
    (stored,) = await store(database, page, stored_at=now)
    assert stored.document.doc_id == "tg:77/1"
    assert stored.document.channel == Channel(id=77, username="harbour")
    nameless = make_document(channel=Channel(username="port"), message_id=None)
    (kept,) = await store(database, nameless, stored_at=now)
    assert kept.document == nameless


async def test_a_channel_without_a_number_hides_none_that_is_known_of_its_name(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    await store(database, make_document(), stored_at=now)
    async with database.transaction() as tx:
        await channels.add_channel(tx, username="harbour", now=now)
        await channels.add_channel(tx, channel_id=88, username="quay", now=now)
    page = make_document(channel=Channel(username="Harbour"), message_id=2, source="tme_html")
    (stored,) = await store(database, page, stored_at=now)
    assert stored.document.doc_id == "tg:77/2"


async def test_a_name_is_the_channels_that_had_it_last(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    for number, channel_id in ((1, 77), (2, 78), (3, 78), (4, 79)):
        channel = Channel(id=channel_id, username="pier" if channel_id == 79 else "harbour")
        await store(database, make_document(channel=channel, message_id=number), stored_at=now)
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT * FROM channel_name ORDER BY username_key")
    assert [(row["username_key"], row["channel_id"]) for row in rows] == [
        ("harbour", 78),
        ("pier", 79),
    ]


async def test_album_parts_name_their_album(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    late = make_document("Caption", message_id=11, album_ids=(11, 12))
    whole = make_document("Caption", message_id=10, album_ids=(10, 11, 12))
    await store(database, late, stored_at=now)
    (stored,) = await store(database, whole, stored_at=now)
    assert (stored.outcome, stored.document.doc_id) == ("updated", "tg:77/10")
    for name in ("tg:77/10", "tg:77/11", "tg:@harbour/12"):
        assert await find(database, name) == stored.document
    # Where the album is a guess, its parts may be posts of their own.
    guess = make_document("Guess", message_id=20, album_ids=(20, 21), flags=("album_guessed",))
    await store(database, guess, stored_at=now)
    assert await find(database, "tg:77/20") is not None
    assert await find(database, "tg:77/21") is None


async def test_an_album_is_gone_with_its_last_part(
    database: Database, make_document: MakeDocument, now: datetime, database_path: Path
) -> None:
    album = make_document(message_id=10, album_ids=(10, 11))
    single = make_document("Single", message_id=12)
    await store(database, album, single, stored_at=now)

    async def delete(*ids: int) -> int:
        async with database.transaction() as tx:
            gone = await documents.mark_deleted(tx, channel_id=77, message_ids=ids, noticed_at=now)
            return len(gone)

    assert await delete(10, 99) == 0
    assert await delete(11, 12) == 2
    assert await delete(11, 12) == 0
    gone = await find(database, "tg:77/10")
    assert gone is not None
    assert gone.deleted_at == "2024-05-01T12:00:00Z"
    check_index(database_path)


async def test_documents_stand_in_the_order_of_their_time(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    times = [
        None,
        "--04-30",
        "1950-01-01",
        "2024",
        "2024-03",
        "2024-03-02",
        "2024-03-02T10:00",
        "2024-03-02T13:00:00+02:00",
        "2024-03-02T11:00:01Z",
    ]
    given = [
        make_document(message_id=number, published_at=time, published_precision="none")
        for number, time in enumerate(times, 1)
    ]
    stored = await store(database, *reversed(given), stored_at=now)
    ids = [result.id for result in reversed(stored)]
    assert sorted(ids) == [ids[1], ids[0], *ids[2:]]


async def test_a_better_time_moves_the_row(
    database: Database, make_document: MakeDocument, now: datetime, database_path: Path
) -> None:
    rough = make_document(
        source="text",
        published_at="2024-05-01",
        published_precision="day",
        published_basis="header",
        edited_at=None,
    )
    edited = make_document("Other words", edited_at="2024-05-01T13:00:00Z")
    (first,) = await store(database, rough, stored_at=now)
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO spilled (document_id, first_id) VALUES (?, ?)", (first.id, 1))
    (second,) = await store(database, edited, stored_at=now)
    assert second.id > first.id
    async with database.reader() as reader:
        # Its former number says nothing of whoever gets that.
        assert await reader.fetch_all("SELECT document_id FROM spilled") == []
    assert second.document.published_precision == "second"
    async with database.reader() as reader:
        assert len(await documents.list_revisions(reader, "tg:77/1")) == 1
        assert await documents.list_documents(reader, [first.id]) == {}
    assert await find(database, "tg:@harbour/1") == second.document
    check_index(database_path)


@pytest.mark.parametrize(
    "text",
    ['"', "a\x00b", "\ud800 lone", "' OR 1=1 --", "NEAR(", "* ^ :", "\u202etxt", "x" * 70_000],
)
async def test_hostile_text_is_stored(
    database: Database, make_document: MakeDocument, now: datetime, text: str, database_path: Path
) -> None:
    document = make_document("Title", channel=Channel(id=77, title=text))
    document = replace(document, title=text)
    (stored,) = await store(database, document, stored_at=now)
    expected = replace(
        document,
        title=text.replace("\ud800", "\ufffd"),
        channel=Channel(id=77, title=text.replace("\ud800", "\ufffd")),
    )
    assert stored.document == expected == await find(database, "tg:77/1")
    await store(database, replace(document, title="Calm"), stored_at=now)
    check_index(database_path)


@pytest.mark.slow
async def test_the_index_forgets_what_it_was_fed(
    database: Database, make_document: MakeDocument, now: datetime, database_path: Path
) -> None:
    for number in range(60):
        given = [
            make_document(
                f"Слово{number % 7} word{number} #tag{n}",
                message_id=n,
                edited_at=f"2024-05-01T13:{number:02}:00Z",
                views=number,
                published_at=f"2024-05-01T10:{number % 3:02}:00Z",
            )
            for n in range(number % 4, number % 4 + 3)
        ]
        await store(database, *given, stored_at=now)
    check_index(database_path)
    fresh: dict[str, int] = {}
    async with database.reader() as reader:
        rows = await reader.fetch_all("SELECT doc_id FROM document")
        left = [await documents.get_document(reader, row["doc_id"]) for row in rows]
    other = database_path.with_name("fresh.db")
    second = await open_database(f"sqlite:///{other}")
    await store(second, *left, stored_at=now)
    await second.close()
    fresh = terms(other)
    assert terms(database_path) == fresh


async def test_text_documents_are_known_by_their_file(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    fields: dict[str, Any] = {"channel": None, "message_id": None, "source": "text"}
    given = [make_document(f"Article {n}", doc_id=f"txt:00112233#{n}", **fields) for n in (1, 2)]
    assert [s.outcome for s in await store(database, *given, stored_at=now)] == ["new", "new"]
    assert [s.outcome for s in await store(database, *given, stored_at=now)] == ["unchanged"] * 2


async def test_a_batch_takes_few_hops(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    class Counting:
        def __init__(self, inner: Any) -> None:
            self.inner = inner
            self.hops = 0

        def __getattr__(self, name: str) -> Any:
            self.hops += 1
            return getattr(self.inner, name)

    for edited in (None, "2024-05-01T13:00:00Z"):
        given = [
            make_document(
                f"Text {n} {edited}",
                message_id=n,
                edited_at=edited,
                published_at=f"2024-05-01T10:00:{n % 60:02}Z",
                channel=Channel(username="harbour"),
            )
            for n in range(1, 201)
        ]
        async with database.transaction() as tx:
            counting = Counting(tx)
            await documents.store_documents(counting, given, stored_at=now, live=True)
        assert counting.hops <= 22


async def test_times_are_kept_to_the_microsecond() -> None:
    moment = datetime(2024, 5, 1, 12, 0, 0, 123457, tzinfo=UTC)
    assert moments.from_epoch(moments.to_epoch(moment)) == moment


async def test_a_page_under_a_name_that_moved_is_not_taken_for_the_channel_that_had_it(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    async with database.transaction() as tx:
        known = await channels.add_channel(tx, channel_id=77, username="harbour", now=now)
    await store(database, make_document("Of the harbour"), stored_at=now)
    async with database.transaction() as tx:
        await channels.update_channel(tx, known.id, username="harbour_today")
    newcomer = make_document("Of a fan", channel=Channel(username="harbour"), source="tme_html")
    (stored,) = await store(database, newcomer, stored_at=now)
    assert (stored.outcome, stored.document.doc_id) == ("new", "tg:@harbour/1")
    assert (await find(database, "tg:77/1")).title == "Of the harbour"  # type: ignore[union-attr]
    later = make_document("Of a fan", channel=Channel(id=88, username="harbour"))
    (joined,) = await store(database, later, stored_at=now)
    assert (joined.id, joined.document.doc_id) == (stored.id, "tg:88/1")


async def test_a_channel_that_has_had_two_names_is_known_by_neither_alone(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    before, after = Channel(id=77, username="harbour"), Channel(id=77, username="harbour_today")
    await store(database, make_document("One", channel=before), stored_at=now)
    await store(database, make_document("Two", channel=after, message_id=2), stored_at=now)
    page = make_document("Three", channel=Channel(username="harbour"), source="tme_html")
    (stored,) = await store(database, page, stored_at=now)
    assert stored.document.doc_id == "tg:@harbour/1"


async def test_posts_of_different_minutes_are_not_one_for_a_name_they_share(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    page = make_document(
        "Of the harbour",
        channel=Channel(username="harbour"),
        source="tme_html",
        published_at="2024-03-01T10:00:05Z",
        published_precision="second",
    )
    newcomer = make_document(
        "Of a fan",
        channel=Channel(id=88, username="harbour"),
        published_at="2024-05-01T10:00:05Z",
        published_precision="second",
    )
    results = await store(database, page, stored_at=now)
    results += await store(database, newcomer, stored_at=now)
    assert [result.outcome for result in results] == ["new", "new"]
    assert await find(database, "tg:@harbour/1") == page
    assert await find(database, "tg:88/1") == newcomer


async def test_a_file_without_message_numbers_is_heard_again(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    def article(text: str, **fields: Any) -> Document:
        doc_id = "txt:0123456789abcdef#1"
        given = {"message_id": None, "channel": None, "source": "text", "doc_id": doc_id}
        return make_document(text, **given, **fields)

    outcomes = []
    for read in (
        article("Lost"),
        article("Whole\ntext", reader=2),
        article("Whole\ntext", reader=2),
    ):
        async with database.transaction() as tx:
            (stored,) = await documents.store_documents(tx, [read], stored_at=now, live=False)
        outcomes.append((stored.outcome, stored.revised, stored.document.title))
    assert outcomes == [
        ("new", False, "Lost"), ("updated", False, "Whole"), ("unchanged", False, "Whole"),
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["Grain exports resumed", "Other words"])
async def test_what_moves_to_a_better_time_is_found_there_and_nowhere_else(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    database_path: Path,
    words: str,
) -> None:
    rough = {"published_at": "2024-05-01", "published_precision": "day"}
    first = make_document(source="text", published_basis="header", **rough)
    beside = make_document("Grain elsewhere", message_id=2)
    (before, _) = await store(database, first, beside, stored_at=now)
    (after,) = await store(database, make_document(words), stored_at=now)
    assert after.id > before.id
    check_index(database_path)
    async with database.reader() as reader:
        (hit,) = (await search.search(reader, parse(words), limit=5)).hits
        assert (hit.id, hit.document) == (after.id, after.document)
    # And once more the same: nothing of it is in the index twice.
    await store(database, make_document(words, views=7), stored_at=now)
    check_index(database_path)
    async with database.reader() as reader:
        assert await search.count(reader, parse(words)) == 1


async def test_the_languages_of_a_channel_are_those_its_newest_posts_told_themselves(
    database: Database, make_document: MakeDocument, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    long, short = "Ein langes Wort " * 6, "Kurz"
    given = [
        *(make_document(long, message_id=n, lang="ru") for n in (1, 2, 3)),
        make_document(short, message_id=4, lang="en"),
        make_document(long, message_id=5, lang="en", lang_basis="channel"),
        make_document(long, message_id=6),
        make_document("x" * 81, message_id=7),
        make_document("x" * 80, message_id=8),
        make_document(short, message_id=9),
        make_document(long, message_id=10, lang="uk", channel=Channel(id=78)),
    ]
    await store(database, *given, stored_at=now)
    async with database.reader() as reader:
        assert await documents.count_languages(reader, 77) == {"ru": 3, "en": 1, "": 2}
        assert await documents.count_languages(reader, 79) == {}
        monkeypatch.setattr(documents, "_NEWEST", 6)
        assert await documents.count_languages(reader, 77) == {"en": 1, "": 2}


async def test_the_newest_posts_of_a_channel_by_their_numbers(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    given = [make_document(f"Post {n}", message_id=n) for n in (3, None, 1, 2)]
    other = make_document("Elsewhere", message_id=9, channel=Channel(id=78))
    await store(database, *given, other, stored_at=now)
    async with database.reader() as reader:
        found = await documents.list_newest(reader, 77, limit=2)
        assert [one.message_id for one in found] == [3, 2]
        assert await documents.count_documents(reader) == 5
