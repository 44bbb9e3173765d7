"""Who receives: groups that move, people who leave and come back, nobody at another's expense."""

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

from storage import database
from storage.outbox import outbox
from storage.subscribers import alerts, subscribers

FORMER = 777


async def subscribe_group(stage: Any) -> None:
    """A basic group that has an alert, as if it had asked for it before."""
    db = await database.open_database(stage.database_url)
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        await subscribers.add_subscriber(
            tx,
            chat_id=-FORMER,
            access_hash=None,
            username=None,
            name="Crew",
            language=None,
            now=now,
        )
        await alerts.add_alert(tx, chat_id=-FORMER, query="ferry", now=now)
    await db.close()


async def test_a_group_that_becomes_a_supergroup_keeps_its_alerts(ready_stage: Any) -> None:
    stage = ready_stage
    await subscribe_group(stage)
    group = stage.sandbox.add_group("Crew", members=[stage.bot])
    service = await stage.run()
    await group.announce(types.MessageActionChannelMigrateFrom("Crew", FORMER))
    await service.wait_line("a group has become a supergroup")
    await stage.news.post("The ferry sails")
    await group.wait_for("The ferry sails", sender=stage.bot)
    await stage.wait_drained()
    assert len(stage.alerts()) == 0


async def test_what_the_old_id_refuses_before_the_move_is_known_comes_after_it(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await subscribe_group(stage)
    group = stage.sandbox.add_group("Crew", members=[stage.bot])
    service = await stage.run()
    await stage.news.post("The ferry sails while the group moves")
    await service.wait_line("not sent")
    await stage.wait_drained()
    await group.announce(types.MessageActionChannelMigrateFrom("Crew", FORMER))
    await group.wait_for("while the group moves", sender=stage.bot)
    await stage.news.post("The other ferry sails to the supergroup")
    await group.wait_for("to the supergroup", sender=stage.bot)


async def test_one_who_blocks_the_bot_gets_nothing_until_start_and_keeps_the_alerts(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await stage.ann.block(stage.bot)
    await service.wait_line("a subscriber left")
    missed = await stage.news.post("The ferry that Ann does not want")
    await stage.wait_stored(missed)
    await stage.wait_drained()
    await stage.ann.unblock(stage.bot)
    await stage.chat.ask("/start")
    await stage.news.post("The ferry that she wants")
    await stage.chat.wait_for("The ferry that she wants")
    assert len(stage.alerts()) == 1


async def test_a_chat_that_must_wait_keeps_nobody_else_waiting(ready_stage: Any) -> None:
    stage = ready_stage
    ben = stage.sandbox.add_user("Ben").chat_with(stage.bot)
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await ben.ask("/alert ferry")
    fault = stage.sandbox.faults.flood_wait("messages.sendMessage", 3600, peer=stage.ann)
    await stage.news.post("The ferry sails")
    await ben.wait_for("The ferry sails")
    await fault.wait_hit()
    await stage.news.post("Another ferry returns")
    await ben.wait_for("Another ferry returns")
    assert not stage.alerts()
    assert fault.hits == 1


async def test_a_deleted_account_is_tried_once_and_never_again(ready_stage: Any) -> None:
    stage = ready_stage
    ben = stage.sandbox.add_user("Ben").chat_with(stage.bot)
    await stage.run()
    await stage.chat.ask("/alert ferry")
    await ben.ask("/alert ferry")
    stage.ann.deactivate()
    for number in range(3):
        await stage.news.post(f"Ferry number {number} of the day, of kind {number}")
        await ben.wait_for(f"Ferry number {number}")
        await stage.wait_drained()
    refused = [call for call in stage.sandbox.calls if call.outcome == "INPUT_USER_DEACTIVATED"]
    assert len(refused) == 1


async def test_what_is_given_up_is_shown_and_can_be_tried_again(ready_stage: Any) -> None:
    stage = ready_stage
    await stage.run(ADMINS=str(stage.ann.id))
    ben = stage.sandbox.add_user("Ben")
    chat = ben.chat_with(stage.bot)
    await chat.ask("/alert ferry")
    stage.sandbox.faults.fail("messages.sendMessage", "ENTITY_BOUNDS_INVALID", peer=ben)
    await stage.news.post("The ferry sails")

    async def is_dead(conn: Any) -> bool:
        return (await outbox.count_by_state(conn)).get("dead") == 1

    await stage.wait_database(is_dead)
    shown = await stage.chat.ask("/status")
    assert f"to {ben.id}: ENTITY_BOUNDS_INVALID" in shown.text
    operator = stage.process()
    await operator.start("outbox", "retry", "all")
    assert await operator.wait() == 0
    await stage.chat.ask("/help")  # An answer makes the service look at its outbox.
    await chat.wait_for("The ferry sails")
    assert "0 given up" in (await stage.chat.ask("/status")).text


async def test_a_group_that_takes_the_right_to_write_and_gives_it_back_goes_on_with_a_command(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    group = stage.sandbox.add_group("Crew", members=[stage.bot], admins=[stage.ann])
    await stage.run(SEND_RATE_GROUP="6000")
    await stage.chat.ask("/start")
    await group.say(stage.ann, f"/alert@{stage.bot.username} ferry")
    await group.wait_for("Alert set", sender=stage.bot)
    forbidden = stage.sandbox.faults.fail(
        "messages.sendMessage", "CHAT_WRITE_FORBIDDEN", code=403, peer=group
    )
    await stage.news.post("The ferry sails by night")
    await stage.chat.wait_for("am given a command there")
    forbidden.stop()
    asked = await group.say(stage.ann, f"/search@{stage.bot.username} ferry")
    woken = "▶️ I could not write here for a while. On again: 1 alert."
    answer = await group.wait_for(woken, sender=stage.bot, after=asked)
    assert answer.text.startswith(woken)
    # What was refused comes too, once, before the answer or after it.
    await group.wait_for("🔔 ferry", sender=stage.bot, after=asked)
    await stage.news.post("Another ferry sails by day")
    await group.wait_for("by day", sender=stage.bot, after=answer)
    told = [post.text for post in group.posts if post.text.startswith("🔔 ferry")]
    assert [text.count("by night") for text in told] == [1, 0]


async def test_one_who_blocked_the_bot_has_alerts_again_with_any_words(ready_stage: Any) -> None:
    stage = ready_stage
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    await stage.ann.block(stage.bot)
    await service.wait_line("a subscriber left")
    await stage.ann.unblock(stage.bot)
    assert (await stage.chat.ask("wombat")).text.startswith("▶️ I could not write here")
    await stage.news.post("The ferry that she wants")
    await stage.chat.wait_for("The ferry that she wants")
