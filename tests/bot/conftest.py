"""A sandbox, and unmodified Telethon clients that are signed in to it.

`sandbox` serves for one test. `new_client()` gives a client that points at it, not connected;
`await sign_in(account)` one that is connected and signed in; `listen(client, event)` an inbox of
what the client's handlers get. `await serve_as(account)` gives the client of the service. All
clients are disconnected at the end.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import holding_one
import pytest
from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import MemorySession

from bot import settings
from bot.demo import process
from bot.proxies.route import Route
from bot.sandbox.server import Sandbox
from bot.sandbox.world.accounts import Account, Bot
from bot.telegram.clients import Client
from bot.telegram.kept_session import KeptSession

NewClient = Callable[..., TelegramClient]
SignIn = Callable[..., Awaitable[TelegramClient]]
ServeAs = Callable[[Account], Awaitable[Client]]


@pytest.fixture(autouse=True, scope="module")
def one_connection_at_a_time() -> Iterator[None]:
    """Whoever holds a connection of the database waits for no other."""
    with pytest.MonkeyPatch.context() as patch:
        holding_one.watch(patch)
        yield


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.start() as running:
        yield running


@pytest.fixture
async def new_client(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[NewClient]:
    """Gives ``make(session=None, **options)``: a client as the service builds them. Their files
    may stand in ``tmp_path``, which stays until they are disconnected."""
    clients: list[TelegramClient] = []
    rsa.add_key(sandbox.public_key, old=False)

    def make(session: Any = None, **options: Any) -> TelegramClient:
        session = session or MemorySession()
        session.set_dc(2, "127.0.0.1", sandbox.port)
        settings: dict[str, Any] = {
            "request_retries": 0,
            "raise_last_call_error": True,
            "flood_sleep_threshold": 0,
            "retry_delay": 0.05,
            "connection_retries": -1,
        }
        client = TelegramClient(session, 1, "hash", **(settings | options))
        clients.append(client)
        return client

    yield make
    for client in clients:
        # A second disconnect would open the session file anew.
        if client.is_connected():
            await client.disconnect()


@pytest.fixture
def sign_in(new_client: NewClient) -> SignIn:
    """Gives ``await sign_in(account, session=None, **options)``."""

    async def enter(account: Account, session: Any = None, **options: Any) -> TelegramClient:
        client = new_client(session, **options)
        await client.connect()
        if await client.is_user_authorized():
            return client
        if isinstance(account, Bot):
            await client.sign_in(bot_token=account.token)
        else:
            await client.send_code_request(account.phone)
            await client.sign_in(account.phone, "12345")
        return client

    return enter


@pytest.fixture
async def serve_as(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[ServeAs]:
    """Gives ``await serve_as(account)``: the service's own client, signed in; it begins later."""
    opened: list[Client] = []
    rsa.add_key(sandbox.public_key, old=False)

    async def enter(account: Account) -> Client:
        is_bot = isinstance(account, Bot)
        bot = account if is_bot else sandbox.add_bot("helper_bot", token="1000:unused")
        (tmp_path / "no.env").touch()
        environment = process.environment_for(sandbox, bot, tmp_path, "")
        given = settings.load(environment, tmp_path / "no.env")
        session = KeptSession(tmp_path / f"{account.id}.session", keeps_names=not is_bot)
        session.set_dc(2, "127.0.0.1", sandbox.port)
        name: Any = "bot" if is_bot else "user"
        client = Client(session, given, account=name, route=Route(given.proxy))
        opened.append(client)
        await client.connect()
        if is_bot:
            await client.sign_in(bot_token=account.token)
        else:
            await client.send_code_request(account.phone)
            await client.sign_in(account.phone, "12345")
        return client

    yield enter
    for client in opened:
        await client.disconnect()


class Inbox:
    """What a client's handlers got, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()

    async def put(self, event: Any) -> None:
        await self._queue.put(event)

    async def next(self) -> Any:
        """Waits for the next event."""
        return await asyncio.wait_for(self._queue.get(), 10)

    def __len__(self) -> int:
        return self._queue.qsize()


@pytest.fixture
def listen() -> Callable[[TelegramClient, Any], Inbox]:
    def attach(client: TelegramClient, event: Any) -> Inbox:
        inbox = Inbox()
        client.add_event_handler(inbox.put, event)
        return inbox

    return attach
