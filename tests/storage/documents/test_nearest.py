"""What may have been meant by a query that finds nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from storage.connection import Database
from storage.document import Document
from storage.documents import documents, nearest, search
from storage.query.reading.syntax import parse

TEXTS = (
    "Цены на нефть выросли",
    "Нефти стало больше, сказал Лавров",
    "Зеленский прибыл в Харьков",
    "Sanctions on Kherson and oil",
    "Любой ёж",
    "ВОЗ и НЕФТЬ",
)


@pytest.fixture
async def ask(
    database: Database, make_document: Callable[..., Document], now: datetime
) -> Callable[[str], Any]:
    """Stores the texts; gives what may have been meant, with the number of documents."""
    made = [
        make_document(text, message_id=number, content_hash=f"{number:016x}")
        for number, text in enumerate(TEXTS, 1)
    ]
    async with database.transaction() as tx:
        await documents.store_documents(tx, made, stored_at=now, live=True)

    async def ask(text: str) -> Sequence[tuple[str, int]]:
        async with database.reader() as conn:
            assert await search.count(conn, parse(text)) == 0
            found = await nearest.list_meant(conn, parse(text), parse)
            for one in found:
                assert await search.count(conn, parse(one.text)) == one.count > 0
        return [(one.text, one.count) for one in found]

    return ask


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ytanm", [("нефть", 3)]),
        ("k.,jq", [("любой", 1)]),
        ("ytanm OR ytanb", [("нефть OR нефти", 3)]),
        ("щшд", [("oil", 1)]),
        ("lavrov", [("лавров", 1)]),
        ("zelensky", [("зеленский", 1)]),
        ("kharkov", [("харьков", 1)]),
        ("херсон", [("kherson", 1)]),
        ("нефьт", [("нефть", 3)]),
        ("нефт", [("нефть", 3)]),
        ("sanctoins", [("sanctions", 1)]),
        ("цены НЕФЬТ", [("цены нефть", 1)]),
        ('"цены на нефьт"', []),
        ("ytanm -цены", [("нефть -цены", 2)]),
        ("ytanm lavrov", [("нефть лавров", 1)]),
        ("qwxzv", []),
        ("нефть зеленский", []),
        ("=нефьт", []),
        ("нефьт has:photo", []),
    ],
)
async def test_what_is_offered_finds_something(
    ask: Any, text: str, meant: list[tuple[str, int]]
) -> None:
    assert await ask(text) == meant
