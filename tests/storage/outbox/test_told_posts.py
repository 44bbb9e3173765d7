"""What readers of a post are told alike is stored once, and no longer than anybody is told it."""

from datetime import datetime
from typing import Any

import pytest

from storage.connection import Connection
from storage.outbox import outbox, queueing
from storage.outbox.told_posts import NewPosts, set_payload
from storage.payloads import AlertPayload, TextPayload
from storage.records import NewDelivery
from storage.structs import replace

OIL = AlertPayload(doc_id="tg:7/5", alerts=((1, "oil"),))


def new(chat_id: int, name: str = "7/5", payload: Any = OIL, **fields: Any) -> NewDelivery:
    moment = datetime.fromisoformat("2024-05-01T12:00:00Z")
    given: dict[str, Any] = {
        "chat_id": chat_id, "kind": "alert", "key": f"alert:{chat_id}:ab:{name}",
        "payload": payload, "priority": 1, "due_at": moment, "created_at": moment,
        "story": "tg:7/1",
    }  # fmt: skip
    return NewDelivery(**given | fields)


async def list_told(tx: Connection) -> list[tuple[Any, ...]]:
    rows = await tx.fetch_all("SELECT * FROM told_post ORDER BY id")
    return [tuple(row) for row in rows]


async def stored(tx: Connection, chat_id: int, name: str = "7/5") -> tuple[Any, ...]:
    """A row's number, what of its payload is its own, and which post it tells of."""
    id = await queueing.find_id(tx, f"alert:{chat_id}:ab:{name}")
    row = await tx.fetch_one("SELECT id, payload, told_post FROM delivery WHERE id = ?", (id,))
    assert row is not None
    return tuple(row)


async def payload_of(tx: Connection, chat_id: int, name: str = "7/5") -> Any:
    row = await outbox.find_delivery(tx, f"alert:{chat_id}:ab:{name}")
    assert row is not None
    return row.payload


def test_a_row_is_split_into_what_is_its_own_and_what_all_say() -> None:
    posts = NewPosts(40)
    first = posts.split(new(1, payload=replace(OIL, silent=True, fresh=((0, 3),))))
    assert first == ("alert:1:ab:", '{"alerts":[[1,"oil"]],"silent":true}', 41)
    # Another reader of the same, who has other alerts.
    same = replace(OIL, alerts=((2, "gas"),), fresh=((0, 3),))
    assert posts.split(new(2, payload=same)) == ("alert:2:ab:", '{"alerts":[[2,"gas"]]}', 41)
    sql, rows = posts.statement()
    assert sql.count("?") == 5
    shared = '{"doc_id":"tg:7/5","fresh":[[0,3]]}'
    assert rows == [(41, "7/5", "tg:7/5", "tg:7/1", shared)]
    # It is stored by then, and stays the same one.
    assert posts.split(new(3, payload=same))[2] == 41
    assert posts.statement()[1] == []


@pytest.mark.parametrize(
    "other",
    [
        new(2, name="7/6"),
        new(2, story="tg:7/2"),
        new(2, story=None),
        new(2, payload=replace(OIL, doc_id="tg:8/1")),
        new(2, payload=replace(OIL, change="deleted")),
        new(2, payload=replace(OIL, follows="tg:7/1")),
        new(2, payload=replace(OIL, news="x")),
    ],
)
def test_what_is_not_the_same_has_a_number_of_its_own(other: NewDelivery) -> None:
    posts = NewPosts(0)
    assert [posts.split(row)[2] for row in (new(1), other, new(3), other)] == [1, 2, 1, 2]
    assert [row[0] for row in posts.statement()[1]] == [1, 2]
    assert posts.split(new(4, name="9/9"))[2] == 3
    assert [row[0] for row in posts.statement()[1]] == [3]


