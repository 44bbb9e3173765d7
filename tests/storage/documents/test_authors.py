import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from storage.connection import Database
from storage.document import DELETED, Author, Document, Forward
from storage.documents import authors, documents, search
from storage.documents.authors import Authors, Keep
from storage.query.reading.syntax import parse
from storage.structs import replace

MakeDocument = Callable[..., Document]

ANN = Author(kind="user", id=501, name="Ann Mast", username="ann_mast")
GROUP = Author(kind="group", id=77, name="Harbour News")
CHANNEL = Author(kind="channel", id=78, name="Mill", username="mill")
KEY = b"of this instance"
ANN_HERE = Author(kind="user", name=authors.pseudonym(KEY, 501))


@pytest.mark.parametrize(
    ("keep", "told", "kept"),
    [
        ("channels", None, None),
        ("channels", ANN, None),
        ("channels", Author(kind="user", name="Ann"), None),
        ("channels", GROUP, GROUP),
        ("channels", CHANNEL, CHANNEL),
        ("channels", DELETED, DELETED),
        ("pseudonym", ANN, ANN_HERE),
        ("pseudonym", replace(ANN, name="Ann Sail", username=None), ANN_HERE),
        ("pseudonym", Author(kind="user"), None),
        ("pseudonym", CHANNEL, CHANNEL),
        ("full", ANN, ANN),
        ("full", GROUP, GROUP),
    ],
)
def test_of_an_author_is_kept_what_the_setting_says(
    make_document: MakeDocument, keep: Keep, told: Author | None, kept: Author | None
) -> None:
    document = make_document("Words", author=told)
    assert Authors(keep=keep, key=KEY).kept(document) == replace(document, author=kept)


def test_a_persons_signature_is_no_way_around_it(make_document: MakeDocument) -> None:
    signed = make_document("Words", author=ANN, author_signature="Ann Mast")
    assert Authors().kept(signed).author_signature is None
    assert Authors(keep="full").kept(signed).author_signature == "Ann Mast"
    by_group = make_document("Words", author=GROUP, author_signature="Duty officer")
    assert Authors().kept(by_group).author_signature == "Duty officer"


async def test_a_pseudonym_stays_the_same_and_tells_nothing_elsewhere(database: Database) -> None:
    first = await authors.open_authors(database, "pseudonym")
    again = await authors.open_authors(database, "pseudonym")
    assert first == again
    assert len(first.key) == 32
    assert authors.pseudonym(first.key, 501) != authors.pseudonym(KEY, 501)
    assert (await authors.open_authors(database, "full")).key == b""


async def stored(database: Database, given: list[Document], now: datetime) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(
            tx, given, stored_at=now, live=True, authors=Authors(keep="full")
        )


