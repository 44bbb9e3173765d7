"""What is taken over of the database that a backup takes the place of."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from storage import times
from storage.connection import Connection
from storage.outbox import carried_over, outbox
from storage.outbox.carried_over import BATCH, DELIVERY, OUTCOME, Carried, Former

STATES = ("sent", "gone", "dead", "expired", "bundled", "dropped")


def row(number: int, **fields: Any) -> dict[str, Any]:
    """A row by column: one that waits, whose random id is a hundred times its number."""
    return {
        "id": number, "chat_id": 5, "kind": "alert", "key": f"alert:5:a:7/{number}",
        "random_id": 100 * number, "told_post": None, "payload": "{}", "priority": 1, "due_at": 10,
        "state": "queued", "attempts": 0, "last_error": None, "message_id": None, "created_at": 9,
        "finished_at": None, "expires_at": 99, "bundle": None, "target": None, "versions": 0,
        "closed": 0, "tried_at": None, "topic": None,
    } | fields  # fmt: skip


OUT: dict[str, Any] = {
    "state": "sent", "attempts": 3, "last_error": "late", "message_id": 40, "finished_at": 77,
    "bundle": "late", "target": 8, "tried_at": 70,
}  # fmt: skip


def told(number: int, **fields: Any) -> dict[str, Any]:
    """What rows have in common."""
    given = {"id": number, "name": f"7/{number}", "post": "tg:7/5", "story": "tg:7/1"}
    return given | {"payload": '{"doc_id":"tg:7/5"}'} | fields


def former(number: int, told: dict[str, Any] | None = None, **fields: Any) -> Former:
    there = {"told_post": told["id"]} if told else {}
    return Former(row=row(number, **there, **fields), told=told)


async def put(tx: Connection, *rows: dict[str, Any], leased_until: int | None = None) -> None:
    """The backup's own rows."""
    places = ", ".join("?" * 22)
    sql = f"INSERT INTO delivery ({DELIVERY}, leased_until) VALUES ({places}, ?)"  # noqa: S608
    for one in rows:
        await tx.execute(sql, (*one.values(), leased_until))


async def stored(tx: Connection) -> dict[int, dict[str, Any]]:
    rows = await tx.fetch_all("SELECT * FROM delivery ORDER BY id")
    return {one["id"]: {name: one[name] for name in (*row(1), "leased_until")} for one in rows}


async def list_told(tx: Connection) -> dict[int, tuple[Any, ...]]:
    rows = await tx.fetch_all("SELECT id, name, post, story, payload FROM told_post ORDER BY id")
    return {one["id"]: tuple(one)[1:] for one in rows}


async def listed(tx: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(one) for one in await tx.fetch_all(sql)]


async def list_sent_before(tx: Connection) -> list[tuple[Any, ...]]:
    return await listed(tx, "SELECT random_id FROM sent_before ORDER BY random_id")


async def list_tried_before(tx: Connection) -> list[tuple[Any, ...]]:
    return await listed(tx, "SELECT random_id, tried_at FROM tried_before ORDER BY random_id")


async def test_what_waited_in_the_backup_is_listed_and_the_newest_row_is_known(
    tx: Connection,
) -> None:
    assert (await carried_over.list_waiting(tx), await carried_over.last_id(tx)) == ([], 0)
    await put(tx, row(9, state="gone"), row(3), row(4, **OUT), row(12, state="dead"))
    assert (await carried_over.list_waiting(tx), await carried_over.last_id(tx)) == ([3, 9], 12)


@pytest.mark.parametrize("state", STATES)
async def test_what_became_of_a_row_that_waited_is_taken_over(tx: Connection, state: str) -> None:
    await put(tx, row(3), row(4), leased_until=50)
    carried = Carried()
    outcome = OUT | {"state": state}
    changed = {"payload": "{1}", "due_at": 1, "expires_at": 2, "versions": 6, "closed": 1}
    await carried_over.carry_over(tx, [former(3, **outcome, **changed)], carried)
    after = await stored(tx)
    assert after[3] == row(3, **outcome) | {"leased_until": None}
    assert after[4] == row(4) | {"leased_until": 50}
    assert (carried.done, carried.under_way) == (1, 0)
    assert await list_sent_before(tx) == await list_tried_before(tx) == []
    assert set(outcome) == set(OUTCOME)


@pytest.mark.parametrize("state", STATES)
async def test_what_was_given_up_and_then_sent_is_not_sent_again(
    tx: Connection, state: str
) -> None:
    await put(tx, row(3, state="gone"))
    carried = Carried()
    await carried_over.carry_over(tx, [former(3, **OUT | {"state": state})], carried)
    assert (await stored(tx))[3]["state"] == state
    assert carried.done == (state != "gone")


@pytest.mark.parametrize("tried_at", [None, 70])
async def test_a_row_that_still_waited_is_looked_for_only_if_it_may_be_out(
    tx: Connection, tried_at: int | None
) -> None:
    await put(tx, row(3), leased_until=50)
    carried = Carried()
    await carried_over.carry_over(tx, [former(3, attempts=2, tried_at=tried_at)], carried)
    tried = {"attempts": 2, "tried_at": 70, "leased_until": None}
    as_it_was = {"attempts": 0, "tried_at": None, "leased_until": 50}
    assert (await stored(tx))[3] == row(3) | (tried if tried_at else as_it_was)
    assert (carried.done, carried.under_way) == (0, 0)
    assert await list_tried_before(tx) == []


