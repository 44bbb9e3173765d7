"""The service in numbers, for Prometheus."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.health.monitor import Health
from bot.health.readiness import REASONS
from handlers.sources.references import name_of
from storage.health import Standing
from storage.version import __version__

_CHANNEL = ["row", "channel"]  # names are no keys


class Numbers(Collector):
    """The metrics of the service, of the moment at which they are asked for."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        """Nothing: which metrics there are is known only when they are asked for."""
        return []

    def collect(self) -> Iterable[Metric]:
        """All of them."""
        return metrics_of(self._look(), datetime.now(UTC))


def metrics_of(health: Health, now: datetime) -> list[Metric]:
    """The metrics; times in seconds, as Prometheus names them. What stands in the database is left
    out while it was never read."""
    info = InfoMetricFamily("dateline", "The version that runs")
    info.add_metric([], {"version": __version__})
    connected = {name: float(stands) for name, stands in health.connected.items()}
    reasons = {str(reason): float(reason in health.reasons) for reason in REASONS}
    failures = CounterMetricFamily(
        "dateline_failures", "What came in and could not be handled", labels=["kind"]
    )
    for kind, count in sorted(health.failures.items()):
        failures.add_metric([kind], count)
    return [
        info,
        _gauge("ready", "Whether the service does all its work", float(health.is_ready)),
        _gauges("trouble", "Why it does not do all its work", "reason", reasons),
        _gauges("connected", "Whether an account's connection stands", "account", connected),
        _gauges("deaf", "How often in a row it was refused what it missed", "account", health.deaf),
        failures,
        _gauge("alerts", "Saved queries", health.alerts),
        _gauge("scan_interval_seconds", "The effective interval of the scans", health.interval),
        *(_standing_metrics(health.standing, now) if health.standing else []),
    ]


def _standing_metrics(standing: Standing, now: datetime) -> list[Metric]:
    due_at = standing.oldest_due_at
    late = max(0.0, (now - due_at).total_seconds()) if due_at else 0.0
    counts = {"queued": standing.queued, "dead": standing.dead}
    return [
        _gauges("outbox_messages", "Messages that wait, and that were given up", "state", counts),
        _gauge("outbox_lag_seconds", "How long the first message has been due", late),
        _gauge("problems", "What could not be read or stored, set aside", standing.problems),
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
        name = [str(channel.id), name_of(channel)]
        if channel.last_scan_at is not None:
            age.add_metric(name, max(0.0, (now - channel.last_scan_at).total_seconds()))
        filled.add_metric(name, channel.posts_filled)
        trouble.add_metric(name, float(channel.error is not None))
    return [age, filled, trouble]
