"""What each of several accounts knows of watched channels, and how many it joined within a day.

Accounts and channels are told by Telegram's numbers. Access hashes are good for one account only.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from storage import facts, times
from storage.connection import Connection

_FIRST = "watching_account"
_NAME = "account_name:"
DAY = timedelta(days=1)
MOVED_A_DAY = 10
"""How many channels an account joins within a day that another account was in: who joins many at
once is taken for a spammer."""


class Known(Struct, frozen=True, kw_only=True):
    """A channel as one account knows it."""

    channel_id: int
    access_hash: int
    joined: bool


async def find_first(conn: Connection) -> int | None:
    """The number of the account that watches, or watched last; where several do, of the one that
    was first."""
    value = await facts.find_value(conn, _FIRST)
    return None if value is None else int(value)


async def set_first(tx: Connection, account: int) -> None:
    """Keep which account that is."""
    await facts.set_value(tx, _FIRST, str(account))


async def set_name(tx: Connection, account: int, name: str) -> None:
    """Keep what an account is called."""
    await facts.set_value(tx, f"{_NAME}{account}", name)


async def find_name(conn: Connection, account: int | None) -> str:
    """What an account is called, else its number; empty for none."""
    if account is None:
        return ""
    return await facts.find_value(conn, f"{_NAME}{account}") or str(account)


async def list_known(conn: Connection, account: int) -> dict[int, Known]:
    """What an account knows, by the channels' numbers."""
    rows = await conn.fetch_all(
        "SELECT channel_id, access_hash, joined FROM account_channel WHERE account = ?", (account,)
    )
    return {
        row["channel_id"]: Known(
            channel_id=row["channel_id"],
            access_hash=row["access_hash"],
            joined=bool(row["joined"]),
        )
        for row in rows
    }


async def know(tx: Connection, account: int, found: Iterable[Known]) -> None:
    """Keep what an account knows of these channels."""
    await tx.execute_many(
        "INSERT INTO account_channel (account, channel_id, access_hash, joined)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (account, channel_id)"
        " DO UPDATE SET access_hash = excluded.access_hash, joined = excluded.joined",
        [(account, one.channel_id, one.access_hash, int(one.joined)) for one in found],
    )


async def leave(tx: Connection, account: int, channel_ids: Iterable[int]) -> None:
    """An account is in these channels no more."""
    await tx.execute_many(
        "UPDATE account_channel SET joined = 0 WHERE account = ? AND channel_id = ?",
        [(account, number) for number in channel_ids],
    )


async def leave_all(tx: Connection, account: int) -> None:
    """An account can't be used any more: it is in nothing."""
    await tx.execute("UPDATE account_channel SET joined = 0 WHERE account = ?", (account,))


async def list_members(conn: Connection) -> dict[int, frozenset[int]]:
    """The accounts that are in each channel, by its number."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in await conn.fetch_all(
        "SELECT channel_id, account FROM account_channel WHERE joined = 1"
    ):
        found[row["channel_id"]].add(row["account"])
    return {channel: frozenset(accounts) for channel, accounts in found.items()}


async def count_memberships(conn: Connection) -> int:
    """How many memberships are known: cheap to ask again and again."""
    row = await conn.fetch_one("SELECT count(*) AS n FROM account_channel WHERE joined = 1")
    return 0 if row is None else int(row["n"])


async def note_join(tx: Connection, account: int, now: datetime) -> None:
    """An account joins a channel. What is older than a day is forgotten."""
    await tx.execute(
        "DELETE FROM account_join WHERE account = ? AND joined_at <= ?",
        (account, times.to_epoch(now - DAY)),
    )
    await tx.execute(
        "INSERT INTO account_join (account, joined_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (account, times.to_epoch(now)),
    )


async def drop_join(tx: Connection, account: int, joined_at: datetime) -> None:
    """An account has not joined after all."""
    await tx.execute(
        "DELETE FROM account_join WHERE account = ? AND joined_at = ?",
        (account, times.to_epoch(joined_at)),
    )


async def list_joins(conn: Connection, account: int, now: datetime) -> list[datetime]:
    """When an account joined channels within the last day, oldest first. A clock that was put back
    makes none of them later than now."""
    rows = await conn.fetch_all(
        "SELECT joined_at FROM account_join WHERE account = ? AND joined_at > ? ORDER BY joined_at",
        (account, times.to_epoch(now - DAY)),
    )
    return [min(now, times.from_epoch(row["joined_at"])) for row in rows]