def test_what_tells_of_no_post_is_whole_in_its_row() -> None:
    posts = NewPosts(0)
    row = new(1, payload=TextPayload(text="Hello"), kind="answer", key="answer:1:7:0")
    assert posts.split(row) == ("answer:1:7:0", '{"text":"Hello"}', None)
    assert posts.statement()[1] == []


async def test_new_posts_are_stored_once(tx: Connection) -> None:
    await tx.execute("INSERT INTO told_post VALUES (3, 'before', NULL, NULL, NULL)")
    await tx.execute("INSERT INTO told_post VALUES (4, 'the last', NULL, NULL, NULL)")
    posts = NewPosts(4)
    await tx.execute_many(*posts.statement())
    posts.split(new(1))
    assert [row[1] for row in await list_told(tx)] == ["before", "the last"]
    await tx.execute_many(*posts.statement())
    posts.split(new(1, name="7/6"))
    posts.split(new(2))
    await tx.execute_many(*posts.statement())
    await tx.execute_many(*posts.statement())
    assert [row[:2] for row in await list_told(tx)] == [
        (3, "before"), (4, "the last"), (5, "7/5"), (6, "7/6"),
    ]  # fmt: skip


async def test_an_alert_that_says_the_same_of_its_post_goes_on_sharing_it(tx: Connection) -> None:
    await queueing.add_deliveries(tx, [new(1), new(2)])
    before = await list_told(tx)
    (id, _, number), other = await stored(tx, 1), await stored(tx, 2)
    told = replace(OIL, alerts=((9, "tar"),), silent=True)
    await set_payload(tx, id, told)
    assert await stored(tx, 1) == (id, '{"alerts":[[9,"tar"]],"silent":true}', number)
    assert (await payload_of(tx, 1), await payload_of(tx, 2)) == (told, OIL)
    assert (await list_told(tx), await stored(tx, 2)) == (before, other)


async def test_an_alert_that_says_something_else_of_its_post_says_it_alone(tx: Connection) -> None:
    await queueing.add_deliveries(tx, [new(1), new(2)])
    (id, *_), other = await stored(tx, 1), await stored(tx, 2)
    told = replace(OIL, doc_id="tg:8/8", fresh=((1, 2),))
    await set_payload(tx, id, told)
    assert (await payload_of(tx, 1), await payload_of(tx, 2)) == (told, OIL)
    shared, own = await list_told(tx)
    # Its post and its story are still what it was queued with: under these it is looked for.
    assert own[1:4] == shared[1:4] == ("7/5", "tg:7/5", "tg:7/1")
    assert (await stored(tx, 1))[2] == own[0] != (await stored(tx, 2))[2]
    # What nobody is told any more goes.
    again = replace(told, fresh=())
    await set_payload(tx, id, again)
    assert await payload_of(tx, 1) == again
    first, _ = await list_told(tx)
    assert first[0] == shared[0] == other[2]


@pytest.mark.parametrize("has_name", [True, False])
async def test_a_row_that_is_whole_by_itself_stays_so(tx: Connection, has_name: bool) -> None:
    """As a row of a former version is, and one that was damaged."""
    await queueing.add_deliveries(tx, [new(1), new(2)])
    (id, *_), other = await stored(tx, 1), await stored(tx, 2)
    number = None
    if has_name:
        sql = "INSERT INTO told_post (name) VALUES ('7/5')"
        number = await tx.insert(sql)
    await tx.execute("UPDATE delivery SET told_post = ?, payload = '{' WHERE id = ?", (number, id))
    before = await list_told(tx)
    told = replace(OIL, silent=True)
    await set_payload(tx, id, told)
    row = await tx.fetch_one("SELECT payload, told_post FROM delivery WHERE id = ?", (id,))
    assert row is not None
    assert (tuple(row)[1], "tg:7/5" in row["payload"]) == (number, True)
    assert (await list_told(tx), await stored(tx, 2)) == (before, other)
    if has_name:
        assert await payload_of(tx, 1) == told
