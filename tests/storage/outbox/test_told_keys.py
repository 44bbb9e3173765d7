"""Which keys of alerts are used: looked up by their posts."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from storage.connection import Connection, fetch_in
from storage.database import open_database
from storage.outbox import new_rows, outbox, queueing, told_keys
from storage.outbox.new_rows import FanOut, New
from storage.outbox.outbox_keys import AlertNames
from storage.payloads import AlertPayload, TextPayload
from storage.records import NewDelivery
from storage.structs import replace

Queue = Callable[..., Any]
TOLD = AlertPayload(doc_id="tg:7/5", alerts=((1, "oil"),))


@pytest.fixture
def fan(now: datetime) -> FanOut:
    """A post that is told to two chats."""
    return FanOut(
        doc_id="tg:7/5",
        names=AlertNames("2026-11-27/ab", "7/5"),
        story="tg:7/5",
        matched={1: [], 2: []},
        incarnations={1: "a", 2: "b"},
        now=now,
        due_at=now,
        bundle=None,
    )


def alert(now: datetime, key: str, **fields: Any) -> NewDelivery:
    return replace(new_rows.alert(5, key, TOLD, now=now), **fields)


async def used_of(tx: Connection, new: Sequence[New]) -> told_keys.UsedKeys:
    there = await fetch_in(tx, told_keys.THERE, told_keys.names_of(new))
    return await told_keys.list_used(tx, new, there)


def test_the_names_are_those_of_posts_each_once(fan: FanOut, now: datetime) -> None:
    answer = alert(now, "answer:5:7:0", kind="answer", payload=TextPayload(text="Yes"))
    told = [alert(now, f"alert:5:{reader}:7/6") for reader in "ab"]
    photo = replace(fan, names=AlertNames(None, "7/9"))
    assert told_keys.names_of([fan, answer, *told, photo]) == ["2026-11-27/ab", "7/6", "7/9"]


async def test_a_key_is_used_once_a_row_has_it_whatever_became_of_that(
    tx: Connection, queue: Queue, fan: FanOut, now: datetime
) -> None:
    assert await used_of(tx, [fan]) == {}
    keys = [f"alert:{chat}:2026-11-27/ab" for chat in ("1:a", "9:z")]
    assert await queue(keys[0], chat_id=1) == await queue(keys[1], chat_id=9) == 1
    await tx.execute("UPDATE delivery SET state = 'dropped', finished_at = 1")
    stored = {key: await outbox.find_delivery(tx, key) for key in keys}
    ids = {key[: key.rindex(":") + 1]: row and row.random_id for key, row in stored.items()}
    used = await used_of(tx, [fan])
    assert used == {"2026-11-27/ab": {"alert:1:a:": ids["alert:1:a:"]}}
    wide = replace(fan, matched={chat: [] for chat in range(1, told_keys.FEW + 2)})
    assert await used_of(tx, [wide]) == {"2026-11-27/ab": ids}
    other = alert(now, "alert:1:a:7/5")
    unused, known = told_keys.part([fan, other], used)
    first, second = fan.rows()
    assert unused == [second, other]
    assert known == [(first, ids["alert:1:a:"])]
    assert await queueing.add_deliveries(tx, [fan]) == 2
    assert await told_keys.find_id(tx, "alert:1:a:7/5") is not None  # its spare key


async def test_what_tells_of_no_post_is_not_looked_for_by_a_post(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    text = TextPayload(text="Yes")
    await queue("answer:5:7:0", kind="answer", payload=text)
    assert await told_keys.find_id(tx, "answer:5:7:0") is None
    assert await outbox.find_delivery(tx, "answer:5:7:0") is not None
    await queue("alert:5:a:0")
    answer = alert(now, "answer:5:7:0", kind="answer", payload=text)
    used = await used_of(tx, [alert(now, "alert:6:a:0"), alert(now, "alert:5:a:0")])
    assert used == {"0": {"alert:5:a:": used["0"]["alert:5:a:"]}}
    assert told_keys.part([answer], used) == ([answer], [])


def test_of_alerts_with_one_key_the_first_is_left(fan: FanOut, now: datetime) -> None:
    first, second = alert(now, "alert:5:a:7/5"), alert(now, "alert:5:a:7/6")
    answers = [alert(now, "a", kind="answer", payload=TextPayload(text=text)) for text in "xy"]
    given = [fan, first, *answers, replace(first, priority=0), second]
    assert told_keys.without_repeated(given) == [fan, first, *answers, second]


@pytest.mark.parametrize("is_whole", [True, False])
async def test_a_post_that_was_sent_by_a_later_database_is_left_out_once(
    tx: Connection, fan: FanOut, is_whole: bool
) -> None:
    """The next with its text is another post, told under its own number."""
    new = [fan] if is_whole else [*fan.rows()]
    assert await queueing.add_deliveries(tx, new) == 2
    await tx.execute("INSERT INTO sent_before (random_id) SELECT random_id FROM delivery")
    assert await queueing.add_deliveries(tx, new) == 0
    assert await tx.fetch_all("SELECT 1 AS it FROM sent_before") == []
    assert await queueing.add_deliveries(tx, new) == 2
    assert await queueing.add_deliveries(tx, new) == 0
    assert await told_keys.find_id(tx, "alert:2:b:7/5") is not None


async def test_a_key_of_a_chat_that_has_moved_is_found_under_either_number(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    """What was folded before the move is handed on to the new chat under a key of the old one."""
    key = "alert:-42:a:7/5"
    assert await queue(key, chat_id=-42) == 1
    for stored in (-42, -10042):
        await tx.execute("UPDATE delivery SET chat_id = ?", (stored,))
        assert await queue(key, chat_id=-10042) == 0
        assert await told_keys.find_id(tx, key) is not None


async def test_for_a_few_readers_only_their_rows_are_read_and_one_part_is_shared(
    tx: Connection, fan: FanOut, now: datetime
) -> None:
    """Copies may be queued for thousands of readers one by one."""
    wide = replace(fan, matched={chat: [] for chat in range(1, 200)})
    assert await queueing.add_deliveries(tx, [wide]) == 199
    for chat in range(200, 205):
        (one,) = replace(fan, matched={chat: []}).rows()
        assert await used_of(tx, [one]) == {}
        assert [await queueing.add_deliveries(tx, [one]) for _ in range(3)] == [1, 1, 0]
        assert list((await used_of(tx, [one]))["2026-11-27/ab"]) == [f"alert:{chat}::"]
    parts = await tx.fetch_all("SELECT name FROM told_post ORDER BY name")
    assert [row["name"] for row in parts] == ["2026-11-27/ab", "7/5"]


async def test_of_several_processes_that_queue_one_post_each_reader_is_told_once(
    address: str, fan: FanOut
) -> None:
    databases = [await open_database(address) for _ in range(3)]
    wide = replace(fan, matched={chat: [] for chat in range(1, told_keys.FEW + 20)})
    wide = replace(wide, names=AlertNames(None, "7/5"))
    some = [replace(wide, matched={chat: []}) for chat in (1, 70, 71, 71)]

    async def queue(number: int, new: Sequence[New]) -> int:
        async with databases[number % 3].transaction() as tx:
            return await queueing.add_deliveries(tx, new)

    given: list[list[New]] = [[wide], [*wide.rows()], *[[one] for one in some], [*some]]
    added = await asyncio.gather(*[queue(number, new) for number, new in enumerate(given * 2)])
    assert sum(added) == len(wide.matched) + 2
    async with databases[0].reader() as conn:
        rows = await conn.fetch_all("SELECT key, random_id FROM whole_delivery")
    assert len({row["key"] for row in rows}) == len(rows) == sum(added)
    for database in databases:
        await database.close()
