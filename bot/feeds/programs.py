"""The interface for programs: the operations of ``handlers.programs`` as paths under ``/api``."""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.feeds.limits import Allowance
from handlers.conversation.services import Services
from handlers.programs import answering, openapi, problems
from handlers.programs.operations import OPERATIONS, Operation
from handlers.programs.problems import Problem, RefusedError
from handlers.render.documents import json_lines
from storage.subscribers import tokens

ROOM = "/api"
A_MINUTE = 60.0
BY_TOKEN = 60
"""Requests a minute with one token."""
MOST_BYTES = 32_000_000
"""What is larger is not sent: a hundred posts of the longest come to a fraction of it."""

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
_BEARER = re.compile(r"bearer +([!-~]+) *", re.ASCII | re.IGNORECASE)

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger("feeds")


class Programs:
    """The paths. ``ask`` has something done where the database is at home."""

    def __init__(
        self, services: Services, ask: Callable[[Coroutine[Any, Any, Any]], Awaitable[Any]]
    ) -> None:
        self._services, self._ask = services, ask
        self._by_token = Allowance(BY_TOKEN, A_MINUTE)

    def list_routes(self, limited: Callable[[Answer], Answer]) -> list[Route]:
        """A route for each operation, for the description, and for all that is neither."""
        answers = {
            operation.path.replace("{id}", "{id:path}"): self._answering(operation)
            for operation in OPERATIONS
        }
        answers |= {openapi.PATH: self._describe, ROOM + "/{rest:path}": _nothing}
        return [Route(path, limited(answer)) for path, answer in answers.items()]

    def _answering(self, operation: Operation) -> Answer:
        async def answer(request: Request) -> Response:
            try:
                members = await self._read(operation, request)
            except Exception as error:
                problem = problems.problem_of(error)
                if problem is None:
                    raise
                if problem.status >= 500:
                    log.warning("a program was not answered", error=repr(error))
                return refused(problem)
            return await _told(request, members)

        return answer

    async def _read(self, operation: Operation, request: Request) -> Any:
        given = _BEARER.fullmatch(request.headers.get("authorization", ""))
        if given is None:
            raise RefusedError(problems.NO_TOKEN)
        if not self._by_token.take(tokens.hash_of(given[1]), time.monotonic()):
            raise RefusedError(problems.TOO_OFTEN)
        arguments = [*request.path_params.items(), *request.query_params.multi_items()]
        now = datetime.now(UTC)
        asked = answering.answer(operation, given[1], arguments, self._services, now=now)
        return await self._ask(asked)

    async def _describe(self, request: Request) -> Response:
        return await _told(request, openapi.describe(self._services.feeds_url))


async def _told(request: Request, members: dict[str, object]) -> Response:
    """The members, or that they are as they were (RFC 9110, section 13.1.2)."""
    body = await run_in_threadpool(lambda: json_lines.write(members).encode("utf-8", "replace"))
    if len(body) > MOST_BYTES:
        return refused(Problem(503, "this is too large to be given: ask for less"))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def is_known(request: Request, tag: str) -> bool:
    """Whether the client says that it has the content with this entity tag."""
    given = request.headers.get("if-none-match", "")
    tags = [one.strip().removeprefix("W/") for one in given.split(",")]
    return tag in tags or "*" in tags


def is_of_programs(request: Request) -> bool:
    """Whether a request is for these paths."""
    path = request.url.path
    return path == ROOM or path.startswith(ROOM + "/")


def refused(problem: Problem) -> Response:
    """A problem as it is answered."""
    headers = dict(HEADERS)
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="dateline"'
    if problem.status in (429, 503):
        headers |= {"Retry-After": "60", "Connection": "close"}
    if problem.status == 405:
        headers["Allow"] = "GET, HEAD"
    body = json_lines.write(problem.members()).encode("utf-8", "replace")
    return Response(body, problem.status, headers=headers, media_type=problems.MIME)


async def _nothing(request: Request) -> Response:
    return refused(problems.NOTHING_HERE)
