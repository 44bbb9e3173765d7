"""The service in numbers: which there are, and what they say."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from prometheus_client.core import CounterMetricFamily

from bot.health.figures import Figures, Requests, Sending
from bot.health.measures import LAG_BOUNDS, QUERY_BOUNDS, Measures
from bot.health.metrics import file_metrics, metrics_of
from bot.health.monitor import Health
from bot.process.gate import Kind
from storage.connection import Reading
from storage.records import Channel
from storage.verifying.health import Standing
from storage.version import __version__

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


ROOT = Path(__file__).parents[3]
MEASURED = {"dateline_event_loop_lag_seconds", "dateline_query_seconds"}


def values(health: Health) -> dict[str, dict[tuple[str, ...], float]]:
    """The values of each metric by its labels, but for the histograms."""
    return {
        metric.name: {
            tuple(f"{name}={value}" for name, value in sample.labels.items()): sample.value
            for sample in metric.samples
        }
        for metric in metrics_of(health, NOW)
        if metric.name not in MEASURED
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
        for reason in ("write", "user", "bot", "channels", "outbox", "database", "backup")
    },
    "dateline_connected": {("account=bot",): 0.0, ("account=user",): 1.0},
    "dateline_deaf": {("account=bot",): 0, ("account=user",): 2},
    "dateline_failures": {
        (f"kind={kind}",): {"inline": 1, "press": 4}.get(kind, 0) for kind in get_args(Kind)
    },
    "dateline_alerts": {(): 7},
    "dateline_scan_interval_seconds": {(): 180.0},
    "dateline_requests_last_minute": {("source=account", "purpose=scans"): 3},
    "dateline_requests_allowed_per_minute": {("source=account", "purpose=scans"): 20},
    "dateline_requests_wait_seconds": {("source=account", "purpose=scans"): 12.5},
    "dateline_sends": {(): 40},
    "dateline_sends_allowed_per_second": {(): 20.0},
    "dateline_sends_wait_seconds": {(): 0.0},
}
HEALTH = Health(
    reasons=("bot",),
    connected={"bot": False, "user": True},
    deaf={"bot": 0, "user": 2},
    alerts=7,
    interval=180.0,
    failures={"press": 4, "inline": 1},
    figures=Figures(
        requests={("account", "scans"): Requests(used=3, allowed=20, closed_for=12.5)},
        sending=Sending(sent=40, allowed=20.0),
    ),
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
        stored=9,
        channels=(
            channel(1, NOW - timedelta(minutes=2)),
            channel(2, None, error="it is private now"),
            Channel(
                id=3, channel_id=77, title='"}\n', last_scan_at=NOW, posts_filled=6, added_at=NOW
            ),
        ),
    )
    health = Health(
        reasons=HEALTH.reasons,
        connected=HEALTH.connected,
        deaf=HEALTH.deaf,
        alerts=7,
        interval=180.0,
        failures=HEALTH.failures,
        figures=HEALTH.figures,
        standing=standing,
    )
    first, second = ((f"row={n}", f"channel=@harbour_{n}") for n in (1, 2))
    third = ("row=3", "channel=77")
    assert values(health) == {
        **BEFORE_THE_DATABASE,
        "dateline_outbox_messages": {("state=queued",): 4, ("state=dead",): 1},
        "dateline_outbox_lag_seconds": {(): 90.0},
        "dateline_problems": {(): 5},
        "dateline_problems_dropped": {(): 2},
        "dateline_documents_stored": {(): 9},
        "dateline_channel_scan_age_seconds": {first: 120.0, third: 0.0},
        "dateline_channel_posts_filled": {first: 4, second: 5, third: 6},
        "dateline_channel_trouble": {first: 0.0, second: 1.0, third: 0.0},
    }


def test_an_outbox_with_nothing_due_is_not_late() -> None:
    for due_at in (None, NOW + timedelta(seconds=9)):
        standing = Standing(queued=0, dead=0, oldest_due_at=due_at, channels=())
        health = Health(connected={}, deaf={}, failures={}, standing=standing)
        assert values(health)["dateline_outbox_lag_seconds"] == {(): 0.0}


def test_the_room_that_the_database_takes_is_told_and_that_which_is_left(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    path.write_bytes(b"x" * 30)
    sizes, free = file_metrics(path)
    assert [(one.labels, one.value) for one in sizes.samples] == [({"file": "database"}, 30.0)]
    (tmp_path / "dateline.db-wal").write_bytes(b"x" * 7)
    sizes, _ = file_metrics(path)
    assert [one.value for one in sizes.samples] == [30.0, 7.0]
    assert free.samples[0].value > 0
    assert [len(one.samples) for one in file_metrics(tmp_path / "gone" / "dateline.db")] == [0]


def test_how_long_something_took_is_counted_by_its_bounds() -> None:
    measures = Measures()
    for seconds in (0.004, 0.005, 0.3, 99.0):
        measures.took("digest", seconds)
    health = Health(connected={}, deaf={}, failures={}, measures=measures)
    (found,) = (m for m in metrics_of(health, NOW) if m.name == "dateline_query_seconds")
    told = {
        sample.labels.get("le", sample.name): sample.value
        for sample in found.samples
        if sample.labels["query"] == "digest"
    }
    assert [told[bound] for bound in ("0.005", "0.01", "0.25", "0.5", "10", "+Inf")] == [
        *(2, 2, 2),
        *(3, 3, 4),
    ]
    assert told["dateline_query_seconds_count"] == 4
    assert told["dateline_query_seconds_sum"] == 99.309
    # What never happened stands there as nothing, so that its first increase is seen.
    assert {sample.labels["query"] for sample in found.samples} == set(get_args(Reading))
    assert sorted(LAG_BOUNDS) == list(LAG_BOUNDS) and sorted(QUERY_BOUNDS) == list(QUERY_BOUNDS)


def test_each_number_follows_the_conventions_and_stands_in_the_page(tmp_path: Path) -> None:
    standing = Standing(queued=0, dead=0, oldest_due_at=None, channels=(channel(1, NOW),))
    health = Health(connected={}, deaf={}, failures={}, standing=standing, backed_up_at=NOW)
    families = [*metrics_of(health, NOW), *file_metrics(tmp_path / "dateline.db")]
    told = set()
    for family in families:
        is_counter = isinstance(family, CounterMetricFamily)
        suffix = {"counter": "_total", "info": "_info"}.get(family.type, "")
        told.add(family.name + suffix)
        assert re.fullmatch(r"dateline(_[a-z]+)*", family.name)
        assert is_counter or not family.name.endswith("_total")
        assert family.documentation[0].isupper() and not family.documentation.endswith(".")
    assert len(told) == len(families)
    page = (ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`dateline_[^|]+) \|", page, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == told


def test_the_age_of_the_last_daily_backup_is_told_where_there_is_one() -> None:
    made_at = NOW - timedelta(hours=30)
    health = Health(connected={}, deaf={}, failures={}, backed_up_at=made_at)
    assert values(health)["dateline_backup_age_seconds"] == {(): 108_000.0}
    assert "dateline_backup_age_seconds" not in values(HEALTH)
