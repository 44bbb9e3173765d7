"""Token buckets: the pace is kept, bursts pass, waits are obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.pace import Bucket, Pace


def drain(pace: Pace, chats: list[int], count: int) -> list[float]:
    """Send ``count`` messages as fast as the pace lets, taking turns over the chats."""
    now, sent = 100.0, []
    for index in range(count):
        chat_id = chats[index % len(chats)]
        now = pace.ready_at(chat_id, now)
        pace.take(chat_id, now)
        sent.append(now - 100.0)
    return sent


@pytest.mark.parametrize(
    ("chats", "count", "at_least", "at_most"),
    [
        pytest.param([1], 3, 0.0, 0.1, id="a short burst in one chat passes"),
        pytest.param([1], 13, 9.9, 10.1, id="one chat then gets one a second"),
        pytest.param(list(range(1, 1001)), 303, 9.9, 10.1, id="all chats together get thirty"),
        pytest.param([-5], 23, 59.9, 60.1, id="a group gets twenty a minute"),
    ],
)
def test_pace_is_kept_and_reached(
    chats: list[int], count: int, at_least: float, at_most: float
) -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    last = drain(pace, chats, count)[-1]
    assert at_least <= last <= at_most


def test_a_closed_chat_waits_and_the_others_do_not() -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    pace.close_chat(1, until=50.0, now=10.0)
    assert pace.ready_at(1, 10.0) == 50.0
    assert pace.ready_at(2, 10.0) == 10.0


def test_a_global_wait_holds_every_chat() -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    pace.close_all(until=50.0)
    assert pace.ready_at(1, 10.0) == 50.0
    assert pace.overall_ready_at(10.0) == 50.0
    assert pace.ready_at(1, 51.0) == 51.0


def test_a_shorter_wait_never_shortens_a_longer_one() -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    pace.close_all(until=50.0)
    pace.close_all(until=20.0)
    assert pace.ready_at(1, 10.0) == 50.0


def test_a_bucket_is_idle_when_it_is_full_open_and_as_fast_as_ever() -> None:
    bucket = Bucket(rate=2.0, burst=2.0)
    assert bucket.is_idle(0.0)
    bucket.take(10.0)
    assert [bucket.is_idle(at) for at in (10.25, 10.5)] == [False, True]
    bucket.close(20.0)
    assert [bucket.is_idle(at) for at in (19.5, 20.0)] == [False, True]
    bucket.learn()
    assert [bucket.is_idle(at) for at in (21.0, 500.0)] == [False, True]


def test_idle_chats_are_forgotten_and_waiting_ones_are_not() -> None:
    pace = Pace(overall=1e9, per_chat=1, per_group=20)
    pace.close_chat(7, until=1e6, now=0.0)
    for chat_id in range(10, 10_000):
        pace.take(chat_id, float(chat_id * 10))
    assert pace.ready_at(7, 1e5) == 1e6
    assert len(pace._chats) <= 4097


@given(
    rate=st.floats(0.1, 1000),
    burst=st.floats(1, 50),
    gaps=st.lists(st.floats(0, 10), min_size=1, max_size=200),
)
def test_no_window_ever_holds_more_than_burst_and_rate_allow(
    rate: float, burst: float, gaps: list[float]
) -> None:
    bucket = Bucket(rate, burst)
    now, times = 0.0, []
    for gap in gaps:
        now = bucket.ready_at(now + gap)
        bucket.take(now)
        times.append(now)
    for first in range(0, len(times), 17):
        for last in range(first, len(times)):
            count = last - first + 1
            assert count <= burst + (times[last] - times[first]) * rate + 1.01


def test_a_wait_that_the_server_asked_for_slows_the_bucket_and_time_heals_it() -> None:
    bucket = Bucket(10.0, 1.0)
    bucket.learn()
    bucket.take(0.0)
    assert bucket.ready_at(0.0) == pytest.approx(0.125)
    for _ in range(50):
        bucket.learn()
    assert bucket.share == 0.25
    bucket.ready_at(1000.0)
    assert bucket.share == 1.0


def test_edits_take_a_third_of_the_pace_and_leave_the_rest_to_messages() -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    now, edits = 0.0, 0
    while now < 10.0:
        pace.take_edit(1000 + edits, now)
        edits += 1
        now = pace.edits_ready_at(now)
    assert 100 <= edits <= 102


@pytest.mark.parametrize(("chat_id", "token"), [(1, 1.0), (-1, 3.0)])
def test_an_edit_leaves_a_chats_last_token_to_a_message_for_a_while(
    chat_id: int, token: float
) -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    for _ in range(2):
        assert pace.edit_ready_at(chat_id, 0.0, since=0.0) == 0.0
        pace.take_edit(chat_id, 0.0)
    assert pace.chat_ready_at(chat_id, 0.0) == 0.0
    assert pace.edit_ready_at(chat_id, 0.0, since=0.0) == pytest.approx(token, rel=0.01)
    pace.take(chat_id, 0.0)
    # It leaves the next one, too, until it has waited for as long as two of them take.
    for waited, ready in ((0.0, 2.0), (0.5, 1.5), (0.9, 1.1), (1.0, 1.0), (9.0, 1.0)):
        at = pace.edit_ready_at(chat_id, 0.0, since=-waited * token)
        assert at == pytest.approx(ready * token, rel=0.01), waited


def test_edits_of_a_closed_chat_wait() -> None:
    pace = Pace(overall=30, per_chat=1, per_group=20)
    pace.close_chat(1, until=50.0, now=0.0)
    assert pace.edit_ready_at(1, 0.0, since=-100.0) == 50.0
    pace.close_all(until=60.0)
    assert pace.edits_ready_at(0.0) == 60.0


def test_what_was_sent_what_is_allowed_now_and_for_how_long_nothing_is() -> None:
    pace = Pace(overall=20.0, per_chat=1.0, per_group=20.0)
    pace.take(1, 0.0)
    pace.take_edit(2, 0.0)
    assert (pace.taken, pace.allowed(0.0), pace.closed_for(0.0)) == (2, 20.0, 0.0)
    pace.learn_all()
    pace.close_all(30.0)
    assert pace.allowed(0.0) == 16.0
    assert [pace.closed_for(now) for now in (0.0, 30.0, 40.0)] == [30.0, 0.0, 0.0]


def test_what_was_slowed_down_wins_a_fifth_of_a_percent_back_in_a_second() -> None:
    pace = Pace(overall=10.0, per_chat=1.0, per_group=20.0)
    pace.learn_all()
    shares = [pace.allowed(now) / 10.0 for now in (0.0, 50.0, 100.0, 100.0, 500.0)]
    assert shares == pytest.approx([0.8, 0.9, 1.0, 1.0, 1.0])
    pace.learn_chat(1, 0.0)
    for _ in range(3):
        pace.take(1, 0.0)
    assert pace.chat_ready_at(1, 0.0) == pytest.approx(1.25)
    assert pace.chat_ready_at(2, 0.0) == 0.0


@pytest.mark.parametrize(
    ("overall", "per_chat", "per_group", "chat_id", "at_once"),
    [
        (1e6, 1, 20, 1, 3),
        (1e6, 5, 20, 1, 5),
        (1e6, 1, 20, -1, 3),
        (1e6, 1, 2, -1, 2),
        (1e6, 1, 0.5, -1, 1),
        (1e6, 1, 20, 0, 3),
        (75, 100, 20, 1, 3),
        (20, 100, 20, 1, 1),
        (1, 100, 20, 1, 1),
    ],
)
def test_so_many_go_at_once(
    overall: float, per_chat: float, per_group: float, chat_id: int, at_once: int
) -> None:
    pace = Pace(overall=overall, per_chat=per_chat, per_group=per_group)
    for _ in range(at_once):
        assert pace.ready_at(chat_id, 100.0) == 100.0
        pace.take(chat_id, 100.0)
    assert pace.ready_at(chat_id, 100.0) > 100.0


def test_a_chat_that_is_new_has_saved_up_its_burst_and_no_more() -> None:
    pace = Pace(overall=1e6, per_chat=1.0, per_group=60.0)
    for chat_id in (1, -1):
        for _ in range(5):
            pace.take(chat_id, 1000.0)
        assert pace.chat_ready_at(chat_id, 1000.0) == pytest.approx(1003.0)


def test_another_rate_lets_nothing_more_go_at_once() -> None:
    pace = Pace(overall=75.0, per_chat=100.0, per_group=20.0)
    pace.take(1, 0.0)
    pace.share(150.0, 0.0)
    assert pace.overall == 150.0
    pace.take(1, 0.0)
    assert pace.ready_at(1, 0.0) == 0.0  # The third of those that were saved up.
    pace.take(1, 0.0)
    assert pace.ready_at(1, 0.0) == pytest.approx(1 / 150)
    pace.share(25.0, 10.0)
    pace.take(1, 10.0)
    assert pace.ready_at(1, 10.0) == pytest.approx(10.04)
    pace.take_edit(2, 20.0)
    assert pace.edits_ready_at(20.0) == pytest.approx(20.12)


def test_chats_are_closed_whose_next_message_goes_later_than_that() -> None:
    pace = Pace(overall=1e6, per_chat=1.0, per_group=20.0)
    pace.close_chat(1, until=50.0, now=0.0)
    pace.close_chat(2, until=51.0, now=0.0)
    pace.take(3, 0.0)
    assert pace.closed_chats(0.0, 50.0) == [2]
    assert pace.closed_chats(0.0, 49.5) == [1, 2]
    assert pace.closed_chats(0.0, 0.0) == [1, 2]