async def test_nobody_is_stored_where_nothing_is_said_of_it(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    async with database.transaction() as tx:
        given = [make_document("Words", author=ANN)]
        (one,) = await documents.store_documents(tx, given, stored_at=now, live=True)
    assert one.document.author is None


async def found(database: Database, query: str) -> list[str]:
    async with database.reader() as reader:
        page = await search.search(reader, parse(query), limit=50)
    return sorted(hit.document.doc_id for hit in page.hits)


async def forget(database: Database, user_id: int, now: datetime) -> int:
    count = 0
    while True:
        async with database.transaction() as tx:
            done = await documents.forget_person(tx, user_id, now=now)
        if not done:
            return count
        count += done


async def test_somebody_who_is_forgotten_is_in_no_row_and_their_words_stay(
    database: Database, database_path: Path, make_document: MakeDocument, now: datetime
) -> None:
    pseudonyms = await authors.open_authors(database, "pseudonym")
    other = Author(kind="user", id=502, name="Bob")
    from_ann = Forward(name="Ann Mast", kind="user", user_id=501)
    edited = {"edited_at": "2024-05-02T00:00:00Z"}
    given = [
        make_document("Said as Ann", author=ANN, author_signature="Ann Mast", message_id=1),
        make_document("Said once", author=ANN, message_id=2),
        make_document("Said twice", author=ANN, message_id=2, **edited),
        pseudonyms.kept(make_document("Said unnamed", author=ANN, message_id=3)),
        make_document("Passed on", author=other, forwarded_from=from_ann, message_id=4),
        make_document("Of another", author=other, message_id=5),
    ]
    for document in given:
        await stored(database, [document], now)
    assert await found(database, "by:501") == ["tg:77/1", "tg:77/2"]
    assert await forget(database, 501, now) == 4
    assert await found(database, "by:501 OR by:@ann_mast OR from:501") == []
    assert await found(database, "by:502") == ["tg:77/4", "tg:77/5"]
    assert await found(database, "said") == ["tg:77/1", "tg:77/2", "tg:77/3"]
    async with database.reader() as reader:
        first = await documents.get_document(reader, "tg:77/1")
        passed = await documents.get_document(reader, "tg:77/4")
        entered = await reader.fetch_all("SELECT kind, doc_id FROM chain_entry ORDER BY seq")
    # The chain has the versions that were written anew, a revision's too.
    forgot = sorted(row["doc_id"] for row in entered if row["kind"] == "forgotten")
    assert forgot == ["tg:77/1", "tg:77/2", "tg:77/2", "tg:77/3", "tg:77/4"]
    assert (first.author, first.author_signature) == (DELETED, None)
    assert passed.author == other
    assert passed.forwarded_from == Forward(name="deleted", kind="hidden_user")
    rows = sqlite3.connect(database_path)
    held = [
        str(row)
        for table in ("document", "revision")
        for row in rows.execute(f"SELECT * FROM {table}")  # noqa: S608
    ]
    rows.close()
    unwanted = ("501", "Ann Mast", "ann_mast", authors.pseudonym(pseudonyms.key, 501))
    assert not [row for row in held for word in unwanted if word in row]
    rows = sqlite3.connect(database_path)
    rows.execute("INSERT INTO document_index (document_index) VALUES ('integrity-check')")
    rows.close()


async def test_reading_a_post_again_brings_nobody_back(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    from_ann = Forward(name="Ann Mast", kind="user", user_id=501)
    post = make_document("Words", author=ANN, forwarded_from=from_ann)
    await stored(database, [post], now)
    await forget(database, 501, now)
    await stored(database, [replace(post, edited_at="2024-05-02T00:00:00Z", views=9)], now)
    async with database.reader() as reader:
        read = await documents.get_document(reader, post.doc_id)
    assert (read.author, read.views) == (DELETED, 9)
    assert read.forwarded_from == Forward(name="deleted", kind="hidden_user")


@pytest.mark.slow
async def test_more_posts_than_fit_in_one_transaction_are_forgotten_in_several(
    database: Database, make_document: MakeDocument, now: datetime
) -> None:
    many = [make_document(f"Words {n}", author=ANN, message_id=n) for n in range(1, 603)]
    await stored(database, many, now)
    assert await forget(database, 501, now) == 602
    assert await found(database, "by:501") == []


@pytest.mark.parametrize(
    ("known", "new", "merged"),
    [
        (ANN, replace(ANN, name=None, username=None), ANN),
        (replace(ANN, name=None), ANN, ANN),
        (ANN, replace(ANN, name="Ann Sail"), replace(ANN, name="Ann Sail")),
        (ANN, ANN_HERE, ANN_HERE),
        (ANN, None, ANN),
        (None, ANN, ANN),
    ],
)
async def test_two_sayings_of_an_author_become_one(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    known: Author | None,
    new: Author | None,
    merged: Author,
) -> None:
    for author in (known, new):
        await stored(database, [make_document("Words", author=author)], now)
    async with database.reader() as reader:
        assert (await documents.get_document(reader, "tg:77/1")).author == merged
