"""Posts too short to show their language have the usual one of their channel."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.intake import usual_languages
from storage import database
from storage.connection import Connection
from storage.document import Channel, Document, Source
from storage.documents import documents

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
async def tx(database_url: str) -> AsyncIterator[Connection]:
    db = await database.open_database(database_url)
    async with db.transaction() as connection:
        yield connection
    await db.close()


def post(number: int, title: str | None = "Туман", channel: int = 7, **fields: Any) -> Document:
    given: dict[str, Any] = {
        "kind": "post",
        "doc_id": f"tg:{channel}/{number}",
        "source": Source(type="telethon"),
        "channel": Channel(id=channel),
        "message_id": number,
        "title": title,
        "content_hash": f"{number:016x}",
        **fields,
    }
    return Document(**given)


def long(number: int, lang: str | None = "uk", channel: int = 7, **fields: Any) -> Document:
    return post(number, "Паром виходить о шостій ранку. " * 4, channel, lang=lang, **fields)


async def told(tx: Connection, *batch: Document) -> list[tuple[str | None, str | None]]:
    return [(one.lang, one.lang_basis) for one in await usual_languages.fill(tx, batch)]


async def test_the_batch_itself_tells_what_is_usual(tx: Connection) -> None:
    found = await told(tx, post(1), *(long(number) for number in range(2, 12)))
    assert found == [("uk", "channel"), *[("uk", None)] * 10]


async def test_what_is_stored_tells_it_too_and_each_channel_its_own(tx: Connection) -> None:
    stored = [long(number) for number in range(2, 12)]
    stored += [long(number, "ru", channel=8) for number in range(2, 12)]
    await documents.store_documents(tx, stored, stored_at=NOW, live=True)
    found = await told(tx, post(20), post(20, channel=8), post(20, channel=9))
    assert found == [("uk", "channel"), ("ru", "channel"), (None, None)]


@pytest.mark.parametrize(
    "document",
    [
        post(20, kind="service"),
        post(20, None),
        post(20, channel=8),
        post(20, doc_id="nobody", channel=None),
    ],
)
async def test_others_stay_as_they_are(tx: Connection, document: Document) -> None:
    batch = [document, *(long(number) for number in range(2, 12))]
    assert (await usual_languages.fill(tx, batch))[0] is document


async def test_what_was_guessed_before_tells_nothing(tx: Connection) -> None:
    guessed = [long(number, lang_basis="channel") for number in range(2, 12)]
    assert (await told(tx, post(1), *guessed))[0] == (None, None)


async def test_where_nothing_is_wanted_nothing_is_made_anew(tx: Connection) -> None:
    batch = [long(2)]
    assert await usual_languages.fill(tx, batch) is batch
