"""Single values kept by name, such as which server the sessions were made for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.connection import Connection


async def find_value(conn: "Connection", name: str) -> str | None:
    """The value of a fact, or None."""
    row = await conn.fetch_one("SELECT value FROM fact WHERE name = ?", (name,))
    return None if row is None else str(row["value"])


async def set_value(tx: "Connection", name: str, value: str) -> None:
    """Set a fact, whatever it was."""
    await tx.execute(
        "INSERT INTO fact (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


async def remove_value(tx: "Connection", name: str) -> bool:
    """Forget a fact; whether it was there."""
    return await tx.execute("DELETE FROM fact WHERE name = ?", (name,)) > 0
