"""Repairs databases that ran a migration before it was changed.

Three migrations were changed in their first days on main, after some databases had run them. What a
later one needs of the difference is supplied here, right before it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.connection import Connection

_CHANNEL_NAME = """
    CREATE TABLE IF NOT EXISTS channel_name (
        username_key TEXT PRIMARY KEY,
        channel_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
"""


async def mend(tx: "Connection", *, before: int) -> None:
    """Bring the database to the state that the migration of this number expects."""
    if before == 14:
        await tx.execute(_CHANNEL_NAME)
    elif before == 60:
        await _date_tries(tx)


async def _date_tries(tx: "Connection") -> None:
    """Add the column ``tried_at`` to a database that stored only whether a message was tried. It is
    set to when the message was made, since it was not tried before that."""
    columns = {row["name"] for row in await tx.fetch_all("PRAGMA table_info(delivery)")}
    if "tried_at" not in columns:
        await tx.execute("ALTER TABLE delivery ADD COLUMN tried_at INTEGER")
        await tx.execute("UPDATE delivery SET tried_at = created_at WHERE tried")
