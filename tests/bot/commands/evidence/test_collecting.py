"""What evidence is made of is read at one moment."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.evidence import collecting
from storage.connection import Database
from storage.database import open_database
from storage.document import Document
from storage.documents import documents


async def mark_deleted(database: Database) -> list[Document]:
    async with database.transaction() as tx:
        return await documents.mark_deleted(
            tx, channel_id=77, message_ids=[3], noticed_at=datetime.now(UTC)
        )


async def test_what_is_stored_meanwhile_is_not_in_it(data: Path) -> None:
    database = await open_database(f"sqlite:///{data / 'dateline.db'}")
    async with collecting.at_one_moment(database) as conn:
        heads = await collecting.read_heads(conn)
        gone = await asyncio.create_task(mark_deleted(database))
        assert [document.doc_id for document in gone] == ["tg:77/3"]
        document = await documents.get_document(conn, "tg:77/3")
        evidence = await collecting.read_evidence(conn, document)
        assert evidence is not None
        assert document.deleted_at is None
        assert [entry.kind for entry in evidence.history.entries] == ["stored"]
        assert all(heads.find(entry.seq) for entry in evidence.history.entries)
    async with collecting.at_one_moment(database) as conn:
        later = await documents.get_document(conn, "tg:77/3")
        evidence = await collecting.read_evidence(conn, later)
        assert evidence is not None and evidence.doubts == ()
        assert [entry.kind for entry in evidence.history.entries] == ["stored", "deleted"]
    await database.close()