async def test_a_number_that_has_another_message_in_the_backup_is_left_alone(
    tx: Connection,
) -> None:
    await put(tx, row(3), leased_until=50)
    carried = Carried()
    others = [former(3, random_id=7, **OUT), former(3, random_id=8, tried_at=9)]
    await carried_over.carry_over(tx, others, carried)
    assert await stored(tx) == {3: row(3) | {"leased_until": 50}}
    assert (carried.done, carried.under_way) == (0, 0)
    assert await list_sent_before(tx) == await list_tried_before(tx) == []


@pytest.mark.parametrize("state", STATES)
async def test_what_came_later_and_is_done_is_added_as_it_was(tx: Connection, state: str) -> None:
    await tx.execute("INSERT INTO told_post VALUES (5, 'mine', NULL, NULL, NULL)")
    await put(tx, row(1, told_post=5))
    carried = Carried()
    outcome = OUT | {"state": state, "versions": 2, "closed": 1, "payload": '{"alerts":[]}'}
    new = [
        former(6, told(5), **outcome), former(7, told(5), **outcome), former(8, **outcome),
        former(9, told(9, story=None, payload=None), **outcome),
    ]  # fmt: skip
    await carried_over.carry_over(tx, new, carried)
    await carried_over.carry_over(tx, [former(10, told(5), **outcome)], carried)
    numbers = carried.numbers
    after = await stored(tx)
    for number, post in ((6, 5), (7, 5), (8, None), (9, 9), (10, 5)):
        given = row(number, **outcome, told_post=post and numbers[post])
        assert after[number] == given | {"leased_until": None}
    assert set(numbers) == {5, 9}
    assert await list_told(tx) == {
        5: ("mine", None, None, None),
        numbers[5]: ("7/5", "tg:7/5", "tg:7/1", '{"doc_id":"tg:7/5"}'),
        numbers[9]: ("7/9", "tg:7/5", None, None),
    }
    assert (carried.done, carried.under_way) == (5, 0)
    assert await list_sent_before(tx) == [(600,), (700,), (900,), (1000,)]
    assert await list_tried_before(tx) == []


async def test_what_was_under_way_later_is_noted_and_not_queued(tx: Connection) -> None:
    await tx.execute(carried_over.LOOKED_FOR, (700, 1))
    carried = Carried(done=1, under_way=1)
    new = [former(6, told(5), tried_at=70), former(7, tried_at=71), former(8, **OUT)]
    await carried_over.carry_over(tx, new, carried)
    assert list(await stored(tx)) == [8]
    assert await list_tried_before(tx) == [(600, 70), (700, 1)]
    assert (carried.done, carried.under_way, carried.numbers) == (2, 3, {})


async def test_a_message_that_is_there_under_another_number_is_not_added_again(
    tx: Connection,
) -> None:
    await tx.execute("INSERT INTO told_post VALUES (5, '7/5', NULL, NULL, NULL)")
    await tx.execute("INSERT INTO told_post VALUES (6, 'nobody is told', NULL, NULL, NULL)")
    await tx.execute("INSERT INTO sent_before (random_id) VALUES (600)")
    there = row(3, random_id=600, told_post=5, key="alert:5:a:", **OUT)
    await put(tx, there)
    carried = Carried()
    await carried_over.carry_over(
        tx,
        [former(6, told(5), key="alert:5:a:", **OUT), former(7, told(8), tried_at=1)],
        carried,
    )
    await carried_over.carry_over(tx, [former(8, told(9), **OUT)], carried)
    assert list(await stored(tx)) == [3, 8]
    assert await list_sent_before(tx) == [(600,), (800,)]
    await carried_over.remove_untold(tx, carried)
    assert set(await list_told(tx)) == {5, 6, carried.numbers[9]}


async def test_where_nothing_is_known_all_that_waited_is_looked_for(
    tx: Connection, queue: Callable[..., Any], now: datetime
) -> None:
    await queue("a", "b", "c", "d")
    await tx.execute("UPDATE delivery SET tried_at = 7, leased_until = 8 WHERE id = 1")
    await tx.execute("UPDATE delivery SET state = 'sent' WHERE id = 2")
    await tx.execute("UPDATE delivery SET state = 'gone' WHERE id = 4")
    assert await carried_over.look_for_all(tx, now) == 3
    after = await stored(tx)
    found = [(one["tried_at"], one["leased_until"]) for one in after.values()]
    assert found == [(7, None), (None, None), *[(times.to_epoch(now), None)] * 2]
    assert [one.key for one in await outbox.claim_due(tx, now=now, limit=9, lease_until=now)] == [
        "a",
        "c",
    ]


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []), (1, [1]), (BATCH - 1, [BATCH - 1]), (BATCH, [BATCH]), (BATCH + 1, [BATCH, 1]),
        (2 * BATCH, [BATCH, BATCH]),
    ],
)  # fmt: skip
def test_rows_are_taken_some_hundreds_at_a_time(count: int, sizes: list[int]) -> None:
    one = former(1)
    batches = list(carried_over.in_batches(one for _ in range(count)))
    assert [len(batch) for batch in batches] == sizes
