"""One post to many: each recipient is told once, whatever goes wrong meanwhile.

``benchmarks/delivery.py`` does the same with thousands, and measures.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from storage import database
from storage.subscribers import alerts, subscribers

SEND = "messages.sendMessage"
FAST = {"SEND_RATE": "1000", "SEND_RATE_CHAT": "50"}


async def subscribe(stage: Any, count: int) -> list[Any]:
    """So many people with an alert, stored as the commands would have stored them."""
    people = [stage.sandbox.add_user(f"Reader {number}") for number in range(count)]
    db = await database.open_database(stage.database_url)
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        for person in people:
            await person.chat_with(stage.bot).send("hello")
            await subscribers.add_subscriber(
                tx,
                chat_id=person.id,
                access_hash=stage.sandbox.access_hash(stage.bot, person.id),
                username=None,
                name=person.first_name,
                language=None,
                now=now,
            )
            await alerts.add_alert(tx, chat_id=person.id, query="ferry", now=now)
    await db.close()
    return people


def told(stage: Any) -> Counter[int]:
    """How many alerts each has received, by the ledger."""
    received = stage.sandbox.ledger.received
    return Counter(one.recipient.id for one in received if one.text.startswith("🔔"))


async def wait_told(stage: Any, count: int, timeout: float = 120) -> None:  # noqa: ASYNC109
    """Wait until so many have been told."""
    await stage.sandbox.wait_for(
        lambda: len(told(stage)) >= count or None, what=f"{count} alerts", timeout=timeout
    )


async def test_a_post_reaches_each_of_many_once(ready_stage: Any) -> None:
    stage = ready_stage
    people = await subscribe(stage, 200)
    await stage.run(**FAST)
    await stage.news.post("The ferry sails")
    await wait_told(stage, 200)
    await stage.wait_drained()
    assert told(stage) == dict.fromkeys((one.id for one in people), 1)
    assert not stage.sandbox.ledger.duplicates


async def test_kills_in_between_leave_nobody_out_and_tell_nobody_twice(ready_stage: Any) -> None:
    stage = ready_stage
    people = await subscribe(stage, 60)
    pace = {"SEND_RATE": "30", "SEND_RATE_CHAT": "50"}
    service = await stage.run(**pace)
    await stage.news.post("The ferry sails")
    for count in (15, 30, 45):
        await wait_told(stage, count)
        await service.kill()
        service = await stage.run(**pace)
    await wait_told(stage, 60)
    await stage.wait_drained()
    assert told(stage) == dict.fromkeys((one.id for one in people), 1)


async def test_waits_of_single_chats_hold_up_these_alone(ready_stage: Any) -> None:
    stage = ready_stage
    people = await subscribe(stage, 100)
    await stage.run(**FAST)
    fault = stage.sandbox.faults.flood_wait(SEND, 2, every=20, times=None, account=stage.bot)
    await stage.news.post("The ferry sails")
    await wait_told(stage, 95)
    await wait_told(stage, 100)
    await stage.wait_drained()
    assert told(stage) == dict.fromkeys((one.id for one in people), 1)
    assert fault.hits >= 5
    times = sorted(one.at for one in stage.sandbox.ledger.received)
    assert (times[95] - times[0]).total_seconds() >= 1.9

    fault.stop()
    alone = people[0]
    long = stage.sandbox.faults.flood_wait(SEND, 600, account=stage.bot, peer=alone)
    await stage.news.post("A second ferry, quite another one")
    await long.wait_hit()
    twice = {one.id: 2 for one in people if one is not alone}
    await stage.sandbox.wait_for(
        lambda: told(stage) == {**twice, alone.id: 1} or None,
        what="all but the one that waits to be told",
        timeout=120,
    )


async def test_those_who_have_blocked_the_bot_are_left_alone_and_the_rest_is_told(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    people = await subscribe(stage, 100)
    service = await stage.run(**FAST)
    for person in people[::10]:
        person.blocked.add(stage.bot.id)  # before the bot could hear of it
    await stage.news.post("The ferry sails")
    await wait_told(stage, 90)
    await stage.wait_drained()
    stayed = {one.id for one in people} - {one.id for one in people[::10]}
    assert told(stage) == dict.fromkeys(stayed, 1)
    assert sum("then=gone" in line for line in service.lines) == 10
    tried = stage.sandbox.count_calls(SEND, stage.bot)
    await stage.news.post("A second ferry, quite another one")
    await stage.sandbox.wait_for(lambda: told(stage).total() >= 180 or None)
    await stage.wait_drained()
    assert stage.sandbox.count_calls(SEND, stage.bot) == tried + 90


async def test_messages_whose_replies_are_lost_with_the_connection_come_once(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    people = await subscribe(stage, 60)
    await stage.run(**FAST)
    fault = stage.sandbox.faults.drop_connection(
        SEND, "after", every=20, times=3, account=stage.bot
    )
    await stage.news.post("The ferry sails")
    await wait_told(stage, 60)
    await stage.wait_drained()
    assert fault.hits == 3
    assert told(stage) == dict.fromkeys((one.id for one in people), 1)
    assert stage.sandbox.ledger.duplicates


async def test_messages_whose_replies_never_come_are_sent_again_with_the_same_id(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    people = await subscribe(stage, 40)
    await stage.run("bot.delivering.sender.SEND_TIMEOUT = 3.0", **FAST)
    fault = stage.sandbox.faults.withhold_reply(SEND, every=10, times=2, account=stage.bot)
    await stage.news.post("The ferry sails")
    await stage.sandbox.wait_for(
        lambda: len(stage.sandbox.ledger.duplicates) >= 2 or None, timeout=120
    )
    await stage.wait_drained()
    assert fault.hits == 2
    assert told(stage) == dict.fromkeys((one.id for one in people), 1)


async def test_an_answer_goes_ahead_of_more_alerts_than_are_held(ready_stage: Any) -> None:
    stage = ready_stage
    people = await subscribe(stage, 320)
    await stage.run(SEND_RATE="4", SEND_RATE_CHAT="50")
    await stage.news.post("The ferry sails")
    await wait_told(stage, 5)
    await stage.chat.ask("/help")
    assert len(told(stage)) < len(people) // 2
