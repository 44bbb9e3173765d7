"""The last id of each table that never reuses one; SQLite stores them in ``sqlite_sequence``."""

from collections.abc import Sequence

from storage.connection import Connection

_LAST = "SELECT seq FROM sqlite_sequence WHERE name = ?"
_SET = "UPDATE sqlite_sequence SET seq = ? WHERE name = ?"
_ADD = "INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)"


async def find_last_id(conn: Connection, table: str) -> int:
    """The last id that a table (with AUTOINCREMENT) has given; 0 if it has given none."""
    row = await conn.fetch_one(_LAST, (table,))
    return 0 if row is None else int(row["seq"])


async def set_last_ids(tx: Connection, kept: Sequence[tuple[str, int]]) -> None:
    """Set the last id of each table: its next row gets a higher one."""
    for table, last in kept:
        if not await tx.execute(_SET, (last, table)):
            await tx.execute(_ADD, (last, table))
