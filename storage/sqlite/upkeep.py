"""What a database wants done now and then."""

from dataclasses import dataclass

from storage.connection import Connection

SHRUNK_BYTES = 1 << 28
"""A file of an older version of this size is written anew at the first start, within some seconds,
so that it can shrink from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The pages of a file: all, and those that hold nothing at present.

    ``can_shrink``: these can be given back to the disk. Not in a file of an older version that
    was not written anew since: there what comes next goes into them, and it stays as large.
    """

    all: int
    unused: int
    can_shrink: bool


async def refresh_statistics(tx: Connection) -> None:
    """Let the engine's planner know how the tables have grown; cheap where nothing changed."""
    await tx.execute("PRAGMA optimize")


async def count_pages(conn: Connection) -> Pages:
    """The pages of the database as they are used now."""
    pages, unused, mode = [
        next(iter(await conn.fetch_all(f"PRAGMA {name}")))[name]
        for name in ("page_count", "freelist_count", "auto_vacuum")
    ]
    return Pages(all=pages, unused=unused, can_shrink=mode != 0)


async def give_back(tx: Connection, pages: int) -> None:
    """Give so many unused pages back to the disk, where the file can shrink."""
    for _ in range(pages):
        # More at once would be done as far as its rows are fetched: they have no columns, and
        # Python's driver fetches none of them. One that it does not try to fetch stays open.
        await tx.fetch_all("PRAGMA incremental_vacuum(1)")
