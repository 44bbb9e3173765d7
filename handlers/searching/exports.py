"""Files of documents that a chat asked for: made when they are sent, within limits."""

import asyncio
from collections.abc import AsyncIterator

from handlers.render.documents import files
from handlers.render.text.dates import zone_of
from handlers.render.text.messages import Attachment, File
from storage.connection import Database
from storage.document import Document
from storage.documents import search
from storage.query.reading import syntax

MOST_DOCUMENTS = 10_000
MOST_BYTES = 10_000_000
"""Telegram takes files of up to 10 MB in the simple way (core.telegram.org/api/files)."""

_CHUNK = 200


async def make_file(
    database: Database,
    attachment: Attachment,
    *,
    most_documents: int = MOST_DOCUMENTS,
    most_bytes: int = MOST_BYTES,
) -> File:
    """A file of the newest documents that a query finds, as many as fit; made in a thread. Raises
    QueryError for a query that this version cannot parse."""
    form, zone = attachment.format, zone_of(attachment.timezone)
    if form not in files.FORMATS:
        raise ValueError(f"{form!r} is no export")
    query = syntax.parse(attachment.query, now=attachment.asked_at, zone=zone)
    data = bytearray(files.opening(form))
    count, more = 0, False
    async with database.reader() as conn:
        async for chunk in _chunks(search.iterate(conn, query)):
            made = await asyncio.to_thread(files.pieces, chunk, form)
            for piece in made:
                more = count >= most_documents or len(data) + len(piece) > most_bytes
                if more:
                    break
                data += piece
                count += 1
            if more:
                break
    return File(
        name=f"dateline-{count}.{form}",
        mime=files.MIMES[form],
        data=bytes(data),
        count=count,
        more=more,
    )


async def _chunks(documents: AsyncIterator[Document]) -> AsyncIterator[list[Document]]:
    chunk: list[Document] = []
    async for document in documents:
        chunk.append(document)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
