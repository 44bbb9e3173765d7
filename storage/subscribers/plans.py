"""Plans: what chats get at set times, and until when each was sent."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from storage import times
from storage.connection import ALL, Connection, Row, fetch_in
from storage.errors import NotFoundError
from storage.records import Plan, PlanKind
from storage.structs import replace

KEPT_FOR = timedelta(days=1)
"""How long the removal of a plan can be undone."""
_FIELDS = (
    "name",
    "query",
    "channels",
    "times",
    "timezone",
    "most",
    "short",
    "says_nothing_new",
    "paused",
    "told_until",
    "due_at",
    "removed_at",
    "topic",
)
_SET = ", ".join(f"{name} = ?" for name in _FIELDS)


async def add_plan(
    tx: Connection,
    *,
    chat_id: int,
    times: str,
    timezone: str,
    due_at: datetime,
    now: datetime,
    kind: PlanKind = "digest",
    query: str = "",
    name: str = "",
    topic: int | None = None,
) -> Plan:
    """Give a subscriber one more plan."""
    plan = Plan(
        id=0,
        chat_id=chat_id,
        kind=kind,
        token=secrets.token_hex(4),
        name=name,
        query=query,
        times=times,
        timezone=timezone,
        created_at=now,
        due_at=due_at,
        topic=topic,
    )
    columns = ("chat_id", "kind", "token", "created_at", *_FIELDS)
    plan_id = await tx.insert(
        f"INSERT INTO plan ({', '.join(columns)})"  # noqa: S608
        f" VALUES ({', '.join('?' * len(columns))})",
        (chat_id, kind, plan.token, _epoch(now), *_values(plan)),
    )
    return replace(plan, id=plan_id)


async def update_plan(tx: Connection, id: int, **fields: Any) -> Plan:
    """Set fields of a plan; gives the plan. Raises NotFoundError if there is none."""
    unknown = fields.keys() - set(_FIELDS)
    if unknown:
        raise TypeError(f"a plan has no field {min(unknown)} to update")
    found = await find_plan(tx, id)
    if found is None:
        raise NotFoundError("there is no such plan", where=f"plan {id}")
    plan = replace(found, **fields)
    await tx.execute(f"UPDATE plan SET {_SET} WHERE id = ?", (*_values(plan), id))  # noqa: S608
    return plan


async def find_plan(conn: Connection, id: int) -> Plan | None:
    """The plan of that id, also a removed one that is still kept; or None."""
    row = await conn.fetch_one("SELECT * FROM plan WHERE id = ?", (id,))
    return None if row is None else _from_row(row)


async def find_plans(conn: Connection, ids: Sequence[int]) -> dict[int, Plan]:
    """Those of these plans that exist, by id; also removed ones."""
    rows = await fetch_in(conn, "SELECT * FROM plan WHERE id IN (:values)", ids)
    return {row["id"]: _from_row(row) for row in rows}


async def list_plans(conn: Connection, chat_id: int) -> list[Plan]:
    """A chat's plans, oldest first."""
    return await _list(conn, "chat_id = ? AND removed_at IS NULL", (chat_id,))


async def list_due(conn: Connection, *, now: datetime, after: int, limit: int) -> list[Plan]:
    """The plans that are due, by id: the first ones after ``after``."""
    where = "due_at <= ? AND removed_at IS NULL AND id > ?"
    return await _list(conn, where, (_epoch(now), after), limit=limit)


async def note_told(tx: Connection, told: Sequence[tuple[Plan, datetime, datetime]]) -> None:
    """Note the end of the period that each plan was sent for, and when it is due next."""
    await tx.execute_many(
        "UPDATE plan SET told_until = ?, due_at = ? WHERE id = ?",
        [(_epoch(until), _epoch(due_at), plan.id) for plan, until, due_at in told],
    )


async def find_next_due(conn: Connection, *, after: datetime) -> datetime | None:
    """When the next plan is due that is not due yet."""
    row = await conn.fetch_one(
        "SELECT min(due_at) AS at FROM plan WHERE due_at > ? AND removed_at IS NULL",
        (_epoch(after),),
    )
    return times.optional_from_epoch(row["at"]) if row else None


async def list_unreckoned(conn: Connection, *, limit: int) -> list[Plan]:
    """Plans whose next time was not computed yet."""
    return await _list(conn, "due_at IS NULL", (), limit=limit)


async def list_elsewhere(conn: Connection, timezone: str, *, limit: int) -> list[Plan]:
    """Daily plans with a single time whose zone differs from their chat's; ``timezone`` is that of
    chats that chose none."""
    where = (
        "times LIKE 'daily __:__' AND timezone <> coalesce("
        "(SELECT timezone FROM subscriber AS s WHERE s.chat_id = plan.chat_id), ?)"
    )
    return await _list(conn, where, (timezone,), limit=limit)


async def prune_removed(tx: Connection, *, now: datetime) -> int:
    """Forget plans that were removed long ago; gives how many."""
    return await tx.execute("DELETE FROM plan WHERE removed_at < ?", (_epoch(now - KEPT_FOR),))


async def _list(
    conn: Connection, where: str, values: Sequence[object], *, limit: int = ALL
) -> list[Plan]:
    rows = await conn.fetch_all(
        f"SELECT * FROM plan WHERE {where} ORDER BY id LIMIT ?",  # noqa: S608
        (*values, limit),
    )
    return [_from_row(row) for row in rows]


def _epoch(at: datetime) -> int:
    return times.to_epoch(at)


def _values(plan: Plan) -> tuple[object, ...]:
    """The values of the columns in ``_FIELDS``."""
    return (
        plan.name,
        plan.query,
        " ".join(map(str, plan.channels)),
        plan.times,
        plan.timezone,
        plan.most,
        int(plan.short),
        int(plan.says_nothing_new),
        int(plan.paused),
        times.optional_to_epoch(plan.told_until),
        times.optional_to_epoch(plan.due_at),
        times.optional_to_epoch(plan.removed_at),
        plan.topic,
    )


def _from_row(row: Row) -> Plan:
    return Plan(
        id=row["id"],
        chat_id=row["chat_id"],
        kind=row["kind"],
        token=row["token"],
        name=row["name"],
        query=row["query"],
        channels=tuple(map(int, row["channels"].split())),
        times=row["times"],
        timezone=row["timezone"],
        most=row["most"],
        short=bool(row["short"]),
        says_nothing_new=bool(row["says_nothing_new"]),
        paused=bool(row["paused"]),
        created_at=times.from_epoch(row["created_at"]),
        told_until=times.optional_from_epoch(row["told_until"]),
        due_at=times.optional_from_epoch(row["due_at"]),
        removed_at=times.optional_from_epoch(row["removed_at"]),
        topic=row["topic"],
    )
