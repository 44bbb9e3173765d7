"""Filling the text index with many documents at once: a third of the work of one after the other.

What is to be put in is gathered, and goes into its place many megabytes at a time ("GIN Fast Update
Technique" in the manual of PostgreSQL).
"""

from storage.connection import Connection

GATHERED_KIB = 65_536
AT_ONCE_KIB = 4_096  # as the schema has it

SORT_IN = f"""
    SELECT gin_clean_pending_list(CAST(c.oid AS REGCLASS)) FROM pg_class AS c
    WHERE c.oid = CAST('document_index_by_terms' AS REGCLASS) AND pg_has_role(c.relowner, 'USAGE')
    AND NOT coalesce('gin_pending_list_limit={GATHERED_KIB}' = ANY(c.reloptions), FALSE)
"""  # noqa: S608
"""Sort in what was just put in, unless it is gathered. Only who owns the index may: for others
the server does, whenever the list is full."""

_INDEX = "document_index_by_terms"
_BEGIN = f"ALTER INDEX {_INDEX} SET (fastupdate = on, gin_pending_list_limit = {GATHERED_KIB})"
_PUT = f"SELECT gin_clean_pending_list('{_INDEX}')"
_END = f"ALTER INDEX {_INDEX} SET (gin_pending_list_limit = {AT_ONCE_KIB})"


async def begin(tx: Connection) -> None:
    """From now on it is gathered."""
    await tx.execute(_BEGIN)


async def end(tx: Connection) -> None:
    """Put in what was gathered; from now on each transaction sorts in its own, as always."""
    await tx.execute(f"SET LOCAL work_mem = '{GATHERED_KIB}kB'")
    await tx.fetch_all(_PUT)
    await tx.execute(_END)
