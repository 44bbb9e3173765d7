"""What a restored backup takes over from the database it replaces: what was sent since.

A row keeps its id and the random id that follows from its key. What became of it is taken over, so
that its post, when read again, is not told again. Rows that were only queued are not taken over:
they are queued again with their post. Rows that were being sent may have arrived: they are noted,
and searched for in the chat once they are queued again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from storage import times
from storage.connection import Connection, fetch_in

DELIVERY = (
    "id, chat_id, kind, key, random_id, told_post, payload, priority, due_at, state, attempts,"
    " last_error, message_id, created_at, finished_at, expires_at, bundle, target, versions,"
    " closed, tried_at, topic"
)
TOLD_POST = "id, name, post, story, payload"
OUTCOME = (
    "state", "attempts", "last_error", "message_id", "finished_at", "bundle", "target", "tried_at",
)  # fmt: skip
BATCH = 500
LOOKED_FOR = "INSERT INTO tried_before (random_id, tried_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
_SAME_KEY = (
    "SELECT d.id FROM told_post AS t JOIN delivery AS d ON d.told_post = t.id"
    " WHERE t.name = ? AND d.chat_id = ? AND d.key = ? LIMIT 1"
)

Columns: TypeAlias = Mapping[str, Any]


class Former(Struct, frozen=True, kw_only=True):
    """A row of the outbox in the former database; ``told`` is its part in ``told_post``. Both by
    column."""

    row: Columns
    told: Columns | None


@dataclass(slots=True, kw_only=True)
class Carried:
    """How many messages were taken over: ``done`` ones that were queued in the backup or are newer,
    and ones that were being sent. ``numbers`` maps the former ids of ``told_post`` to the present
    ones."""

    done: int = 0
    under_way: int = 0
    numbers: dict[int, int] = field(default_factory=dict)


async def list_waiting(conn: Connection) -> list[int]:
    """The rows that were queued when the backup was made, or may be queued again: what was given
    up for a chat that could not be written to."""
    rows = await conn.fetch_all(
        "SELECT id FROM delivery WHERE state = 'queued' OR (state = 'gone' AND state <> 'queued')"
        " ORDER BY id"
    )
    return [row["id"] for row in rows]


async def last_id(conn: Connection) -> int:
    """The id of the newest row."""
    row = await conn.fetch_one("SELECT max(id) AS last FROM delivery")
    return int(row["last"] or 0) if row else 0


async def carry_over(tx: Connection, former: Sequence[Former], carried: Carried) -> None:
    """Take over what became of some rows of the former database, and add to ``carried``."""
    there = {
        row["id"]: row
        for row in await fetch_in(
            tx,
            "SELECT id, random_id, state FROM delivery WHERE id IN (:values)",
            [one.row["id"] for one in former],
        )
    }
    known = [
        one
        for one in former
        if one.row["id"] in there and there[one.row["id"]]["random_id"] == one.row["random_id"]
    ]
    new = [one for one in former if one.row["id"] not in there]
    done = [one for one in new if one.row["state"] != "queued"]
    await _set_outcomes(tx, known)
    await _add(tx, done, carried.numbers)
    await tx.execute_many(
        "INSERT INTO sent_before (random_id) VALUES (?) ON CONFLICT DO NOTHING",
        [(one.row["random_id"],) for one in done if one.told is not None],
    )
    under_way = [one.row for one in new if one.row["state"] == "queued"]
    await tx.execute_many(LOOKED_FOR, [(row["random_id"], row["tried_at"]) for row in under_way])
    carried.done += len(done) + sum(
        one.row["state"] not in ("queued", there[one.row["id"]]["state"]) for one in known
    )
    carried.under_way += len(under_way)


async def _set_outcomes(tx: Connection, former: Sequence[Former]) -> None:
    named = ", ".join(f"{name} = ?" for name in OUTCOME)
    await tx.execute_many(
        f"UPDATE delivery SET {named}, leased_until = NULL WHERE id = ?",  # noqa: S608
        [
            (*(one.row[name] for name in OUTCOME), one.row["id"])
            for one in former
            if one.row["state"] != "queued" or one.row["tried_at"] is not None
        ],
    )


async def _add(tx: Connection, former: Sequence[Former], numbers: dict[int, int]) -> None:
    """Insert rows as they were; the parts they share get new ids."""
    await _add_told(tx, [one.told for one in former if one.told is not None], numbers)
    columns = DELIVERY.split(", ")
    places = ", ".join("?" * len(columns))
    there = await _list_there(tx, former)
    rows = [
        {**one.row, "told_post": None if one.told is None else numbers[one.told["id"]]}
        for one in former
        if one.row["id"] not in there
    ]
    await tx.execute_many(
        f"INSERT INTO delivery ({DELIVERY}) VALUES ({places}) ON CONFLICT DO NOTHING",  # noqa: S608
        [[row[name] for name in columns] for row in rows],
    )


async def _list_there(tx: Connection, former: Sequence[Former]) -> set[int]:
    """The ids of those that tell of posts and are there under another id."""
    told = [(one.row, one.told["name"]) for one in former if one.told is not None]
    found = await tx.fetch_each(
        *[(_SAME_KEY, (name, row["chat_id"], row["key"])) for row, name in told]
    )
    return {row["id"] for (row, _), same in zip(told, found, strict=True) if same}


async def remove_untold(tx: Connection, carried: Carried) -> None:
    """At the end: remove shared parts that no row refers to, since the row was there under another
    id."""
    await tx.execute_many(
        "DELETE FROM told_post WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM delivery WHERE told_post = told_post.id)",
        [(number,) for number in carried.numbers.values()],
    )


async def _add_told(tx: Connection, told: Iterable[Columns], numbers: dict[int, int]) -> None:
    for one in told:
        if one["id"] not in numbers:
            numbers[one["id"]] = await tx.insert(
                "INSERT INTO told_post (name, post, story, payload) VALUES (?, ?, ?, ?)",
                (one["name"], one["post"], one["story"], one["payload"]),
            )


async def look_for_all(tx: Connection, since: datetime) -> int:
    """When the former database is lost: have everything that was queued in the backup searched for
    in its chat before it is sent; gives how many messages."""
    return await tx.execute(
        "UPDATE delivery SET tried_at = coalesce(tried_at, ?), leased_until = NULL"
        " WHERE state = 'queued' OR (state = 'gone' AND state <> 'queued')",
        (times.to_epoch(since),),
    )


def in_batches(former: Iterable[Former]) -> Iterator[list[Former]]:
    """The rows in batches of some hundreds; rows that share a part may be in several."""
    batch: list[Former] = []
    for one in former:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
