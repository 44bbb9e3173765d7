"""Leases shared by several processes, timed by the database server's clock, so that a process whose
clock is wrong neither takes a lease from others nor keeps one too long.

A lease is a row: its owner, when it expires unless renewed, and a fencing number (``fence``) that
grows by one each time it is taken. Renewing does not wait for those who check that a lease is
valid; taking it over does.
"""

from collections.abc import Collection, Mapping, Sequence

from storage.connection import Connection, fetch_in

_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"

# SKIP LOCKED: a lease that another process is just taking is left to it.
_FREE = (
    "SELECT name FROM lease WHERE name IN (:values)"  # noqa: S608
    f" AND (expires_at <= {_NOW} OR owner = ?) ORDER BY name LIMIT ? FOR UPDATE SKIP LOCKED"
)
_TAKE = (
    f"UPDATE lease SET owner = ?, fence = fence + 1, expires_at = {_NOW} + ?"  # noqa: S608
    " WHERE name = ? RETURNING fence"
)
_LINE = "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"
_OF_LINE = f"{_LINE} = ? AND"
_RENEW = (
    f"UPDATE lease SET expires_at = {_NOW} + ?"  # noqa: S608
    " WHERE owner = ? AND name = ANY(?) RETURNING name, fence"
)


async def take(
    tx: Connection, names: Sequence[str], owner: str, *, most: int, lasts: float
) -> dict[str, int]:
    """Take up to ``most`` of these leases that are free or were the ``owner``'s already, for
    ``lasts`` seconds; gives the fence of each one taken."""
    for name in names:
        await tx.execute(
            "INSERT INTO lease (name, owner, fence, expires_at) VALUES (?, '', 0, 0)"
            " ON CONFLICT DO NOTHING",
            (name,),
        )
    marks = ", ".join("?" * len(names))
    free = await tx.fetch_all(_FREE.replace(":values", marks), (*names, owner, most))
    taken = {}
    for row in free:
        fence = await tx.fetch_one(_TAKE, (owner, _microseconds(lasts), row["name"]))
        if fence is not None:
            taken[row["name"]] = int(fence["fence"])
    return taken


async def renew(
    tx: Connection, names: Collection[str], owner: str, *, lasts: float
) -> dict[str, int]:
    """Renew leases for ``lasts`` seconds; gives the fences of those that are still the owner's,
    including expired ones that nobody has taken over."""
    rows = await tx.fetch_all(_RENEW, (_microseconds(lasts), owner, sorted(names)))
    return {row["name"]: int(row["fence"]) for row in rows}


async def give_back(tx: Connection, names: Collection[str], owner: str) -> None:
    """Release the leases of these names that the owner has."""
    await tx.execute(
        "UPDATE lease SET expires_at = 0 WHERE owner = ? AND name = ANY(?)", (owner, sorted(names))
    )


async def stand(
    tx: Connection, held: Mapping[str, int], owner: str, *, line: str | None = None
) -> bool:
    """Whether all these leases (name and fence) are the owner's; locks them, so that nobody takes
    one over before the transaction ends. With ``line`` also checks that the server is on that
    timeline."""
    rows = await fetch_in(
        tx,
        f"SELECT name, fence FROM lease WHERE {_OF_LINE} owner = ?"  # noqa: S608
        " AND name IN (:values) FOR KEY SHARE"
        if line is not None
        else "SELECT name, fence FROM lease WHERE owner = ? AND name IN (:values) FOR KEY SHARE",
        sorted(held),
        before=(owner,) if line is None else (line, owner),
    )
    return {row["name"]: int(row["fence"]) for row in rows} == dict(held)


async def find_line(conn: Connection) -> str:
    """The server's timeline. It changes when a replica is promoted, which may lack the last
    commits. Raises StorageError if the server does not tell it."""
    row = await conn.fetch_one(f"SELECT {_LINE} AS line")
    return "" if row is None else str(row["line"])


async def count_living(conn: Connection, beginning: str = "") -> int:
    """How many valid leases have names that begin with ``beginning``."""
    row = await conn.fetch_one(
        f"SELECT count(*) AS n FROM lease WHERE starts_with(name, ?) AND expires_at > {_NOW}",  # noqa: S608
        (beginning,),
    )
    return 0 if row is None else int(row["n"])


async def list_living(conn: Connection, beginning: str) -> frozenset[str]:
    """The names of valid leases that begin with ``beginning``, without that prefix."""
    rows = await conn.fetch_all(
        f"SELECT name FROM lease WHERE starts_with(name, ?) AND expires_at > {_NOW}",  # noqa: S608
        (beginning,),
    )
    return frozenset(row["name"].removeprefix(beginning) for row in rows)


async def list_given_back(conn: Connection, beginning: str) -> frozenset[str]:
    """The names of released leases that begin with ``beginning``, without that prefix."""
    rows = await conn.fetch_all(
        "SELECT name FROM lease WHERE starts_with(name, ?) AND expires_at = 0", (beginning,)
    )
    return frozenset(row["name"].removeprefix(beginning) for row in rows)


async def end(tx: Connection, names: Sequence[str]) -> frozenset[str]:
    """End expired leases for good: their former owner then finds that it was replaced. Gives the
    names of those ended; a valid lease, or one that a transaction is checking, stays."""
    return frozenset(await take(tx, names, "", most=len(names), lasts=0.0) if names else ())


async def forget(tx: Connection, beginning: str, *, after: float) -> None:
    """Remove leases whose names begin with ``beginning`` and that expired ``after`` seconds ago or
    earlier."""
    await tx.execute(
        f"DELETE FROM lease WHERE starts_with(name, ?) AND expires_at < {_NOW} - ?",  # noqa: S608
        (beginning, _microseconds(after)),
    )


def _microseconds(seconds: float) -> int:
    return int(seconds * 1_000_000)
