"""Receives inline queries: what somebody types in any chat is answered with rows to choose from."""

import asyncio
from datetime import UTC, datetime
from typing import Literal

import structlog
from telethon import errors, events
from telethon.tl import types
from telethon.tl.functions.messages import SetInlineBotResultsRequest

from bot.process.gate import Gate
from bot.serving.allowance import Allowance
from bot.telegram import clients, failures, outgoing
from bot.telegram.clients import Client
from handlers.conversation import command_context
from handlers.conversation.services import Services
from handlers.searching import inline
from handlers.searching.inline import InlineReply, InlineRequest, InlineResult
from handlers.texts.failing import failing_words
from storage.errors import StorageError

PATIENCE = 3.0
"""Seconds that a query waits until another one is allowed: apps wait for about ten."""
_START = "inline"

log = structlog.get_logger("inline")


class InlineReceiver:
    """Receives inline queries, ``per_minute`` for each person. One comes with every few letters
    typed: a new query cancels the search for the same person's previous one."""

    def __init__(
        self,
        client: Client,
        services: Services,
        gate: Gate,
        tasks: asyncio.TaskGroup,
        *,
        per_minute: int,
    ) -> None:
        self._client = client
        self._services = services
        self._gate = gate
        self._tasks = tasks
        self._allowance = Allowance(per_minute)
        self._asked: dict[int, asyncio.Task[None]] = {}
        self._waiting: dict[int, types.UpdateBotInlineQuery] = {}

    def open(self) -> None:
        """Subscribe to inline queries."""
        self._client.add_event_handler(self._on_query, events.Raw(types.UpdateBotInlineQuery))

    async def _on_query(self, update: types.UpdateBotInlineQuery) -> None:
        with self._gate.guarded("inline", user=update.user_id, query=update.query_id):
            self.take_in(update)

    def take_in(self, update: types.UpdateBotInlineQuery) -> None:
        """Answer a query, in place of the person's earlier one that still waits."""
        user_id = int(update.user_id)
        before = self._asked.get(user_id)
        if before is not None:
            before.cancel()
        overtaken = self._waiting.pop(user_id, None)
        if overtaken is not None:
            self._tasks.create_task(self._give(overtaken, InlineReply(cache_seconds=0)))
        task = self._tasks.create_task(self._attend(update))
        self._asked[user_id] = task
        task.add_done_callback(lambda done: self._forget(user_id, done))

    def _forget(self, user_id: int, task: asyncio.Task[None]) -> None:
        if self._asked.get(user_id) is task:
            del self._asked[user_id]

    async def _attend(self, update: types.UpdateBotInlineQuery) -> None:
        """Answer a query, or say why there is no answer."""
        ids = {"user": update.user_id, "query": update.query_id}
        if not await self._is_allowed(update):
            await self._say(update, "inline_fast")
            return
        with self._gate.guarded("inline", **ids) as passage:
            try:
                reply = await inline.answer(request_of(update), self._services)
            except StorageError as error:
                log.error("an inline query failed", **ids, error=str(error))
                await self._say(update, "inline_wrong")
            else:
                await self._give(update, reply)
        if passage.error is not None:
            await self._say(update, "inline_wrong")

    async def _is_allowed(self, update: types.UpdateBotInlineQuery) -> bool:
        """Whether a query may be answered, now or after a short wait. A query that is superseded
        while it waits gets an empty answer."""
        clock, user_id = asyncio.get_running_loop().time, update.user_id
        give_up_at = clock() + PATIENCE
        while not self._allowance.take(user_id, clock()):
            wait = self._allowance.wait(user_id, clock())
            if clock() + wait > give_up_at:
                return False
            self._waiting[user_id] = update
            await asyncio.sleep(wait)
            self._waiting.pop(user_id, None)
        return True

    async def _say(
        self, update: types.UpdateBotInlineQuery, what: Literal["inline_fast", "inline_wrong"]
    ) -> None:
        """Answer without results, and with a notice that says why."""
        words = command_context.words_for(None, language_of(update), self._services)
        notice = getattr(failing_words(words.language), what)
        await self._give(update, InlineReply(notice=notice, cache_seconds=0))

    async def _give(self, update: types.UpdateBotInlineQuery, reply: InlineReply) -> None:
        with self._gate.guarded("inline", user=update.user_id, query=update.query_id):
            try:
                await clients.call(self._client, answer_request(update.query_id, reply))
            except errors.QueryIdInvalidError:
                return  # too late: the person types on
            except failures.CALL_ERRORS as error:
                reason = failures.failure_of(error).reason
                log.warning("an inline query was not answered", user=update.user_id, reason=reason)


def request_of(update: types.UpdateBotInlineQuery) -> InlineRequest:
    """The query as handlers read it."""
    return InlineRequest(
        sender_id=update.user_id,
        text=update.query,
        now=datetime.now(UTC),
        offset=update.offset,
        language=language_of(update),
    )


def language_of(update: types.UpdateBotInlineQuery) -> str | None:
    """The language of the person's app, if the update names it."""
    person = getattr(update, "_entities", {}).get(update.user_id)
    return getattr(person, "lang_code", None)


def answer_request(query_id: int, reply: InlineReply) -> SetInlineBotResultsRequest:
    """The request that answers an inline query."""
    notice = reply.notice
    return SetInlineBotResultsRequest(
        query_id=query_id,
        results=[_result(result) for result in reply.results],
        cache_time=reply.cache_seconds,
        private=True,
        next_offset=reply.following or None,
        switch_pm=types.InlineBotSwitchPM(notice, _START) if notice else None,
    )


def _result(result: InlineResult) -> types.InputBotInlineResult:
    message = result.message
    return types.InputBotInlineResult(
        id=result.id,
        type="article",
        title=result.title,
        description=result.description,
        send_message=types.InputBotInlineMessageText(
            message=message.text.text,
            no_webpage=True,
            entities=outgoing.entities(message.text) or None,
            reply_markup=outgoing.markup(message.keyboard),
        ),
    )
