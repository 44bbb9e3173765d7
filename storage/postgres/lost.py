"""Documents that were indexed and are no longer whole in the index.

A crash of a server with ``fsync`` off, a dump restored in part, or an older version that writes
less can leave a document without some of its index rows; then no phrase finds it, or nothing at all
does.
"""

from storage.connection import Connection

BESIDE = ("document_index_words", "document_index_signs", "document_index_pairs")
"""The tables that hold a row for each document that ``document_index`` has."""

LACKING = " UNION ".join(
    f"SELECT i.id FROM document_index AS i"  # noqa: S608  (names of ours)
    f" WHERE NOT EXISTS (SELECT 1 FROM {table} AS b WHERE b.id = i.id)"
    for table in BESIDE
)
"""The row ids of documents that lack a row in one of those tables."""
_LOST = f"""
    SELECT d.id FROM (
        SELECT d.id FROM document AS d
        WHERE NOT EXISTS (SELECT 1 FROM document_index AS i WHERE i.id = d.id)
        UNION {LACKING}
    ) AS l JOIN document AS d ON d.id = l.id LEFT JOIN document_index AS i ON i.id = l.id
    WHERE d.analysis = ? AND i.beyond IS NOT TRUE ORDER BY d.id DESC
"""  # noqa: S608
# Index-only scans of the ids: the rows themselves are some kilobytes each.
_BY_INDEXES = "SET LOCAL enable_seqscan = off"
_AS_BEFORE = "SET LOCAL enable_seqscan TO DEFAULT"


async def list_lost(conn: Connection, version: int) -> list[int]:
    """The row ids, newest first, of documents that were indexed under ``version`` and lack index
    rows. Those too big for a tsvector need none of the other rows."""
    await conn.execute(_BY_INDEXES)
    rows = await conn.fetch_all(_LOST, (version,))
    await conn.execute(_AS_BEFORE)
    return [row["id"] for row in rows]
