"""Connections to a server, and detecting that one is dead.

A network that drops packets silently does not close a connection: a client could wait for a reply
for hours. Where the operating system can detect it (unacknowledged packets, TCP keepalive), it is
told to, soon. Where it cannot, because a proxy acknowledges in between, the server is asked over a
second connection whether its process is still at work; behind a pooler, which hides that, only
whether it lets anybody in. So a statement may take as long as it needs, and one that nobody is
working on is given up.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from storage.postgres import codecs

SILENCE = 10.0
"""Seconds without an answer after which it is asked whether the server is at work."""
REACH = 10.0
"""Seconds in which a server must have let somebody in, or answered that question."""
LOOKS = 2
"""How often in a row it must not have been at work: an answer may be on its way."""

_IDLE, _BETWEEN, _TRIES = 10, 3, 3
_UNHEARD = 20

_TELLS_DEAD = {
    "tcp_keepalives_idle": str(_IDLE),
    "tcp_keepalives_interval": str(_BETWEEN),
    "tcp_keepalives_count": str(_TRIES),
    "tcp_user_timeout": str(_UNHEARD * 1000),
}
"""By which the server finds out, as we do, that the other side is gone: in 20 seconds."""
_OURS = {"TCP_KEEPIDLE": _IDLE, "TCP_KEEPINTVL": _BETWEEN, "TCP_KEEPCNT": _TRIES}
_IS_AT_WORK = "SELECT state = 'active' FROM pg_stat_activity WHERE pid = $1"

# Errors after which the next of the servers named is tried.
_NEXT = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TargetServerAttributeNotMatched,
)

# Errors that mean that the server cannot be asked whether it is at work.
_GONE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)


class Link(asyncpg.Connection):  # type: ignore[misc]  # it has no types
    """A connection. ``age`` tells whether it is known to be alive: see ``Way``."""

    __slots__ = ("age",)

    def keep(self, age: int) -> None:
        """Note that the connection was used successfully in this age."""
        self.age = age


class Way:
    """Makes connections to the server at ``url``; ``is_pooled``: a pooler answers there.

    Each lost connection starts a new age. A connection of an earlier age that has not been used
    successfully since may be dead too, and is not used again.
    """

    def __init__(self, url: str, *, is_pooled: bool = False) -> None:
        self._url = url
        self._is_pooled = is_pooled
        self.age = 0
        self.is_lost = False

    async def connect(self, url: str | None = None, **options: Any) -> Link:
        """A new connection, to the first of the servers in ``url`` that qualifies. Raises the
        driver's errors."""
        failure: Exception | None = None
        for one in one_by_one(url or self._url):
            try:
                link = await asyncpg.connect(
                    one,
                    timeout=REACH,
                    **{"connection_class": Link, "statement_cache_size": 0, **options},
                )
            except _NEXT as error:
                failure = error
            else:
                link.keep(self.age)
                _tell_dead(link)
                return link  # type: ignore[no-any-return]  # the driver has no types
        raise failure or ConnectionError

    async def make_pool(self, most: int) -> asyncpg.Pool:
        """A pool of at most ``most`` connections, opened on demand."""
        # A pooler gives each transaction another server connection, without statements prepared
        # on an earlier one; it may also refuse these settings.
        cache = 0 if self._is_pooled else 100
        settings = {} if self._is_pooled else _TELLS_DEAD
        return await asyncpg.create_pool(
            self._url,
            connect=self.connect,
            connection_class=Link,
            min_size=0,  # else the pool keeps reconnecting while the server is away
            max_size=most,
            init=_set_up,
            reset=_reset_nothing,
            server_settings={"application_name": "dateline", **settings},
            statement_cache_size=cache,
        )

    def is_doubtful(self, driver: Any) -> bool:
        """Whether a connection may be dead, since another one was lost."""
        return bool(driver.age < self.age)

    def serves(self, driver: Any) -> None:
        """Note that a connection was used successfully."""
        self.is_lost = False
        if not driver.is_closed():
            driver.keep(self.age)

    def lose(self, *, all_of_them: bool) -> None:
        """Note that a connection was lost or refused; ``all_of_them``: the others may be dead as
        well."""
        self.is_lost = True
        self.age += all_of_them

    @contextmanager
    def watched(self, driver: Any) -> Iterator[None]:
        """A context in which the server should reply; if its process is not at work, or the server
        cannot be asked, the connection is closed."""
        loop = asyncio.get_running_loop()
        looking: list[asyncio.Task[None]] = []
        timer = loop.call_later(
            SILENCE, lambda: looking.append(loop.create_task(self._look(driver)))
        )
        try:
            yield
        finally:
            timer.cancel()
            for task in looking:
                task.cancel()

    async def _look(self, driver: Any) -> None:
        try:
            process, place = driver.get_server_pid(), _place_of(driver)
        except asyncpg.InterfaceError:
            return  # returned to the pool meanwhile: nobody waits for it
        idle = 0
        while idle < LOOKS:
            await asyncio.sleep(idle and SILENCE / 2)
            try:
                async with asyncio.timeout(REACH):
                    idle = 0 if await self._is_at_work(process, place) else idle + 1
            except asyncpg.ProtocolViolationError:
                idle = 0  # a pooler answers, in its own words
            except _GONE:
                break
            except asyncpg.PostgresError:
                idle = 0  # it replies, for instance that it accepts no more connections
            if not idle:
                await asyncio.sleep(SILENCE)
        end(driver)

    async def _is_at_work(self, process: int, place: tuple[str, int]) -> bool:
        """Whether a server process is active, on the very server it runs on, whatever other servers
        ``url`` names. Behind a pooler that cannot be known."""
        host, port = place
        one = one_by_one(self._url)[0]
        link = await self.connect(one, host=host, port=port, target_session_attrs="any")
        try:
            return self._is_pooled or await link.fetchval(_IS_AT_WORK, process) is True
        finally:
            end(link)


def _place_of(driver: Any) -> tuple[str, int]:
    """The host and port of a connection; for a Unix socket the folder is the host."""
    address = driver._addr
    if isinstance(address, str):
        folder, _, port = address.rpartition("/.s.PGSQL.")
        return folder, int(port)
    host, port = address
    return host, port


def one_by_one(url: str) -> list[str]:
    """An address for each server that an address names, in order, so that one that does not answer
    uses up only its own time-out."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    return [
        urlunsplit(parts._replace(netloc=f"{user}{at}{host}")) if "," in hosts else url
        for host in hosts.split(",")
    ]


def end(driver: Any) -> None:
    """Close a connection in whatever state; another will replace it."""
    with contextlib.suppress(asyncpg.InterfaceError):  # closed already
        driver.terminate()


async def give_back(pool: asyncpg.Pool, driver: Any) -> None:
    """Return a connection to its pool. One that is just closing, or whose query could not be
    cancelled, is dropped from the pool."""
    try:
        await pool.release(driver)
    except (*_GONE, asyncpg.PostgresError):
        end(driver)


async def _set_up(link: Link) -> None:
    try:
        async with asyncio.timeout(REACH):
            await codecs.set_up(link)
    except BaseException:
        end(link)
        raise


async def _reset_nothing(_driver: object) -> None:
    """No state outlives a transaction on a connection, so nothing needs a reset."""


def _tell_dead(link: Link) -> None:
    """Turn on TCP keepalive and the time-out for unacknowledged data, as far as the system has
    them."""
    line = link._transport.get_extra_info("socket")
    if line.family == getattr(socket, "AF_UNIX", None):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, seconds in _OURS.items():
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD * 1000)
