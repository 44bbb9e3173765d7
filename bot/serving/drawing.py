"""Edits messages after button presses, within the rate limits; of each message only the newest page
is shown.

Edits count like messages (core.telegram.org/bots/faq, "My bot is hitting limits"): they use the
same buckets, and a page that is superseded while it waits is never shown.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from msgspec import Struct
from telethon.tl import types

from bot.process.gate import Gate
from bot.serving.press_updates import Query
from bot.telegram import clients, failures, outgoing, retry
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from handlers.conversation.requests import PressResult
from storage.backoff import backoff
from storage.structs import replace

MOST_TRIES = 4
LONGEST_WAIT = 60.0
"""The longest flood wait, in seconds, after which an edit is retried; after longer ones the step is
sent as a message."""

log = structlog.get_logger("presses")


class Drawing(Struct, frozen=True, kw_only=True):
    """The result of a press, to be shown in its message. ``to``: the chat's peer; ``since``: when
    it began to wait, and ``after``: the earliest time to show it, in seconds of the loop's
    clock."""

    query: Query
    result: PressResult
    to: types.TypeInputPeer
    since: float
    after: float = 0.0
    tries: int = 0

    @property
    def target(self) -> tuple[int, int]:
        """The message to edit: chat id and message id."""
        return self.query.chat_id, self.query.message_id

    def request(self) -> outgoing.Request | None:
        """The request that edits the message; None if there is nothing to edit."""
        result = self.result
        if result.edit is not None:
            return outgoing.edit_request(self.to, self.query.message_id, result.edit)
        if result.keyboard is not None:
            return outgoing.edit_buttons_request(self.to, self.query.message_id, result.keyboard)
        return None


class Drawer:
    """Edits messages. ``on_refused(drawing)`` is awaited for a step that no edit can show."""

    def __init__(
        self,
        client: Client,
        pace: Pace,
        gate: Gate,
        tasks: asyncio.TaskGroup,
        *,
        on_refused: Callable[[Drawing], Awaitable[None]],
    ) -> None:
        self._client = client
        self._pace = pace
        self._gate = gate
        self._tasks = tasks
        self._on_refused = on_refused
        self._waiting: dict[tuple[int, int], Drawing] = {}
        self._under_way: set[tuple[int, int]] = set()
        self._news = asyncio.Event()
        self._running = False

    def draw(self, drawing: Drawing) -> None:
        """Show this as soon as the rate limits allow, instead of what still waits for that
        message."""
        if drawing.request() is None:
            return
        former = self._waiting.get(drawing.target)
        if former is not None:
            drawing = replace(drawing, since=former.since, after=former.after)
        self._put(drawing)

    def _put(self, drawing: Drawing) -> None:
        self._waiting[drawing.target] = drawing
        self._news.set()
        if not self._running:
            self._running = True
            self._tasks.create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            self._news.clear()
            now = asyncio.get_running_loop().time()
            ready_at = max(self._pace.edits_ready_at(now), self._first_ready_at(now))
            if ready_at <= now:
                self._start(now)
            else:
                await self._rest(ready_at - now)
        self._running = False

    async def _rest(self, seconds: float) -> None:
        """Wait until an edit may start, or another one comes."""
        timeout = None if seconds == float("inf") else seconds
        try:
            async with asyncio.timeout(timeout):
                await self._news.wait()
        except TimeoutError:
            return

    def _ready_at(self, drawing: Drawing, now: float) -> float:
        if drawing.target in self._under_way:
            return float("inf")
        ready_at = self._pace.edit_ready_at(drawing.query.chat_id, now, drawing.since)
        return max(drawing.after, ready_at)

    def _first_ready_at(self, now: float) -> float:
        return min(self._ready_at(drawing, now) for drawing in self._waiting.values())

    def _start(self, now: float) -> None:
        """Start the edit that has waited longest among those that may start."""
        drawing = next(one for one in self._waiting.values() if self._ready_at(one, now) <= now)
        del self._waiting[drawing.target]
        self._under_way.add(drawing.target)
        self._pace.take_edit(drawing.query.chat_id, now)
        self._tasks.create_task(self._edit(drawing))

    async def _edit(self, drawing: Drawing) -> None:
        chat_id = drawing.query.chat_id
        with self._gate.guarded("press", chat=chat_id, query=drawing.query.id):
            try:
                await clients.call(self._client, drawing.request())
            except failures.CALL_ERRORS as error:
                await self._failed(drawing, failures.failure_of(error))
        self._under_way.discard(drawing.target)
        self._news.set()

    async def _failed(self, drawing: Drawing, failure: retry.Failure) -> None:
        """Retry the edit later, or report that no edit can show it."""
        if failure.reason == "MESSAGE_NOT_MODIFIED":
            return
        chat_id = drawing.query.chat_id
        log.warning(
            "a step was not drawn",
            chat=chat_id,
            message=drawing.query.message_id,
            query=drawing.query.id,
            reason=failure.reason,
        )
        now = asyncio.get_running_loop().time()
        wait = _wait_after(failure, drawing.tries)
        if failure.kind == "flood":
            self._pace.close_chat(chat_id, now + max(1.0, failure.seconds), now)
            self._pace.learn_chat(chat_id, now)
        if drawing.target in self._waiting:
            return
        if wait is not None:
            self._put(replace(drawing, tries=drawing.tries + 1, after=now + wait))
        elif failure.kind not in ("gone", "unauthorized"):
            await self._on_refused(drawing)


def _wait_after(failure: retry.Failure, tries: int) -> float | None:
    """Seconds until an edit is retried; None if it is not."""
    if tries + 1 >= MOST_TRIES:
        return None
    if failure.kind == "flood" and failure.seconds <= LONGEST_WAIT:
        return max(1.0, failure.seconds)
    if failure.kind in ("timeout", "network", "server"):
        return backoff(tries + 1)
    return None
