"""The server of feeds: uvicorn on a thread of its own, so that a flood of requests is no work of
the service's event loop. It ends with the task that runs it, and handles no signals."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.feeds import listening
from bot.feeds.application import Application
from bot.feeds.limits import asker
from bot.feeds.listening import Listener
from bot.settings import Settings
from handlers.conversation.services import Services
from storage.structs import replace

CONNECTIONS, OF_ONE = 64, 32
"""Connections at once: all, and of one address."""
CONNECTION_SECONDS = 30.0
"""How long a connection lasts, whatever comes over it: who writes or reads slowly is cut off."""
HEADER_BYTES = 16_384
"""Of a request, its line and headers."""
RECEIVED_BYTES = 131_072
"""What a connection may bring, with bodies, which nothing here reads."""
ANSWER_SECONDS = 20.0
IDLE_SECONDS = 5
"""How long a connection waits for its next request."""

T = TypeVar("T")

log = structlog.get_logger("feeds")


async def begin(
    settings: Settings, services: Services
) -> tuple[Services, Coroutine[object, object, None]]:
    """Listen on FEEDS_ADDRESS; gives the services, which know where, and what serves until it is
    cancelled. Raises ServiceError when the address cannot be had."""
    listener = await asyncio.to_thread(listening.listen, settings.feeds_address or "")
    url = (settings.feeds_url or listener.url).rstrip("/")
    services = replace(services, feeds_url=url)
    log.info("feeds are served", address=listener.url)
    return services, run(listener, services)


async def run(listener: Listener, services: Services) -> None:
    """Serve until this is cancelled."""
    loop = asyncio.get_running_loop()

    async def ask(work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, loop)
        async with asyncio.timeout(ANSWER_SECONDS):
            return await asyncio.wrap_future(future)

    server = _Server(_config(Application(services, ask)))
    with ThreadPoolExecutor(1, thread_name_prefix="feeds") as threads:
        work = loop.run_in_executor(threads, server.run, [listener.bound])
        try:
            await asyncio.shield(work)
        finally:
            server.should_exit = server.force_exit = True
            await asyncio.wait([work])
            listener.bound.close()


class _Server(uvicorn.Server):
    """Ends without waiting for the answers that are under way, and leaves no connection behind."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        for _ in range(2):  # what was aborted is closed with the next turn
            await asyncio.sleep(0)


def _config(application: Application) -> uvicorn.Config:
    return uvicorn.Config(
        application.routes,
        http=_limited(),
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        log_level=logging.CRITICAL + 1,  # addresses are secret, what strangers send is no news
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=HEADER_BYTES,
    )


def _limited() -> type[H11Protocol]:
    """The protocol of one server's connections, limited in number, time and bytes."""
    counts: Counter[str] = Counter()

    class Limited(H11Protocol):
        _host = ""
        _is_counted = False
        _bytes = 0
        _end: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._host = asker(self.client[0] if self.client else None)
            if counts.total() >= CONNECTIONS or counts[self._host] >= OF_ONE:
                transport.abort()
                return
            counts[self._host] += 1
            self._is_counted = True
            self._end = self.loop.call_later(CONNECTION_SECONDS, transport.abort)

        def connection_lost(self, exc: Exception | None) -> None:
            if self._end is not None:
                self._end.cancel()
            if self._is_counted:
                self._is_counted = False
                counts[self._host] -= 1
                if not counts[self._host]:
                    del counts[self._host]
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            self._bytes += len(data)
            if self._bytes > RECEIVED_BYTES:
                self.transport.abort()
            else:
                super().data_received(data)

    return Limited
