"""Leases of many processes, by the clock of the server that all of them ask: whose clock is wrong
takes nothing from others and keeps nothing for longer.

A lease is a row: its owner, the moment at which it ends unless it is renewed, and a number that is
one higher each time that it is taken (``fence``). Renewing waits for nobody who looks whether a
lease still stands; taking it over does.
"""

from collections.abc import Collection, Mapping, Sequence

from storage.connection import Connection, fetch_in

_NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"

# One that another takes at this moment is left to it.
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
    """Take up to ``most`` of these leases that nobody has, or that ``owner`` had, for ``lasts``
    seconds; gives the fence of each that was taken."""
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
    """Have leases last for so many seconds from now; gives the fences of those that are the
    owner's still, ended meanwhile or not: nobody has taken them over."""
    rows = await tx.fetch_all(_RENEW, (_microseconds(lasts), owner, sorted(names)))
    return {row["name"]: int(row["fence"]) for row in rows}


async def give_back(tx: Connection, names: Collection[str], owner: str) -> None:
    """End leases now, as far as they are the owner's."""
    await tx.execute(
        "UPDATE lease SET expires_at = 0 WHERE owner = ? AND name = ANY(?)", (owner, sorted(names))
    )


async def stand(
    tx: Connection, held: Mapping[str, int], owner: str, *, line: str | None = None
) -> bool:
    """Whether all these leases (name and fence) are the owner's, and nobody takes one over until
    the transaction has ended; with ``line``: and whether the server is in that line of time."""
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
    """The server's line of time: another one after a replica was promoted, which may not have been
    given all that was committed before. Raises StorageError where the server does not say."""
    row = await conn.fetch_one(f"SELECT {_LINE} AS line")
    return "" if row is None else str(row["line"])


async def count_living(conn: Connection, beginning: str = "") -> int:
    """How many leases stand whose names begin so."""
    row = await conn.fetch_one(
        f"SELECT count(*) AS n FROM lease WHERE starts_with(name, ?) AND expires_at > {_NOW}",  # noqa: S608
        (beginning,),
    )
    return 0 if row is None else int(row["n"])


async def list_living(conn: Connection, beginning: str) -> frozenset[str]:
    """The leases that stand whose names begin so, without that beginning."""
    rows = await conn.fetch_all(
        f"SELECT name FROM lease WHERE starts_with(name, ?) AND expires_at > {_NOW}",  # noqa: S608
        (beginning,),
    )
    return frozenset(row["name"].removeprefix(beginning) for row in rows)


async def list_given_back(conn: Connection, beginning: str) -> frozenset[str]:
    """The leases that were given back whose names begin so, without that beginning."""
    rows = await conn.fetch_all(
        "SELECT name FROM lease WHERE starts_with(name, ?) AND expires_at = 0", (beginning,)
    )
    return frozenset(row["name"].removeprefix(beginning) for row in rows)


async def end(tx: Connection, names: Sequence[str]) -> frozenset[str]:
    """End leases for good whose time is over: whoever had one finds that it was replaced. Gives
    those that are ended; one that stands, or is looked at in a transaction, stays."""
    return frozenset(await take(tx, names, "", most=len(names), lasts=0.0) if names else ())


async def forget(tx: Connection, beginning: str, *, after: float) -> None:
    """Remove leases whose names begin so and that ended so many seconds ago."""
    await tx.execute(
        f"DELETE FROM lease WHERE starts_with(name, ?) AND expires_at < {_NOW} - ?",  # noqa: S608
        (beginning, _microseconds(after)),
    )


def _microseconds(seconds: float) -> int:
    return int(seconds * 1_000_000)
