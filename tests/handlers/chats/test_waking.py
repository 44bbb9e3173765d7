"""What goes on after a ``/stop``, told by whatever made it go on."""

from typing import Any

import pytest

from handlers.chats import waking
from handlers.chats.waking import Asleep
from handlers.conversation import command_context
from storage.connection import Database
from storage.outbox import new_rows
from storage.payloads import TextPayload
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


@pytest.fixture
async def given_up(ann: Any, services: Any, database: Database, now: Any) -> Any:
    """Ann, whose digest was given up, for she had blocked the bot, with the button that forgets
    her."""
    await ann.say("/alert oil")
    (asked,) = await ann.say("/forgetme")
    said = new_rows.digest(ann.chat_id, "d", TextPayload(text="said"), now=now)
    async with database.transaction() as tx:
        await services.outbox.queue_digests(tx, [said])
        await services.outbox.chat_left(tx, ann.chat_id, reason="USER_IS_BLOCKED", now=now)
    return ann, asked.keyboard


async def list_states(database: Database) -> list[str]:
    async with database.reader() as conn:
        rows = await conn.fetch_all("SELECT state FROM delivery WHERE kind = 'digest'")
    return [row["state"] for row in rows]


@pytest.fixture
def ever_queued(services: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The chats whose waiting messages were let go, even for a moment."""
    found: list[int] = []
    let_go = services.outbox.chat_found

    async def chat_found(tx: Any, chat_id: int, **given: Any) -> None:
        found.append(chat_id)
        await let_go(tx, chat_id, **given)

    monkeypatch.setattr(services.outbox, "chat_found", chat_found)
    return found


@pytest.mark.parametrize(
    ("said", "then", "states"),
    [
        ("/stop", "/start", ["dropped"]),
        ("/forgetme", None, ["gone"]),
        ("/forgetme", "/start", ["queued"]),
        ("/start", None, ["queued"]),
        ("grain", None, ["queued"]),
    ],
)
async def test_what_was_given_up_for_somebody_is_never_sent_to_who_wants_no_more(
    given_up: Any,
    ever_queued: list[int],
    database: Database,
    said: str,
    then: str | None,
    states: list[str],
) -> None:
    ann, _ = given_up
    await ann.say(said)
    if then is not None:
        await ann.say(then)
    assert await list_states(database) == states
    assert bool(ever_queued) == (states == ["queued"])


@pytest.mark.parametrize(("label", "states"), [("Yes, delete all", []), ("Keep", ["queued"])])
async def test_who_presses_to_be_forgotten_gets_nothing_of_before(
    given_up: Any, ever_queued: list[int], database: Database, label: str, states: list[str]
) -> None:
    ann, keyboard = given_up
    await ann.press(keyboard, label)
    assert await list_states(database) == states
    assert bool(ever_queued) == bool(states)


async def test_whatever_wakes_a_group_lets_go_what_waited(
    manager: Any, services: Any, database: Database, now: Any
) -> None:
    said = new_rows.digest(manager.chat_id, "d", TextPayload(text="said"), now=now)
    await manager.say("/search@dateline_bot grain")
    async with database.transaction() as tx:
        await services.outbox.queue_digests(tx, [said])
        await services.outbox.chat_left(tx, manager.chat_id, reason="CHAT_RESTRICTED", now=now)
    await command_context.revive_chat(manager.chat_id, services, now=now)
    assert await list_states(database) == ["queued"]


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
