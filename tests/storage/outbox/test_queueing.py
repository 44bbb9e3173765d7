"""What is queued, whichever way: each key once, and what readers have in common once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import facts
from storage.connection import Connection
from storage.outbox import outbox, outbox_keys, queueing
from storage.outbox.new_rows import FanOut, New, rows_of
from storage.outbox.outbox_keys import AlertNames
from storage.payloads import AlertPayload, TextPayload
from storage.records import NewDelivery
from storage.structs import replace

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECRET = bytes(32)
Queue = Callable[..., Any]

posts = st.sampled_from(["7/1", "7/2", "2026-11-27/ab", "7|7/1:edited/a:b/"])
alerts = st.builds(
    lambda chat, name, spare, **told: NewDelivery(
        chat_id=chat,
        kind="alert",
        key=f"alert:{chat}:ab:{name}",
        spare_key=f"alert:{chat}:ab:{spare}" if spare else None,
        payload=AlertPayload(**told),
        priority=1,
        due_at=NOW,
        created_at=NOW,
        story=told["doc_id"],
    ),
    st.integers(1, 3),
    posts,
    st.none() | posts,
    doc_id=st.sampled_from(["tg:7/1", "tg:7/2"]),
    alerts=st.sampled_from([(), ((1, 'a "b"'),), ((1, "a"), (2, "ё"))]),
    silent=st.booleans(),
    urgent=st.booleans(),
    follows=st.none() | st.just("tg:1/1"),
    fresh=st.sampled_from([(), ((1, 2), (3, 4))]),
)
others = st.builds(
    lambda number, bundle: NewDelivery(
        chat_id=1,
        kind="answer",
        key=f"answer:1:{number}",
        payload=TextPayload(text=f"{number}"),
        priority=0,
        due_at=NOW + HOUR,
        created_at=NOW,
        bundle=bundle,
    ),
    st.integers(1, 3),
    st.none() | st.just("held:1"),
)


class Asking(NamedTuple):
    id: int
    query: str


fans = st.builds(
    lambda content, place, chats, bundle: FanOut(
        doc_id="tg:7/1",
        names=AlertNames(content, place),
        story="tg:7/1",
        matched={chat: [Asking(chat, 'a "b"'), Asking(9, "ё")][: 1 + chat % 2] for chat in chats},
        incarnations=dict.fromkeys(chats, "ab"),
        now=NOW,
        due_at=NOW + HOUR,
        bundle=bundle,
    ),
    st.none() | posts,
    posts,
    st.sets(st.integers(1, 3)),
    st.none() | st.just("late"),
)
batches = st.lists(st.lists(alerts | others | fans, max_size=9), max_size=4)


def expected(batches: Sequence[Sequence[New]]) -> tuple[list[NewDelivery], list[int]]:
    """What stands in the outbox after these batches, and how many of each were new."""
    there: dict[str, NewDelivery] = {}
    counts = []
    for batch in batches:
        former, before = set(there), len(there)
        again: list[NewDelivery] = []
        seen: set[str] = set()
        for row in rows_of(batch):
            spare = row.spare_key
            if row.key in seen and spare is not None:
                key = spare
            else:
                key = row.key
                seen.add(key)
            if key in former and spare not in (None, key):
                again.append(replace(row, key=spare))
            there.setdefault(key, replace(row, key=key))
        for row in again:
            there.setdefault(row.key, row)
        counts.append(len(there) - before)
    return list(there.values()), counts


@pytest.mark.slow
@settings(examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches, repeat=st.booleans(), many=st.booleans())
async def test_each_key_is_queued_once_whatever_the_batches(
    tx: Connection, batches: list[list[New]], repeat: bool, many: bool
) -> None:
    if many:  # More than one statement takes.
        batches = [[_for(row, chat) for chat in range(40) for row in part] for part in batches]
    if repeat:
        batches = [*batches, *batches]
    rows, counts = expected(batches)
    await tx.execute("DELETE FROM delivery")
    assert [await queueing.add_deliveries(tx, part) for part in batches] == counts
    found = await tx.fetch_all("SELECT id FROM delivery")
    stored = await outbox.list_deliveries(tx, [row["id"] for row in found])
    assert [_said(one) for one in stored] == [_said(row) for row in rows]
    assert await _count_untold(tx) == 0


def _for(row: New, chat: int) -> New:
    """The same for another chat."""
    if isinstance(row, FanOut):
        matched = {former + 10 * chat: alerts for former, alerts in row.matched.items()}
        return replace(row, matched=matched)
    key, spare = (key and f"{key}/{chat}" for key in (row.key, row.spare_key))
    return replace(row, chat_id=row.chat_id + 10 * chat, key=key or "", spare_key=spare)


def _said(row: Any) -> tuple[Any, ...]:
    return (row.chat_id, row.kind, row.key, row.payload, row.due_at, row.story, row.bundle)


async def _count_untold(tx: Connection) -> int:
    rows = await tx.fetch_all(
        "SELECT id FROM told_post WHERE id NOT IN"
        " (SELECT told_post FROM delivery WHERE told_post IS NOT NULL)"
    )
    return len(rows)


@pytest.mark.parametrize("others", [1, 3])
async def test_where_another_key_has_the_id_the_keys_decide(
    tx: Connection, queue: Queue, now: datetime, others: int
) -> None:
    queue = partial(queue, kind="answer", payload=TextPayload(text="Hello"))
    await facts.set_value(tx, "outbox_secret", SECRET.hex())
    ids = [outbox_keys.random_id(SECRET, "a", other) for other in range(others)]
    assert len({*ids, outbox_keys.random_id(SECRET, "a", others)}) == others + 1
    await queue(*[f"other {id}" for id in ids])
    for id in ids:
        await tx.execute("UPDATE delivery SET random_id = ? WHERE key = ?", (id, f"other {id}"))
    assert await outbox.find_delivery(tx, "a") is None
    assert await queue("b", "a", spare_key="spare") == 2
    found = await outbox.find_delivery(tx, "a")
    assert found is not None
    assert (found.key, found.random_id) == ("a", outbox_keys.random_id(SECRET, "a", others))
    assert await queue("a", "c") == 1
    assert await queue("a", spare_key="spare") == 1


async def test_what_readers_have_in_common_is_stored_once_and_goes_with_the_last_of_them(
    tx: Connection, queue: Queue
) -> None:
    told = AlertPayload(doc_id="tg:7/1", alerts=((1, "oil"),))
    for chat in (1, 2, 3):
        await queue(f"alert:{chat}:ab:7/1", chat_id=chat, payload=told, story="tg:7/1")
    await queue(*[f"alert:{chat}:ab:7/2" for chat in (4, 5)], payload=told, story="tg:7/1")
    assert await _names(tx) == ["7/1", "7/2"]
    await tx.execute("DELETE FROM delivery WHERE chat_id = 1 OR key LIKE '%:5:%'")
    assert await _names(tx) == ["7/1", "7/2"]
    await tx.execute("DELETE FROM delivery WHERE key LIKE '%:2:%' OR key LIKE '%:3:%'")
    assert await _names(tx) == ["7/2"]
    await tx.execute("DELETE FROM delivery")
    assert await _names(tx) == []


async def _names(tx: Connection) -> list[str]:
    return [row["name"] for row in await tx.fetch_all("SELECT name FROM told_post ORDER BY name")]


async def test_an_alert_that_is_to_say_something_else_leaves_the_others_as_they_are(
    tx: Connection, queue: Queue
) -> None:
    former = AlertPayload(doc_id="tg:7/1", alerts=((1, "oil"),), follows="tg:1/1", fresh=((0, 2),))
    keys = [f"alert:{chat}:ab:7/1" for chat in (1, 2)]
    await queue(*keys, payload=former, story="tg:7/1")
    first, second = [await outbox.find_delivery(tx, key) for key in keys]
    assert first is not None
    assert second is not None
    other = AlertPayload(doc_id="tg:7/9", alerts=((1, "oil"), (2, "gas")), silent=True)
    for payload, names in [
        (replace(former, urgent=True), ["7/1"]),
        (other, ["7/1", "7/1"]),
        (former, ["7/1", "7/1"]),
    ]:
        await outbox.set_payload(tx, first.id, payload)
        assert await outbox.find_delivery(tx, keys[0]) == replace(first, payload=payload)
        assert await outbox.find_delivery(tx, keys[1]) == second
        assert await _names(tx) == names


@pytest.mark.parametrize("count", [1, 9, 11, 59, 311])
async def test_all_of_a_batch_are_queued_in_their_order_and_not_again(
    tx: Connection, queue: Queue, count: int
) -> None:
    keys = [f"alert:{number}:ab:7/{number % 3}" for number in range(count)]
    assert await queue(*keys) == count
    stored = await outbox.list_deliveries(tx, range(1, count + 2))
    assert [row.key for row in stored] == keys
    names = await _names(tx)
    assert await queue(*keys) == 0
    assert await queue(*keys, "alert:5:ab:9/9") == 1
    assert await _names(tx) == sorted([*names, "9/9"])


async def test_what_is_queued_under_a_spare_key_is_found_under_it(
    tx: Connection, queue: Queue
) -> None:
    assert await outbox.find_delivery(tx, "a") is None
    assert await queue("a") == 1
    assert await queue("a", spare_key="spare") == 1
    found = [await outbox.find_delivery(tx, key) for key in ("a", "spare", "other")]
    assert [row and row.key for row in found] == ["a", "spare", None]
    assert await queue("b", "b", "a", spare_key="spare") == 1
    assert await queue("a", spare_key="a") == 0


async def test_a_post_is_told_to_many_as_if_each_had_a_row_of_its_own(tx: Connection) -> None:
    names = AlertNames("2026-11-27/ab", "7/1")
    fan = FanOut(
        doc_id="tg:7/1",
        names=names,
        story="tg:7/1",
        matched={chat: [Asking(chat, "oil")] for chat in range(1, 400)},
        incarnations={chat: f"{chat:x}" for chat in range(1, 400, 2)},
        now=NOW,
        due_at=NOW,
        bundle=None,
    )
    stored = []
    for new in ([fan], [*fan.rows()]):
        assert await queueing.add_deliveries(tx, new) == 399
        found = await tx.fetch_all("SELECT * FROM delivery ORDER BY id")
        shared = await tx.fetch_all("SELECT name, post, story, payload FROM told_post")
        of_row = [tuple(row)[1:] for row in found]
        stored.append((of_row, [*map(tuple, shared)]))
        # Its readers have it, so that it is told by its number next.
        assert await queueing.add_deliveries(tx, new) == 399
        assert await queueing.add_deliveries(tx, new) == 0
        await tx.execute("DELETE FROM delivery")
    assert stored[0] == stored[1]
    assert len(stored[0][1]) == 1


async def test_only_what_is_new_is_looked_for_before_it_is_sent(
    tx: Connection, queue: Queue, now: datetime
) -> None:
    await queue("there")
    ids = {key: outbox_keys.random_id(await secret_of(tx), key, 0) for key in ("there", "new")}
    await tx.execute_many(
        "INSERT INTO tried_before (random_id, tried_at) VALUES (?, 7)",
        [(ids["there"],), (ids["new"],)],
    )
    await queue("new", "other")
    rows = [await outbox.find_delivery(tx, key) for key in ("there", "new", "other")]
    assert [row is not None and row.tried_at is not None for row in rows] == [False, True, False]
    left = await tx.fetch_all("SELECT random_id FROM tried_before")
    assert [row["random_id"] for row in left] == [ids["there"]]


async def secret_of(tx: Connection) -> bytes:
    return bytes.fromhex(await facts.find_value(tx, "outbox_secret") or "")
