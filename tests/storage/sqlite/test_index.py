"""What FTS5 is asked for sooner is what it was asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from storage.connection import Connection, Database
from storage.document import Document
from storage.documents import documents
from storage.query.compile_fts5 import compile_query
from storage.query.compiled import Compiled
from storage.query.reading.syntax import parse

MakeDocument = Callable[..., Document]

HIGHEST = 1 << 62


async def store(
    database: Database, make_document: MakeDocument, now: datetime, texts: list[str]
) -> None:
    made = [
        make_document(
            text,
            message_id=n,
            published_at=(now + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for n, text in enumerate(texts, 1)
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)


async def score(conn: Connection, asked: Compiled, limit: int) -> list[tuple[int, float]]:
    rows = await conn.index.score(asked, 0, HIGHEST, limit)
    return [(row["id"], row["value"]) for row in rows]


@pytest.mark.parametrize("limit", [1_000, 100])
@pytest.mark.parametrize("apart", [0, 1, 30])
@pytest.mark.parametrize("query", ['"ship road"', '"lefts saws"', '"left road"'])
async def test_a_phrase_is_found_and_weighed_where_its_words_stand_in_a_row(
    database: Database,
    make_document: MakeDocument,
    now: datetime,
    query: str,
    apart: int,
    limit: int,
) -> None:
    """Each word as it is written is told once: of ``ship grain road`` after ``grain`` the words
    as they are written stand in a row."""
    one, other = query.strip('"').split()
    held = [f"{one} {other}" + f" {one} {other}" * (n % 3) + " rain" * (n % 5) for n in range(150)]
    beside = [f"grain {one} grain {other}"] * apart
    await store(database, make_document, now, [*held, *beside, *["rain"] * 400])
    root = parse(query).root
    assert root is not None
    async with database.reader() as conn:
        asked = compile_query(root)
        named = await score(conn, Compiled(asked.expression, exact=True), limit)
        found = await score(conn, asked, limit)
    assert asked.unnamed
    assert [id for id, _ in found] == [id for id, _ in named]
    assert len(found) == min(limit, 150)
    assert dict(found) == pytest.approx(dict(named), rel=0.01)
    if not 0 < apart < 3:
        assert dict(found) == pytest.approx(dict(named))
