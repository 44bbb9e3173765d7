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
