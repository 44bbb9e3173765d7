"""Who receives: groups that move, people who leave and come back, nobody at another's expense."""

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types

from storage import alerts, database, subscribers

FORMER = 777


async def subscribe_group(stage: Any) -> None:
    """A basic group that has an alert, as if it had asked for it before."""
    db = await database.open_database(f"sqlite:///{stage.folder / 'data' / 'dateline.db'}")
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
