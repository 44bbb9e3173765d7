"""The addresses that are called with the service's state, for when Telegram itself is down.

What follows the host in such an address is a secret: it is neither logged nor shown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx2
import structlog

from bot.settings import Settings
from handlers.operators.alarm import News
from storage.version import __version__

TIMEOUT = 10.0
HEARTBEAT_SECONDS = 60.0
LOOK_SECONDS = 2.0
DELAYS = (1.0, 5.0, 15.0, 60.0, 180.0)
"""Seconds before each retry of news that was not accepted; then it is given up."""
REDIRECTIONS = 5

log = structlog.get_logger("webhooks")


class NotTakenError(Exception):
    """An address did not accept a request; the message contains nothing secret."""


class Address:
    """An address from the setting ``name``."""

    def __init__(self, name: str, url: str, web: httpx2.AsyncClient) -> None:
        self._name = name
        self._url = url
        self._host = urlsplit(url).hostname
        self._web = web
        self._is_failing = False

    async def ask(self, method: str, content: object = None) -> bool:
        """Make one request, with ``content`` as JSON if there is any; returns whether it was
        accepted.

        The first failure is logged, and the first success after it.
        """
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._ask(method, content)
        except (NotTakenError, TimeoutError) as error:
            reason = str(error) or "no answer in time"
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            reason = type(error).__name__
        else:
            if self._is_failing:
                log.info("is heard again", setting=self._name)
            self._is_failing = False
            return True
        if not self._is_failing:
            log.warning("is not heard", setting=self._name, host=self._host, reason=reason)
        self._is_failing = True
        return False

    async def _ask(self, method: str, content: object) -> None:
        """Follow redirections with the same method and content, over HTTP alone."""
        url = httpx2.URL(self._url)
        for _ in range(REDIRECTIONS + 1):
            answer = await self._web.request(method, url, json=content)
            if not answer.has_redirect_location:
                break
            url = url.join(answer.headers["location"])
        if not answer.is_success:
            raise NotTakenError(f"it answers {answer.status_code}")


class Heartbeat:
    """Requests an address every minute while the service is ready."""

    def __init__(self, address: Address, is_ready: Callable[[], Awaitable[bool]]) -> None:
        self._address = address
        self._is_ready = is_ready

    async def run(self) -> None:
        """Work until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            if not await self._is_ready():
                await asyncio.sleep(LOOK_SECONDS)
                continue
            asked_at = clock()
            await self._address.ask("GET")
            await asyncio.sleep(max(0.0, asked_at + HEARTBEAT_SECONDS - clock()))


class Notifier:
    """Posts news to an address, in order."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._news: asyncio.Queue[News] = asyncio.Queue()

    def tell(self, news: News) -> None:
        """Queue news for posting."""
        self._news.put_nowait(news)

    async def run(self) -> None:
        """Post what is queued until cancelled."""
        while True:
            await self._post(await self._news.get())

    async def _post(self, news: News) -> None:
        content = {
            "reason": news.reason,
            "since": news.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "over": news.is_over,
        }
        for delay in (*DELAYS, None):
            if await self._address.ask("POST", content):
                return
            if delay is not None:
                await asyncio.sleep(delay)
        log.error("nobody took the news", reason=news.reason, over=news.is_over)


async def run(
    settings: Settings,
    is_ready: Callable[[], Awaitable[bool]],
    listen: Callable[[Callable[[News], None]], None],
) -> None:
    """Serve the addresses in the settings until cancelled.

    ``listen`` is called with the function that is to be given news.
    """
    if settings.heartbeat_url is None and settings.notify_url is None:
        await asyncio.Event().wait()  # a web client takes some 50 ms of a start
    headers = {"User-Agent": f"Dateline/{__version__}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=TIMEOUT) as web,
        asyncio.TaskGroup() as tasks,
    ):
        if settings.heartbeat_url is not None:
            address = Address("HEARTBEAT_URL", settings.heartbeat_url, web)
            tasks.create_task(Heartbeat(address, is_ready).run())
        if settings.notify_url is not None:
            notifier = Notifier(Address("NOTIFY_URL", settings.notify_url, web))
            listen(notifier.tell)
            tasks.create_task(notifier.run())
        await asyncio.Event().wait()
