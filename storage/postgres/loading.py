"""Bulk loading of the text index, in a third of the time of one document after the other.

Entries are gathered in GIN's pending list and merged many megabytes at a time ("GIN Fast Update
Technique" in PostgreSQL's manual).
"""

from storage.connection import Connection

GATHERED_KIB = 65_536
AT_ONCE_KIB = 4_096  # as the schema has it

SORT_IN = f"""
    SELECT gin_clean_pending_list(CAST(c.oid AS REGCLASS)) FROM pg_class AS c
    WHERE c.oid = CAST('document_index_by_terms' AS REGCLASS) AND pg_has_role(c.relowner, 'USAGE')
    AND NOT coalesce('gin_pending_list_limit={GATHERED_KIB}' = ANY(c.reloptions), FALSE)
"""  # noqa: S608
"""Merge what was just added, unless it is being gathered. Only the index's owner may: for others
the server merges whenever the list is full."""

_INDEX = "document_index_by_terms"
_BEGIN = f"ALTER INDEX {_INDEX} SET (fastupdate = on, gin_pending_list_limit = {GATHERED_KIB})"
_PUT = f"SELECT gin_clean_pending_list('{_INDEX}')"
_END = f"ALTER INDEX {_INDEX} SET (gin_pending_list_limit = {AT_ONCE_KIB})"


async def begin(tx: Connection) -> None:
    """Turn fast update on, with a large pending list."""
    await tx.execute(_BEGIN)


async def end(tx: Connection) -> None:
    """Merge the pending list, and make it small again: each transaction then merges its own
    entries."""
    await tx.execute(f"SET LOCAL work_mem = '{GATHERED_KIB}kB'")
    await tx.fetch_all(_PUT)
    await tx.execute(_END)
