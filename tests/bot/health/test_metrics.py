"""The service in numbers: which there are, and what they say."""

from datetime import UTC, datetime, timedelta

from bot.health.metrics import metrics_of
from bot.health.monitor import Health
from storage.health import Standing
from storage.records import Channel
from storage.version import __version__

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def values(health: Health) -> dict[str, dict[tuple[str, ...], float]]:
    """The values of each metric by its labels."""
    return {
        metric.name: {
            tuple(f"{name}={value}" for name, value in sample.labels.items()): sample.value
            for sample in metric.samples
        }
        for metric in metrics_of(health, NOW)
    }


def channel(row: int, scanned: datetime | None, error: str | None = None) -> Channel:
    return Channel(
        id=row,
        username=f"harbour_{row}",
        added_at=NOW,
        last_scan_at=scanned,
        posts_filled=row + 3,
        error=error,
    )


BEFORE_THE_DATABASE = {
    "dateline": {(f"version={__version__}",): 1.0},
    "dateline_ready": {(): 0.0},
    "dateline_trouble": {
        (f"reason={reason}",): float(reason == "bot")
        for reason in ("write", "user", "bot", "channels", "outbox", "database")
    },
    "dateline_connected": {("account=bot",): 0.0, ("account=user",): 1.0},
    "dateline_deaf": {("account=bot",): 0, ("account=user",): 2},
    "dateline_failures": {("kind=inline",): 1, ("kind=press",): 4},
    "dateline_alerts": {(): 7},
    "dateline_scan_interval_seconds": {(): 180.0},
}
HEALTH = Health(
    reasons=("bot",),
    connected={"bot": False, "user": True},
    deaf={"bot": 0, "user": 2},
    alerts=7,
    interval=180.0,
    failures={"press": 4, "inline": 1},
)


def test_what_stands_in_the_database_is_left_out_while_it_was_never_read() -> None:
    assert values(HEALTH) == BEFORE_THE_DATABASE
    well = Health(is_ready=True, connected={}, deaf={}, failures={})
    assert values(well)["dateline_ready"] == {(): 1.0}


def test_of_the_database_the_outbox_the_problems_and_each_channel_are_told() -> None:
    standing = Standing(
        queued=4,
        dead=1,
        oldest_due_at=NOW - timedelta(seconds=90),
        problems=5,
        problems_dropped=2,
        channels=(
            channel(1, NOW - timedelta(minutes=2)),
            channel(2, None, error="it is private now"),
            channel(3, NOW + timedelta(minutes=2)),
        ),
    )
    health = Health(
        reasons=HEALTH.reasons,
        connected=HEALTH.connected,
        deaf=HEALTH.deaf,
        alerts=7,
        interval=180.0,
        failures=HEALTH.failures,
        standing=standing,
    )
    first, second, third = ((f"row={n}", f"channel=@harbour_{n}") for n in (1, 2, 3))
    assert values(health) == {
        **BEFORE_THE_DATABASE,
        "dateline_outbox_messages": {("state=queued",): 4, ("state=dead",): 1},
        "dateline_outbox_lag_seconds": {(): 90.0},
        "dateline_problems": {(): 5},
        "dateline_problems_dropped": {(): 2},
        "dateline_channel_scan_age_seconds": {first: 120.0, third: 0.0},
        "dateline_channel_posts_filled": {first: 4, second: 5, third: 6},
        "dateline_channel_trouble": {first: 0.0, second: 1.0, third: 0.0},
    }


def test_an_outbox_with_nothing_due_is_not_late() -> None:
    for due_at in (None, NOW + timedelta(seconds=9)):
        standing = Standing(queued=0, dead=0, oldest_due_at=due_at, channels=())
        health = Health(connected={}, deaf={}, failures={}, standing=standing)
        assert values(health)["dateline_outbox_lag_seconds"] == {(): 0.0}
