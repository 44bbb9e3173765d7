"""No statement about the outbox reads all of it: each finds its rows by an index."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest

from storage.chats import moving
from storage.connection import Connection, Database, Query, Row, Statement
from storage.outbox import (
    bundles,
    bursts,
    changes,
    handed_on,
    held,
    notices,
    outbox,
    queueing,
    sent_before,
    topics,
    traces,
    updates,
)
from storage.payloads import AlertPayload
from storage.records import Alert, NewDelivery
from storage.stories import event_told, folded
from storage.structs import replace
from storage.subscribers import subscribers
from storage.verifying import health

PRIVATE = range(1, 100)


class Listener:
    """A connection that keeps the plan of whatever is run through it."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self.plans: list[tuple[str, str]] = []

    async def _note(self, sql: str, parameters: Sequence[object]) -> None:
        if re.search(r"delivery|told_post", sql):
            rows = await self._tx.fetch_all(f"EXPLAIN QUERY PLAN {sql}", parameters)
            self.plans += [(row["detail"], sql) for row in rows]

    async def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        await self._note(sql, parameters)
        return await self._tx.execute(sql, parameters)

    async def execute_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        given = list(rows)
        if given:
            await self._note(sql, given[0])
        await self._tx.execute_many(sql, given)

    async def execute_later(self, *statements: Statement) -> None:
        for sql, rows in statements:
            await self.execute_many(sql, rows)

    async def insert(self, sql: str, parameters: Sequence[object] = ()) -> int:
        await self._note(sql, parameters)
        return await self._tx.insert(sql, parameters)

    async def fetch_all(self, sql: str, parameters: Sequence[object] = ()) -> Sequence[Row]:
        await self._note(sql, parameters)
        return await self._tx.fetch_all(sql, parameters)

    async def fetch_one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        await self._note(sql, parameters)
        return await self._tx.fetch_one(sql, parameters)

    async def fetch_each(self, *queries: Query) -> list[Sequence[Row]]:
        return [await self.fetch_all(*query) for query in queries]

    def expect(self, *queries: Query) -> None:
        self._tx.expect(*queries)

    async def fetch_first(self, sql: str, parameters: Sequence[object] = ()) -> Sequence[Row]:
        await self._note(sql, parameters)
        return await self._tx.fetch_first(sql, parameters)


Do = Callable[[Listener, datetime], Awaitable[Any]]


def new(chat_id: int, key: str, now: datetime, **fields: Any) -> NewDelivery:
    return NewDelivery(
        **{
            "chat_id": chat_id,
            "kind": "alert",
            "key": key,
            "payload": AlertPayload(doc_id="tg:1/1", alerts=((1, "oil"),)),
            "priority": 1,
            "due_at": now,
            "created_at": now,
            "story": "tg:1/1",
            **fields,
        }
    )


def again(now: datetime) -> list[NewDelivery]:
    return [
        new(chat, f"alert:{chat}:a:1/1", now, spare_key=f"alert:{chat}:a:1/2") for chat in (1, 2)
    ]


def one_fold(onto: str = "tg:1/1") -> list[folded.Fold]:
    return [folded.Fold(1, "tg:1/1", onto, "tg:2/2", fresh=((0, 3),), key="k", is_event=True)]


async def _find_list(tx: Listener, now: datetime) -> None:
    trace, *_ = await traces.list_traces(tx, 1, "tg:1/3", {"tg:1/1", "tg:1/2"})
    await traces.find_list(tx, 1, replace(trace, finished_at=now))


async def _claim_behind(tx: Listener, now: datetime) -> None:
    """Claim where something was put back, which what came later for its chat waits for."""
    first, *_ = await outbox.claim_due(tx, now=now, limit=1, lease_until=now)
    await outbox.postpone(tx, first, now, "FLOOD_WAIT", attempted=False)
    await outbox.claim_due(tx, now=now, limit=5, lease_until=now, per_chat=1)


