"""A database read beside whoever writes into it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from storage import read_only
from storage.connection import Database
from storage.document import Document
from storage.documents import documents
from storage.errors import StorageError
from storage.location import location_of


async def test_each_reading_sees_what_is_there_by_then_and_can_write_nothing(
    database: Database, address: str, make_document: Callable[..., Document], now: datetime
) -> None:
    async with read_only.opened(location_of(address)) as beside:
        for number in (1, 2):
            async with database.transaction() as tx:
                made = make_document(message_id=number, doc_id=f"tg:77/{number}")
                await documents.store_documents(tx, [made], stored_at=now, live=True)
            async with beside.reader() as conn:
                assert await documents.count_documents(conn) == number
        async with beside.reader() as conn:
            with pytest.raises(StorageError):
                await conn.execute("DELETE FROM document")
    async with database.reader() as conn:
        assert await documents.count_documents(conn) == 2
