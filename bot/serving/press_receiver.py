"""Receives button presses: each is answered, and its result is shown.

Presses beyond the rate limit get empty answers; the last of them is handled once one is allowed
again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from telethon import events
from telethon.tl import types

from bot.process.gate import Gate
from bot.process.lines import Lines
from bot.process.patience import patiently
from bot.process.reminders import after
from bot.serving.allowance import Allowance
from bot.serving.answering import GIVE_WITHIN, Answer
from bot.serving.drawing import Drawer, Drawing
from bot.serving.press_updates import UPDATES, Query, read_press
from bot.serving.sentences import Sentences
from bot.telegram import outgoing
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from handlers import buttons
from handlers.conversation import command_context
from handlers.conversation.requests import PressResult
from handlers.conversation.services import Services
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText
from handlers.texts.failing import FailingWords, failing_words
from handlers.texts.words import Words
from storage.errors import StorageError
from storage.outbox import topics
from storage.subscribers import subscribers

STORE_WITHIN = 120.0
"""Seconds for which storing the messages that a press leads to is retried."""

log = structlog.get_logger("presses")


class PressReceiver:
    """Receives presses, ``per_minute`` of each person. ``may_reply(chat_id)``: whether a chat may
    be sent the messages that presses lead to."""

    def __init__(
        self,
        client: Client,
        services: Services,
        pace: Pace,
        gate: Gate,
        sentences: Sentences,
        tasks: asyncio.TaskGroup,
        *,
        per_minute: int,
        may_reply: Callable[[int], bool],
    ) -> None:
        self._client = client
        self._services = services
        self._gate = gate
        self._tasks = tasks
        self._allowance = Allowance(per_minute)
        self._may_reply = may_reply
        self._lines = Lines(tasks)
        self._overdue: dict[int, Query] = {}
        self._drawer = Drawer(client, pace, gate, tasks, on_refused=self._send_instead)
        self._sentences = sentences

    def open(self) -> None:
        """Subscribe to presses."""
        self._client.add_event_handler(self._on_press, events.Raw(UPDATES))

    async def _on_press(self, update: types.TypeUpdate) -> None:
        query = Query(id=update.query_id, user_id=update.user_id)
        ids: dict[str, Any] = {"user": query.user_id, "query": query.id}
        with self._gate.guarded("press", **ids):
            query = read_press(update)
        with self._gate.guarded("press", **ids):
            self._take_in(query)

    def _take_in(self, query: Query) -> None:
        if self._allowance.take(query.user_id, asyncio.get_running_loop().time()):
            self._overdue.pop(query.user_id, None)
            self._put(query)
        else:
            self._postpone(query)

    def _put(self, query: Query, *, is_answered: bool = False) -> None:
        # One person's presses go one after the other, so that the last one is shown last.
        answer = Answer(self._client, self._sentences, query, is_given=is_answered)
        self._lines.put(query.user_id, lambda: self._attend(query, answer))

    def _postpone(self, query: Query) -> None:
        """Answer with nothing, and handle the person's last press once one is allowed again."""
        answer = Answer(self._client, self._sentences, query)
        self._tasks.create_task(self._give_nothing(query, answer))
        is_first = query.user_id not in self._overdue
        self._overdue[query.user_id] = query
        if is_first:
            self._tasks.create_task(self._resume(query.user_id))

    async def _give_nothing(self, query: Query, answer: Answer) -> None:
        await self._guard(query, answer.give())

    async def _resume(self, user_id: int) -> None:
        clock = asyncio.get_running_loop().time
        while user_id in self._overdue:
            if self._allowance.take(user_id, clock()):
                self._put(self._overdue.pop(user_id), is_answered=True)
                return
            await asyncio.sleep(self._allowance.wait(user_id, clock()))

    async def _attend(self, query: Query, answer: Answer) -> None:
        said = failing_words(self._words(query).language)

        async def be_early() -> None:
            await self._guard(query, answer.give_early(said.press_kept))

        with after(GIVE_WITHIN, be_early, self._tasks):
            is_handled = await self._guard(query, self._handle(query, answer, said))
        if not is_handled:
            await self._guard(query, answer.give(said.press_wrong))

    async def _guard(self, query: Query, work: Awaitable[None]) -> bool:
        """Await ``work``; returns False if it raised."""
        ids: dict[str, Any] = {
            "chat": query.chat_id,
            "user": query.user_id,
            "query": query.id,
        }
        with self._gate.guarded("press", **ids) as passage:
            await work
        return passage.error is None

    async def _handle(self, query: Query, answer: Answer, said: FailingWords) -> None:
        press = query.press()
        if press is None:
            await answer.give(self._words(query).old_button)
            return
        try:
            result = await buttons.press(press, self._services)
            if result.reply and not self._may_reply(query.chat_id):
                result = PressResult(toast=self._words(query).too_fast)
            self._services.outbox.wake()  # What was held back may be due now.
            await answer.give(result.toast, url=result.url)
            await self._draw(query, result)
            await self._send(query, "", result.reply)
        except StorageError as error:
            log.error("a press failed", chat=query.chat_id, query=query.id, error=str(error))
            await answer.give(said.press_again)

    def _words(self, query: Query) -> Words:
        """Texts in the language of the person's app, which need no database."""
        return command_context.words_for(None, query.language, self._services)

    async def _draw(self, query: Query, result: PressResult) -> None:
        access_hash = query.access_hash
        if access_hash is None:
            async with self._services.database.reader() as conn:
                chat = await subscribers.find_subscriber(conn, query.chat_id)
            access_hash = chat.access_hash if chat else None
        since = asyncio.get_running_loop().time()
        to = outgoing.peer(query.chat_id, access_hash)
        self._drawer.draw(Drawing(query=query, result=result, to=to, since=since))

    async def _send_instead(self, drawing: Drawing) -> None:
        """Send a step as a message of its own, since the pressed message cannot show it."""
        said = failing_words(self._words(drawing.query).language)
        message = message_instead(drawing.result, said)
        if message is None:
            return
        query = drawing.query
        try:
            if drawing.result.leaves_nothing:
                key, text = query.key("instead:0"), message.text.text
                await self._sentences.say(query.chat_id, query.access_hash, text, key=key)
            else:
                await self._send(query, "instead:", (message,))
        except StorageError as error:
            log.error("a step was not shown", chat=query.chat_id, query=query.id, error=str(error))

    async def _send(self, query: Query, part: str, messages: Sequence[Message]) -> None:
        """Queue the messages that a press leads to, once."""
        if not messages:
            return
        now = datetime.now(UTC)

        async def store() -> None:
            topic = None
            if not query.is_private:  # Outside of the transaction: it may read many rows.
                async with self._services.database.reader() as conn:
                    topic = await topics.find_topic(conn, query.chat_id, query.message_id)
            async with self._services.database.transaction() as tx:
                for number, message in enumerate(messages):
                    await self._services.outbox.queue_answer(
                        tx,
                        query.chat_id,
                        query.key(f"{part}{number}"),
                        message.to_payload(),
                        now=now,
                        access_hash=query.access_hash,
                        topic=topic,
                    )

        await patiently(store, asyncio.get_running_loop().time() + STORE_WITHIN)


def message_instead(result: PressResult, said: FailingWords) -> Message | None:
    """A press's result as a message of its own; None if it only removed buttons."""
    if result.edit is not None:
        return result.edit
    return Message(RichText(said.cannot_edit), result.keyboard) if result.keyboard else None
