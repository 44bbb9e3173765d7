"""The service's metrics, for Prometheus.

Labels have few values, all of them ours: of a channel its row id and its username or number,
nothing that anybody could write.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.health.figures import Figures, Purpose
from bot.health.measures import Histogram, Measures
from bot.health.monitor import Health
from bot.health.readiness import REASONS
from bot.process.gate import Kind
from storage.records import Channel
from storage.verifying.health import Standing
from storage.version import __version__

_CHANNEL = ["row", "channel"]  # names are no keys
_ASKED = ["source", "purpose"]


class Numbers(Collector):
    """The metrics of the service at the moment of collection."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        """Nothing: the metrics are known only once they are collected."""
        return []

    def collect(self) -> Iterable[Metric]:
        """All metrics; runs on a thread of the server, and looks at the files there."""
        health = self._look()
        yield from metrics_of(health, datetime.now(UTC))
        if health.path is not None:
            yield from file_metrics(health.path)


def metrics_of(health: Health, now: datetime) -> list[Metric]:
    """The metrics; times in seconds. Those from the database are left out until it was read
    once."""
    info = InfoMetricFamily("dateline", "The version that runs")
    info.add_metric([], {"version": __version__})
    connected = {name: float(stands) for name, stands in health.connected.items()}
    reasons = {str(reason): float(reason in health.reasons) for reason in REASONS}
    failures = CounterMetricFamily(
        "dateline_failures", "What came in and could not be handled", labels=["kind"]
    )
    for kind in get_args(Kind):
        failures.add_metric([kind], health.failures.get(kind, 0))
    return [
        info,
        _gauge("ready", "Whether the service does all its work", float(health.is_ready)),
        _gauges("trouble", "Why it does not do all its work", "reason", reasons),
        _gauges("connected", "Whether an account's connection stands", "account", connected),
        _gauges("deaf", "How often in a row it was refused what it missed", "account", health.deaf),
        failures,
        _gauge("alerts", "Saved queries", health.alerts),
        _gauge("scan_interval_seconds", "The effective interval of the scans", health.interval),
        *_budget_metrics(health.figures),
        *_measured_metrics(health.measures),
        *_backup_metrics(health.backed_up_at, now),
        *(_standing_metrics(health.standing, now) if health.standing else []),
    ]


def file_metrics(path: Path) -> Iterable[Metric]:
    """The size of the database's files and the free space; what cannot be found out is left out."""
    sizes = {"database": path, "wal": path.with_name(f"{path.name}-wal")}
    found = {name: float(file.stat().st_size) for name, file in sizes.items() if file.exists()}
    yield _gauges("database_bytes", "How large the files of the database are", "file", found)
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return
    free = float(disk.f_bavail * disk.f_frsize)
    yield _gauge("disk_free_bytes", "What is left where the database lies", free)


def _budget_metrics(figures: Figures) -> list[Metric]:
    asked, sending = figures.requests, figures.sending
    return [
        _by_asked(
            "requests_last_minute",
            "Requests for history made in the last minute",
            {key: one.used for key, one in asked.items()},
        ),
        _by_asked(
            "requests_allowed_per_minute",
            "Requests for history that may be made in a minute",
            {key: one.allowed for key, one in asked.items()},
        ),
        _by_asked(
            "requests_wait_seconds",
            "How long none may be made, for it was asked to wait",
            {key: one.closed_for for key, one in asked.items()},
        ),
        CounterMetricFamily(
            "dateline_sends", "Messages and edits sent, tried again ones too", value=sending.sent
        ),
        _gauge("sends_allowed_per_second", "Messages and edits that may go now", sending.allowed),
        _gauge(
            "sends_wait_seconds",
            "How long none may go, for it was asked to wait",
            sending.closed_for,
        ),
    ]


def _backup_metrics(made_at: datetime | None, now: datetime) -> list[Metric]:
    if made_at is None:
        return []
    age = max(0.0, (now - made_at).total_seconds())
    return [_gauge("backup_age_seconds", "How old the last of the daily backups is", age)]


def _by_asked(name: str, meaning: str, values: Mapping[Purpose, float]) -> Metric:
    family = GaugeMetricFamily(f"dateline_{name}", meaning, labels=_ASKED)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family


def _measured_metrics(measures: Measures) -> list[Metric]:
    lag = HistogramMetricFamily(
        "dateline_event_loop_lag_seconds", "How late the event loop wakes what waits for a time"
    )
    _add_histogram(lag, [], measures.lag)
    queries = HistogramMetricFamily(
        "dateline_query_seconds", "How long the database was read for something", labels=["query"]
    )
    for what, histogram in measures.queries.items():
        _add_histogram(queries, [what], histogram)
    return [lag, queries]


def _add_histogram(family: HistogramMetricFamily, labels: list[str], found: Histogram) -> None:
    buckets = [(f"{bound:g}".replace("inf", "+Inf"), count) for bound, count in found.buckets()]
    family.add_metric(labels, buckets=buckets, sum_value=found.sum)


def _standing_metrics(standing: Standing, now: datetime) -> list[Metric]:
    due_at = standing.oldest_due_at
    late = max(0.0, (now - due_at).total_seconds()) if due_at else 0.0
    counts = {"queued": standing.queued, "dead": standing.dead}
    return [
        _gauges("outbox_messages", "Messages that wait, and that were given up", "state", counts),
        _gauge("outbox_lag_seconds", "How long the first message has been due", late),
        _gauge("problems", "What could not be read or stored, set aside", standing.problems),
        CounterMetricFamily(
            "dateline_documents_stored", "Documents stored, ever", value=standing.stored
        ),
        _gauge("problems_dropped", "Of these, too many to be kept", standing.problems_dropped),
        *_channel_metrics(standing, now),
    ]


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", meaning, value=value)


def _gauges(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"dateline_{name}", meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _channel_metrics(standing: Standing, now: datetime) -> list[Metric]:
    age = GaugeMetricFamily(
        "dateline_channel_scan_age_seconds", "Time since the last scan", labels=_CHANNEL
    )
    filled = GaugeMetricFamily(
        "dateline_channel_posts_filled", "Posts that no push brought", labels=_CHANNEL
    )
    trouble = GaugeMetricFamily(
        "dateline_channel_trouble", "Whether it cannot be read", labels=_CHANNEL
    )
    for channel in standing.channels:
        name = [str(channel.id), _name(channel)]
        if channel.last_scan_at is not None:
            age.add_metric(name, max(0.0, (now - channel.last_scan_at).total_seconds()))
        filled.add_metric(name, channel.posts_filled)
        trouble.add_metric(name, float(channel.error is not None))
    return [age, filled, trouble]


def _name(channel: Channel) -> str:
    """The channel's username, else its number: a title would be anybody's text."""
    return f"@{channel.username}" if channel.username else str(channel.channel_id or "")
