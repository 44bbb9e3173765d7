"""The outbox goes out through the bot: each row once, in its chat's order, whatever others meet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from office import PATIENCE, Office

from bot.delivering import sender
from bot.delivering.deliverer import Deliverer
from bot.delivering.outcomes import Outcome, is_edit
from bot.delivering.portion import Portion
from bot.delivering.rendering import Renderer
from bot.telegram.pace import Pace
from bot.telegram.retry import Verdict
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from storage import database
from storage.connection import Database
from storage.outbox import new_rows, outbox, queueing
from storage.outbox.gate import Outbox
from storage.payloads import AlertPayload
from storage.records import PRIORITY_ALERT, PRIORITY_ANSWER, Delivery
from storage.structs import replace
from storage.subscribers import subscribers

SEND = "messages.sendMessage"


async def test_what_another_process_queues_goes_out_soon(
    office: Office, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivering.deliverer.LONGEST_SLEEP", 1000.0)
    async with office.at_work():
        await office.queue(office.ann, "From here")
        await office.wait_states(sent=1)
        other = replace(office, db=await database.open_database(database_url), gate=Outbox())
        await other.queue(office.ann, "From there")
        await other.db.close()
        await office.wait_states(sent=2)
    assert office.received(office.ann) == ["From here", "From there"]


async def test_what_is_queued_goes_out_in_its_chats_order_and_once(office: Office) -> None:
    await office.queue(office.ann, "One", "Two")
    async with office.at_work():
        await office.queue(office.bob, "For Bob")
        await office.wait_received(office.bob, "For Bob")
        await office.queue(office.ann, "Three")
        await office.wait_received(office.ann, "Three")
        await office.wait_states(sent=4)
    assert office.received(office.ann) == ["One", "Two", "Three"]
    assert sorted(office.finished) == sorted([office.ann.id] * 3 + [office.bob.id])


async def test_what_is_more_urgent_goes_first(office: Office) -> None:
    await office.queue(office.ann, "Digest", priority=2)
    await office.queue(office.ann, "Alert", priority=1)
    await office.queue(office.ann, "Answer", priority=0)
    async with office.at_work():
        await office.wait_states(sent=3)
    assert office.received(office.ann) == ["Answer", "Alert", "Digest"]


async def test_what_is_due_later_waits_and_comes(office: Office) -> None:
    await office.queue(office.ann, "Later", after=0.6)
    async with office.at_work():
        await office.queue(office.ann, "Now")
        await office.wait_states(sent=2)
    assert office.received(office.ann) == ["Now", "Later"]


async def test_what_a_stopped_process_had_claimed_goes_out(office: Office) -> None:
    await office.queue(office.ann, "One")
    now = datetime.now(UTC)
    async with office.db.transaction() as tx:
        (row,) = await outbox.claim_due(tx, now=now, limit=9, lease_until=now + timedelta(hours=1))
    async with office.at_work():
        await office.wait_states(sent=1)
    assert (row.chat_id, office.received(office.ann)) == (office.ann.id, ["One"])


async def test_who_has_blocked_the_bot_is_written_to_no_more(office: Office) -> None:
    await office.ann.block(office.bot)
    async with office.db.transaction() as tx:
        now = datetime.now(UTC)
        payload = Message(RichText("An answer")).to_payload()
        await office.gate.queue_answer(tx, office.ann.id, "answer:1", payload, now=now)
    async with office.at_work():
        await office.queue(office.bob, "For Bob")
        await office.wait_received(office.bob, "For Bob")
        async with asyncio.timeout(PATIENCE):
            while True:
                async with office.db.reader() as conn:
                    ann = await subscribers.find_subscriber(conn, office.ann.id)
                if ann is not None and not ann.active:
                    break
                await asyncio.sleep(0.01)
    async with office.db.reader() as conn:
        assert "queued" not in await outbox.count_by_state(conn)
    assert office.received(office.bob) == ["For Bob"]


async def test_a_wait_for_one_chat_holds_up_no_other_and_is_obeyed(office: Office) -> None:
    fault = office.sandbox.faults.flood_wait(SEND, 2, peer=office.ann)
    await office.queue(office.ann, "One", "Two")
    async with office.at_work():
        await fault.wait_hit()
        await office.queue(office.bob, "For Bob")
        await office.wait_received(office.bob, "For Bob")
        assert office.received(office.ann) == []
        assert office.deliverer.must_wait(office.ann.id, is_edit=False)
        await office.wait_states(sent=3)
    assert office.received(office.ann) == ["One", "Two"]


async def test_what_the_server_fails_on_is_tried_again(office: Office) -> None:
    fault = office.sandbox.faults.fail(SEND, "INTERNAL", code=500)
    await office.queue(office.ann, "One")
    async with office.at_work():
        await office.wait_states(sent=1)
    assert (fault.hits, office.received(office.ann)) == (1, ["One"])


async def test_what_can_never_be_sent_is_given_up_and_the_next_goes(office: Office) -> None:
    office.sandbox.faults.fail(SEND, "MESSAGE_EMPTY", text="Bad", times=None)
    await office.queue(office.ann, "Bad", "Good")
    async with office.at_work():
        await office.wait_states(dead=1, sent=1)
    async with office.db.reader() as conn:
        (dead,) = await outbox.list_dead(conn, limit=9)
    assert dead.last_error == "MESSAGE_EMPTY"
    assert office.received(office.ann) == ["Good"]


async def test_replies_that_are_lost_hold_up_their_own_chats_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "SEND_TIMEOUT", 600.0)
    office.deliverer._in_flight.most = 2
    for person in (office.ann, office.bob):
        office.sandbox.faults.withhold_reply(SEND, peer=person, times=None)
    cid = office.sandbox.add_user("Cid")
    await cid.chat_with(office.bot).start()
    await office.queue(office.ann, "To Ann")
    await office.queue(cid, "First")
    await office.queue(office.bob, "To Bob")
    await office.queue(cid, "Second", "Third")
    async with office.at_work():
        await office.wait_received(cid, "Third")
        await office.queue(cid, "Fourth")
        await office.wait_received(cid, "Fourth")
        await office.wait_states(sent=4, queued=2)


async def test_what_was_under_way_when_it_stopped_is_recorded(office: Office) -> None:
    fault = office.sandbox.faults.withhold_reply(SEND)
    await office.queue(office.ann, "One")
    work = asyncio.create_task(office.deliverer.run())
    await fault.wait_hit()
    work.cancel()
    fault.release()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await office.wait_states(sent=1)
    assert office.received(office.ann) == ["One"]


def idle(database: Any = None) -> Deliverer:
    """A deliverer that is not run, of what reaches nobody."""
    client: Any = None
    renderer = Renderer(database, language="en", timezone="UTC")
    pace = Pace(overall=200.0, per_chat=50.0, per_group=60.0)
    return Deliverer(database, client, pace, renderer, Outbox())


def row(id: int, *, priority: int = PRIORITY_ALERT, **fields: Any) -> Delivery:
    now = datetime.now(UTC)
    return Delivery(
        id=id,
        chat_id=501,
        kind=fields.pop("kind", "alert"),
        key=f"{id}",
        random_id=id,
        payload=AlertPayload(doc_id="tg:7/1"),
        priority=priority,
        due_at=now,
        state="queued",
        attempts=1,
        created_at=now,
        **fields,
    )


BLAMED = Verdict(action="retry", delay=5.0)
WAITS = Verdict(action="retry", delay=5.0, blames=False)
ANSWER = PRIORITY_ANSWER


@pytest.mark.parametrize(
    ("failed", "verdict", "behind", "later"),
    [
        (row(1), BLAMED, [2, 3], [4]),  # an answer passes it
        (row(1, priority=ANSWER), BLAMED, [], []),  # an answer holds nobody up
        (row(1), WAITS, [9, 2, 3], [10, 4]),  # all of the chat waits
        (row(1, priority=ANSWER), WAITS, [9, 2, 3], [10, 4]),
        (row(1), Verdict(action="gone"), [9, 2, 3], []),
        (row(1), Verdict(action="dead"), [], []),
        (row(1, kind="update", target=5), BLAMED, [], []),
        (row(1, kind="update", target=5), WAITS, [], []),
    ],
)
async def test_what_waits_behind_a_failure_waits_in_its_order(
    failed: Delivery, verdict: Verdict, behind: list[int], later: list[int]
) -> None:
    deliverer, now = idle(), asyncio.get_running_loop().time()
    deliverer._take_in([failed])
    assert deliverer._lanes.start(now) == failed
    deliverer._take_in([row(2), row(3), row(9, priority=ANSWER)])
    outcome = Outcome(row=failed, verdict=verdict, at=datetime.now(UTC))
    held = deliverer._hold_back(501, outcome)
    assert [one.id for one in held.rest] == behind
    assert deliverer._pace.chat_ready_at(501, now) > now + 4 or verdict != WAITS or is_edit(failed)
    # What is claimed before the failure is written down waits with it, and is not at fault.
    deliverer._take_in([row(4), row(10, priority=ANSWER)])
    waiting = deliverer._outcomes
    assert [(one.row.id, one.verdict.blames, one.rest) for one in waiting] == [
        (id, False, ()) for id in later
    ]
    deliverer._outcomes.clear()
    deliverer._outcomes.append(held)
    deliverer._settle([held])
    deliverer._take_in([row(5)])
    assert deliverer._outcomes == []


@pytest.mark.parametrize(
    ("stands", "closed", "room", "started"),
    [
        (True, False, 9, [1, 2, 3]),
        (False, False, 9, []),  # its shares may be another's by now
        (True, True, 9, []),
        (True, False, 2, [1, 2]),
    ],
)
async def test_nothing_begins_without_the_shares_the_pace_and_the_room(
    stands: bool, closed: bool, room: int, started: list[int]
) -> None:
    deliverer, now = idle(), asyncio.get_running_loop().time()
    begun: list[int] = []

    async def deliver(_: int, row: Delivery) -> None:
        begun.append(row.id)

    deliverer._deliver = deliver  # type: ignore[method-assign]
    deliverer._portion = Portion(stands=lambda at: stands and at >= now)
    deliverer._in_flight.most = room
    if closed:
        deliverer._pace.close_all(now + 60)
    deliverer._lanes.put(replace(row(id), chat_id=500 + id) for id in (1, 2, 3))
    async with asyncio.TaskGroup() as tasks:
        deliverer._start(tasks)
    assert begun == started
    assert deliverer._pace.taken == len(started)
    assert not deliverer._under_way


async def test_nothing_is_claimed_before_what_failed_is_written_down() -> None:
    deliverer = idle()  # without a database: a claim would fail
    deliverer._is_behind = True
    deliverer._news.set()
    filling = asyncio.create_task(deliverer._fill())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not filling.done()
    filling.cancel()


@pytest.mark.parametrize(
    ("action", "ends", "looks_again"),
    [("sent", True, False), ("retry", False, True), ("gone", True, True), ("dead", True, True)],
)
async def test_what_is_written_down_is_forgotten_and_ends_where_it_is_not_tried_again(
    action: Any, ends: bool, looks_again: bool
) -> None:
    deliverer, now = idle(), asyncio.get_running_loop().time()
    ended: list[int] = []
    deliverer._on_finished = lambda chat_id, _: ended.append(chat_id)
    deliverer._most_held = 2  # one row in memory is not few
    channel = -1_000_000_000_501
    other = replace(row(2), chat_id=502)
    deliverer._lanes.put([replace(row(1), chat_id=channel), other])
    deliverer._peers |= dict.fromkeys((channel, 502))  # type: ignore[arg-type]
    started = deliverer._lanes.start(now)
    assert started is not None
    deliverer._speaking.begin(channel, 1)
    deliverer._lanes.finish(channel)
    written = Outcome(row=started, verdict=Verdict(action=action), at=datetime.now(UTC))
    rest = replace(written, row=other)
    deliverer._lanes.put(replace(row(id), chat_id=503) for id in (3, 4))
    deliverer._outcomes += [written, rest]
    deliverer._settle([written])
    assert ended == [channel] * ends
    assert deliverer._news.is_set() is looks_again
    assert (deliverer._outcomes, deliverer._recorded.is_set()) == ([rest], True)
    assert (deliverer._lanes.held, deliverer._peers.keys()) == ({2, 3, 4}, {502})
    async with asyncio.timeout(1):
        await deliverer._speaking.settled(channel)


@pytest.mark.parametrize(
    ("room", "has_more", "was_low", "looks_again"),
    [
        (400, True, True, True),
        (400, False, True, False),  # nothing was left: news, or the next row's time, wakes it
        (400, False, False, True),  # the wait for that was not begun
        (4, True, False, False),
    ],
)
async def test_what_was_sent_has_more_claimed_only_where_some_was_left(
    room: int, has_more: bool, was_low: bool, looks_again: bool
) -> None:
    deliverer = idle()
    deliverer._most_held = room
    deliverer._has_more, deliverer._was_low = has_more, was_low
    deliverer._lanes.put(map(row, (1, 2, 3, 4)))
    sent = Outcome(row=row(1), verdict=Verdict(action="sent"), at=datetime.now(UTC))
    deliverer._outcomes += [sent]
    deliverer._settle([sent])
    assert deliverer._news.is_set() is looks_again


@pytest.mark.parametrize(
    ("shares", "queued", "room", "claims"),
    [
        (None, 0, 400, True),
        ({1}, 0, 400, False),
        ({1}, 1, 400, True),
        ({2}, 1, 400, False),
        ({1}, 1, 0, False),  # it has enough
    ],
)
async def test_several_deliverers_claim_beside_only_what_is_due(
    db: Database, shares: set[int] | None, queued: int, room: int, claims: bool
) -> None:
    deliverer = idle(db)
    deliverer._portion.shares = None if shares is None else frozenset(shares)
    deliverer._most_held = room
    deliverer._lanes.put([row(1)])
    await put(db, queued)
    assert await deliverer._may_have_more() is claims


async def test_a_claim_that_leaves_what_is_due_has_more(db: Database) -> None:
    deliverer = idle(db)
    await put(db, 4, chat_id=7)  # of which three may be held
    assert await deliverer._claim() == 1.0
    assert (deliverer._has_more, len(deliverer._lanes)) == (True, 3)


@pytest.mark.parametrize(("held", "is_low"), [(0, True), (5, True), (6, False), (10, False)])
async def test_more_is_claimed_once_half_of_the_room_is_free(held: int, is_low: bool) -> None:
    nobody: Any = None
    pace = Pace(overall=30.0, per_chat=1.0, per_group=20.0)
    deliverer = Deliverer(nobody, nobody, pace, nobody, Outbox())
    deliverer._most_held = 10
    now = datetime.now(UTC)
    told = AlertPayload(doc_id="tg:1/1")
    row = Delivery(
        id=0, chat_id=1, kind="alert", key="", random_id=1, payload=told, priority=1, due_at=now,
        state="queued", attempts=1, created_at=now,
    )  # fmt: skip
    deliverer._lanes.put(replace(row, id=number, chat_id=number) for number in range(held))
    assert deliverer._is_low() is is_low


@pytest.mark.parametrize(
    ("pace", "under_way", "late", "a_second", "held"),
    [
        (1.0, 100, 100, 1, 400),
        (30.0, 100, 100, 31, 400),
        (500.0, 100, 750, 525, 400),
        (2000.0, 200, 3000, 2100, 800),
    ],
)
async def test_how_much_is_held_and_under_way_goes_with_the_pace(
    pace: float, under_way: int, late: int, a_second: int, held: int
) -> None:
    nobody: Any = None
    paced = Pace(overall=pace, per_chat=1.0, per_group=20.0)
    deliverer = Deliverer(nobody, nobody, paced, nobody, Outbox())
    places = deliverer._in_flight
    assert (places.most, places.most_late, places.most_a_second) == (under_way, late, a_second)
    assert deliverer._room() == held
    paced.share(10 * pace, 0.0)
    deliverer.turn_to(frozenset({1}))
    assert places.most_a_second == max(1, int(10 * pace * 1.05))
    assert deliverer._portion.shares == {1}
    assert deliverer._news.is_set()


async def test_a_chat_must_wait_where_its_message_goes_later_than_in_a_second() -> None:
    deliverer, now = idle(), asyncio.get_running_loop().time()
    deliverer._pace.close_chat(1, now + 0.9, now)
    deliverer._pace.close_chat(2, now + 60, now)
    deliverer._sender.no_edits_until = now + 60
    waits = {
        (chat_id, is_edit): deliverer.must_wait(chat_id, is_edit=is_edit)
        for chat_id in (1, 2)
        for is_edit in (False, True)
    }
    assert waits == {(1, False): False, (1, True): True, (2, False): True, (2, True): True}
    deliverer._sender.no_edits_until = now
    assert not deliverer.must_wait(1, is_edit=True)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await database.open_database(database_url)
    async with opened.transaction() as tx:
        for chat_id in range(1, 61):
            await subscribers.add_subscriber(tx, chat_id=chat_id, now=datetime.now(UTC))
    yield opened
    await opened.close()


async def put(db: Database, count: int, **fields: Any) -> None:
    """Queue messages for as many chats."""
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        for chat_id in range(1, count + 1):
            given = {"key": f"{fields}", **fields}
            given["key"] += f":{chat_id}"
            made = new_rows.alert(chat_id, given["key"], AlertPayload(doc_id="tg:7/1"), now=now)
            await queueing.add_deliveries(tx, [replace(made, **given)])


async def test_where_there_is_no_room_thirty_answers_are_claimed_for_a_quarter_of_an_hour(
    db: Database,
) -> None:
    await put(db, 5)
    await put(db, 40, priority=ANSWER)
    rows = await idle(db)._lease(0)
    assert (len(rows), {row.priority for row in rows}) == (30, {ANSWER})
    rows = await idle(db)._lease(9)
    assert [row.priority for row in rows] == [ANSWER] * 10 + [PRIORITY_ALERT] * 5
    async with db.reader() as conn:
        found = await conn.fetch_all("SELECT leased_until - tried_at AS lasts FROM delivery")
    assert {row["lasts"] for row in found} == {15 * 60 * 1_000_000}


async def test_what_waits_for_more_than_a_second_is_not_claimed(db: Database) -> None:
    deliverer, now = idle(db), asyncio.get_running_loop().time()
    for chat_id, wait in ((2, 60.0), (3, 0.5)):
        deliverer._pace.close_chat(chat_id, now + wait, now)
    await put(db, 4)
    assert [row.chat_id for row in await deliverer._lease(9)] == [1, 3, 4]


async def test_what_is_too_old_is_given_up_twice_a_minute(db: Database) -> None:
    deliverer, now = idle(db), datetime.now(UTC)
    at = asyncio.get_running_loop().time()

    async def expired() -> int:
        await put(db, 1, expires_at=now - timedelta(days=1), key=f"{deliverer._expired_at}")
        await deliverer._lease(9)
        async with db.reader() as conn:
            return (await outbox.count_by_state(conn)).get("expired", 0)

    assert await expired() == 1
    assert await expired() == 1
    assert deliverer._expired_at >= at
    deliverer._expired_at -= 30
    assert await expired() == 3


async def test_what_is_due_in_hours_is_looked_for_each_minute(db: Database) -> None:
    """The clock may be set meanwhile, or the machine sleep."""
    deliverer = idle(db)
    await put(db, 1, due_at=datetime.now(UTC) + timedelta(hours=8))
    assert await deliverer._claim() == 60.0


async def test_a_claim_says_when_more_may_be_due(db: Database) -> None:
    deliverer = idle(db)
    assert await deliverer._claim() == 60.0
    due_at = datetime.now(UTC) + timedelta(seconds=55)

    async def claims_until_then() -> bool:
        told = await deliverer._claim()
        return (due_at - datetime.now(UTC)).total_seconds() <= told <= 55

    await put(db, 1, due_at=due_at)
    assert await claims_until_then()
    await put(db, 50, key="now")
    deliverer._most_held = 20
    assert await deliverer._claim() == 60.0
    assert (deliverer._has_more, len(deliverer._lanes)) == (True, 30)
    deliverer._most_held = 400
    assert await claims_until_then()
    assert (deliverer._has_more, len(deliverer._lanes)) == (False, 50)
