"""What is put off changes nothing: the same rows are left as if each statement ran at once."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest

from storage.connection import Connection, Database, Statement
from storage.document import Channel, Document
from storage.documents import batch as batch_of
from storage.documents import documents, redactions
from storage.records import Stored
from storage.sqlite.engine import SqliteConnection
from storage.stories import events, stories
from storage.stories.events import EventPost

MakeDocument = Callable[..., Document]
Rows = dict[str, list[tuple[object, ...]]]
AT = datetime(2024, 5, 2, 10, tzinfo=UTC)
WORDS = ("grain", "harbour", "crane", "fire", "pilot", "\ud800", "mole", "tug", "rope", "sold")
CHANNELS = (Channel(id=77), Channel(username="harbour"), Channel(id=77, username="Harbour"))


class Words:
    """Posts are near copies when they share more than half of the shorter one's words."""

    def sketch(self, text: str) -> list[int]:
        return sorted(crc32(word.encode("utf-8", "replace")) for word in set(text.split()))

    def same_story(self, one: str, other: str) -> bool:
        first, second = set(one.split()), set(other.split())
        return 2 * len(first & second) > min(len(first), len(second))


class Course:
    """A course of random batches: posts under all of their names, edits, albums, deletions,
    redactions."""

    def __init__(self, seed: int, make: MakeDocument) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._make = make

    def batches(self, number: int) -> Iterator[list[Document]]:
        for place in range(number):
            yield [self._post(place) for _ in range(self._random.randint(1, 6))]

    def _post(self, place: int) -> Document:
        message_id = self._random.randint(1, 12)
        fields: dict[str, object] = {"message_id": message_id}
        if self._random.random() < 0.4:
            fields["album_ids"] = (message_id, message_id + 1)
        if self._random.random() < 0.4:
            fields["edited_at"] = f"2024-05-01T13:{place:02}:00Z"
        if self._random.random() < 0.3:
            fields["published_at"] = f"2024-05-01T12:{message_id:02}:00Z"
        text = " ".join(self._random.choices(WORDS, k=4))
        source = self._random.choice(("telethon", "tme_html"))
        return self._make(text, channel=self._random.choice(CHANNELS), source=source, **fields)

    def asides(self) -> tuple[list[int], list[str]]:
        """Which messages are deleted beside, and which posts redacted."""
        gone = self._random.sample(range(1, 13), k=self._random.choice((0, 0, 2)))
        name = f"tg:{self._random.choice(('77', '@harbour'))}/{self._random.randint(1, 12)}"
        return gone, [name] if self._random.random() < 0.2 else []


async def keep(
    tx: Connection, batch: Sequence[Document], gone: list[int], redacted: list[str], now: datetime
) -> list[Stored]:
    """What the intake does in a transaction, twice: the second time with what the first put off
    perhaps not run yet."""
    stored: list[Stored] = []
    for some in (batch[::2], batch[1::2]):
        if some:
            one = await documents.store_documents(tx, some, stored_at=now, live=True)
            await stories.join_stories(tx, one, Words(), now=now, live=True)
            first = await events.find_next(tx)
            posts = [
                EventPost(id=first + place, document_id=id, event=first, russian=False)
                for place, id in enumerate(
                    sorted({item.id for item in one if item.outcome == "new"})
                )
            ]
            await events.add_posts(tx, posts)
            stored += one
        if gone:
            await documents.mark_deleted(tx, channel_id=77, message_ids=gone, noticed_at=now)
        redaction = redactions.Redaction(redacted_at=now, reason="asked for")
        await redactions.add_redactions(tx, redacted, redaction)
    return stored


async def dump(tx: Connection) -> Rows:
    """Each row of each table, but for what FTS5 itself writes when a transaction ends."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'document_index%'"
    tables = [row["name"] for row in await tx.fetch_all(sql)]
    assert {"document", "revision", "chain_entry", "sketch", "event_post"} < {*tables}
    return {
        table: sorted(map(tuple, await tx.fetch_all(f"SELECT * FROM {table}")), key=repr)  # noqa: S608
        for table in tables
    }


class Undone(Exception):
    """Nothing of this is to be kept."""


async def _at_once(self: SqliteConnection, *statements: Statement) -> None:
    for sql, rows in statements:
        await self.execute_many(sql, rows)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("sqlite_alone")
async def test_batches_leave_the_same_rows_as_if_each_statement_ran_at_once(
    database: Database, make_document: MakeDocument, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    course = Course(seed, make_document)
    outcomes = set()
    for number, batch in enumerate(course.batches(12)):
        now = AT + timedelta(minutes=number)
        asides = course.asides()
        with monkeypatch.context() as plain, pytest.raises(Undone):
            plain.setattr(SqliteConnection, "execute_later", _at_once)
            async with database.transaction() as tx:
                expected = await keep(tx, batch, *asides, now)
                rows = await dump(tx)
                raise Undone
        async with database.transaction(expected=batch_of.expected(batch[::2])) as tx:
            assert await keep(tx, batch, *asides, now) == expected
        async with database.reader() as conn:
            assert await dump(conn) == rows
        outcomes |= {one.outcome for one in expected}
    assert outcomes == {"new", "updated", "unchanged"}
