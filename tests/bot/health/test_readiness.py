"""What makes the service not ready, and what does not, by the moment."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.health import readiness
from bot.health.readiness import Queue, Scans, Seen, verdict
from storage.records import Channel
from storage.structs import replace
from storage.verifying.health import Waiting

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
WELL = Seen(wrote_at=1000.0, read_at=1000.0, answered_at={"user": 1000.0, "bot": 1000.0})
MINUTE = timedelta(minutes=1)


def seen(**fields: Any) -> Seen:
    return replace(WELL, **fields)


@pytest.mark.parametrize(
    ("what", "after", "reasons"),
    [
        (WELL, 5, ()),
        (WELL, 30, ()),
        (seen(wrote_at=940.0), 0, ("write",)),
        (seen(wrote_at=960.0), 5, ()),
        (seen(read_at=940.0), 0, ("database",)),
        (seen(is_sound=False), 0, ("database",)),
        (seen(answered_at={"user": 960.0, "bot": 1000.0}), 0, ("user",)),
        (seen(answered_at={"user": None, "bot": 1000.0}), 0, ("user",)),
        (seen(answered_at={"user": 1000.0, "bot": 960.0}), 0, ("bot",)),
        (seen(answered_at={"bot": 1000.0}), 0, ()),
        (seen(unscanned=(3,)), 0, ("channels",)),
        (seen(stuck=(77,)), 0, ("outbox",)),
        (
            seen(stuck=(77,), wrote_at=900.0, answered_at={"bot": None}),
            0,
            ("write", "bot", "outbox"),
        ),
        # Before the database is open it can be neither written nor read.
        (Seen(answered_at={"bot": 1000.0}), 0, ()),
        (Seen(is_away=True), 0, ("database",)),
        (Seen(answered_at={"user": None, "bot": None}), 0, ("user", "bot")),
    ],
)
def test_each_thing_that_is_wrong_has_its_reason(
    what: Seen, after: float, reasons: tuple[str, ...]
) -> None:
    assert verdict(what, 1000.0 + after) == reasons


@pytest.mark.parametrize("name", ["WRITE_SECONDS", "READ_SECONDS", "ANSWER_SECONDS"])
def test_a_fault_shows_within_a_minute(name: str) -> None:
    assert getattr(readiness, name) <= 50


def channel(row: int, *, scanned: datetime | None, error: str | None = None) -> Channel:
    return Channel(id=row, added_at=NOW - timedelta(days=9), last_scan_at=scanned, error=error)


def look(
    scans: Scans,
    channels: Iterable[Channel],
    minute: int,
    *,
    interval: float = 180,
    is_out: bool = False,
) -> tuple[int, ...]:
    now = NOW + minute * MINUTE
    return scans.observe(channels, interval=interval, is_out=is_out, now=now)


def test_a_channel_has_three_intervals_to_be_scanned_from_when_it_can_be_read() -> None:
    scans = Scans()
    old = channel(1, scanned=NOW - timedelta(days=2))
    never = channel(2, scanned=None)
    private = channel(3, scanned=NOW - timedelta(days=2), error="it is private now")
    every = (old, never, private)
    minutes = {0: (), 8: (), 9: (), 10: (1, 2)}
    for minute, rows in minutes.items():
        assert look(scans, every, minute) == rows
    scanned = channel(1, scanned=NOW + 9 * MINUTE)
    assert look(scans, (scanned, never), 10) == (2,)


def test_one_that_can_be_read_again_has_its_three_intervals_from_then_on() -> None:
    scans = Scans()
    closed = channel(1, scanned=NOW, error="it is private now")
    opened = channel(1, scanned=NOW)
    for minute in range(60):
        assert look(scans, (closed,), minute) == ()
    assert look(scans, (opened,), 60) == ()
    assert look(scans, (opened,), 69) == ()
    assert look(scans, (opened,), 70) == (1,)


def test_after_an_outage_every_channel_has_its_three_intervals_anew() -> None:
    scans = Scans()
    channels = (channel(1, scanned=NOW),)
    assert look(scans, channels, 0) == ()
    for minute in range(1, 60):
        assert look(scans, channels, minute, is_out=True) == ()
    assert look(scans, channels, 68) == ()
    assert look(scans, channels, 69) == (1,)


@pytest.mark.slow
def test_five_hundred_channels_that_start_are_no_trouble() -> None:
    scans = Scans()
    interval = 500 * 60 / 20
    channels = [channel(row, scanned=NOW - timedelta(days=1)) for row in range(500)]
    for minute in range(75):
        # They are scanned in turn, twenty a minute.
        done = min(500, minute * 20)
        channels[:done] = [channel(row, scanned=NOW + row // 20 * MINUTE) for row in range(done)]
        assert look(scans, channels, minute, interval=interval) == ()


def due(chat: int, at: datetime, *, is_edit: bool = False) -> Waiting:
    return Waiting(chat_id=chat, is_edit=is_edit, due_at=at)


def nothing(_: Waiting) -> bool:
    return False


def looks(
    queue: Queue, rows: list[Waiting], *, start: int = 0, until: int, explains: Any = nothing
) -> list[int]:
    """The seconds at which something was stuck, looked for every five."""
    return [
        second
        for second in range(start, until, 5)
        if queue.observe(rows, explains=explains, now=NOW + timedelta(seconds=second))
    ]


def test_a_message_that_waits_for_five_minutes_is_stuck() -> None:
    found = looks(Queue(), [due(1, NOW)], until=400)
    assert found[0] == 305
    assert len(found) == 19


def test_what_was_due_long_before_has_a_little_time_to_go() -> None:
    found = looks(Queue(), [due(1, NOW - timedelta(hours=9))], until=100)
    assert 30 < found[0] < 60


def test_a_message_that_is_tried_and_put_off_again_and_again_is_stuck_too() -> None:
    queue = Queue()
    found = [
        second
        for second in range(0, 400, 5)
        if queue.observe(
            [due(1, NOW + timedelta(seconds=second + 18))],
            explains=nothing,
            now=NOW + timedelta(seconds=second),
        )
    ]
    assert found[0] == 305


def test_a_thousand_alerts_for_one_chat_go_at_its_pace() -> None:
    queue = Queue()
    for second in range(0, 1000, 2):
        now = NOW + timedelta(seconds=second)
        queue.finished(1, now)
        assert queue.observe([due(1, NOW)], explains=nothing, now=now) == ()
    assert looks(queue, [due(1, NOW)], start=1000, until=1290) == []
    assert looks(queue, [due(1, NOW)], start=1290, until=1400)[0] in range(1298, 1306)


def test_another_chat_that_moves_explains_nothing() -> None:
    queue = Queue()
    stuck = []
    for second in range(0, 400, 5):
        now = NOW + timedelta(seconds=second)
        queue.finished(2, now)
        stuck.append(queue.observe([due(1, NOW), due(2, NOW)], explains=nothing, now=now))
    assert stuck[-1] == (1,)


def test_the_chats_that_moved_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "MOST_FINISHED", 2)
    queue, moved = Queue(), NOW + timedelta(seconds=300)
    rows = [due(chat, NOW) for chat in (1, 2, 3)]
    assert queue.observe(rows, explains=nothing, now=NOW) == ()
    for chat in (1, 2, 1, 3):
        queue.finished(chat, moved)
    assert queue.observe(rows, explains=nothing, now=moved + timedelta(seconds=5)) == (2,)


@pytest.mark.parametrize(
    ("chats", "seconds", "is_stuck"),
    [(100, 29, False), (100, 30, True), (99, 29, True), (101, 0, False)],
)
def test_where_a_hundred_chats_wait_any_message_within_half_a_minute_explains_it(
    chats: int, seconds: int, is_stuck: bool
) -> None:
    queue, rows = Queue(), [due(chat, NOW) for chat in range(1, chats + 1)]
    assert queue.observe(rows, explains=nothing, now=NOW) == ()
    now = NOW + timedelta(seconds=310)
    queue.finished(999, now - timedelta(seconds=seconds))
    assert bool(queue.observe(rows, explains=nothing, now=now)) is is_stuck


@pytest.mark.slow
def test_where_very_many_chats_wait_the_pace_over_all_of_them_explains_it() -> None:
    queue = Queue()
    rows = [due(chat, NOW) for chat in range(20_000)]
    for second in range(0, 660, 10):
        now = NOW + timedelta(seconds=second)
        queue.finished(second, now)
        assert queue.observe(rows[second * 30 :], explains=nothing, now=now) == ()
    # Nothing goes any more.
    assert looks(queue, rows, start=700, until=1100)


def test_a_flood_wait_explains_it_and_five_minutes_after_its_end() -> None:
    queue = Queue()
    assert looks(queue, [due(1, NOW)], until=3600, explains=lambda _: True) == []
    found = looks(queue, [due(1, NOW)], start=3600, until=4000)
    assert found[0] in range(3896, 3906)


def test_edits_that_must_wait_explain_no_messages() -> None:
    rows = [due(1, NOW), due(1, NOW, is_edit=True)]
    found = looks(Queue(), rows, until=400, explains=lambda row: row.is_edit)
    assert found[0] == 305
