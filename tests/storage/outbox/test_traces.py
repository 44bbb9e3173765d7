"""What became of a post on its way to one chat, as the outbox tells it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from database_steps import mark_sent

from storage.connection import Connection
from storage.document import Document
from storage.documents import documents
from storage.outbox import outbox, queueing, traces
from storage.outbox.traces import Arrival, Trace
from storage.payloads import AlertPayload, Line, ListPayload, Payload, TextPayload
from storage.records import Delivery, NewDelivery
from storage.stories import folded
from storage.stories.folded import Fold

CHAT, OTHER = 5, 6
OIL = (1, "oil")
SECOND = timedelta(seconds=1)
MakeDocument = Callable[..., Document]


async def add(tx: Connection, key: str, payload: Payload, now: datetime, **fields: Any) -> Delivery:
    given = {"chat_id": CHAT, "kind": "alert", "priority": 1, "due_at": now, "created_at": now}
    await queueing.add_deliveries(
        tx, [NewDelivery(key=key, payload=payload, **{**given, **fields})]
    )
    row = await outbox.find_delivery(tx, key)
    assert row is not None
    return row


async def alert(
    tx: Connection, post: str, now: datetime, *, chat: int = CHAT, story: str = "a"
) -> Delivery:
    told = AlertPayload(doc_id=post, alerts=(OIL,))
    return await add(tx, f"{chat}:{post}", told, now, chat_id=chat, story=story)


async def a_list(tx: Connection, now: datetime, *posts: str, chat: int = CHAT) -> Delivery:
    lines = tuple(Line(doc_id=post, alerts=(OIL,)) for post in posts)
    key = f"list:{chat}:{posts}"
    return await add(tx, key, ListPayload(posts=lines), now, chat_id=chat, kind="bundle")


async def test_how_a_document_came_is_known_with_every_name_it_had(
    tx: Connection, make_document: MakeDocument, now: datetime
) -> None:
    named = make_document("Grain", channel=None, message_id=None)
    assert await traces.find_arrival(tx, named.doc_id) is None
    album = make_document("Album", message_id=6, album_ids=(6, 7))
    for made, live in ((make_document("Grain"), True), (album, False)):
        await documents.store_documents(tx, [made], stored_at=now, live=live)
    one = Arrival(stored_at=now, is_live=True, names=frozenset({"tg:77/1"}))
    assert await traces.find_arrival(tx, "tg:77/1") == one
    parts = Arrival(stored_at=now, is_live=False, names=frozenset({"tg:77/6", "tg:77/7"}))
    assert await traces.find_arrival(tx, "tg:77/6") == parts


async def test_a_chats_messages_about_a_post_are_listed_latest_first(
    tx: Connection, now: datetime
) -> None:
    first = await alert(tx, "tg:1/1", now)
    again = await add(
        tx, "again", AlertPayload(doc_id="tg:1/1", alerts=(OIL,), change="edited"), now,
        story="tg:1/1",
    )  # fmt: skip
    await alert(tx, "tg:1/2", now)
    await alert(tx, "tg:1/1", now, chat=OTHER)
    await add(tx, "elsewhere", AlertPayload(doc_id="tg:1/1", alerts=(OIL,)), now, story="b")
    await mark_sent(tx, first.id, 17, now + SECOND)
    found = await traces.list_traces(tx, CHAT, "a", {"tg:1/1"})
    assert [one.id for one in found] == [again.id, first.id]
    assert found[1] == Trace(
        id=first.id,
        kind="alert",
        state="sent",
        post="tg:1/1",
        story="a",
        matched=(OIL,),
        message_id=17,
        bundle=None,
        due_at=now,
        finished_at=now + SECOND,
        leased_until=None,
        error=None,
        is_closed=False,
    )
    assert await traces.list_traces(tx, CHAT, "a", {"tg:1/3"}) == []
    for number in range(traces.MOST + 5):
        told = AlertPayload(doc_id="tg:1/9", alerts=(OIL,))
        await add(tx, f"many:{number}", told, now, story="a")
    most = await traces.list_traces(tx, CHAT, "a", {"tg:1/9"})
    assert [one.id for one in most] == sorted((one.id for one in most), reverse=True)
    assert len(most) == traces.MOST
    assert most[0].id == found[0].id + traces.MOST + 8


async def test_the_messages_to_which_a_post_came_are_of_other_posts(
    tx: Connection, now: datetime
) -> None:
    for chat in (CHAT, OTHER):
        await alert(tx, "tg:1/1", now, chat=chat)
    await alert(tx, "tg:1/5", now)
    folds = [
        Fold(CHAT, "a", "tg:1/1", "tg:2/2"),
        Fold(CHAT, "a", "tg:1/1", "tg:2/3", fresh=((0, 5),)),
        Fold(CHAT, "a", "tg:1/5", "tg:2/3", is_event=True),
        Fold(OTHER, "a", "tg:1/1", "tg:2/2"),
        Fold(CHAT, "a", "tg:1/1", "tg:1/1"),
    ]
    await folded.add_folds(tx, folds, now=now)
    (one,) = await traces.list_foldings(tx, CHAT, {"tg:2/2"})
    assert (one.host.post, one.is_added, one.is_event) == ("tg:1/1", False, False)
    found = await traces.list_foldings(tx, CHAT, {"tg:2/3"})
    assert [(one.host.post, one.is_added, one.is_event) for one in found] == [
        ("tg:1/5", False, True),
        ("tg:1/1", True, False),
    ]
    assert await traces.list_foldings(tx, CHAT, {"tg:1/1"}) == []
    assert await traces.list_foldings(tx, CHAT, {"tg:9/9"}) == []
    for number in range(traces.MOST + 2):
        await alert(tx, f"tg:3/{number}", now)
        await folded.add_folds(tx, [Fold(CHAT, "a", f"tg:3/{number}", "tg:2/4")], now=now)
    most = await traces.list_foldings(tx, CHAT, {"tg:2/4"})
    assert [one.host.post for one in most] == [
        f"tg:3/{number}" for number in reversed(range(2, traces.MOST + 2))
    ]


async def test_a_message_is_found_by_its_number_in_the_chat(tx: Connection, now: datetime) -> None:
    told, waits = await alert(tx, "tg:1/1", now), await alert(tx, "tg:1/2", now)
    listed = await a_list(tx, now, "tg:1/3", "tg:1/4")
    other = await alert(tx, "tg:1/1", now, chat=OTHER)
    answer = await add(tx, "answer", TextPayload(text="x"), now, kind="answer")
    for number, row in enumerate((told, listed, other, answer), 10):
        await mark_sent(tx, row.id, number, now)

    async def find(number: int, chat: int = CHAT) -> int | None:
        found = await traces.find_message(tx, chat, number)
        return None if found is None else found.id

    assert await find(10) == told.id
    assert await find(11) == listed.id
    assert await find(12) is None
    assert await find(12, OTHER) == other.id
    assert await find(13) is None
    found = await traces.find_message(tx, CHAT, 11)
    assert found is not None
    assert (found.post, found.posts, found.matched) == (None, ("tg:1/3", "tg:1/4"), ())
    await mark_sent(tx, waits.id, 10, now + SECOND)
    assert await find(10) == waits.id
    # Its reader deleted it; or it is in the chat that the group was before it moved.
    for closed, is_closed in ((1, True), (2, None)):
        await tx.execute("UPDATE delivery SET closed = ? WHERE id = ?", (closed, listed.id))
        found = await traces.find_message(tx, CHAT, 11)
        assert (None if found is None else found.is_closed) == is_closed
    await tx.execute("UPDATE delivery SET closed = 2 WHERE id = ?", (told.id,))
    (moved,) = await traces.list_traces(tx, CHAT, "a", {"tg:1/1"})
    assert (moved.message_id, moved.is_closed) == (None, False)


async def test_a_line_leads_to_the_list_in_which_it_goes_out(tx: Connection, now: datetime) -> None:
    line = await alert(tx, "tg:1/1", now)
    (fresh,) = await traces.list_traces(tx, CHAT, "a", {"tg:1/1"})
    assert await traces.find_list(tx, CHAT, fresh) is None
    await a_list(tx, now, "tg:1/9")
    listed = await a_list(tx, now, "tg:1/0", "tg:1/1")
    await a_list(tx, now, "tg:1/1", chat=OTHER)
    await a_list(tx, now + SECOND, "tg:1/1")

    async def found() -> int | None:
        (trace,) = await traces.list_traces(tx, CHAT, "a", {"tg:1/1"})
        assert trace.state == "bundled"
        within = await traces.find_list(tx, CHAT, trace)
        return None if within is None else within.id

    for at, target, expected in (
        (now, None, listed.id),  # a row of before lists were named: by what it holds
        (now + 2 * SECOND, None, None),
        (now + 2 * SECOND, listed.id, listed.id),
    ):
        await tx.execute(
            "UPDATE delivery SET state = 'bundled', target = ?, finished_at = ? WHERE id = ?",
            (target, int(at.timestamp() * 1_000_000), line.id),
        )
        assert await found() == expected
        await tx.execute("UPDATE delivery SET state = 'sent' WHERE id = ?", (listed.id,))
        assert await found() == expected
        await tx.execute("UPDATE delivery SET state = 'queued' WHERE id = ?", (listed.id,))


async def test_the_posts_that_a_chat_was_told_of_after_a_time(
    tx: Connection, now: datetime
) -> None:
    rows = [await alert(tx, f"tg:1/{number}", now) for number in range(4)]
    other = await alert(tx, "tg:1/7", now, chat=OTHER)
    for number, row in enumerate((*rows[:3], other)):
        await mark_sent(tx, row.id, number, now + number * SECOND)
    await tx.execute("UPDATE delivery SET state = 'bundled' WHERE id = ?", (rows[2].id,))
    listed = await a_list(tx, now, "tg:1/2")  # its lines have rows of their own
    await mark_sent(tx, listed.id, 9, now + SECOND)
    told = await traces.list_told(tx, CHAT, after=now - SECOND)
    assert told == {"tg:1/0", "tg:1/1", "tg:1/2"}
    assert await traces.list_told(tx, CHAT, after=now) == {"tg:1/1", "tg:1/2"}
    assert await traces.list_told(tx, CHAT, after=now + 2 * SECOND) == set()


async def test_which_posts_watching_stored_after_one_time_and_until_another(
    tx: Connection, make_document: MakeDocument, now: datetime
) -> None:
    for number, seconds in enumerate((0, 1, 2, 3), start=1):
        made = make_document(f"Grain {number}", message_id=number)
        await documents.store_documents(tx, [made], stored_at=now + seconds * SECOND, live=True)
    read_in = make_document("Grain 5", message_id=5)
    await documents.store_documents(tx, [read_in], stored_at=now + SECOND, live=False)
    names = [f"tg:77/{number}" for number in (1, 3, 4, 5, 9)]
    span = {"after": now, "until": now + 2 * SECOND}
    assert await traces.list_stored(tx, names, **span) == {"tg:77/3"}
    span = {"after": now - SECOND, "until": now + 3 * SECOND}
    assert await traces.list_stored(tx, names, **span) == {"tg:77/1", "tg:77/3", "tg:77/4"}
