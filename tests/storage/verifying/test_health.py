"""The state of the service in a few numbers."""

from datetime import datetime, timedelta

from storage.channels import channels
from storage.connection import Database
from storage.documents import problems
from storage.outbox import outbox, queueing
from storage.payloads import AlertPayload, EditPayload
from storage.records import PRIORITY_ALERT, PRIORITY_UPDATE, NewDelivery, NewProblem
from storage.verifying import health
from storage.verifying.health import Standing, Waiting

SECOND = timedelta(seconds=1)


def row(chat_id: int, number: int, due_at: datetime, **more: object) -> NewDelivery:
    given = {
        "chat_id": chat_id,
        "kind": "alert",
        "key": f"{chat_id}:{number}",
        "payload": AlertPayload(doc_id=f"tg:1/{number}"),
        "priority": PRIORITY_ALERT,
        "due_at": due_at,
        "created_at": due_at,
    }
    return NewDelivery(**{**given, **more})  # type: ignore[arg-type]


async def test_a_new_instance_has_nothing_to_do(database: Database, now: datetime) -> None:
    async with database.reader() as conn:
        assert await health.get_standing(conn, now) == Standing(
            queued=0, dead=0, oldest_due_at=None, channels=()
        )


async def test_what_is_queued_dead_watched_and_set_aside(database: Database, now: datetime) -> None:
    async with database.transaction() as tx:
        rows = [row(1, number, now + number * SECOND) for number in range(4)]
        await queueing.add_deliveries(tx, rows)
        dead = await outbox.find_delivery(tx, "1:0")
        assert dead is not None
        await outbox.mark_dead(tx, dead.id, "refused")
        watched = await channels.add_channel(tx, username="harbour", now=now)
        left = await channels.add_channel(tx, username="mill", now=now)
        await channels.remove_channel(tx, left.id)
        for number in (1, 2, 3):
            problem = NewProblem(
                place=f"tg:77/{number}", form="telethon", raw=b"x", error="odd", kind="other"
            )
            await problems.set_aside(
                tx, problem, now=now, version="1", limits=problems.Limits(rows=2)
            )
    async with database.reader() as conn:
        found = await health.get_standing(conn, now)
    assert (found.queued, found.dead, found.oldest_due_at) == (3, 1, now + SECOND)
    assert [one.id for one in found.channels] == [watched.id]
    assert (found.problems, found.problems_dropped) == (2, 1)
    assert found.waiting == (Waiting(chat_id=1, is_edit=False, due_at=now + SECOND),)


async def test_what_waits_is_told_by_chat_and_edits_apart(
    database: Database, now: datetime
) -> None:
    async with database.transaction() as tx:
        rows = [
            row(1, 1, now - 5 * SECOND),
            row(1, 2, now - 9 * SECOND),
            row(2, 1, now + 30 * SECOND),
            row(3, 1, now + 31 * SECOND),
            row(4, 1, now, expires_at=now),
            row(5, 1, now, expires_at=now + SECOND),
            row(6, 1, now),
            row(6, 2, now),
        ]
        await queueing.add_deliveries(tx, rows)
        target = await outbox.find_delivery(tx, "1:1")
        late = await outbox.find_delivery(tx, "6:1")
        assert target is not None and late is not None
        edit = row(
            1, 3, now - SECOND, kind="update", payload=EditPayload(), priority=PRIORITY_UPDATE,
            target=target.id,
        )  # fmt: skip
        await queueing.add_deliveries(tx, [edit])
    async with database.reader() as conn:
        found = (await health.get_standing(conn, now)).waiting
    assert set(found) == {
        Waiting(chat_id=1, is_edit=False, due_at=now - 9 * SECOND),
        Waiting(chat_id=1, is_edit=True, due_at=now - SECOND),
        Waiting(chat_id=2, is_edit=False, due_at=now + 30 * SECOND),
        Waiting(chat_id=5, is_edit=False, due_at=now),
        Waiting(chat_id=6, is_edit=False, due_at=now),
    }
    # What was put off holds up all that comes behind it.
    async with database.transaction() as tx:
        await outbox.lease(tx, [late], now=now, lease_until=now)
        await outbox.postpone(tx, late, now + 31 * SECOND, "flood")
        found = (await health.get_standing(tx, now)).waiting
        assert {one.chat_id for one in found} == {1, 2, 5}
        await outbox.lease(tx, [late], now=now, lease_until=now)
        await outbox.postpone(tx, late, now + 30 * SECOND, "flood")
        found = (await health.get_standing(tx, now)).waiting
        assert {one.chat_id for one in found} == {1, 2, 5, 6}
