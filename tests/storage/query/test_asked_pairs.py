"""Words written another way: an alert and a search find them alike, whatever the language."""

from datetime import UTC, datetime

import pytest
from asked_pairs import FOUND, NOT_FOUND
from other_spellings import NOT_SAID, SAID

from storage.connection import Database
from storage.document import Channel, Document, Source
from storage.documents import documents, search
from storage.documents.authors import Authors
from storage.query.matching.matcher import Matcher
from storage.query.reading.syntax import parse

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CASES = [(*pair, True) for pair in (*FOUND, *SAID)]
CASES += [(*pair, False) for pair in (*NOT_FOUND, *NOT_SAID)]


def written(number: int, text: str) -> Document:
    return Document(
        kind="post",
        doc_id=f"tg:77/{number}",
        source=Source(type="telethon"),
        channel=Channel(id=77, username="harbour"),
        message_id=number,
        title=text,
        content_hash=f"{number:016x}",
    )


POSTS = {text: written(number, text) for number, (_, text, _) in enumerate(CASES, 1)}


@pytest.mark.parametrize(("asked", "text", "is_found"), CASES)
def test_an_alert_finds_words_written_another_way(asked: str, text: str, *, is_found: bool) -> None:
    matcher = Matcher()
    matcher.add(1, parse(asked))
    assert bool(matcher.match(POSTS[text])) is is_found


@pytest.mark.slow
async def test_a_search_finds_what_an_alert_finds(database: Database) -> None:
    async with database.transaction() as tx:
        await documents.store_documents(
            tx, list(POSTS.values()), stored_at=NOON, live=True, authors=Authors(keep="full")
        )
    names = {document.doc_id: text for text, document in POSTS.items()}
    wrong = []
    async with database.reader() as conn:
        for asked, text, is_found in CASES:
            found = {names[one.doc_id] async for one in search.iterate(conn, parse(asked))}
            if (text in found) is not is_found:
                wrong.append((asked, text))
    assert wrong == []
