"""The last id each table has given, kept in its sequence."""

from collections.abc import Sequence

from storage.connection import Connection

_LAST = """
    SELECT coalesce(pg_sequence_last_value(CAST(
        pg_get_serial_sequence(?, 'id') AS REGCLASS
    )), 0) AS last
"""
_GIVING = """
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES' AND column_name = 'id'
    ORDER BY table_name
"""
_SET = "SELECT setval(pg_get_serial_sequence(?, 'id'), CAST(? AS BIGINT))"


async def find_last_id(conn: Connection, table: str) -> int:
    """The last id that a table gave; 0 for none."""
    row = await conn.fetch_one(_LAST, (table,))
    return 0 if row is None else int(row["last"])


async def set_last_ids(tx: Connection, kept: Sequence[tuple[str, int]]) -> None:
    """Set the sequence of each table to the id in ``kept``, or to its highest id if that is
    greater."""
    known = dict(kept)
    for giving in await tx.fetch_all(_GIVING):
        name = giving["name"]
        row = await tx.fetch_one(f'SELECT coalesce(max(id), 0) AS last FROM "{name}"')  # noqa: S608
        last = max(known.get(name, 0), row["last"] if row else 0)
        if last > 0:
            await tx.fetch_all(_SET, (name, last))
