"""What goes on after a ``/stop``, told by whatever made it go on."""

from typing import Any

import pytest

from handlers.chats import waking
from handlers.chats.waking import Asleep
from storage.connection import Database
from storage.subscribers import subscribers

WOKEN = "▶️ You had said /stop. On again: 1 alert."


@pytest.fixture
async def stopped(ann: Any) -> Any:
    """Ann with an alert, and her settings, after she has said /stop."""
    await ann.say("/alert oil")
    (settings,) = await ann.say("/settings")
    await ann.say("/stop")
    return ann, settings.keyboard


async def test_a_button_that_wakes_the_chat_says_so(stopped: Any) -> None:
    ann, keyboard = stopped
    plans = await ann.press(keyboard, "Digest")
    asked = await ann.press(plans.edit.keyboard, "New")
    assert "You had said" not in asked.edit.text.text  # it wakes nothing yet
    made = await ann.press(asked.edit.keyboard, "every day at 8:00")
    told = [message.text.text for message in (made.edit, *made.reply)]
    assert [text.startswith(WOKEN) for text in told].count(True) == 1
    assert not any("Nothing comes" in text for text in told)
    await ann.say("/stop")
    known = await ann.press(asked.edit.keyboard, "every day at 8:00")
    assert "Nothing comes until /start." in known.edit.text.text  # it was there, and wakes nothing
    await ann.say("/start")
    again = await ann.press(asked.edit.keyboard, "every 3 hours")
    told = [message.text.text for message in (again.edit, *again.reply)]
    assert not any("You had said" in text for text in told)


FOUND = (
    "▶️ I could not write here for a while. On again: 1 alert. What was posted meanwhile: /catchup"
)


@pytest.fixture
async def lost(ann: Any, services: Any, database: Database, now: Any) -> Any:
    """Ann with an alert, and her settings, after she blocked the bot and let it in again."""
    await ann.say("/alert oil")
    (settings,) = await ann.say("/settings")
    async with database.transaction() as tx:
        await services.outbox.chat_left(tx, ann.chat_id, reason="USER_IS_BLOCKED", now=now)
    return ann, settings.keyboard


@pytest.mark.parametrize("said", ["/start", "/settings", "/alerts", "grain", "/digest 8:00"])
async def test_whatever_is_said_wakes_a_chat_that_could_not_be_written_to(
    lost: Any, active: Any, said: str
) -> None:
    ann, _ = lost
    first, *_ = await ann.say(said)
    assert first.text.text.startswith(f"{FOUND}\n\n")
    assert "Nothing comes" not in first.text.text
    assert "Stopped" not in first.text.text
    assert [one.query for one in await active()] == ["oil"]
    assert "could not write" not in await ann.read("grain")


async def test_a_press_wakes_it_too(lost: Any, active: Any) -> None:
    ann, keyboard = lost
    shown = await ann.press(keyboard, "Language")
    assert [one.text.text for one in shown.reply] == [FOUND] or shown.edit.text.text.startswith(
        FOUND
    )
    assert [one.query for one in await active()] == ["oil"]


async def test_one_who_was_lost_and_stops_is_not_woken_by_words(lost: Any, active: Any) -> None:
    ann, _ = lost
    assert "could not write" not in await ann.read("/stop")
    await ann.say("grain")
    assert await active() == []


async def test_a_command_in_a_group_wakes_it(
    manager: Any, services: Any, database: Database, now: Any
) -> None:
    await manager.say("/alert@dateline_bot oil")
    async with database.transaction() as tx:
        await services.outbox.chat_left(tx, manager.chat_id, reason="CHAT_RESTRICTED", now=now)
    async with database.reader() as conn:
        assert (await subscribers.get_subscriber(conn, manager.chat_id)).lost
    (answer,) = await manager.say("/search@dateline_bot grain")
    assert answer.text.text.startswith("▶️ I could not write here for a while.")


async def test_what_sleeps_is_known_of_a_stopped_chat_only(
    stopped: Any, services: Any, database: Database
) -> None:
    ann, _ = stopped
    async with database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, ann.chat_id)
    assert await waking.look(chat, services) == Asleep(1, 1, False)
    assert await waking.look(None, services) is None
    await ann.say("/start")
    async with database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, ann.chat_id)
    assert await waking.look(chat, services) is None
