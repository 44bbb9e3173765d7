"""What is kept, or waits, until a time: just before it, at that very time, and just after it."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

import pytest

from storage import times
from storage.channels import accounts, wishes
from storage.connection import Connection, Database
from storage.outbox import new_rows, outbox, queueing
from storage.payloads import AlertPayload
from storage.records import Plan
from storage.subscribers import (
    alerts,
    collections,
    links,
    plans,
    questions,
    removed_alerts,
    snapshots,
    subscribers,
    surges,
)

CHAT, OTHER = 42, 43
MOMENT = timedelta(microseconds=1)
DAY, WEEK = timedelta(days=1), timedelta(days=7)

Make: TypeAlias = Callable[[Connection, datetime], Awaitable[Any]]
Look: TypeAlias = Callable[[Connection, datetime, Any], Awaitable[object]]


class Case(NamedTuple):
    """``make`` has something happen at a time, ``look`` says whether it counts at another one:
    it is asked ``after`` so long, a moment before that, at it and a moment after it."""

    make: Make
    look: Look
    counts: tuple[bool, bool, bool]
    after: timedelta = timedelta()


UNTIL, THROUGH, BEFORE = (True, False, False), (True, True, False), (False, True, True)


async def has_rows(tx: Connection, table: str) -> int:
    row = await tx.fetch_one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
    assert row is not None
    return int(row["n"])


async def joined(tx: Connection, at: datetime) -> None:
    await accounts.note_join(tx, 7, at)


async def joins(tx: Connection, at: datetime, _: Any) -> object:
    return await accounts.list_joins(tx, 7, at)


async def joins_after_another(tx: Connection, at: datetime, _: Any) -> object:
    await accounts.note_join(tx, 7, at)
    return await has_rows(tx, "account_join") == 2


async def denied(tx: Connection, at: datetime) -> None:
    wish, _ = await wishes.add_wish(tx, CHAT, "@harbour", now=at - DAY)
    await wishes.deny(tx, wish.request, now=at)


async def wished(tx: Connection, at: datetime, _: Any) -> object:
    return await wishes.find_wish(tx, CHAT, "@harbour", now=at)


async def wished_after_another(tx: Connection, at: datetime, _: Any) -> object:
    await wishes.add_wish(tx, OTHER, "@mast", now=at)
    return await has_rows(tx, "wish") == 2


async def asked(tx: Connection, at: datetime) -> None:
    who = {"chat_id": CHAT, "sender_id": CHAT, "command": "search"}
    await questions.ask(tx, **who, forgotten_before=at - DAY, now=at)  # type: ignore[arg-type]


async def questions_since(tx: Connection, at: datetime, _: Any) -> object:
    return await questions.list_known(tx, since=at)


async def question_kept(tx: Connection, at: datetime, _: Any) -> object:
    who = {"chat_id": OTHER, "sender_id": OTHER, "command": "search"}
    await questions.ask(tx, **who, forgotten_before=at, now=at)  # type: ignore[arg-type]
    return await questions.find_latest(tx, CHAT, CHAT)


async def linked(tx: Connection, at: datetime) -> str:
    made = {"target": "grain", "made_by": CHAT, "now": at - DAY, "ends_at": at}
    return await links.add_link(tx, kind="search", **made)  # type: ignore[arg-type]


async def invited(tx: Connection, at: datetime) -> str:
    made = {"made_by": CHAT, "people": 1, "now": at - DAY, "ends_at": at}
    return await links.add_link(tx, kind="invite", **made)  # type: ignore[arg-type]


async def leads(tx: Connection, at: datetime, token: str) -> object:
    return await links.find_link(tx, token, now=at)


async def is_listed(tx: Connection, at: datetime, _: str) -> object:
    return await links.list_links(tx, CHAT, now=at, invites=False)


async def invites(tx: Connection, at: datetime, _: str) -> object:
    return await links.list_links(tx, CHAT, now=at, invites=True)


async def lets_in(tx: Connection, at: datetime, token: str) -> object:
    return await links.use_invite(tx, token, now=at)


async def link_kept(tx: Connection, at: datetime, _: str) -> object:
    await links.add_link(tx, kind="search", made_by=OTHER, now=at, ends_at=at + DAY)
    return await has_rows(tx, "link") == 2


async def link_back(tx: Connection, at: datetime, token: str) -> object:
    await links.remove_link(tx, token, CHAT, now=at)
    return await links.restore_link(tx, token, CHAT, now=at)


async def digested(tx: Connection, at: datetime) -> None:
    made = snapshots.Snapshot(token="t", chat_id=CHAT, since=at, until=at, query=None, outline="{}")
    await snapshots.add_snapshot(tx, made, now=at)


async def snapshot_kept(tx: Connection, at: datetime, _: Any) -> object:
    pruned = await snapshots.prune_snapshots(tx, now=at)
    found = await snapshots.find_snapshot(tx, "t", chat_id=CHAT)
    assert pruned == (found is None)
    return found


async def alert_removed(tx: Connection, at: datetime) -> int:
    made = await alerts.add_alert(tx, chat_id=CHAT, query="grain", now=at - DAY)
    await removed_alerts.remove(tx, made, below=7, now=at)
    return made.id


async def alert_below(tx: Connection, at: datetime, _: int) -> object:
    return await removed_alerts.find_below(tx, CHAT, 7, now=at)


async def alert_kept(tx: Connection, at: datetime, id: int) -> object:
    pruned = await removed_alerts.prune_removed(tx, now=at)
    found = await removed_alerts.find_removed(tx, id, CHAT)
    assert pruned == (found is None)
    return found


async def told(tx: Connection, at: datetime) -> int:
    made = await alerts.add_alert(tx, chat_id=CHAT, query="grain", now=at - DAY)
    await alerts.note_times_told(tx, [(made.id, at)])
    return made.id


async def told_since(tx: Connection, at: datetime, id: int) -> object:
    return (await alerts.list_times_told(tx, [id], since=at))[id]


async def told_until(tx: Connection, at: datetime, id: int) -> object:
    await alerts.forget_times_told(tx, [id], until=at)
    return await has_rows(tx, "told")


async def surge_told(tx: Connection, at: datetime) -> None:
    await surges.add_surge(tx, CHAT, "grain", now=at - DAY)
    (made,) = await surges.list_surges(tx, CHAT)
    await surges.note_told(tx, made, now=at)


async def surge_asked(tx: Connection, at: datetime, _: Any) -> object:
    return await surges.list_asked(tx, told_before=at)


async def planned(tx: Connection, at: datetime) -> Plan:
    made = {"chat_id": CHAT, "times": "daily 08:00", "timezone": "UTC", "now": at - DAY}
    return await plans.add_plan(tx, due_at=at, **made)  # type: ignore[arg-type]


async def plan_removed(tx: Connection, at: datetime) -> Plan:
    made = await planned(tx, at)
    return await plans.update_plan(tx, made.id, removed_at=at)


async def is_due(tx: Connection, at: datetime, _: Any) -> object:
    return await plans.list_due(tx, now=at, after=0, limit=9)


async def is_next(tx: Connection, at: datetime, _: Any) -> object:
    return await plans.find_next_due(tx, after=at)


async def plan_kept(tx: Connection, at: datetime, made: Plan) -> object:
    pruned = await plans.prune_removed(tx, now=at)
    found = await plans.find_plan(tx, made.id)
    assert pruned == (found is None)
    return found


async def saved(tx: Connection, at: datetime) -> int:
    made = await collections.find_or_add(tx, CHAT, "Ferries", now=at)
    assert made is not None
    await collections.save(tx, made.id, "tg:7/1", "", now=at)
    return made.id


async def taken_out(tx: Connection, at: datetime) -> int:
    id = await saved(tx, at)
    assert await collections.take_out(tx, id, "tg:7/1", now=at)
    return id


async def collection_removed(tx: Connection, at: datetime) -> int:
    id = await saved(tx, at)
    await collections.remove_collection(tx, id, now=at)
    return id


async def saved_since(tx: Connection, at: datetime, id: int) -> object:
    return await collections.list_times_saved(tx, id, since=at)


async def post_kept(tx: Connection, at: datetime, id: int) -> object:
    await collections.prune_removed(tx, now=at)
    return await collections.put_back(tx, id, "tg:7/1")


async def collection_kept(tx: Connection, at: datetime, id: int) -> object:
    await collections.prune_removed(tx, now=at)
    return await has_rows(tx, "collection")


async def queued(tx: Connection, at: datetime, **fields: Any) -> None:
    given = {"now": at, **fields}
    row = new_rows.alert(CHAT, "key", AlertPayload(doc_id="tg:7/1"), **given)
    await queueing.add_deliveries(tx, [row])


async def expiring(tx: Connection, at: datetime) -> None:
    await queued(tx, at - DAY)
    await tx.execute("UPDATE delivery SET expires_at = ?", (times.to_epoch(at),))


async def leased(tx: Connection, at: datetime) -> None:
    await queued(tx, at - DAY)
    assert await outbox.claim_due(tx, now=at - DAY, limit=9, lease_until=at)


async def leased_and_expired(tx: Connection, at: datetime) -> None:
    await leased(tx, at)
    await tx.execute("UPDATE delivery SET expires_at = ?", (times.to_epoch(at - DAY),))


async def is_claimed(tx: Connection, at: datetime, _: Any) -> object:
    return await outbox.claim_due(tx, now=at, limit=9, lease_until=at + DAY)


async def expires(tx: Connection, at: datetime, _: Any) -> object:
    return await outbox.expire(tx, now=at)


CASES = {
    "an account's joins count for a day": Case(joined, joins, UNTIL, DAY),
    "and are forgotten with the next": Case(joined, joins_after_another, UNTIL, DAY),
    "a wish stays refused for a week": Case(denied, wished, UNTIL, WEEK),
    "and is forgotten with the next": Case(denied, wished_after_another, UNTIL, WEEK),
    "questions since a time": Case(asked, questions_since, THROUGH),
    "a question before a time goes": Case(asked, question_kept, THROUGH),
    "a link leads until it ends": Case(linked, leads, UNTIL),
    "and is listed until then": Case(linked, is_listed, UNTIL),
    "and goes with the next": Case(linked, link_kept, UNTIL),
    "and comes back until then": Case(linked, link_back, UNTIL),
    "an invitation is listed until it ends": Case(invited, invites, UNTIL),
    "and lets people in until then": Case(invited, lets_in, UNTIL),
    "a digest is kept for 90 days": Case(digested, snapshot_kept, THROUGH, 90 * DAY),
    "a removed alert for a day": Case(alert_removed, alert_kept, THROUGH, DAY),
    "and is found by its message": Case(alert_removed, alert_below, THROUGH, DAY),
    "an alert told after a time": Case(told, told_since, UNTIL),
    "an alert told up to a time": Case(told, told_until, UNTIL),
    "a surge told by a time": Case(surge_told, surge_asked, BEFORE),
    "a plan is due at its time": Case(planned, is_due, BEFORE),
    "and is the next one before that": Case(planned, is_next, UNTIL),
    "a removed plan is kept for a day": Case(plan_removed, plan_kept, THROUGH, DAY),
    "posts saved since a time": Case(saved, saved_since, THROUGH),
    "a post that was taken out is kept for a day": Case(taken_out, post_kept, THROUGH, DAY),
    "and a collection": Case(collection_removed, collection_kept, THROUGH, DAY),
    "a message goes when it is due": Case(queued, is_claimed, BEFORE),
    "and until it expires": Case(expiring, is_claimed, UNTIL),
    "and then is given up": Case(expiring, expires, BEFORE),
    "a lease stands until it ends": Case(leased, is_claimed, BEFORE),
    "and keeps a message from being given up": Case(leased_and_expired, expires, BEFORE),
}


class _Undone(Exception):
    """Takes back what a transaction has done."""


@pytest.mark.parametrize("name", CASES)
async def test_what_counts_until_a_time_counts_to_the_microsecond(
    database: Database, now: datetime, name: str
) -> None:
    case, found = CASES[name], []
    for moments in (-1, 0, 1):
        with contextlib.suppress(_Undone):
            async with database.transaction() as tx:
                for chat_id in (CHAT, OTHER):
                    await subscribers.add_subscriber(tx, chat_id=chat_id, now=now)
                made = await case.make(tx, now)
                found.append(bool(await case.look(tx, now + case.after + moments * MOMENT, made)))
                raise _Undone
    assert tuple(found) == case.counts
