"""What each operation reads: arguments in, an object of JSON out."""

import asyncio
import base64
import binascii
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from handlers.programs.sight import EVERYTHING, Sight
from handlers.render.documents import json_lines
from storage import document as documents_schema
from storage.channels import channels
from storage.connection import Connection, Readable
from storage.document import Document
from storage.documents import documents
from storage.documents import search as archive_search
from storage.errors import NotFoundError, UsageError
from storage.query.reading import syntax
from storage.records import Hit
from storage.stories import stories

Members: TypeAlias = dict[str, Any]
Arguments: TypeAlias = Mapping[str, Any]

_PIECE = 200
_CURSOR = struct.Struct(">q")  # the row id of the last post of a story that was given


class Archive(Struct, frozen=True, kw_only=True):
    """What is read from, with whose eyes; a reading ends after ``seconds``, with TimeoutError."""

    database: Readable
    sight: Sight
    zone: ZoneInfo
    seconds: float
    now: datetime

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Connection]:
        """A connection, for as long as reading may take."""
        async with asyncio.timeout(self.seconds), self.database.reader("search") as conn:
            yield conn


async def search(archive: Archive, asked: Arguments) -> Members:
    """A page of the posts that a query finds. Raises QueryError, UsageError.

    It is looked on until the page is full or nothing is left, so that a cursor never stands at a
    post that may not be seen. By relevance it would tell of one: who may not see all gets no next
    page then.
    """
    query = syntax.parse(asked["q"], now=archive.now, zone=archive.zone)
    cursor, limit, sort = asked.get("cursor"), asked["limit"], asked["sort"]
    found: list[Hit] = []
    async with archive.reader() as conn:
        narrowed = archive.sight.narrowed(query, await channels.list_nameless(conn))
        while True:
            page = await archive_search.search(
                conn, narrowed, limit=limit - len(found), sort=sort, cursor=cursor
            )
            found += [hit for hit in page.hits if archive.sight.shows(hit.document)]
            cursor = page.following
            if cursor is None or len(found) >= limit:
                break
    if sort == "relevance" and not archive.sight.private:
        cursor = None
    told = await asyncio.to_thread(lambda: [json_lines.hit_members(hit) for hit in found])
    return {"query": query.written, "results": told, "next": cursor}


async def document(archive: Archive, asked: Arguments) -> Members:
    """A post by any of its names. Raises NotFoundError, for one that may not be seen too."""
    async with archive.reader() as conn:
        return documents_schema.to_json(await _seen(archive, conn, asked["id"]))


async def story(archive: Archive, asked: Arguments) -> Members:
    """A page of the posts that say what this one says, it among them, in the order in which they
    were stored. Raises NotFoundError, UsageError."""
    async with archive.reader() as conn:
        of = await _seen(archive, conn, asked["id"])
        name = await stories.find_story(conn, of.doc_id)
        ids = await _list_seen(archive, conn, await stories.list_members(conn, name))
        start, limit = _after(ids, asked.get("cursor")), asked["limit"]
        shown = ids[start : start + limit]
        found = await documents.list_documents(conn, shown)
    posts = await asyncio.to_thread(
        lambda: [documents_schema.to_json(found[id]) for id in shown if id in found]
    )
    return {"posts": posts, "next": _write(shown[-1]) if start + limit < len(ids) else None}


async def _list_seen(archive: Archive, conn: Connection, ids: Sequence[int]) -> list[int]:
    """Those of the posts that may be seen: of the others no page and no cursor tells anything."""
    if archive.sight == EVERYTHING:
        return [*ids]
    seen: list[int] = []
    for start in range(0, len(ids), _PIECE):
        piece = ids[start : start + _PIECE]
        found = await documents.list_documents(conn, piece)
        seen += [id for id in piece if id in found and archive.sight.shows(found[id])]
    return seen


async def _seen(archive: Archive, conn: Connection, name: str) -> Document:
    found = await documents.find_document(conn, name)
    if found is None or not archive.sight.shows(found):
        raise NotFoundError("there is no such post", where="id", hint="ids stand in doc_id")
    return found


def _after(ids: list[int], cursor: str | None) -> int:
    """The place behind the post that a cursor names."""
    if cursor is None:
        return 0
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return ids.index(_CURSOR.unpack(packed)[0]) + 1
    except (ValueError, binascii.Error, struct.error) as error:
        raise UsageError(
            "this is no page of this story", where="cursor", hint="begin again without one"
        ) from error


def _write(row_id: int) -> str:
    return base64.urlsafe_b64encode(_CURSOR.pack(row_id)).decode("ascii").rstrip("=")
