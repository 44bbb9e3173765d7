"""The sandbox: one object that serves clients and does what people on Telegram would do."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from telethon.tl import TLRequest

from bot.sandbox import previews
from bot.sandbox.gateway import Gateway
from bot.sandbox.previews import Previews
from bot.sandbox.protocol.handshake import KeyExchange
from bot.sandbox.protocol.keys import ServerKey, load_key
from bot.sandbox.rpc.call import CallRecord
from bot.sandbox.rpc.call_log import CallLog
from bot.sandbox.state.changes import PATIENCE
from bot.sandbox.state.ledger import Ledger
from bot.sandbox.state.messages import Message
from bot.sandbox.world.accounts import Account, Bot
from bot.sandbox.world.channels import Channel
from bot.sandbox.world.faults import Faults
from bot.sandbox.world.queries import Query
from bot.sandbox.world.users import User
from bot.sandbox.world.world import World
from storage.errors import UsageError

T = TypeVar("T")

HOST = "127.0.0.1"


class Sandbox:
    """A Telegram of its own on 127.0.0.1. Made by `Sandbox.start`; lives in one event loop."""

    def __init__(self, key: ServerKey, public_key_path: Path, port: int) -> None:
        self._port = port
        self._key = key
        self._server: asyncio.Server | None = None
        self._place: socket.socket | None = None
        self._world = World()
        self._log = CallLog()
        self.public_key_path = public_key_path
        self.faults = Faults(self._world)
        self._gateway = Gateway(self._world, KeyExchange(key), self.faults, self._log)
        self._world.pusher = self._gateway
        self.manners = self._world.manners

    @staticmethod
    def start(
        *, host: str = HOST, port: int = 0, key_path: Path | None = None
    ) -> "AbstractAsyncContextManager[Sandbox]":
        """Serves on 127.0.0.1 until the context ends; port 0 takes a free one.

        ``key_path`` keeps the server's private key (made when missing; the public key beside it,
        suffix ``.pub``), so that another start has the same. Raises UsageError for another host.
        """
        if host != HOST:
            raise UsageError(f"the sandbox listens on {HOST} only, not on {host}", where="sandbox")
        return _serve(port, key_path)

    # Where it is

    @property
    def port(self) -> int:
        return self._port

    @property
    def address(self) -> str:
        """What TELEGRAM_SERVER takes."""
        return f"2@{HOST}:{self._port}"

    @property
    def public_key(self) -> str:
        """The public key, PKCS#1 PEM."""
        return self._key.public_pem

    # What there is

    @property
    def ledger(self) -> Ledger:
        return self._world.ledger

    @property
    def calls(self) -> list[CallRecord]:
        """All calls, in order."""
        return self._log.all

    @property
    def unknown_calls(self) -> list[CallRecord]:
        """Calls of methods that the sandbox does not know; they got an error."""
        return self._log.unknown

    def add_user(
        self,
        first_name: str,
        *,
        phone: str | None = None,
        username: str | None = None,
        last_name: str | None = None,
        password: str | None = None,
        code: str = "12345",
        language: str = "en",
        number: int | None = None,
    ) -> User:
        """Makes a person; ``code`` and ``password`` are what signs them in. ``number``: their id,
        the next one unless given."""
        return self._world.add_user(
            first_name,
            phone=phone,
            username=username,
            last_name=last_name,
            password=password,
            code=code,
            language=language,
            number=number,
        )

    def add_bot(
        self, username: str, *, token: str | None = None, first_name: str | None = None
    ) -> Bot:
        """Makes a bot."""
        return self._world.add_bot(username, token=token, first_name=first_name)

    def add_channel(
        self,
        title: str,
        *,
        username: str | None = None,
        members: Iterable[Account] = (),
        admins: Iterable[Account] = (),
        about: str = "",
    ) -> Channel:
        """Makes a broadcast channel; private without a username."""
        return self._world.add_channel(
            title, username=username, members=members, admins=admins, about=about
        )

    def add_group(
        self,
        title: str,
        *,
        username: str | None = None,
        members: Iterable[Account] = (),
        admins: Iterable[Account] = (),
        forum: bool = False,
    ) -> Channel:
        """Makes a supergroup, or one with topics."""
        return self._world.add_channel(
            title,
            username=username,
            members=members,
            admins=admins,
            is_group=True,
            is_forum=forum,
        )

    # Waiting

    async def wait_for(
        self,
        find: Callable[[], T | None],
        *,
        what: str = "a condition",
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> T:
        """Waits until ``find`` gives something; it is asked again whenever anything changes."""
        return await self._world.changes.wait_for(find, what=what, timeout=timeout)

    async def wait_for_call(
        self,
        method: str,
        *,
        count: int = 1,
        account: Account | None = None,
        matching: Callable[[TLRequest], bool] | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> CallRecord:
        """Waits for the ``count``-th call ever of a method, by this account, that matches."""
        return await self.wait_for(
            lambda: self._log.find(method, count, account, matching),
            what=f"call {count} of {method}",
            timeout=timeout,
        )

    def count_calls(self, method: str, account: Account | None = None) -> int:
        """Tells how often a method was called (``*``: any)."""
        return self._log.count(method, account)

    def is_online(self, account: Account) -> bool:
        """Whether a client of this account is connected and gets pushes."""
        return self._gateway.is_online(account)

    def is_signed_in(self, account: Account) -> bool:
        """Whether a client has signed in to this account, and has not logged out."""
        return account.id in self._world.owners.values()

    @property
    def connection_count(self) -> int:
        """How many connections of clients are open."""
        return self._gateway.connection_count

    def access_hash(self, account: Account, target_id: int) -> int:
        """The number with which this account addresses a user or channel."""
        return self._world.views.access_hash(account, target_id)

    def press(self, user: User, message: Message, data: bytes) -> Query:
        """Presses a button of a bot's message, as a person does, or with data that is on none;
        gives what will hold the answer."""
        return self._world.queries.open(user, message, data)

    async def wait_online(self, account: Account, *, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Waits until a client of this account gets pushes."""
        await self.wait_for(
            lambda: self.is_online(account),
            what=f"{account.first_name} to be online",
            timeout=timeout,
        )

    async def wait_offline(
        self,
        account: Account,
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> None:
        """Waits until no client of this account is connected."""
        await self.wait_for(
            lambda: not self.is_online(account),
            what=f"{account.first_name} to be offline",
            timeout=timeout,
        )

    def raise_failures(self) -> None:
        """Raises what went wrong inside the sandbox itself; its context does so at its end."""
        if self._log.failures:
            raise ExceptionGroup("the sandbox failed", self._log.failures)

    # The network

    def serve_previews(self) -> AbstractAsyncContextManager[Previews]:
        """Serves the web previews of the public channels, on 127.0.0.1 until the context ends."""
        return previews.serve(self._world)

    def drop_connections(self, account: Account | None = None) -> None:
        """Cuts the connections of an account, or all; clients may come back."""
        self._gateway.drop_connections(account)

    def silence(self) -> None:
        """The network dies: what is sent either way is swallowed, and nobody is told. So it is with
        new connections too, until `end_silence`."""
        self._gateway.silence()

    def end_silence(self) -> None:
        """New connections work again; those of before or during the silence stay dead."""
        self._gateway.silent = False

    @property
    def reset_connections(self) -> bool:
        """Whether new connections are taken and cut at once."""
        return self._gateway.reset_connections

    @reset_connections.setter
    def reset_connections(self, reset: bool) -> None:
        self._gateway.reset_connections = reset

    def refuse_connections(self) -> None:
        """Takes no new connections; those that are there stay."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._place = _place_at(self._port)  # nobody else is given it meanwhile

    async def accept_connections(self) -> None:
        """Takes connections (again), on the same port."""
        if self._server is None:
            place, self._place = self._place or _place_at(self._port), None
            self._port = self._world.port = place.getsockname()[1]
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._gateway.make_connection, sock=place)

    async def stop_serving(self) -> None:
        """Stops as a server that is restarted: all connections end, the state stays."""
        self.refuse_connections()
        self._gateway.close()

    def leave(self) -> None:
        """Gives the port up, after `stop_serving`."""
        if self._place is not None:
            self._place.close()
            self._place = None

    async def serve_again(self) -> None:
        """Serves on after `stop_serving`, on the same port."""
        await self.accept_connections()


def _place_at(port: int) -> socket.socket:
    """A socket at the port, where nobody listens yet; 0 takes a free one."""
    # With the protocol named, asyncio sends each packet at once (TCP_NODELAY).
    place = socket.socket(proto=socket.IPPROTO_TCP)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind((HOST, port))
    except OSError:
        place.close()
        raise
    return place


@asynccontextmanager
async def _serve(port: int, key_path: Path | None) -> AsyncIterator[Sandbox]:
    key = await asyncio.to_thread(load_key, key_path)
    with tempfile.TemporaryDirectory(prefix="dateline-sandbox-") as folder:
        public_path = key_path.with_suffix(".pub") if key_path else Path(folder, "server.pub")
        public_path.write_text(key.public_pem, encoding="ascii")
        sandbox = Sandbox(key, public_path, port)
        await sandbox.accept_connections()
        try:
            yield sandbox
        finally:
            await sandbox.stop_serving()
            sandbox.leave()
        sandbox.raise_failures()
