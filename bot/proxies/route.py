"""Which of the proxies is used. One route for all clients of a process, so that they go one way.

There is no way around the proxies: where some are set, nothing is ever reached directly. What works
is kept; the first in the list is tried first at the next start.
"""

import asyncio
import math
import time
from collections.abc import Iterable
from typing import Protocol

import structlog

from bot.proxies.links import Proxy

PATIENCE = 20.0
"""Seconds without a connection that serves, after which the next proxy is tried. A network that
died without a word is noticed after at most 16 more, and one attempt takes at most 10."""
SETTLING = 2.0
"""Seconds between the end of what went through one proxy and the first connection through another:
Telegram ends a session for good that it sees at two addresses at once."""

log = structlog.get_logger("proxies")


class ProxyError(ConnectionError):
    """A proxy could not be used; the reason holds nothing secret."""


class Line(Protocol):
    """A connection through a proxy."""

    def cut(self) -> None:
        """End it at once."""


class Route:
    """The proxies in their order, and the present one. ``patience`` in seconds."""

    def __init__(self, proxies: Iterable[Proxy] = (), *, patience: float = PATIENCE) -> None:
        self.proxies = tuple(proxies)
        self._patience = patience
        self._index = 0
        self._lines: set[Line] = set()
        self._lost_at: dict[str, float] = {}
        self._open_from = -math.inf
        self._reason = ""

    @property
    def present(self) -> Proxy | None:
        """The proxy that is used now; None where none is set."""
        return self.proxies[self._index] if self.proxies else None

    def __str__(self) -> str:
        """What may be shown of the present one, and which it is; empty where none is set."""
        if len(self.proxies) < 2:
            return str(self.present or "")
        return f"{self.present} ({self._index + 1}/{len(self.proxies)})"

    async def settle(self) -> Proxy | None:
        """The present proxy, once nothing can be open any more through another."""
        left = self._open_from - time.monotonic()
        if left <= 0:
            return self.present
        await asyncio.sleep(left)
        return await self.settle()

    def add(self, line: Line) -> None:
        """A connection stands through the present proxy."""
        self._lines.add(line)

    def drop(self, line: Line) -> None:
        """A connection has ended."""
        self._lines.discard(line)

    def seek(self, account: str) -> None:
        """An account has no connection that serves."""
        self._lost_at.setdefault(account, time.monotonic())

    def serve(self, account: str) -> None:
        """Telegram has answered an account."""
        self._lost_at.pop(account, None)
        self._reason = ""

    def fail(self, proxy: Proxy, reason: str) -> ProxyError:
        """What is raised of an attempt through a proxy that failed."""
        self._reason = reason
        return ProxyError(f"{proxy}: {reason}")

    def take_reason(self) -> str:
        """Why the last attempt failed, as far as a connection could tell; once."""
        reason, self._reason = self._reason, ""
        return reason

    def left(self, account: str) -> float:
        """Seconds that the present proxy still has to serve an account, below 0 when they are
        over; without end where there is no other."""
        lost_at = self._lost_at.get(account)
        if len(self.proxies) < 2 or lost_at is None:
            return math.inf
        return lost_at + self._patience - time.monotonic()

    def leave(self, proxy: Proxy | None, reason: str = "") -> None:
        """Go on to the next proxy; nothing where there is none, or where another than ``proxy`` is
        used by now."""
        if proxy != self.present or len(self.proxies) < 2:
            return
        self._index = (self._index + 1) % len(self.proxies)
        self._lost_at.clear()
        reason = reason or self.take_reason() or "nothing comes through it"
        log.warning("proxy left", proxy=str(proxy), reason=reason, next=str(self))
        if self._lines:
            self._open_from = time.monotonic() + SETTLING
        for line in tuple(self._lines):
            line.cut()
