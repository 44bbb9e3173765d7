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


async def test_a_button_that_wakes_the_chat_says_so_in_its_page(stopped: Any) -> None:
    ann, keyboard = stopped
    asked = await ann.press(keyboard, "Digest")
    shown = await ann.press(asked.keyboard, "8:00")
    assert shown.edit.text.text.startswith(f"{WOKEN}\n\n")
    again = await ann.press(asked.keyboard, "9:00")
    assert "You had said" not in again.edit.text.text


async def test_one_that_wakes_nothing_says_nothing(stopped: Any) -> None:
    ann, keyboard = stopped
    asked = await ann.press(keyboard, "Digest")
    shown = await ann.press(asked.keyboard, "Off")
    assert "You had said" not in shown.edit.text.text


async def test_what_sleeps_is_known_of_a_stopped_chat_only(
    stopped: Any, services: Any, database: Database
) -> None:
    ann, _ = stopped
    async with database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, ann.chat_id)
    assert await waking.look(chat, services) == Asleep(1, 1, False)
    await ann.say("/digest 08:00")
    async with database.reader() as conn:
        chat = await subscribers.find_subscriber(conn, ann.chat_id)
    assert chat is not None
    assert await waking.look(chat, services) == (None if chat.active else Asleep(1, 1, True))
    assert await waking.look(None, services) is None
