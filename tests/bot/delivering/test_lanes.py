"""Whose turn it is."""

from collections import defaultdict
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.delivering.lanes import Lanes
from storage.payloads import AlertPayload
from storage.records import Delivery

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def row(id: int, chat_id: int, priority: int = 1) -> Delivery:
    return Delivery(
        id=id,
        chat_id=chat_id,
        kind="alert",
        key=str(id),
        random_id=id,
        payload=AlertPayload(doc_id="a"),
        priority=priority,
        due_at=NOW,
        state="queued",
        attempts=1,
        created_at=NOW,
    )


def ready_now(_: Delivery, now: float) -> float:
    return now


def order(lanes: Lanes) -> list[int]:
    """The rows as they would be sent, one at a time."""
    sent = []
    while (row := lanes.start(0.0)) is not None:
        sent.append(row.id)
        lanes.finish(row.chat_id)
    return sent


def test_chats_take_turns_and_answers_go_first() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(1, 10), row(2, 10), row(3, 10), row(4, 20), row(5, 30), row(6, 30, 0)])
    assert order(lanes) == [6, 1, 4, 2, 5, 3]


def test_a_row_is_held_until_it_is_forgotten_and_never_twice() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(1, 10), row(1, 10), row(2, 10)])
    assert len(lanes) == 2
    assert lanes.held_by_chat() == {10: 2}
    lanes.start(0.0)
    assert [one.id for one in lanes.empty(10)] == [2]
    assert not lanes.finish(10)
    assert 10 not in lanes
    lanes.forget([1, 2])
    assert len(lanes) == 0


def test_a_chat_has_one_row_under_way() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(1, 10), row(2, 10)])
    assert lanes.start(0.0) == row(1, 10)
    assert lanes.start(0.0) is None
    assert lanes.next_ready_at(0.0) is None
    assert lanes.finish(10)
    assert lanes.start(0.0) == row(2, 10)


def test_a_chat_that_must_rest_lets_others_go_and_goes_when_its_rest_is_over() -> None:
    rests = {10: 5.0, 20: 3.0}
    lanes = Lanes(lambda row, now: max(now, rests.get(row.chat_id, 0.0)))
    lanes.put([row(1, 10), row(2, 20), row(3, 30)])
    assert lanes.start(1.0) == row(3, 30)
    assert lanes.start(1.0) is None
    assert lanes.next_ready_at(1.0) == 3.0
    rests[20] = 4.0
    assert lanes.start(3.5) is None
    assert lanes.next_ready_at(3.5) == 4.0
    assert lanes.start(5.0) == row(1, 10)
    assert lanes.start(5.0) == row(2, 20)
    assert lanes.next_ready_at(5.0) is None


def test_what_comes_for_a_chat_that_rests_takes_its_place() -> None:
    lanes = Lanes(lambda row, now: max(now, 9.0 if row.priority else 0.0))
    lanes.put([row(1, 10)])
    assert lanes.start(1.0) is None
    lanes.put([row(2, 10, priority=0)])
    assert lanes.start(1.0) == row(2, 10, priority=0)
    lanes.finish(10)
    assert lanes.start(1.0) is None
    assert lanes.next_ready_at(1.0) == 9.0
    assert lanes.start(9.0) == row(1, 10)


@given(
    rows=st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 2), st.booleans()), min_size=1, max_size=60
    ),
    rests=st.dictionaries(st.integers(1, 5), st.floats(0.0, 50.0)),
)
def test_every_row_goes_once_in_the_order_of_its_chat(
    rows: list[tuple[int, int, bool]], rests: dict[int, float]
) -> None:
    lanes = Lanes(lambda row, now: max(now, rests.get(row.chat_id, 0.0)))
    waiting = [(row(id, chat, priority), now) for id, (chat, priority, now) in enumerate(rows)]
    started: list[Delivery] = []
    busy: set[int] = set()
    now = 0.0
    for one, is_start in waiting:
        lanes.put([one])
        if is_start and (found := lanes.start(now)) is not None:
            assert found.chat_id not in busy
            assert rests.get(found.chat_id, 0.0) <= now
            started.append(found)
            busy.add(found.chat_id)
        now += 1.0
    for chat_id in busy:
        lanes.finish(chat_id)
    rest: defaultdict[int, list[Delivery]] = defaultdict(list)
    while (at := lanes.next_ready_at(now)) is not None:
        now = max(now, at)
        if (found := lanes.start(now)) is not None:
            rest[found.chat_id].append(found)
            lanes.finish(found.chat_id)
    for sent in rest.values():
        assert sent == sorted(sent, key=lambda one: (one.priority, one.id))
    together = [*started, *(one for sent in rest.values() for one in sent)]
    assert sorted(one.id for one in together) == list(range(len(rows)))


def test_behind_a_row_at_fault_wait_those_that_may_not_go_before_it() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(1, 10), row(2, 10), row(3, 10, 0), row(4, 10, 2), row(5, 20)])
    assert lanes.start(0.0) == row(3, 10, 0)
    lanes.finish(10)
    assert [lanes.start(0.0), lanes.start(0.0)] == [row(5, 20), row(1, 10)]
    assert [one.id for one in lanes.take_behind(row(1, 10))] == [2, 4]
    lanes.put([row(6, 10, 0), row(7, 10)])
    assert [one.id for one in lanes.take_behind(row(1, 10))] == [7]
    assert lanes.finish(10)
    assert order(lanes) == [6]


def test_what_came_before_a_row_at_fault_does_not_wait_behind_it() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(1, 10), row(2, 10), row(4, 10)])
    assert [one.id for one in lanes.take_behind(row(2, 10))] == [4]
    assert order(lanes) == [1, 2]


def test_an_answer_at_fault_holds_nobody_up() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(1, 10, 0), row(2, 10, 0), row(3, 10)])
    assert lanes.start(0.0) == row(1, 10, 0)
    assert lanes.take_behind(row(1, 10, 0)) == ()
    lanes.finish(10)
    assert order(lanes) == [2, 3]


def test_a_lane_that_is_emptied_between_two_rows_is_gone() -> None:
    lanes = Lanes(ready_now)
    lanes.put([row(2, 10)])
    assert [one.id for one in lanes.take_behind(row(1, 10))] == [2]
    assert 10 not in lanes
    assert lanes.start(0.0) is None


@given(
    waiting=st.lists(st.integers(0, 2), max_size=6),
    is_busy=st.booleans(),
    takes_all=st.booleans(),
)
def test_a_lane_ends_with_its_last_row_and_no_sooner(
    waiting: list[int], is_busy: bool, takes_all: bool
) -> None:
    lanes = Lanes(ready_now)
    failed = row(1, 10)
    if is_busy:
        lanes.put([failed])
        lanes.start(0.0)
    lanes.put([row(id, 10, priority) for id, priority in enumerate(waiting, 2)])
    taken = lanes.empty(10) if takes_all else lanes.take_behind(failed)
    left = len(waiting) - len(taken)
    assert (10 in lanes) == (is_busy or left > 0)
    if is_busy:
        assert lanes.finish(10) == (left > 0)
    assert len(order(lanes)) == left
    assert 10 not in lanes
