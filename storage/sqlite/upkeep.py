"""What a database wants done now and then."""

from storage.connection import Connection, Pages

SHRUNK_BYTES = 1 << 28
"""A file of an older version of this size is written anew at the first start, within some seconds,
so that it can shrink from then on."""


async def count_pages(conn: Connection) -> Pages:
    """The pages of the file as they are used now."""
    pages, unused, mode = [
        next(iter(await conn.fetch_all(f"PRAGMA {name}")))[name]
        for name in ("page_count", "freelist_count", "auto_vacuum")
    ]
    return Pages(all=pages, unused=unused, can_shrink=mode != 0)


async def give_back(tx: Connection, pages: int) -> None:
    """Return unused pages to the disk, at most this many, if the file can shrink."""
    for _ in range(pages):
        # More at once would be done as far as its rows are fetched: they have no columns, and
        # Python's driver fetches none of them. One that it does not try to fetch stays open.
        await tx.fetch_all("PRAGMA incremental_vacuum(1)")
