"""Which posts are one story: a forward and its original, the same words, near copies."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zlib import crc32

import pytest

from storage import database
from storage.connection import Connection, Database
from storage.document import Channel, Document, Forward, Source
from storage.documents import documents
from storage.stories import stories
from storage.structs import replace

NOW = datetime(2025, 11, 1, 12, tzinfo=UTC)


class Words:
    """Posts are near copies when they share more than half of the shorter one's words."""

    def sketch(self, text: str) -> list[int]:
        return sorted(crc32(word.encode()) for word in set(text.split()))[:8]

    def same_story(self, one: str, other: str) -> bool:
        first, second = set(one.split()), set(other.split())
        return 2 * len(first & second) > min(len(first), len(second))


LIKENESS = Words()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    yield opened
    await opened.close()


def post(
    channel_id: int,
    message_id: int,
    *,
    words: str = "",
    origin: tuple[int, int] | None = None,
    published: str | None = None,
) -> Document:
    """A post; ``words`` stand for a text and its hash, ``origin`` for what it forwards."""
    return Document(
        kind="post",
        doc_id=f"tg:{channel_id}/{message_id}",
        source=Source(type="telethon"),
        channel=Channel(id=channel_id),
        message_id=message_id,
        published_at=published,
        title=words or None,
        forwarded_from=Forward(channel_id=origin[0], message_id=origin[1]) if origin else None,
        content_hash=sha256(words.encode()).hexdigest()[:16],
    )


async def keep(
    tx: Connection, documents_: Sequence[Document], *, at: datetime = NOW, live: bool = True
) -> dict[str, str]:
    """Store posts as the intake does; their stories by doc_id."""
    stored = await documents.store_documents(tx, documents_, stored_at=at, live=live)
    names = await stories.join_stories(tx, stored, LIKENESS, now=at, live=live)
    return {item.document.doc_id: names[item.id] for item in stored}


async def story_of(db: Database, document: Document, *earlier: tuple[Document, datetime]) -> str:
    """The story of a document that is stored now, after others at their times."""
    async with db.transaction() as tx:
        for other, stored_at in earlier:
            await keep(tx, [other], at=stored_at)
        found = (await keep(tx, [document]))[document.doc_id]
        assert await stories.find_story(tx, document.doc_id) == found
        return found


HOUR_AGO = NOW - timedelta(hours=1)


async def test_a_post_alone_is_its_own_story(db: Database) -> None:
    assert await story_of(db, post(1, 1, words="ferry"), (post(1, 2, words="snow"), HOUR_AGO)) == (
        "tg:1/1"
    )


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (post(1, 1, words="ferry"), post(2, 9, words="ferry")),
        (post(1, 1, words="ferry"), post(2, 9, words="cut", origin=(1, 1))),
        (post(2, 9, words="cut", origin=(1, 1)), post(1, 1, words="ferry")),
        (post(2, 9, words="a", origin=(1, 1)), post(3, 5, words="b", origin=(1, 1))),
    ],
    ids=["same words", "forward after original", "original after forward", "two forwards"],
)
async def test_the_same_story_is_named_after_what_was_stored_first(
    db: Database, earlier: Document, later: Document
) -> None:
    assert await story_of(db, later, (earlier, HOUR_AGO)) == earlier.doc_id


async def test_a_part_of_an_album_that_was_forwarded_before_is_its_story(db: Database) -> None:
    album = replace(post(1, 1, words="ferry"), album_ids=(1, 2))
    forward = post(2, 9, words="cut", origin=(1, 2))
    assert await story_of(db, album, (forward, HOUR_AGO)) == "tg:2/9"


async def test_of_the_same_words_and_the_same_origin_the_first_stored_gives_the_name(
    db: Database,
) -> None:
    copy, original = post(3, 1, words="ferry"), post(1, 1, words="boat")
    later = post(2, 9, words="ferry", origin=(1, 1))
    assert await story_of(db, later, (original, HOUR_AGO), (copy, NOW)) == "tg:1/1"


async def test_posts_without_words_are_not_one_story(db: Database) -> None:
    assert await story_of(db, post(1, 2), (post(1, 1), HOUR_AGO)) == "tg:1/2"


async def test_what_was_stored_before_the_window_is_another_story(db: Database) -> None:
    old = (post(1, 1, words="ferry"), NOW - timedelta(days=8))
    assert await story_of(db, post(2, 9, words="ferry"), old) == "tg:2/9"


FERRY = "the ferry sails again as the ice lets it"


