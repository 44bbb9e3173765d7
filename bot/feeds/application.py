"""What is answered to whom: the one place where a request becomes a feed, a page, or an answer to
a program (``bot.feeds.programs``).

Whatever cannot be had is answered alike, so that guessing an address teaches nothing.
"""

import base64
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, TypeVar

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.feeds import programs
from bot.feeds.limits import KNOWN, Allowance, asker
from bot.feeds.programs import Answer, Programs
from bot.feeds.turns import Turns
from handlers.conversation.services import Services
from handlers.feeds import reading
from handlers.programs import problems
from handlers.render.answers.html_page import STYLE
from handlers.render.feeds import atom, json_feed
from storage.errors import StorageError
from storage.subscribers import feeds

A_MINUTE = 60.0
BY_ADDRESS, BY_FEED = 300, 30
"""Requests a minute, of one address and for one feed."""
AT_ONCE = 4
"""Requests that are read for at once; more wait for their turn."""
WAIT_SECONDS = 3.0
"""So long; then they are told to come again."""
WAITING, WAITING_OF_ONE = 64, 32
"""Requests that wait: all, and of one address. Whoever hung up meanwhile is counted too, and more
are told to come again at once: as many as may be connected all find a place."""
MOST_BYTES = 8_000_000
"""What is larger is not sent: a feed of 50 posts of the longest comes to a fraction of it."""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
_FORMATS = {".atom": (atom.atom, atom.MIME), ".json": (json_feed.json_feed, json_feed.MIME)}
_PLAIN = "text/plain; charset=utf-8"

T = TypeVar("T")
Ask = Callable[[Coroutine[Any, Any, T]], Awaitable[T]]

log = structlog.get_logger("feeds")


class Application:
    """The routes. ``ask`` has something done where the database is at home."""

    def __init__(self, services: Services, ask: Ask[Any]) -> None:
        self._services, self._ask = services, ask
        self._by_address = Allowance(BY_ADDRESS, A_MINUTE)
        self._by_feed = Allowance(BY_FEED, A_MINUTE)
        self._turns = Turns(AT_ONCE, waiting=WAITING, of_one=WAITING_OF_ONE)
        self._seen: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self.routes = Starlette(
            routes=[
                *Programs(services, ask).list_routes(self._answering),
                Route("/feeds/{name}", self._answering(self._feed)),
                Route("/posts/{feed}/{key}/{name:path}", self._answering(self._post)),
                Route("/stories/{feed}/{key}/{name:path}", self._answering(self._story)),
                Route("/{rest:path}", self._answering(_nothing)),
            ],
            exception_handlers={405: _read_only},
        )

    def _answering(self, answer: Answer) -> Answer:
        async def limited(request: Request) -> Response:
            address = asker(request.client.host if request.client else None)
            if not self._by_address.take(address, time.monotonic()):
                return _later(request, 429)
            try:
                async with self._turns.turn(address, WAIT_SECONDS):
                    if await request.is_disconnected():  # nobody is there to be answered
                        return _later(request, 503)
                    return await _answered(answer, request)
            except TimeoutError:
                return _later(request, 503)

        return limited

    async def _feed(self, request: Request) -> Response:
        secret, suffix = _split(request.path_params["name"])
        if suffix not in _FORMATS:
            return _not_found()
        counted = feeds.hash_of(secret)
        if not self._by_feed.take(counted, time.monotonic()):
            return _later(request, 429)
        now = datetime.now(UTC)
        told = await self._ask(reading.read_feed(secret, suffix, self._services, now=now))
        if told is None:
            return _not_found()
        write, mime = _FORMATS[suffix]
        body = await run_in_threadpool(write, told)
        return self._conditional(request, body, mime, counted + suffix, now)

    def _conditional(
        self, request: Request, body: bytes, mime: str, name: str, now: datetime
    ) -> Response:
        """The body, or that it is as it was (RFC 9110, section 13).

        Last-Modified is when this body was first given, one second later at least for each other
        one: only the very same time means the very same body.
        """
        if len(body) > MOST_BYTES:
            log.warning("a feed was too large to be given", bytes=len(body))
            return _later(request, 503)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        known, changed = self._seen.pop(name, ("", 0))
        if known != tag:
            changed = max(int(now.timestamp()), changed + 1)
        self._seen[name] = (tag, changed)
        if len(self._seen) > KNOWN:
            self._seen.popitem(last=False)
        at = format_datetime(datetime.fromtimestamp(changed, UTC), usegmt=True)
        headers = {**HEADERS, "ETag": tag, "Last-Modified": at}
        if _is_known(request, tag, at):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=mime, headers=headers)

    async def _post(self, request: Request) -> Response:
        return await self._page(request, reading.read_post)

    async def _story(self, request: Request) -> Response:
        return await self._page(request, reading.read_story)

    async def _page(self, request: Request, read: Any) -> Response:
        given = request.path_params
        now = datetime.now(UTC)
        asked = read(given["feed"], given["key"], given["name"], self._services, now=now)
        page = await self._ask(asked)
        if page is None:
            return _not_found()
        html = "text/html; charset=utf-8"
        return self._conditional(request, page.encode("utf-8"), html, given["key"], now)


async def _answered(answer: Answer, request: Request) -> Response:
    try:
        return await answer(request)
    except (TimeoutError, StorageError) as error:
        log.warning("a feed or a page was not given", error=repr(error))
        return _later(request, 503)
    except Exception as error:
        log.error("a feed or a page failed", exc_info=error)
        raise


def _split(name: str) -> tuple[str, str]:
    secret, dot, suffix = name.rpartition(".")
    return secret, dot + suffix


def _is_known(request: Request, tag: str, at: str) -> bool:
    """Whether the client has it already; an entity tag takes precedence over a time."""
    if "if-none-match" in request.headers:
        return programs.is_known(request, tag)
    return request.headers.get("if-modified-since") == at


async def _nothing(request: Request) -> Response:
    return _not_found()


def _not_found() -> Response:
    return Response("not found\n", 404, headers=HEADERS, media_type=_PLAIN)


def _later(request: Request, status: int) -> Response:
    if programs.is_of_programs(request):
        return programs.refused(problems.TOO_OFTEN if status == 429 else problems.TOO_MANY)
    headers = {**HEADERS, "Retry-After": "60", "Connection": "close"}
    return Response("try again later\n", status, headers=headers, media_type=_PLAIN)


async def _read_only(request: Request, error: Exception) -> Response:
    if programs.is_of_programs(request):
        return programs.refused(problems.READ_ONLY)
    given = error.headers if isinstance(error, HTTPException) else None
    return Response("read only\n", 405, headers={**HEADERS, **(given or {})}, media_type=_PLAIN)