STATEMENTS: dict[str, Do] = {
    "queue": lambda tx, now: queueing.add_deliveries(tx, again(now)),
    "claim": lambda tx, now: outbox.claim_due(
        tx, now=now, limit=5, lease_until=now, held={1: 1}, per_chat=1, at_least=1
    ),
    "claim behind": _claim_behind,
    "sent": lambda tx, now: outbox.mark_all_sent(tx, [(1, 7, now), (2, None, now)]),
    "expire": lambda tx, now: outbox.expire(tx, now=now),
    "gone": lambda tx, now: outbox.mark_gone(tx, 3),
    "release": lambda tx, now: outbox.release_all(tx),
    "leased": lambda tx, now: outbox.list_leased(tx),
    "next": lambda tx, now: outbox.next_due(tx),
    "find": lambda tx, now: outbox.find_delivery(tx, "alert:1:a:1/1"),
    "dead": lambda tx, now: outbox.list_dead(tx, limit=3),
    "revive one": lambda tx, now: outbox.revive(tx, now=now, id=1),
    "revive all": lambda tx, now: outbox.revive(tx, now=now),
    "drop": lambda tx, now: outbox.drop(tx, 1, now=now),
    "payload": lambda tx, now: outbox.set_payload(tx, 1, AlertPayload(doc_id="tg:1/2")),
    "known": lambda tx, now: sent_before.list_known(tx, 1, [1, 2]),
    "sent before": lambda tx, now: sent_before.find_sent_before(tx, now, PRIVATE),
    "counts": lambda tx, now: outbox.count_by_state(tx),
    "doubtful": lambda tx, now: bundles.hold_doubtful(
        tx, bundles.Restored(at=now, told_at=now), now=now, expires_at=now
    ),
    "due of a bundle": lambda tx, now: bundles._list_due(tx, (1, "late", None), [], now),
    "came": lambda tx, now: bursts._count_came(tx, {1: [], 2: []}, now),
    "due": lambda tx, now: tx.fetch_all(bursts._DUE, (1, 0, 0, 0)),
    "growing": lambda tx, now: bursts._find_last(tx, 1, "update"),
    "list of a topic": lambda tx, now: tx.fetch_one(bursts._LAST_LIST, (1, 1, 0, 0)),
    "topic": lambda tx, now: topics.find_topic(tx, 1, 40),
    "leave topic": lambda tx, now: topics.leave_topic(tx, 1, 12),
    "lists of a story": lambda tx, now: bursts.list_of_stories(tx, ["tg:1/1", "tg:1/2"], since=now),
    "end of a list": lambda tx, now: bursts.end(tx, 1),
    "changes": lambda tx, now: changes.list_changes(tx, 1, "change:1:a:7|", since=now),
    "list due": lambda tx, now: changes.find_list_due(tx, 1, "gone:7", now=now),
    "hand on": lambda tx, now: handed_on.hand_on(tx, [1, 2], now=now),
    "unshown": lambda tx, now: handed_on.hand_on_unshown(tx, 1, now=now),
    "drop held": lambda tx, now: held.drop_held(tx, 1, [1], now=now),
    "put back": lambda tx, now: held.put_back(
        tx, 1, [1], Alert(id=1, chat_id=1, query="q", created_at=now), dropped_at=now
    ),
    "drop all": lambda tx, now: held.drop_all(tx, 3, now=now),
    "bring": lambda tx, now: held.bring_forward(tx, again(now), now=now),
    "move held": lambda tx, now: held.move_held(tx, 1, now, now, now=now),
    "hold notices": lambda tx, now: notices.hold_notices(tx, 1, reason="x"),
    "return gone": lambda tx, now: notices.return_gone(tx, 1, now=now),
    "last sent": lambda tx, now: notices.find_last_sent(tx, 1),
    "drop gone": lambda tx, now: notices.drop_gone(tx, 1),
    "drop unwanted": lambda tx, now: held.drop_unwanted(tx, 1, [1, 2], now=now),
    "release notices": lambda tx, now: notices.release_notices(tx, 1, now=now),
    "updates": lambda tx, now: updates.add_updates(tx, ["tg:1/1", "tg:1/2"], now=now),
    "updates of": lambda tx, now: updates.add_updates_of(tx, [1, 2], now=now),
    "close": lambda tx, now: updates.close_target(tx, 1),
    "traces": lambda tx, now: traces.list_traces(tx, 1, "tg:1/1", {"tg:1/1", "tg:1/3"}),
    "foldings": lambda tx, now: traces.list_foldings(tx, 1, {"tg:1/1", "tg:1/2"}),
    "list": lambda tx, now: _find_list(tx, now),
    "message": lambda tx, now: traces.find_message(tx, 1, 40),
    "told of": lambda tx, now: traces.list_told(tx, 1, after=now),
    "told": lambda tx, now: folded.list_told(tx, ["tg:1/1", "tg:1/2"]),
    "fold": lambda tx, now: folded.add_folds(tx, one_fold(), now=now),
    "hosts": lambda tx, now: folded.list_hosts(tx, one_fold()),
    "shown of events": lambda tx, now: event_told.list_messages(tx, [1, 2], now=now),
    "note": lambda tx, now: event_told.note(tx, [event_told.Ringing(1, "tg:1/1", "tg:1/1", [1])]),
    "hasten": lambda tx, now: folded.hasten(tx, one_fold(), now=now),
    "story message": lambda tx, now: folded.find_message(tx, 1, ["tg:1/1", "tg:1/2"], "tg:1/1"),
    "standing": lambda tx, now: health.get_standing(tx, now),
    "forget": lambda tx, now: subscribers.remove_subscriber(tx, 4),
    "move": lambda tx, now: moving.move_chat(tx, 2, 9),
}


@pytest.fixture
async def filled(database: Database, now: datetime) -> AsyncIterator[Connection]:
    """An outbox whose statistics the planner knows."""
    async with database.transaction() as tx:
        for chat in range(1, 60):
            await subscribers.add_subscriber(tx, chat_id=chat, now=now)
        rows = [
            new(chat, f"alert:{chat}:a:1/{post}", now, story=f"tg:1/{post}")
            for post in range(30)
            for chat in range(1, 60)
        ]
        await queueing.add_deliveries(tx, rows)
        await tx.execute("UPDATE delivery SET state = 'sent', finished_at = 1 WHERE id % 10 > 0")
        await tx.execute("ANALYZE")
        yield tx


async def test_no_statement_reads_the_whole_outbox(filled: Connection, now: datetime) -> None:
    found = {}
    for name, do in STATEMENTS.items():
        listener = Listener(filled)
        await do(listener, now)
        scans = [plan for plan in listener.plans if _reads_all(plan[0])]
        if scans:
            found[name] = scans
    assert found == {}


def _reads_all(detail: str) -> bool:
    """Whether a step of a plan goes through a table, or an index of all its rows."""
    is_scan = re.match(r"SCAN (d|t|l|m|u|former|delivery|told_post)\b", detail)
    short = r"USING (COVERING )?INDEX delivery_(queue|waiting|dead|put_back|past)\b"
    return bool(is_scan) and not re.search(short, detail)
