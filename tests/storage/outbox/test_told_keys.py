"""Which keys of alerts are used: looked up by their posts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from storage.connection import Connection
from storage.outbox import new_rows, outbox, queueing, told_keys
from storage.outbox.new_rows import FanOut
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


def test_the_names_are_those_of_posts_each_once(fan: FanOut, now: datetime) -> None:
    answer = alert(now, "answer:5:7:0", kind="answer", payload=TextPayload(text="Yes"))
    told = [alert(now, f"alert:5:{reader}:7/6") for reader in "ab"]
    photo = replace(fan, names=AlertNames(None, "7/9"))
    assert told_keys.names_of([fan, answer, *told, photo]) == ["2026-11-27/ab", "7/6", "7/9"]


async def test_a_key_is_used_once_a_row_has_it_whatever_became_of_that(
    tx: Connection, queue: Queue, fan: FanOut, now: datetime
) -> None:
    assert await told_keys.list_used(tx, [fan]) == {}
    keys = [f"alert:{chat}:2026-11-27/ab" for chat in ("1:a", "9:z")]
    assert await queue(*keys, chat_id=1) == 2
    await tx.execute("UPDATE delivery SET state = 'dropped', finished_at = 1, chat_id = 77")
    stored = {key: await outbox.find_delivery(tx, key) for key in keys}
    ids = {key[: key.rindex(":") + 1]: row and row.random_id for key, row in stored.items()}
    used = await told_keys.list_used(tx, [fan])
    assert used == {"2026-11-27/ab": ids}
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
    used = await told_keys.list_used(tx, [alert(now, "alert:6:a:0")])
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
