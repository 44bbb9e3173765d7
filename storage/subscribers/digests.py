"""Digest plans, one a chat, and the days on which each has run."""

from datetime import datetime, time

from storage import times
from storage.connection import Connection, Row
from storage.errors import NotFoundError
from storage.records import DigestPlan


async def set_plan(
    tx: Connection, *, chat_id: int, local_time: time, timezone: str, now: datetime
) -> DigestPlan:
    """Give a subscriber a daily digest at a wall-clock time, in place of the one it had."""
    await tx.execute(
        "INSERT INTO digest_plan (chat_id, minute, timezone, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat_id) DO UPDATE SET minute = excluded.minute,"
        " timezone = excluded.timezone, created_at = excluded.created_at",
        (
            chat_id,
            _minute(local_time),
            timezone,
            times.to_epoch(now),
        ),
    )
    plan = await find_plan(tx, chat_id)
    if plan is None:
        raise NotFoundError("the digest plan was not saved", where=f"chat {chat_id}")
    return plan


async def move_plan(tx: Connection, chat_id: int, timezone: str) -> bool:
    """A chat's plan keeps its wall-clock time in another zone; whether there was one to move."""
    sql = "UPDATE digest_plan SET timezone = ? WHERE chat_id = ? AND timezone <> ?"
    return await tx.execute(sql, (timezone, chat_id, timezone)) > 0


async def list_plans_elsewhere(conn: Connection, timezone: str, *, limit: int) -> list[DigestPlan]:
    """Plans that have another zone than their chat; ``timezone`` is that of chats that chose
    none."""
    rows = await conn.fetch_all(
        "SELECT p.* FROM digest_plan p JOIN subscriber s ON s.chat_id = p.chat_id"
        " WHERE p.timezone <> coalesce(s.timezone, ?) ORDER BY p.id LIMIT ?",
        (timezone, limit),
    )
    return [_from_row(row) for row in rows]


async def convert_plan(tx: Connection, plan_id: int, *, local_time: time, timezone: str) -> None:
    """Say a plan's moment in another zone: the days on which it ran still count."""
    sql = "UPDATE digest_plan SET minute = ?, timezone = ? WHERE id = ?"
    await tx.execute(sql, (_minute(local_time), timezone, plan_id))


async def find_plan(conn: Connection, chat_id: int) -> DigestPlan | None:
    """A chat's digest plan, or None."""
    row = await conn.fetch_one("SELECT * FROM digest_plan WHERE chat_id = ?", (chat_id,))
    return None if row is None else _from_row(row)


async def list_plans(conn: Connection) -> list[DigestPlan]:
    """The digest plans of all active subscribers."""
    rows = await conn.fetch_all(
        "SELECT p.* FROM digest_plan p JOIN subscriber s ON s.chat_id = p.chat_id"
        " WHERE s.active = 1 ORDER BY p.id"
    )
    return [_from_row(row) for row in rows]


async def remove_plan(tx: Connection, chat_id: int) -> bool:
    """Drop a chat's digest plan; whether it had one."""
    return await tx.execute("DELETE FROM digest_plan WHERE chat_id = ?", (chat_id,)) > 0


def _minute(local_time: time) -> int:
    return local_time.hour * 60 + local_time.minute


def _from_row(row: Row) -> DigestPlan:
    return DigestPlan(
        id=row["id"],
        chat_id=row["chat_id"],
        local_time=time(row["minute"] // 60, row["minute"] % 60),
        timezone=row["timezone"],
        created_at=times.from_epoch(row["created_at"]),
    )
