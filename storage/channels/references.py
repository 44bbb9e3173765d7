"""What a name meant when a channel was put on the list under it.

A channel is its number: the name may pass to another one, and the list must not follow it there.
"""

from storage.channels import channels
from storage.connection import Connection
from storage.records import Channel


async def bind(tx: Connection, name: str, channel: int) -> None:
    """Let a name mean the channel of this row from now on, whatever it meant before."""
    await tx.execute(
        "INSERT INTO channel_reference (name, channel) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET channel = excluded.channel",
        (_key(name), channel),
    )


async def find_bound(conn: Connection, name: str) -> Channel | None:
    """The channel that a name meant when it was put on the list, watched or not; or None."""
    row = await conn.fetch_one(
        "SELECT channel FROM channel_reference WHERE name = ?", (_key(name),)
    )
    return None if row is None else await channels.get_channel(conn, row["channel"])


async def list_bound(conn: Connection) -> dict[str, Channel]:
    """The watched channels by the names (in small letters) that they were put on the list by."""
    rows = await conn.fetch_all("SELECT name, channel FROM channel_reference ORDER BY name")
    watched = {channel.id: channel for channel in await channels.list_channels(conn)}
    return {row["name"]: watched[row["channel"]] for row in rows if row["channel"] in watched}


def _key(name: str) -> str:
    return name.removeprefix("@").lower()
