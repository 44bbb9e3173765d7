"""FLOOD_WAIT of the account as a whole, and of edits: what must wait does, and all of it comes."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.sandbox.rpc.call import CallRecord

HISTORY = "messages.getHistory"
EDIT = "messages.editMessage"
PATIENCE = 120.0
WAIT = 3
EDITS_WAIT = 8
"""More, for an answer has to come meanwhile, on a busy machine too."""


def calls_of(stage: Any, method: str) -> list[CallRecord]:
    return [call for call in stage.sandbox.calls if call.method == method]


def check_wait(calls: list[CallRecord], wait: float) -> None:
    """The second refusal says that all must wait; what was under way by then is refused too."""
    refused = [call for call in calls if (call.outcome or "").startswith("FLOOD_WAIT")]
    assert len(refused) >= 2
    until = refused[1].at + timedelta(seconds=wait - 0.3)
    early = [call for call in calls if refused[1].at < call.at < until]
    assert len(early) <= 2, [str(call.at - refused[1].at) for call in early]
    assert len(calls) > len(refused) + len(early)


async def test_scans_obey_a_wait_that_is_the_whole_accounts(ready_stage: Any) -> None:
    stage = ready_stage
    piers = [
        stage.sandbox.add_channel(
            f"Pier {n}", username=f"example_pier_{n}", members=[stage.watcher]
        )
        for n in range(8)
    ]
    names = " ".join(f"@{pier.username}" for pier in piers)
    await stage.run(CHANNELS=names, RECONCILE_INTERVAL="0.3", SCAN_REQUESTS_PER_MINUTE="6000")
    await stage.chat.ask("/alert ferry")
    await stage.sandbox.wait_for_call(HISTORY, count=2 * len(piers), timeout=PATIENCE)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    former = len(calls_of(stage, HISTORY))
    stage.sandbox.faults.flood_wait(HISTORY, WAIT, times=3, account=stage.watcher)
    posts = [await pier.post(f"Ferry {n} sails") for n, pier in enumerate(piers)]
    await stage.wait_stored(*posts)
    check_wait(calls_of(stage, HISTORY)[former:], WAIT)
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= len(posts) or None)
    await stage.wait_drained()
    assert len(stage.alerts()) == len(posts)


async def test_flooded_edits_come_later_and_once_and_hold_up_no_message(ready_stage: Any) -> None:
    stage = ready_stage
    people = [stage.ann, *(stage.sandbox.add_user(f"Reader {n}") for n in range(7))]
    newcomer = stage.sandbox.add_user("Newcomer").chat_with(stage.bot)
    await stage.run(SEND_RATE="10")
    chats = [person.chat_with(stage.bot) for person in people]
    await asyncio.gather(*(chat.ask("/alert ferry is:edited") for chat in chats))
    post = await stage.news.post("The ministry condemns the ferry")
    await stage.wait_stored(post)
    await post.edit("The ministry regrets the ferry")
    alerts = [await chat.wait_for("✏️ changed") for chat in chats]
    await stage.wait_drained()
    edits = [len(alert.edits) for alert in alerts]
    fault = stage.sandbox.faults.flood_wait(EDIT, EDITS_WAIT, times=3, account=stage.bot)
    await post.edit("The ministry welcomes the ferry")
    await fault.wait_hit(2, timeout=PATIENCE)
    answer = await newcomer.ask("/help")
    since = calls_of(stage, EDIT)[1].at
    assert answer.at - since < timedelta(seconds=EDITS_WAIT - 0.3), (
        "an answer had to wait for edits"
    )
    await stage.sandbox.wait_for(
        lambda: all("welcomes" in alert.text for alert in alerts) or None, timeout=PATIENCE
    )
    check_wait(calls_of(stage, EDIT), EDITS_WAIT)
    await stage.wait_drained()
    assert [len(alert.edits) for alert in alerts] == [count + 1 for count in edits]
    received = [stage.sandbox.ledger.received_by(person) for person in people]
    assert all(sum(m.text.startswith("🔔") for m in messages) == 1 for messages in received)
