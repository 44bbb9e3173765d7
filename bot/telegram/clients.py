"""The Telethon clients: built, connected, called. The only place that knows how Telethon fails.

The settings here follow from Telethon's source (1.45): it retries and sleeps on its own, in ways
that hide what happened. So its retries are off, every call has a time limit, flood waits are left
to the caller, and connecting is retried for ever, but with growing pauses.
"""

import asyncio
import contextlib
import itertools
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from telethon import errors, events
from telethon.tl import TLRequest
from telethon.tl.functions.updates import GetStateRequest

from bot.proxies.route import Route
from bot.settings import Settings
from bot.telegram import server_key, sessions
from bot.telegram.failures import (
    CALL_ERRORS,
    failure_of,
    is_logged_out,
    network_reason,
    not_logged_in,
)
from bot.telegram.kept_session import KeptSession
from bot.telegram.proxied import RoutedConnection, doubt
from bot.telegram.updates.hearing import CutError
from bot.telegram.updates.listening import ListeningClient
from storage.backoff import Backoff
from storage.errors import ServiceError
from storage.version import __version__

CALL_TIMEOUT = 20.0
CONNECT_TIMEOUT = 20.0
DISCONNECT_TIMEOUT = 1.0
STATE_INTERVAL = 2.0
PING_TICKS = 4
LOGIN_INTERVAL = 120.0

R = TypeVar("R")

log = structlog.get_logger("telegram")


class NotReachedError(ServiceError):
    """The server could not be reached, or did not answer in time. ``seconds``: its wait."""

    seconds = 0.0


