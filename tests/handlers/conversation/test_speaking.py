"""What this process is sending to a channel, which is not to be taken for others' posts."""

import asyncio

import pytest

from handlers.conversation import speaking
from handlers.conversation.speaking import Speaking

CHANNEL = -1_001_700_000_001


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Speaking:
    """Which would wait for a day, so that what does not end shows."""
    monkeypatch.setattr(speaking, "LONGEST", 86_400.0)
    return Speaking()


async def is_settled(desk: Speaking, chat_id: int = CHANNEL) -> bool:
    waiting = asyncio.create_task(desk.settled(chat_id))
    for _ in range(9):  # turns of the loop: what waits for nothing ends in them
        await asyncio.sleep(0)
    if not waiting.done():
        waiting.cancel()
        return False
    return True


async def test_what_is_sent_is_waited_for_until_each_is_out(desk: Speaking) -> None:
    assert await is_settled(desk)
    desk.begin(CHANNEL, 1)
    desk.begin(CHANNEL, 2)
    assert desk.chats == {CHANNEL}
    assert not await is_settled(desk)
    desk.end(CHANNEL, 1)
    assert not await is_settled(desk)
    waiting = asyncio.create_task(desk.settled(CHANNEL))
    await asyncio.sleep(0)
    desk.end(CHANNEL, 2)
    await asyncio.wait_for(waiting, 30)
    assert await is_settled(desk)
    assert desk.chats == {CHANNEL}


async def test_only_channels_are_waited_for(desk: Speaking) -> None:
    desk.begin(7, 1)
    desk.begin(CHANNEL, 2)
    assert await is_settled(desk, 7)
    assert await is_settled(desk, CHANNEL - 1)
    assert desk.chats == {CHANNEL}
    desk.end(CHANNEL, 9)  # never begun
    desk.end(7, 1)
    assert not await is_settled(desk)
