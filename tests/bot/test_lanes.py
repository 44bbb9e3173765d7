"""Whose turn it is."""

from datetime import UTC, datetime

from bot.lanes import Lanes, urgency
from storage.records import Delivery

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def row(id: int, chat_id: int, priority: int = 1) -> Delivery:
    return Delivery(
        id=id,
        chat_id=chat_id,
        kind="alert",
        key=str(id),
        random_id=id,
        payload={},
        priority=priority,
        due_at=NOW,
        state="queued",
        attempts=1,
        created_at=NOW,
    )


def order(lanes: Lanes) -> list[int]:
    """The rows as they would be sent, one at a time."""
    sent = []
    while waiting := sorted((urgency(lane), chat_id) for chat_id, lane in lanes.waiting()):
        chat_id = waiting[0][1]
        sent.append(lanes.start(chat_id).id)
        lanes.finish(chat_id)
    return sent


def test_chats_take_turns_and_answers_go_first() -> None:
    lanes = Lanes()
    lanes.put([row(1, 10), row(2, 10), row(3, 10), row(4, 20), row(5, 30), row(6, 30, 0)])
    assert order(lanes) == [6, 1, 4, 2, 5, 3]


def test_a_row_is_held_until_it_is_forgotten_and_never_twice() -> None:
    lanes = Lanes()
    lanes.put([row(1, 10), row(1, 10), row(2, 10)])
    assert len(lanes) == 2
    assert lanes.held_by_chat() == {10: 2}
    lanes.start(10)
    assert [one.id for one in lanes.empty(10)] == [2]
    assert not lanes.finish(10)
    assert 10 not in lanes
    lanes.forget([1, 2])
    assert len(lanes) == 0