class Client(ListeningClient):
    """A client that records which updates were handled, and reports reconnections and its end."""

    def __init__(
        self,
        session: KeptSession,
        settings: Settings,
        *,
        account: sessions.Account,
        route: Route,
        catch_up: bool = False,
        is_deaf: bool = False,
    ) -> None:
        self._backoff = Backoff()
        self.route = route
        begin = staticmethod(self.give_back_sending)
        given = {"backoff": self._backoff, "route": route, "account": account, "begin": begin}
        connection = type("Connection", (RoutedConnection,), given)
        host = settings.telegram_server.host if settings.telegram_server else ""
        super().__init__(
            session,
            settings.api_id,
            settings.api_hash,
            connection=connection,
            use_ipv6=":" in host,
            timeout=10,
            request_retries=0,
            connection_retries=0,
            retry_delay=0,
            auto_reconnect=True,
            sequential_updates=account == "bot",
            flood_sleep_threshold=0,
            raise_last_call_error=True,
            catch_up=catch_up,
            receive_updates=not is_deaf,
            app_version=__version__,
            device_model="Dateline",
        )
        self.hear(account, self._ask_once, is_deaf=is_deaf)
        self._was_signed_in = session.get_update_state(0) is not None
        self.on_reconnect: Callable[[], None] = lambda: None
        self._kept_state: object = None
        self._reconnections = 0
        self._begun = asyncio.Event()
        self._ending: BaseException | None = None
        self._ended = asyncio.Event()
        session.settled = self.is_settled
        # Updates come in before those who handle them.
        self.add_event_handler(self._wait_for_handlers, events.Raw())

    async def _wait_for_handlers(self, _: object) -> None:
        await self._begun.wait()

    def begin(self) -> None:
        """Begin to pass updates on; call it when every handler has been added."""
        self._begun.set()

    def cease(self) -> None:
        """Pass no more updates on; they count as not handled, and come again after a restart."""
        self._begun.clear()

    def was_signed_in(self) -> bool:
        """Whether this session was signed in before it was opened."""
        return self._was_signed_in

    def note(self, error: BaseException) -> None:
        """Remember an error that ends the login, or says that the account is frozen."""
        self.freezing.note(error)
        if is_logged_out(error):
            self._ending = error
            self._ended.set()

    async def wait_ended(self) -> str:
        """Wait until the client cannot be used any more; returns the reason."""
        ended = asyncio.ensure_future(self._ended.wait())
        gone = asyncio.ensure_future(self.disconnected)
        try:
            await asyncio.wait({ended, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            gone.cancel()
        error = self.fatal_error()
        if error is None and gone.done() and not gone.cancelled():
            error = gone.exception()
        return failure_of(error).reason if error else "the session was closed"

    def stands(self) -> bool:
        """Whether it is connected now, with a valid login."""
        return bool(self._sender._transport_connected()) and self.fatal_error() is None

    def answers(self) -> bool:
        """Whether it is connected and the server has answered the last ping."""
        return self.stands() and self._sender._ping is None

    def fatal_error(self) -> BaseException | None:
        """What ended this login, or made Telethon disconnect for good, if anything did."""
        error: BaseException | None = self._ending or self._updates_error
        return error

    async def keep_state(self) -> None:
        """Write the update state if all updates are handled, and retry a failed write."""
        failures = self.session.failures
        if self.session.failure is not None:
            self._kept_state = None
            self.session.save()
        state = self._message_box.session_state()
        if self.is_settled() and state != self._kept_state:
            await self._save_states_and_entities()
            self.session.save()
            self._kept_state = state if self.session.failures == failures else None

    def forget_waits(self) -> None:
        """Allow methods again that had to wait; the caller schedules waits itself.

        Telethon refuses a method for every chat while one chat's wait lasts.
        """
        self._flood_waited_requests.clear()

    def forget_ending(self) -> None:
        """Retrieve a failed connection's error, which asyncio would log otherwise."""
        ended = self._sender._disconnected
        if ended.done() and not ended.cancelled():
            ended.exception()

    def reconnect_for_good(self) -> None:
        """From now on, never give up reconnecting."""
        self._sender._retries = -1

    async def keep_alive(self) -> None:
        """Detect a dead network within two pings (Telethon's own take two minutes) and a login that
        has ended, and keep the state of updates; runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            # A call that waits for its answer must not hold up the pings.
            tasks.create_task(self._check_login())
            tasks.create_task(self.hearing.run())
            tasks.create_task(self._ping())

    async def _ping(self) -> None:
        for ticks in itertools.count(1):
            self.drop_cancelled()
            await self.keep_state()
            await asyncio.sleep(STATE_INTERVAL)
            if ticks % PING_TICKS == 0 and self._sender._transport_connected():
                with contextlib.suppress(ConnectionError):
                    self._sender._keepalive_ping(random.randrange(-(2**63), 2**63))  # noqa: S311

    async def _check_login(self) -> None:
        while True:
            await asyncio.sleep(LOGIN_INTERVAL)
            with contextlib.suppress(*CALL_ERRORS):
                await call(self, GetStateRequest())

    async def __call__(self, request: TLRequest, *arguments: object, **options: object) -> Any:
        """Make a call, as Telethon does, and note that the connection works."""
        result = await super().__call__(request, *arguments, **options)
        self._backoff.answered()
        return result

    async def _ask_once(self, request: TLRequest) -> Any:
        """Make a call within ``hearing.patience`` seconds. Raises ConnectionError."""
        stood, reconnections = self._sender._transport_connected(), self._reconnections
        try:
            result = await within(self.ask_plainly(request), self.hearing.patience)
        except TimeoutError:
            if not stood:
                raise ConnectionError("disconnected") from None
            if self._reconnections > reconnections or not self._sender._transport_connected():
                raise CutError from None
            raise
        except errors.RPCError as error:
            self.freezing.note(error)
            self.forget_waits()
            raise
        self._backoff.answered()
        return result

    async def _handle_auto_reconnect(self) -> None:
        await super()._handle_auto_reconnect()
        self._reconnections += 1
        self.hearing.reconnected()
        if self._catch_up:
            await self.catch_up()
        self.on_reconnect()


@contextlib.asynccontextmanager
async def opened(
    settings: Settings,
    account: sessions.Account,
    *,
    route: Route | None = None,
    catch_up: bool = False,
    is_deaf: bool = False,
) -> AsyncIterator[Client]:
    """A client with its session locked, not connected yet; disconnected at the end.

    ``is_deaf``: it gets no updates. Raises SessionInUseError, or ServiceError if the session was
    made for another server.
    """
    path = sessions.session_path(settings.data_dir, account)
    sessions.make_private(settings.data_dir)
    with sessions.locked(path):
        server = str(settings.telegram_server or sessions.TELEGRAM)
        sessions.refuse_other_server(path, server)
        server_key.use(settings.telegram_server_key)
        notes = {"server": server}
        if account == "bot" and settings.bot_token:
            notes["token"] = sessions.fingerprint(settings.bot_token)
            sessions.drop_other_token(path, notes["token"])
        sessions.write_notes(path, notes)
        route = route or Route(settings.proxy)
        try:
            client = _build(settings, account, path, route, catch_up=catch_up, is_deaf=is_deaf)
        except (TypeError, ValueError, OverflowError, OSError) as error:
            # A database with nothing, or something else, where Telethon expects what it wrote.
            raise sessions.unusable(path, error) from error
        try:
            yield client
        finally:
            await _disconnect(client)


def _build(
    settings: Settings, account: sessions.Account, path: Path, route: Route, **hears: bool
) -> Client:
    session = KeptSession(path, keeps_names=account == "user")
    server = settings.telegram_server
    if server and (session.server_address, session.port) != (server.host, server.port):
        session.set_dc(server.dc_id, server.host, server.port)
        session.save()
    return Client(session, settings, account=account, route=route, **hears)


async def connect(client: Client) -> None:
    """Connect once, or once through each of the proxies until one works.

    Raises NotReachedError; NotLoggedInError if the server no longer knows the session's key;
    ServiceError if the server's own key is not the expected one.
    """
    route, reasons = client.route, []
    for _ in range(max(1, len(route.proxies))):
        proxy = route.present
        route.take_reason()
        try:
            return await _connect(client)
        except NotReachedError as error:
            if proxy is None or error.seconds:
                raise
            silence = f"no answer{doubt(proxy)}"
            reasons.append(f"{proxy}: {route.take_reason() or silence}")
            route.leave(proxy, reasons[-1])
    what = "the proxy does not work" if len(reasons) == 1 else "none of the proxies works"
    hint = "check it, or name others" if len(reasons) == 1 else "name others"
    raise NotReachedError(f"{what}: {'; '.join(reasons)}", where="PROXY", hint=hint)


async def _connect(client: Client) -> None:
    host, port = client.session.server_address, client.session.port
    where = f"{host}:{port}" if host else "Telegram"
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            await client.connect()
    except sqlite3.Error as error:
        path = Path(client.session.filename)
        raise sessions.unusable(path, error) from error
    except errors.AuthKeyNotFound as error:
        raise not_logged_in(client.account, failure_of(error).reason) from error
    except (OSError, EOFError, TimeoutError, BufferError, errors.RPCError) as error:
        await _disconnect(client)
        client.forget_ending()
        if is_logged_out(error):
            raise not_logged_in(client.account, failure_of(error).reason) from error
        if "auth_key generation" in str(error):
            raise ServiceError(
                f"no common key with the server at {where}",
                where="TELEGRAM_SERVER_KEY",
                hint="name the public key of that server",
            ) from error
        reason = str(error) if isinstance(error, errors.RPCError) else network_reason(error)
        not_reached = NotReachedError(
            f"cannot connect to {where}: {reason}", where="Telegram", hint="check the network"
        )
        not_reached.seconds = failure_of(error).seconds
        raise not_reached from error
    client.reconnect_for_good()


async def connect_patiently(client: Client) -> None:
    """Connect, retrying with growing pauses while the server cannot be reached."""
    backoff = Backoff()
    while True:
        try:
            await connect(client)
        except NotReachedError as error:
            delay = 1.0 + backoff.next_delay(time.monotonic(), random.random())  # noqa: S311
            delay = max(delay, error.seconds)
            client.forget_waits()
            log.warning("not connected", account=client.account, error=str(error), retry_in=delay)
            await asyncio.sleep(delay)
        else:
            return


async def _disconnect(client: Client) -> None:
    # Telethon waits for the network in places: leaving must not.
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(DISCONNECT_TIMEOUT):
            await client.disconnect()


async def call(client: Client, request: TLRequest, *, timeout: float = CALL_TIMEOUT) -> Any:  # noqa: ASYNC109
    """Make one call. ``timeout`` in seconds, after which TimeoutError is raised.

    Raises Telethon's errors; ConnectionError where Telethon would cancel its caller.
    """
    try:
        return await within(client(request), timeout)
    except errors.FloodWaitError:
        client.forget_waits()
        raise
    except (errors.RPCError, errors.AuthKeyNotFound) as error:
        client.note(error)
        raise


async def within(awaitable: Awaitable[R], timeout: float = CALL_TIMEOUT) -> R:  # noqa: ASYNC109
    """Await a coroutine of Telethon's with a limit in seconds, since it has none of its own.

    Raises TimeoutError; ConnectionError where Telethon cancels its caller on disconnection.
    """
    try:
        async with asyncio.timeout(timeout):
            return await awaitable
    except EOFError as error:
        # A connection that ends in the middle of an answer: Telethon lets asyncio's error through.
        raise ConnectionError("disconnected") from error
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise ConnectionError("disconnected") from None