async def test_a_near_copy_joins_and_the_story_keeps_its_name(db: Database) -> None:
    copies = [post(2, 1, words=FERRY + " x"), post(3, 1, words=FERRY), post(4, 1, words=FERRY)]
    async with db.transaction() as tx:
        await keep(tx, [post(1, 1, words=FERRY + " now")], at=HOUR_AGO)
        for copy in copies:
            assert await keep(tx, [copy]) == {copy.doc_id: "tg:1/1"}
        rows = await tx.fetch_all("SELECT doc_id, story FROM document ORDER BY doc_id")
        assert [row["story"] for row in rows] == ["tg:1/1"] * 4
        members = await documents.list_documents(tx, await stories.list_members(tx, "tg:1/1"))
    assert [member.doc_id for member in members.values()] == [
        "tg:1/1",
        "tg:2/1",
        "tg:3/1",
        "tg:4/1",
    ]


async def test_a_post_that_was_never_joined_is_the_one_member_of_its_story(db: Database) -> None:
    async with db.transaction() as tx:
        stored = await documents.store_documents(
            tx, [post(1, 1, words="ferry"), post(1, 2, words="snow")], stored_at=NOW, live=True
        )
        await keep(tx, [post(2, 1, words="ice")])
        for one in stored:
            assert await stories.list_members(tx, one.document.doc_id) == [one.id]
        assert await stories.list_members(tx, "tg:9/9") == []


async def test_copies_within_one_batch_join_the_first(db: Database) -> None:
    batch = [
        post(1, 1, words="snow fell on the hills at night"),
        post(2, 1, words=FERRY),
        post(3, 1, words=FERRY),
        post(4, 1, words=FERRY + " now"),
        post(5, 1, words="again", origin=(4, 1)),
    ]
    async with db.transaction() as tx:
        found = await keep(tx, batch)
    assert list(found.values()) == ["tg:1/1", "tg:2/1", "tg:2/1", "tg:2/1", "tg:2/1"]


async def test_posts_that_share_hashes_but_not_the_story_stay_apart(db: Database) -> None:
    async with db.transaction() as tx:
        await keep(tx, [post(1, 1, words="a b c d e f g h")])
        found = await keep(tx, [post(2, 1, words="a b c i j k l m")])
    assert found == {"tg:2/1": "tg:2/1"}


async def test_an_edit_leaves_the_story_and_its_new_words_are_found(db: Database) -> None:
    async with db.transaction() as tx:
        first = post(1, 1, words="snow fell", published="2025-11-01T11:00:00Z")
        await keep(tx, [first], at=HOUR_AGO)
        await keep(tx, [post(2, 1, words=FERRY)], at=HOUR_AGO)
        edited = replace(
            post(1, 1, words="boats sink in port one by one"),
            published_at=first.published_at,
            edited_at="2025-11-01T11:30:00Z",
        )
        assert await keep(tx, [edited]) == {"tg:1/1": "tg:1/1"}
        copy = post(3, 1, words="boats sink in port", published="2025-11-01T11:40:00Z")
        assert await keep(tx, [copy]) == {"tg:3/1": "tg:1/1"}


async def test_what_was_published_long_ago_joins_nothing_new(db: Database) -> None:
    async with db.transaction() as tx:
        old = post(1, 1, words=FERRY, published="2025-10-01T11:00:00Z")
        await keep(tx, [old], live=False)
        new = post(2, 1, words=FERRY, published="2025-11-01T11:00:00Z")
        assert await keep(tx, [new]) == {"tg:2/1": "tg:2/1"}


async def test_history_within_the_window_joins_and_older_history_leaves_no_sketch(
    db: Database,
) -> None:
    async with db.transaction() as tx:
        recent = post(1, 1, words=FERRY + " now", published="2025-10-30T11:00:00Z")
        old = post(1, 2, words="snow fell on the hills", published="2025-09-01T11:00:00Z")
        await keep(tx, [recent, old], live=False)
        copy = post(2, 1, words=FERRY, published="2025-11-01T11:00:00Z")
        assert await keep(tx, [copy]) == {"tg:2/1": "tg:1/1"}
        rows = await tx.fetch_all("SELECT DISTINCT document_id FROM sketch")
        assert len(rows) == 2


async def test_a_hash_that_many_posts_have_is_kept_for_some_only(db: Database) -> None:
    shared = ["all of these words stand below every post " + f"number{n}" for n in range(80)]

    class Never(Words):
        def same_story(self, one: str, other: str) -> bool:
            return False

    async with db.transaction() as tx:
        batch = [post(1, place + 1, words=words) for place, words in enumerate(shared)]
        stored = await documents.store_documents(tx, batch, stored_at=NOW, live=True)
        await stories.join_stories(tx, stored, Never(), now=NOW, live=True)
        row = await tx.fetch_one("SELECT count(*) AS n FROM sketch GROUP BY hash ORDER BY n DESC")
    assert row is not None
    assert row["n"] == 48


