"""Filling the text index with many documents at once: a third of the work of one after the other.

What is to be put in is gathered, and goes into its place many megabytes at a time ("GIN Fast Update
Technique" in the manual of PostgreSQL).
"""

from storage.connection import Connection

GATHERED_KIB = 65_536

_INDEX = "document_index_by_terms"
_BEGIN = f"ALTER INDEX {_INDEX} SET (fastupdate = on, gin_pending_list_limit = {GATHERED_KIB})"
_PUT = f"SELECT gin_clean_pending_list('{_INDEX}')"
_END = (
    f"ALTER INDEX {_INDEX} SET (fastupdate = off)",
    f"ALTER INDEX {_INDEX} RESET (gin_pending_list_limit)",
)


async def begin(tx: Connection) -> None:
    """From now on it is gathered."""
    await tx.execute(_BEGIN)


async def end(tx: Connection) -> None:
    """Put in what was gathered; from now on everything goes in at once, as always."""
    await tx.execute(f"SET LOCAL work_mem = '{GATHERED_KIB}kB'")
    await tx.fetch_all(_PUT)
    for sql in _END:
        await tx.execute(sql)
