"""Examples of queries name what the latest posts name, in the reader's language if they can."""

from datetime import datetime
from typing import Any

import pytest

from handlers.queries import live_examples
from storage.connection import Database
from storage.documents import documents


async def examples(database: Database, language: str) -> list[str]:
    async with database.reader() as conn:
        return await live_examples.list_examples(conn, language)


@pytest.mark.parametrize(
    ("language", "found"),
    [("en", ['"Marlena Quist"', "Oldaport"]), ("ru", ["Тарновск"]), ("de", ['"Marlena Quist"'])],
)
async def test_names_are_of_the_readers_language_or_of_any(
    database: Database, store: Any, make_post: Any, language: str, found: list[str]
) -> None:
    said = [
        ("en", "The minister Marlena Quist spoke of the ferry in Oldaport"),
        ("ru", "В городе Тарновск закрыт порт"),
        ("en", "They say that Marlena Quist left the port on Monday"),
    ]
    await store(*(make_post(n, text, lang=lang) for n, (lang, text) in enumerate(said, 1)))
    assert (await examples(database, language))[: len(found)] == found


async def test_deleted_posts_and_names_too_long_for_a_button_are_no_examples(
    database: Database, store: Any, make_post: Any, now: datetime
) -> None:
    gone = make_post(1, "The minister Marlena Quist spoke", lang="en")
    await store(gone, make_post(2, f"The minister Maximiliana {'Q' * 30}uist spoke", lang="en"))
    assert await examples(database, "en") == ['"Marlena Quist"']
    async with database.transaction() as tx:
        await documents.mark_deleted(tx, channel_id=100, message_ids=(1,), noticed_at=now)
    assert await examples(database, "en") == []
