"""``/stop``, alone and with words behind it."""

import pytest

from storage.structs import replace
from storage.subscribers import subscribers


async def is_active(database, chat_id: int = 1) -> bool:
    async with database.reader() as conn:
        return (await subscribers.get_subscriber(conn, chat_id)).active


@pytest.mark.parametrize("said", ["/stop", "/stop!", "/stop .", "/стоп"])
async def test_it_stops_where_nothing_else_is_said(ann, database, said: str) -> None:
    await ann.say("/alert war")
    assert (await ann.read(said)).startswith("Stopped.")
    assert not await is_active(database)


@pytest.mark.parametrize(
    "said", ["/stop the war", "/stop\nthe  war", "/стоп the war", "/stop all", "/stop 🛑 now"]
)
async def test_words_behind_it_are_asked_about(ann, database, said: str) -> None:
    await ann.say("/alert the war")
    (message,) = await ann.say(said)
    assert message.text.text.startswith(
        "Nothing is stopped, for words stand behind it: /stop alone"
    )
    assert "To search for them: /search" in message.text.text
    assert await is_active(database)
    labels = [row[0].text for row in message.keyboard]
    assert [label.split()[0] for label in labels] == ["/stop", "/alerts", "/search"]
    listed = (await ann.press(message.keyboard, "/alerts")).reply[0]
    assert "the war" in str(listed)
    (stopped,) = (await ann.press(message.keyboard, "/stop")).reply
    assert stopped.text.text.startswith("Stopped.")
    assert not await is_active(database)


async def test_a_long_sentence_has_its_answer_too(ann, database) -> None:
    (message,) = await ann.say("/stop " + "the war " * 400)
    assert await is_active(database)
    assert [row[0].text for row in message.keyboard] == ["/stop"]
    assert len(message.text.text) < 800


@pytest.fixture
def channel(ann):
    return replace(ann, chat_id=-1001, sender_id=None, is_private=False, is_channel=True)


async def test_in_a_channel_it_is_said_what_to_post(channel, database) -> None:
    (message,) = await channel.say("/stop@dateline_bot the war")
    assert "/stop@dateline_bot alone" in message.text.text
    assert not message.keyboard
    assert await is_active(database, channel.chat_id)


async def test_for_another_chat_it_is_that_chat_which_is_stopped(ann, channel, database) -> None:
    async def role_of(chat_id: int, user_id: int) -> str:
        return "manager"

    ann.services = replace(ann.services, role_of=role_of)
    await channel.say("/start@dateline_bot")
    await ann.say("/start")
    (message,) = await ann.say(f"/for {channel.chat_id} /stop the war")
    assert "search" not in message.text.text
    (stopped,) = (await ann.press(message.keyboard, "/stop")).reply
    assert "Stopped." in stopped.text.text
    assert not await is_active(database, channel.chat_id)
    assert await is_active(database)
