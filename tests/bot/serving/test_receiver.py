"""What people do with the bot comes in, is answered through the outbox, and within limits."""

from typing import Any

import pytest

from bot.serving import receiver
from bot.serving.allowance import Allowance
from handlers import command_table
from storage.languages.catalogue import spoken

MENU = "bots.setBotCommands"


async def test_each_message_has_its_answer_in_the_outbox_in_order(counter: Any) -> None:
    for text in ("/start", "/help", "/alerts"):
        await counter.chat.send(text)
    rows = await counter.answers(3)
    assert {row.chat_id for row in rows} == {counter.chat.user.id}
    assert [row.kind for row in rows] == ["answer"] * 3
    assert len({row.key for row in rows}) == 3
    assert [row.id for row in rows] == sorted(row.id for row in rows)


async def test_more_than_are_allowed_a_minute_are_told_so_once(counter: Any) -> None:
    for _ in range(8):
        await counter.chat.send("/help")
    await counter.answers(5)
    other = counter.sandbox.add_user("Bob", username="bob")
    await other.chat_with(counter.bot).send("/help")
    rows = await counter.answers(6)
    assert [row.chat_id for row in rows].count(counter.chat.user.id) == 5
    assert sum("too much at once" in str(row.payload) for row in rows) == 1


async def test_who_asked_too_much_is_told_so_again_after_a_while(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = counter.receiver._may_ask
    for _ in range(2):
        assert [ask(5) for _ in range(6)] == [(True, False)] * 4 + [(False, False), (False, True)]
        counter.receiver._allowance = Allowance(4)
    monkeypatch.setattr(receiver, "_KEPT_CHATS", 2)
    for chat_id in (6, 7, 8):
        for _ in range(5):
            ask(chat_id)
    assert len(counter.receiver._told) <= 2


async def test_the_menu_is_set_for_all_chats_for_groups_and_for_the_operator(
    counter: Any,
) -> None:
    await counter.receiver.set_menu()
    calls = [call for call in counter.sandbox.calls if call.method == MENU]
    assert len(calls) == 2 * (1 + len(spoken())) + 1
    assert {call.outcome for call in calls} == {"ok"}


async def test_a_menu_that_is_refused_stops_nothing(counter: Any) -> None:
    counter.sandbox.faults.fail(MENU, "BOT_COMMAND_INVALID", times=None)
    await counter.receiver.set_menu()
    await counter.chat.send("/help")
    assert len(await counter.answers(1)) == 1


def test_an_operator_sees_commands_that_others_do_not() -> None:
    everybody = [name for name, _ in command_table.menu("en")]
    operator = [name for name, _ in command_table.menu("en", operator=True)]
    assert set(everybody) < set(operator)
    assert "watch" in {*operator} - {*everybody}
