"""Maintenance of a database."""

from storage.connection import Connection, Pages

SHRUNK_BYTES = 1 << 28
"""A file of an older version up to this size is rewritten at the first start, within some seconds,
so that it can shrink from then on."""


async def count_pages(conn: Connection) -> Pages:
    """The pages of the file, used and free."""
    pages, unused, mode = [
        next(iter(await conn.fetch_all(f"PRAGMA {name}")))[name]
        for name in ("page_count", "freelist_count", "auto_vacuum")
    ]
    return Pages(all=pages, unused=unused, can_shrink=mode != 0)


async def skip_ids(tx: Connection, table: str, count: int) -> None:
    """Have the next row of a table, which never reuses ids, get an id higher by so much."""
    sql = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?"
    if not await tx.execute(sql, (count, table)):
        sql = "INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)"
        await tx.execute(sql, (count, table))


async def give_back(tx: Connection, pages: int) -> None:
    """Return unused pages to the disk, at most this many, if the file can shrink."""
    for _ in range(pages):
        # Only as many pages are freed as rows are fetched: these have no columns, and Python's
        # driver fetches none. A statement that it does not try to fetch stays open.
        await tx.fetch_all("PRAGMA incremental_vacuum(1)")
