"""What people do with the bot comes in, is answered through the outbox, and within limits."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.process.gate import Gate
from bot.sandbox.server import Sandbox
from bot.serving.receiver import Receiver
from bot.telegram.pace import Pace
from handlers import registry
from handlers.conversation.services import Services
from storage import database
from storage.connection import Database
from storage.languages.catalogue import spoken
from storage.outbox import outbox
from storage.records import Delivery

ADMIN = 900
PATIENCE = 15.0
MENU = "bots.setBotCommands"


@dataclass(kw_only=True)
class Counter:
    """The receiver, open, with Ann before it. Nothing that it queues is sent."""

    sandbox: Sandbox
    bot: Any
    chat: Any
    db: Database
    receiver: Receiver
    gate: Gate

    async def answers(self, count: int) -> list[Delivery]:
        """What is queued, when it is so many."""
        async with asyncio.timeout(PATIENCE):
            while True:
                now = datetime.now(UTC)
                async with self.db.transaction() as tx:
                    rows = await outbox.claim_due(tx, now=now, limit=99, lease_until=now)
                    await outbox.release_all(tx)
                if len(rows) >= count:
                    return rows
                await asyncio.sleep(0.01)


@pytest.fixture
async def counter(sandbox: Sandbox, serve_as: Any, database_url: str) -> AsyncIterator[Counter]:
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    db = await database.open_database(database_url)
    client, gate = await serve_as(bot), Gate()
    services = Services(database=db, bot_username="lookout_bot", admins=frozenset({ADMIN}))
    async with asyncio.TaskGroup() as tasks:
        receiver = Receiver(
            client,
            services,
            Pace(overall=200.0, per_chat=50.0, per_group=60.0),
            gate,
            commands_per_minute=4,
            presses_per_minute=60,
            tasks=tasks,
        )
        receiver.open()
        client.begin()
        yield Counter(
            sandbox=sandbox,
            bot=bot,
            chat=sandbox.add_user("Ann", username="ann").chat_with(bot),
            db=db,
            receiver=receiver,
            gate=gate,
        )
    await db.close()


async def test_each_message_has_its_answer_in_the_outbox_in_order(counter: Counter) -> None:
    for text in ("/start", "/help", "/alerts"):
        await counter.chat.send(text)
    rows = await counter.answers(3)
    assert {row.chat_id for row in rows} == {counter.chat.user.id}
    assert [row.kind for row in rows] == ["answer"] * 3
    assert len({row.key for row in rows}) == 3
    assert [row.id for row in rows] == sorted(row.id for row in rows)


async def test_more_than_are_allowed_a_minute_are_told_so_once(counter: Counter) -> None:
    for _ in range(8):
        await counter.chat.send("/help")
    await counter.answers(5)
    other = counter.sandbox.add_user("Bob", username="bob")
    await other.chat_with(counter.bot).send("/help")
    rows = await counter.answers(6)
    assert [row.chat_id for row in rows].count(counter.chat.user.id) == 5
    assert sum("too much at once" in str(row.payload) for row in rows) == 1


async def test_the_menu_is_set_for_all_chats_for_groups_and_for_the_operator(
    counter: Counter,
) -> None:
    await counter.receiver.set_menu()
    calls = [call for call in counter.sandbox.calls if call.method == MENU]
    assert len(calls) == 2 * (1 + len(spoken())) + 1
    assert {call.outcome for call in calls} == {"ok"}


async def test_a_menu_that_is_refused_stops_nothing(counter: Counter) -> None:
    counter.sandbox.faults.fail(MENU, "BOT_COMMAND_INVALID", times=None)
    await counter.receiver.set_menu()
    await counter.chat.send("/help")
    assert len(await counter.answers(1)) == 1


def test_an_operator_sees_commands_that_others_do_not() -> None:
    everybody = [name for name, _ in registry.menu("en")]
    operator = [name for name, _ in registry.menu("en", operator=True)]
    assert set(everybody) < set(operator)
    assert "watch" in {*operator} - {*everybody}
