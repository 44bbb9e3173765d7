"""How many signals a chat asks for."""

from storage.connection import Connection


async def count_signals(conn: Connection, chat_id: int) -> int:
    """The number of a chat's silences and surges."""
    row = await conn.fetch_one(
        "SELECT (SELECT count(*) FROM silence WHERE chat_id = ?)"
        " + (SELECT count(*) FROM surge WHERE chat_id = ?) AS n",
        (chat_id, chat_id),
    )
    return 0 if row is None else int(row["n"])
