"""What became of a post for a chat, told from its row in the outbox and what the chat has set."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from handlers.times.fates import Fate, fate_of, silences
from storage.outbox.traces import Arrival, Trace
from storage.records import Alert, Subscriber
from storage.structs import replace

NOW = datetime(2026, 11, 22, 23, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 7, tzinfo=UTC)
SOON = NOW + timedelta(minutes=20)
READER = Subscriber(chat_id=1, created_at=NOW)
SLEEPER = Subscriber(chat_id=1, created_at=NOW, quiet_from=time(22), quiet_until=time(7))
ALERT = Alert(id=5, chat_id=1, query="ferry", created_at=NOW - timedelta(days=1))


def trace(**fields: Any) -> Trace:
    given: dict[str, Any] = {
        "id": 9,
        "kind": "alert",
        "state": "queued",
        "post": "tg:7/1",
        "matched": ((5, "ferry"),),
        "message_id": None,
        "bundle": None,
        "due_at": NOW,
        "finished_at": None,
        "leased_until": None,
        "error": None,
        "is_closed": False,
    }
    return Trace(**{**given, **fields})


def fate(row: Trace, within: Trace | None = None, reader: Subscriber = READER, **set: Any) -> Fate:
    alert = replace(ALERT, **set)
    return fate_of(row, within, reader, {5: alert}, timezone="UTC", now=NOW)


SENT = {"state": "sent", "message_id": 40, "finished_at": NOW}


@pytest.mark.parametrize(
    ("row", "within", "expected"),
    [
        (trace(**SENT), None, Fate(how="told", at=NOW, message_id=40)),
        (trace(**SENT, is_closed=True), None, Fate(how="taken_away", at=NOW)),
        (trace(state="bundled"), None, Fate(how="listing")),
        (trace(state="bundled"), trace(kind="bundle"), Fate(how="listing")),
        (
            trace(state="bundled"),
            trace(kind="bundle", **SENT),
            Fate(how="listed", at=NOW, message_id=40),
        ),
        (
            trace(state="bundled"),
            trace(kind="bundle", state="dead", error="X"),
            Fate(how="dead", error="X"),
        ),
        (trace(leased_until=SOON), None, Fate(how="sending")),
        (trace(leased_until=NOW), None, Fate(how="waiting")),
        (trace(), None, Fate(how="waiting")),
        (trace(error="FLOOD", due_at=SOON), None, Fate(how="refused", at=SOON, error="FLOOD")),
        (trace(state="dead", error="X"), None, Fate(how="dead", error="X")),
        (trace(state="expired", finished_at=NOW), None, Fate(how="expired", at=NOW)),
        (trace(state="gone"), None, Fate(how="gone")),
        (trace(state="dropped", finished_at=NOW), None, Fate(how="dropped", at=NOW)),
    ],
)
def test_what_became_of_a_message(row: Trace, within: Trace | None, expected: Fate) -> None:
    assert fate(row, within) == expected


@pytest.mark.parametrize(
    ("due_at", "reader", "set", "hold"),
    [
        (MORNING, SLEEPER, {}, ("quiet", 0)),
        (SOON, READER, {"snoozed_until": SOON}, ("snooze", 0)),
        (MORNING, SLEEPER, {"snoozed_until": SOON}, ("snooze", 0)),
        (MORNING, SLEEPER, {"snoozed_until": NOW - timedelta(hours=1)}, ("quiet", 0)),
        (MORNING, SLEEPER, {"snoozed_until": NOW}, ("quiet", 0)),
        (SOON, READER, {"every_minutes": 30}, ("period", 30)),
        (SOON, READER, {"hourly_limit": 4}, ("limit", 4)),
        (MORNING, READER, {"hourly_limit": 4}, ("", 0)),
        (SOON, READER, {}, ("", 0)),  # what held it was changed since
    ],
)
def test_why_a_message_is_held(
    due_at: datetime, reader: Subscriber, set: dict[str, Any], hold: tuple[str, int]
) -> None:
    found = fate(trace(due_at=due_at, bundle="held:1"), None, reader, **set)
    assert (found.how, found.at, (found.hold, found.number)) == ("held", due_at, hold)


def test_what_an_older_copy_of_the_database_holds_is_told_as_such() -> None:
    assert fate(trace(due_at=SOON, bundle="away"), None, SLEEPER).hold == "restored"


LIVE = Arrival(stored_at=NOW, is_live=True, names=frozenset({"tg:7/1"}))
HISTORY = Arrival(stored_at=NOW, is_live=False, names=frozenset({"tg:7/1"}))
STOPPED = Subscriber(chat_id=1, created_at=NOW, active=False)


@pytest.mark.parametrize(
    ("arrival", "reader", "muted", "is_own", "set", "expected"),
    [
        (LIVE, READER, (), True, {}, "own"),
        (HISTORY, READER, (), False, {}, "history"),
        (HISTORY, STOPPED, (5,), False, {}, "history"),
        (LIVE, STOPPED, (), False, {}, "stopped"),
        (LIVE, READER, (), False, {"created_at": SOON}, "newer"),
        (LIVE, READER, (5,), False, {"created_at": SOON, "paused": True}, "newer"),
        (LIVE, READER, (), False, {"since": SOON}, "changed"),
        (LIVE, READER, (5,), False, {"created_at": SOON, "since": SOON}, "newer"),
        (LIVE, READER, (5,), False, {"paused": True}, "paused"),
        (LIVE, READER, (5,), False, {}, "muted"),
        (LIVE, READER, (6,), False, {}, "unknown"),
    ],
)
def test_why_an_alert_raised_nothing(
    arrival: Arrival,
    reader: Subscriber,
    muted: tuple[int, ...],
    is_own: bool,
    set: dict[str, Any],
    expected: str,
) -> None:
    alert = replace(ALERT, **set)
    ((silence, _),) = silences([alert], arrival, reader, muted=muted, is_own=is_own)
    assert silence == expected
