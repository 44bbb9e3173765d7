"""The way to a server: connections are made over it, and it may be gone without a word.

A network that swallows what is sent ends no connection: whoever waits for an answer would wait for
hours. Where the machine can tell (packets that nobody acknowledges) it is asked to, and soon. Where
it can't, for something between takes them, the server is asked over another connection whether it
is at work still. So a statement may take as long as it needs, and one that nobody is at is given
up.
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

# What says that another of the servers named may be better.
_NEXT = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TargetServerAttributeNotMatched,
)

# What says that the server cannot be asked whether it is at work.
_GONE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)


class Link(asyncpg.Connection):  # type: ignore[misc]  # it has no types
    """A connection. ``age`` tells whether it is known to stand: see ``Way``."""

    __slots__ = ("age",)

    def keep(self, age: int) -> None:
        """It has served in this age."""
        self.age = age


class Way:
    """The way to the server at ``url``; ``is_pooled``: what answers there is no server itself.

    Each loss of a connection begins a new age. What was made in an older one and has not served
    since may be gone as well, and is not used again.
    """

    def __init__(self, url: str, *, is_pooled: bool = False) -> None:
        self._url = url
        self._is_pooled = is_pooled
        self.age = 0
        self.is_lost = False

    async def connect(self, url: str | None = None, **options: Any) -> Link:
        """A new connection, to the first of the servers named that is what is asked for. Raises
        what the driver does."""
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
        """A pool of at most so many, which are made when they are asked for."""
        # A pooler gives each transaction another connection: statements prepared on one are not
        # there, nor may it know these settings.
        cache = 0 if self._is_pooled else 100
        settings = {} if self._is_pooled else _TELLS_DEAD
        return await asyncpg.create_pool(
            self._url,
            connect=self.connect,
            connection_class=Link,
            min_size=0,  # else it goes on by itself while the server is away, and logs how it fails
            max_size=most,
            init=_set_up,
            reset=_reset_nothing,
            server_settings={"application_name": "dateline", **settings},
            statement_cache_size=cache,
        )

    def is_doubtful(self, driver: Any) -> bool:
        """Whether a connection may be gone, since another one was lost."""
        return bool(driver.age < self.age)

    def serves(self, driver: Any) -> None:
        """A connection has served."""
        self.is_lost = False
        if not driver.is_closed():
            driver.keep(self.age)

    def lose(self, *, all_of_them: bool) -> None:
        """A connection was lost, or could not be made; it may be that ``all_of_them`` are."""
        self.is_lost = True
        self.age += all_of_them

    @contextmanager
    def watched(self, driver: Any) -> Iterator[None]:
        """Inside the block the server is to answer; where nobody is at it the connection ends."""
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
            return  # it was given back meanwhile: nobody waits for it
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
                idle = 0  # it answers: that it lets nobody else in, say
            if not idle:
                await asyncio.sleep(SILENCE)
        end(driver)

    async def _is_at_work(self, process: int, place: tuple[str, int]) -> bool:
        """Whether a process of the server's is at work, at the place where it is, whatever other
        servers are named; behind a pooler that can't be known."""
        host, port = place
        one = one_by_one(self._url)[0]
        link = await self.connect(one, host=host, port=port, target_session_attrs="any")
        try:
            return self._is_pooled or await link.fetchval(_IS_AT_WORK, process) is True
        finally:
            end(link)


def _place_of(driver: Any) -> tuple[str, int]:
    """The host and port that a connection leads to; the folder of a socket's file as its host."""
    address = driver._addr
    if isinstance(address, str):
        folder, _, port = address.rpartition("/.s.PGSQL.")
        return folder, int(port)
    host, port = address
    return host, port


def one_by_one(url: str) -> list[str]:
    """The address of each server that an address names, in order: who does not answer takes the
    time of no other."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    return [
        urlunsplit(parts._replace(netloc=f"{user}{at}{host}")) if "," in hosts else url
        for host in hosts.split(",")
    ]


def end(driver: Any) -> None:
    """End a connection, whatever state it is in: another one comes in its place."""
    with contextlib.suppress(asyncpg.InterfaceError):  # its end has been seen already
        driver.terminate()


async def give_back(pool: asyncpg.Pool, driver: Any) -> None:
    """Give a connection back to its pool. One that ends at that very moment, or that could not be
    told to give up what it was asked, is none of the pool's any more."""
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
    """Nothing that outlives a transaction is set on a connection: there is nothing to undo."""


def _tell_dead(link: Link) -> None:
    """Have the machine tell of a connection whose other side is gone, as far as it knows how."""
    line = link._transport.get_extra_info("socket")
    if line.family == getattr(socket, "AF_UNIX", None):
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, seconds in _OURS.items():
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD * 1000)
