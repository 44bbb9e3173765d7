"""Whatever happens to the process: nothing is lost, and nothing is sent twice."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.state.repeats import MODES


@pytest.mark.parametrize("mode", MODES)
async def test_an_alert_whose_reply_was_lost_in_a_kill_arrives_once(
    ready_stage: Any, mode: str
) -> None:
    """Whether Telegram remembers the id or not: the message is found among the bot's own."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    mirror = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    service = await stage.run(CHANNELS="@harbour @mirror")
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    post = await stage.news.post("The ferry sails")
    await fault.wait_hit()
    # It does not stay as it was: a button is pressed, and the post is copied.
    await stage.chat.press(stage.alerts()[0], "⋯")
    await stage.wait_stored(await mirror.post(post.text))
    await service.kill()
    assert len(stage.alerts()) == 1

    # The first look at it fails with the connection: the message waits for another.
    stage.sandbox.faults.drop_connection("messages.getMessages", account=stage.bot, times=1)
    await stage.run(CHANNELS="@harbour @mirror")
    await stage.wait_drained()
    assert len(stage.alerts()) == 1
    assert not stage.sandbox.ledger.duplicates
    # It is known now which message it is: an edit of the post reaches it.
    await post.edit("The ferry sails at last")
    await stage.sandbox.wait_for(lambda: "at last" in stage.alerts()[0].text or None)


@pytest.mark.parametrize("mode", MODES)
async def test_what_cannot_be_looked_up_is_sent_under_its_id(ready_stage: Any, mode: str) -> None:
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES[mode]
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    await stage.news.post("The ferry sails")
    await fault.wait_hit()
    await service.kill()
    stage.sandbox.faults.fail("messages.getMessages", "INTERNAL", code=500, account=stage.bot)

    await stage.run()
    await stage.sandbox.wait_for(lambda: stage.sandbox.ledger.duplicates or None)
    await stage.wait_drained()
    assert len(stage.alerts()) == (2 if mode == "forgotten" else 1)


async def test_an_alert_whose_reply_was_lost_with_the_connection_arrives_once(
    ready_stage: Any,
) -> None:
    """A connection that is made anew is another session, which may not know the id."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES["forgotten"]
    await stage.run()
    await stage.chat.ask("/alert ferry")
    stage.sandbox.faults.drop_connection("messages.sendMessage", "after", account=stage.bot)
    await stage.news.post("The ferry sails")
    await stage.sandbox.wait_for(lambda: stage.alerts() or None)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1
    assert not stage.sandbox.ledger.duplicates


async def test_two_answers_that_say_the_same_are_both_given(ready_stage: Any) -> None:
    """One of them is out, and nobody knows which: it stands for one of the two."""
    stage = ready_stage
    stage.sandbox.manners.repeats = MODES["forgotten"]
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    await stage.chat.send("/help")
    await fault.wait_hit()
    await stage.chat.send("/help")
    await service.kill()
    await stage.run()
    await stage.sandbox.wait_for(lambda: len(helped(stage)) == 2 or None)
    await stage.wait_drained()
    assert len(helped(stage)) == 2


def helped(stage: Any) -> list[Any]:
    """The answers to /help that are out."""
    return [message for message in stage.chat.messages if "/search" in message.text]


async def test_an_alert_whose_request_was_lost_in_a_kill_arrives_once(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.withhold_request("messages.sendMessage", account=stage.bot)
    await stage.news.post("The ferry sails")
    await fault.wait_hit()
    await service.kill()
    assert not stage.alerts()

    await stage.run()
    await stage.chat.wait_for("The ferry sails")
    await stage.wait_drained()
    assert len(stage.alerts()) == 1
    assert not stage.sandbox.ledger.duplicates


async def test_a_command_that_comes_again_after_a_kill_is_answered_once(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    fault = stage.sandbox.faults.withhold_reply("messages.sendMessage", account=stage.bot)
    await stage.chat.send("/help")
    await fault.wait_hit()
    await service.kill()
    await stage.run()
    await stage.chat.ask("/channels")
    await stage.wait_drained()
    assert len(stage.chat.messages) == 2


async def test_what_was_posted_and_asked_while_down_is_stored_told_and_answered(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await service.kill()
    missed = [await stage.news.post(f"The ferry, part {number}") for number in range(120)]
    quiet = await stage.news.post("The library opens")
    await stage.chat.send("/alerts")

    await stage.run()
    await stage.wait_stored(*missed, quiet)
    await stage.wait_drained()
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= len(missed) or None)
    shown = [alert.text for alert in stage.alerts()]
    assert len(shown) == len(missed)
    for number, text in enumerate(shown):
        assert f"part {number}" in text
    others = [message for message in stage.chat.messages if message not in stage.alerts()]
    assert len(others) == 2


async def test_history_before_the_first_start_alerts_nobody(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.news.post("The ferry of long ago")
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await service.stop()
    await stage.run()
    fresh = await stage.news.post("The ferry of today")
    await stage.chat.wait_for("The ferry of today")
    await stage.wait_stored(fresh)
    await stage.wait_drained()
    assert len(stage.alerts()) == 1


async def test_posts_whose_pushes_are_lost_are_found_by_the_next_scan(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(RECONCILE_INTERVAL="0.3")
    await stage.chat.ask("/alert ferry")
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    await stage.news.post("The ferry that nobody pushed")
    await stage.chat.wait_for("The ferry that nobody pushed")


async def test_posts_missed_while_the_connection_was_away_are_found_after_it(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await stage.sandbox.stop_serving()
    await stage.news.post("The ferry in the dark")
    await stage.chat.send("/help")
    await stage.sandbox.serve_again()
    await stage.chat.wait_for("The ferry in the dark")
    await stage.chat.wait_for("/search")
    assert len(stage.alerts()) == 1


async def test_a_wait_that_telegram_asks_for_is_obeyed_and_the_alert_still_comes(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await stage.run()
    await stage.chat.ask("/alert ferry")
    fault = stage.sandbox.faults.flood_wait("messages.sendMessage", 2, account=stage.bot)
    started = asyncio.get_running_loop().time()
    await stage.news.post("The ferry sails")
    await stage.chat.wait_for("The ferry sails")
    assert fault.hits == 1
    assert asyncio.get_running_loop().time() - started >= 1.9
    assert len(stage.alerts()) == 1


async def test_a_channel_that_may_not_be_asked_for_a_while_is_asked_later(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await stage.run(CHANNELS="@harbour @mirror", RECONCILE_INTERVAL="0.3")
    await stage.chat.ask("/alert ferry")
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    fault = stage.sandbox.faults.flood_wait("messages.getHistory", 2, peer=stage.news, times=None)
    await fault.wait_hit()
    await stage.news.post("The ferry of the harbour")
    await other.post("The ferry in the mirror")
    await stage.chat.wait_for("The ferry in the mirror")
    fault.stop()
    await stage.chat.wait_for("The ferry of the harbour")
    assert "mirror" in stage.alerts()[0].text


async def test_a_channel_that_was_closed_to_the_account_stops_no_other(ready_stage: Any) -> None:
    stage = ready_stage
    private = stage.sandbox.add_channel("Cellar", members=[stage.watcher])
    service = await stage.run(CHANNELS=f"@harbour -100{private.id}", RECONCILE_INTERVAL="0.3")
    await stage.chat.ask("/alert ferry")
    private.remove_member(stage.watcher)
    await service.wait_line("a scan failed")
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    await stage.news.post("The ferry of the harbour")
    await stage.chat.wait_for("The ferry of the harbour")
