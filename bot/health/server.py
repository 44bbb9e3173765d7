"""``/livez``, ``/readyz`` and ``/metrics`` on METRICS_ADDRESS.

Prometheus's own client writes the metrics, and its server answers on threads of its own; the values
are read on the event loop at the moment of the request.
"""

import asyncio
import contextlib
import json
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import structlog
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app

from bot.health.metrics import Numbers
from bot.health.monitor import Health
from storage.errors import ServiceError

ANSWER_SECONDS = 10.0
REFUSED_SECONDS = 0.2
_TEXT = ("Content-Type", "text/plain; charset=utf-8")
_JSON = ("Content-Type", "application/json")
_FINE = "200 OK"
_NOT_FINE = "503 Service Unavailable"

log = structlog.get_logger("health")

Look = Callable[[], Awaitable[Health]]
T = TypeVar("T")


@contextlib.asynccontextmanager
async def serving(address: str, look: Look) -> AsyncIterator[str]:
    """Serve on ``host:port`` until the context ends; yields the actual address, since port 0 takes
    any.

    Raises ServiceError if the address is not available.
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
    """A server that stops without waiting for answers in progress."""

    block_on_close = False

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection. After a failure pause a little, since clients keep trying."""
        try:
            return super().get_request()
        except OSError:
            time.sleep(REFUSED_SECONDS)
            raise

    def handle_error(self, request: object, client_address: object) -> None:
        """Log why a page failed."""
        log.warning("a page was not given", error=repr(sys.exception()))


class _SixServer(_Server):
    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    timeout = ANSWER_SECONDS

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing for a request."""


class _Application:
    """The WSGI application; it is called on any thread."""

    def __init__(self, look: Look, loop: asyncio.AbstractEventLoop) -> None:
        self._look = look
        self._loop = loop
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        registry.register(Numbers(self.look))
        self._metrics = make_wsgi_app(registry)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        match environ.get("PATH_INFO"):
            case "/metrics":
                page: Iterable[bytes] = self._metrics(environ, start_response)
                return page
            case "/livez":
                return self._live(start_response)
            case "/readyz" | "/healthz":
                return self._ready(start_response)
        start_response("404 Not Found", [_TEXT])
        return [b"/livez, /readyz, /metrics\n"]

    def look(self) -> Health:
        """The service's state, read on the event loop. Raises TimeoutError if the loop does not
        answer."""
        return self._ask(self._look)

    def _live(self, start_response: StartResponse) -> Iterable[bytes]:
        try:
            self._ask(_nothing)
        except TimeoutError:
            start_response(_NOT_FINE, [_TEXT])
            return [b"the service does not answer\n"]
        start_response(_FINE, [_TEXT])
        return [b"ok\n"]

    def _ready(self, start_response: StartResponse) -> Iterable[bytes]:
        try:
            health = self.look()
            is_ready, reasons = health.is_ready, health.reasons
        except TimeoutError:
            is_ready, reasons = False, ()
        start_response(_FINE if is_ready else _NOT_FINE, [_JSON])
        answer = {"ready": is_ready, "reasons": reasons}
        return [json.dumps(answer, separators=(",", ":")).encode() + b"\n"]

    def _ask(self, make: Callable[[], Awaitable[T]]) -> T:
        async def ask() -> T:
            return await make()

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(ANSWER_SECONDS)


async def _nothing() -> None:
    pass
