"""The bot's side of inline mode: a query from any chat, answered with rows to choose from."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from telethon import errors, events
from telethon.tl import types
from telethon.tl.functions.messages import SetInlineBotResultsRequest

from bot import failures, telegram, wire
from bot.telegram import Client
from handlers import inline
from handlers.inline import InlineReply, InlineRequest, InlineResult
from handlers.services import Services
from storage.errors import DatelineError

_START = "inline"

log = structlog.get_logger("inline")


class InlineDesk:
    """Takes inline queries. One comes with every few letters that somebody types: the next one of
    the same person ends the search for the one before."""

    def __init__(self, client: Client, services: Services, tasks: asyncio.TaskGroup) -> None:
        self._client = client
        self._services = services
        self._tasks = tasks
        self._asked: dict[int, asyncio.Task[None]] = {}

    def open(self) -> None:
        """Take inline queries from now on."""
        self._client.add_event_handler(self._on_query, events.Raw(types.UpdateBotInlineQuery))

    async def _on_query(self, update: Any) -> None:
        user_id = int(update.user_id)
        before = self._asked.get(user_id)
        if before is not None:
            before.cancel()
        task = self._tasks.create_task(self._answer(update))
        self._asked[user_id] = task
        task.add_done_callback(lambda done: self._forget(user_id, done))

    def _forget(self, user_id: int, task: asyncio.Task[None]) -> None:
        if self._asked.get(user_id) is task:
            del self._asked[user_id]

    async def _answer(self, update: Any) -> None:
        request = InlineRequest(
            sender_id=update.user_id,
            text=update.query,
            now=datetime.now(UTC),
            offset=update.offset,
        )
        try:
            reply = await inline.answer(request, self._services)
            await telegram.call(self._client, answer_request(update.query_id, reply))
        except errors.QueryIdInvalidError:
            return  # it came too late: whoever asked types on
        except DatelineError as error:
            log.error("an inline query failed", user=update.user_id, error=str(error))
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("an inline query was not answered", user=update.user_id, reason=reason)


def answer_request(query_id: int, reply: InlineReply) -> Any:
    """The call that answers an inline query."""
    notice = reply.notice
    return SetInlineBotResultsRequest(
        query_id=query_id,
        results=[_result(result) for result in reply.results],
        cache_time=reply.cache_seconds,
        private=True,
        next_offset=reply.following or None,
        switch_pm=types.InlineBotSwitchPM(notice, _START) if notice else None,
    )


def _result(result: InlineResult) -> Any:
    message = result.message
    return types.InputBotInlineResult(
        id=result.id,
        type="article",
        title=result.title,
        description=result.description,
        send_message=types.InputBotInlineMessageText(
            message=message.text.text,
            no_webpage=True,
            entities=wire.entities(message.text) or None,
            reply_markup=wire.markup(message.keyboard),
        ),
    )
