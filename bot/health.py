"""``/healthz`` and ``/metrics`` on METRICS_ADDRESS, for those who watch the watcher.

Prometheus's own client writes the text, its server answers on threads of its own; what they tell is
read on the event loop, at the moment of asking.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app
from prometheus_client.registry import Collector

from bot.version import __version__
from handlers.references import name_of
from storage.errors import ServiceError
from storage.health import Standing

ANSWER_SECONDS = 10.0
_CHANNEL = ["row", "channel"]  # names are no keys
_TEXT = ("Content-Type", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """``connected`` says of each account whether its connection stands; ``alerts`` counts saved
    queries, ``interval`` is the effective one of the scans, in seconds."""

    connected: Mapping[str, bool]
    alerts: int
    interval: float
    standing: Standing


Look = Callable[[], Awaitable[Health]]


@contextlib.asynccontextmanager
async def serving(address: str, look: Look) -> AsyncIterator[str]:
    """Serve on ``host:port`` until the context ends; gives the address: port 0 takes any.

    Raises ServiceError when the address cannot be had.
    """
    app = _Application(look, asyncio.get_running_loop())
    # Looking up names may take its time, which the event loop does not have.
    server = await asyncio.to_thread(_listen, address, app)
    with server:
        work = asyncio.create_task(asyncio.to_thread(server.serve_forever, 0.1))
        try:
            yield f"{server.server_name}:{server.server_port}"
        finally:
            await asyncio.to_thread(server.shutdown)
            await work


def _listen(address: str, app: "_Application") -> ThreadingWSGIServer:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    kind = _SixServer if ":" in host else _Server
    try:
        return make_server(host, int(port), app, kind, handler_class=_Quiet)
    except (OSError, OverflowError) as error:
        raise ServiceError(
            f"cannot serve on {address}: {error}",
            where="METRICS_ADDRESS",
            hint="give a free port of this machine",
        ) from error


class _Server(ThreadingWSGIServer):
    """Ends without waiting for the answers that are under way."""

    block_on_close = False


class _SixServer(_Server):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    timeout = ANSWER_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a line a request is no news."""


class _Application:
    """The pages, as WSGI asks for them, on any thread."""

    def __init__(self, look: Look, loop: asyncio.AbstractEventLoop) -> None:
        self._look = look
        self._loop = loop
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(_Numbers(self.look))
        self._metrics = make_wsgi_app(registry)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            page: Iterable[bytes] = self._metrics(environ, start_response)
            return page
        if path == "/healthz":
            troubles = troubles_of(self.look())
            start_response("503 Service Unavailable" if troubles else "200 OK", [_TEXT])
            return [("\n".join(troubles or ["ok"]) + "\n").encode()]
        start_response("404 Not Found", [_TEXT])
        return [b"/healthz, /metrics\n"]

    def look(self) -> Health:
        """What the event loop says."""

        async def ask() -> Health:
            return await self._look()

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(ANSWER_SECONDS)


def troubles_of(health: Health) -> list[str]:
    """Why the service does not do all its work at present; a line each."""
    return [
        f"the {account} account is not connected"
        for account, stands in health.connected.items()
        if not stands
    ]


class _Numbers(Collector):
    """The metrics of the service."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        """Nothing: what there is is known when it is asked for."""
        return []

    def collect(self) -> Iterable[Metric]:
        """All of them, of this moment."""
        return metrics_of(self._look(), datetime.now(UTC))


def metrics_of(health: Health, now: datetime) -> list[Metric]:
    """The metrics; times in seconds, as Prometheus names them."""
    standing = health.standing
    due_at = standing.oldest_due_at
    late = max(0.0, (now - due_at).total_seconds()) if due_at else 0.0
    info = InfoMetricFamily("dateline", "The version that runs")
    info.add_metric([], {"version": __version__})
    connected = GaugeMetricFamily(
        "dateline_connected", "Whether an account's connection stands", labels=["account"]
    )
    for account, stands in health.connected.items():
        connected.add_metric([account], float(stands))
    queue = GaugeMetricFamily(
        "dateline_outbox_messages", "Messages that wait, and that were given up", labels=["state"]
    )
    queue.add_metric(["queued"], standing.queued)
    queue.add_metric(["dead"], standing.dead)
    return [
        info,
        connected,
        queue,
        _gauge("outbox_lag_seconds", "How long the first message has been due", late),
        _gauge("alerts", "Saved queries", health.alerts),
        _gauge("scan_interval_seconds", "The effective interval of the scans", health.interval),
        _gauge("problems", "What could not be read or stored, set aside", standing.problems),
        _gauge("problems_dropped", "Of these, too many to be kept", standing.problems_dropped),
        *_channel_metrics(standing, now),
    ]


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", meaning, value=value)


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