async def test_a_batch_takes_few_hops(db: Database) -> None:
    batch = [
        post(1, n + 1, words=f"{n} {n + 1000} {n + 2000} {n + 3000} {n + 4000} {n + 5000}")
        for n in range(200)
    ]
    async with db.transaction() as tx:
        stored = await documents.store_documents(tx, batch, stored_at=NOW, live=True)
        counted = Counted(tx)
        await stories.join_stories(counted, stored, LIKENESS, now=NOW, live=True)
    assert counted.hops <= 10


class Counted:
    """A connection that counts the hops to the engine."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self.hops = 0

    def __getattr__(self, name: str) -> Any:
        self.hops += 1
        return getattr(self._tx, name)


async def test_old_sketches_are_removed_in_parts(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "PRUNED", 5)
    async with db.transaction() as tx:
        await keep(tx, [post(1, 1, words=FERRY, published="2025-10-01T11:00:00Z")])
        await keep(tx, [post(2, 1, words="snow fell on", published="2025-11-01T11:00:00Z")])
        # As many as a part or more have words in common: each part gets on all the same.
        for number in range(12):
            again = post(3, number, words=f"rain {number}", published="2025-11-01T11:00:00Z")
            await keep(tx, [again])
    start: int | None = stories.LOWEST_HASH
    parts = 0
    while start is not None and parts < 100:
        async with db.transaction() as tx:
            start = await stories.prune_sketches(tx, before=NOW - timedelta(days=7), start=start)
            parts += 1
    async with db.reader() as conn:
        rows = await conn.fetch_all("SELECT document_id FROM sketch")
        kept = await documents.list_documents(conn, sorted({row["document_id"] for row in rows}))
    assert 1 < parts < 100
    assert "tg:1/1" not in {document.doc_id for document in kept.values()}
    assert "tg:2/1" in {document.doc_id for document in kept.values()}
    assert len(kept) > 2


async def test_a_part_of_the_sketches_begins_with_its_first_hash(db: Database) -> None:
    async with db.transaction() as tx:
        added = "INSERT INTO sketch (hash, document_id) VALUES (?, 1)"
        await tx.execute_many(added, [(hash,) for hash in (4, 5, 6)])
        assert await stories.prune_sketches(tx, before=NOW, start=5) is None
        assert [row["hash"] for row in await tx.fetch_all("SELECT hash FROM sketch")] == [4]


@pytest.mark.parametrize("words", [FERRY, FERRY + " now"], ids=["same words", "near copy"])
@pytest.mark.parametrize(
    ("published", "is_one"), [("2025-11-01T12:00:00Z", True), ("2025-11-01T12:00:01Z", False)]
)
async def test_posts_that_were_published_within_a_week_are_one_story(
    db: Database, words: str, published: str, is_one: bool
) -> None:
    earlier = post(1, 1, words=FERRY, published="2025-10-25T12:00:00Z")
    later = post(2, 9, words=words, published=published)
    found = await story_of(db, later, (earlier, HOUR_AGO))
    assert found == (earlier if is_one else later).doc_id


class Asked(Words):
    """Takes nothing for a copy, and notes what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def same_story(self, one: str, other: str) -> bool:
        self.asked.append(other)
        return False


async def test_the_four_that_have_most_in_common_and_two_words_are_compared(db: Database) -> None:
    ends = ("x", "a y", "a b z", "a b c", "a b c d", "a b c d e", "b", "a b c d e f")
    likeness = Asked()
    async with db.transaction() as tx:
        for number, words in enumerate(ends, start=1):
            await keep(tx, [post(1, number, words=words, published="2025-11-01T11:00:00Z")])
        new = post(2, 1, words="a b c d e f g", published="2025-11-01T11:00:00Z")
        stored = await documents.store_documents(tx, [new], stored_at=NOW, live=True)
        await stories.join_stories(tx, stored, likeness, now=NOW, live=True)
        assert likeness.asked == [ends[7], ends[5], ends[4], ends[3]]
        likeness.asked.clear()
        few = post(2, 2, words="a b", published="2025-11-01T11:00:00Z")
        stored = await documents.store_documents(tx, [few], stored_at=NOW, live=True)
        await stories.join_stories(tx, stored, likeness, now=NOW, live=True)
        assert len(likeness.asked) == 4
        assert all({"a", "b"} <= {*one.split()} for one in likeness.asked)
