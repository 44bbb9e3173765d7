"""The new database's own index, made of its documents: the two engines' have nothing in common."""

from collections.abc import Iterator, Sequence

from storage.connection import Connection, Database, Row
from storage.document_json import parse
from storage.documents.index import IndexEntry
from storage.errors import DocumentError
from storage.postgres import loading
from storage.query.words import analysis
from storage.transfer import copy_state
from storage.transfer.copying import Shown

STEP = "document_index"
BATCH = 250
_TOTAL = "SELECT count(*) AS n FROM document WHERE id > ?"
_NEXT = "SELECT id, json FROM document WHERE id > ? ORDER BY id LIMIT ?"
_UNREAD = "UPDATE document SET analysis = 0 WHERE id = ?"
_LOWEST = -(1 << 63)


async def index_all(database: Database, shown: Shown, *, on_server: bool) -> None:
    """Index what is not indexed yet, oldest first. Documents that cannot be read are left out, as
    everywhere. ``on_server``: PostgreSQL's. Raises StorageError; then it goes on from there."""
    if not on_server:
        await _index_all(database, shown)
        return
    async with database.transaction() as tx:
        await loading.begin(tx)
    await _index_all(database, shown)
    async with database.transaction() as tx:
        await loading.end(tx)


async def _index_all(database: Database, shown: Shown) -> None:
    async with database.reader() as reader:
        progress = await copy_state.find_progress(reader)
        after = _LOWEST
        if progress is not None and progress.step == STEP and progress.after:
            after = int(progress.after[0])
        total, left = await _count(reader, _LOWEST), await _count(reader, after)
    with shown("indexing documents") as tell:
        tell(total - left, total)
        while rows := await _fetch(database, after):
            after = rows[-1]["id"]
            await _put(database, rows, after)
            left -= len(rows)
            tell(total - left, total)


async def _count(conn: Connection, after: int) -> int:
    row = await conn.fetch_one(_TOTAL, (after,))
    return 0 if row is None else int(row["n"])


async def _fetch(database: Database, after: int) -> Sequence[Row]:
    async with database.reader() as reader:
        return await reader.fetch_all(_NEXT, (after, BATCH))


async def _put(database: Database, rows: Sequence[Row], last: int) -> None:
    unread: list[tuple[int]] = []
    async with database.transaction() as tx:
        await tx.index.add(_analyse(rows, unread))
        await tx.execute_many(_UNREAD, unread)
        await copy_state.set_progress(tx, STEP, (last,))


def _analyse(rows: Sequence[Row], unread: list[tuple[int]]) -> Iterator[IndexEntry]:
    for row in rows:
        try:
            analysed = analysis.analyse_document(parse(row["json"]))
        except (DocumentError, ValueError):
            unread.append((row["id"],))
            continue
        yield row["id"], analysed
