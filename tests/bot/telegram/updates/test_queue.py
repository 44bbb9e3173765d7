"""Answers to our own calls, put together."""

from datetime import UTC, datetime, timedelta
from typing import Any

from telethon.tl import types

from bot.telegram.updates.queue import UpdatesQueue

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def answer(number: int, *, own: bool = True, seq: int = 0) -> Any:
    """What comes back for message ``number``."""
    made = types.Updates(
        updates=[types.UpdateMessageID(number, number), types.UpdateDeleteMessages([], number, 1)],
        users=[types.UserEmpty(number)],
        chats=[types.ChatEmpty(number)],
        date=NOW + timedelta(seconds=number),
        seq=seq,
    )
    if own:
        made._self_outgoing = True
    return made


def fill(*items: Any) -> list[Any]:
    queue = UpdatesQueue()
    for item in items:
        queue.put_nowait(item)
    return [queue.get_nowait() for _ in range(queue.qsize())]


def test_answers_that_follow_one_another_become_one_with_all_that_they_say() -> None:
    [one] = fill(answer(1), answer(2), answer(3))
    assert [update.pts for update in one.updates[1::2]] == [1, 2, 3]
    assert [user.id for user in one.users] == [1, 2, 3]
    assert [chat.id for chat in one.chats] == [1, 2, 3]
    assert one.date == NOW + timedelta(seconds=3)


def test_what_others_did_keeps_its_place() -> None:
    pushed, numbered = answer(2, own=False), answer(5, seq=9)
    items = fill(answer(1), pushed, answer(3), answer(4), numbered, answer(6))
    assert [len(item.updates) for item in items] == [2, 2, 4, 2, 2]
    assert items[1] is pushed
    assert items[3] is numbered
    assert fill(types.UpdatesTooLong(), answer(1))[0] == types.UpdatesTooLong()
