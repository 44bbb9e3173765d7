"""The bot's side of a chat: what people write and press, and the answers, queued exactly once.

An answer goes through the outbox under a key made of the message it answers: an update that
arrives again after a crash finds its answer there and is not answered twice.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import structlog
from telethon import errors, events
from telethon.tl import types
from telethon.tl.functions.bots import SetBotCommandsRequest
from telethon.tl.functions.messages import SetBotCallbackAnswerRequest

from bot import failures, telegram, wire
from bot.inline import InlineDesk
from bot.moves import Moves
from bot.pace import Bucket, Pace
from bot.telegram import Client
from handlers import buttons, registry, visits
from handlers.requests import Press, PressResult, Reply, Request
from handlers.services import Services
from storage import outbox, subscribers
from storage.errors import DatelineError
from storage.records import PRIORITY_ANSWER, NewDelivery

TOAST = 200
LANGUAGES = ("en", "ru")
_KEPT_CHATS = 4096

log = structlog.get_logger("serve")


class Desk:
    """Takes the bot's updates. ``on_queued`` is called when an answer was put into the outbox;
    ``on_gone(chat_id)`` when somebody blocked the bot."""

    def __init__(
        self,
        client: Client,
        services: Services,
        pace: Pace,
        *,
        commands_per_minute: int,
        on_queued: Callable[[], None],
        on_gone: Callable[[int], None],
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._client = client
        self._services = services
        self._pace = pace
        self._allowance = commands_per_minute
        self._buckets: dict[int, tuple[Bucket, bool]] = {}
        self._on_queued = on_queued
        self._on_gone = on_gone
        self._tasks = tasks

    def open(self) -> None:
        """Take updates from now on: messages one after the other, presses beside them."""
        self._client.add_event_handler(self._on_message, events.NewMessage(incoming=True))
        self._client.add_event_handler(self._on_press, events.CallbackQuery())
        self._client.add_event_handler(self._on_stopped, events.Raw(types.UpdateBotStopped))
        InlineDesk(self._client, self._services, self._tasks).open()
        Moves(self._client, self._services, on_queued=self._on_queued, on_gone=self._on_gone).open()

    async def set_menu(self) -> None:
        """Put the table of commands into Telegram's menu; a server that cannot is no obstacle."""
        for language in ("", *LANGUAGES):
            table = registry.menu(language or self._services.language)
            await self._set_menu(types.BotCommandScopeDefault(), language, table)
        for admin in sorted(self._services.admins):
            scope = types.BotCommandScopePeer(wire.peer(admin, None))
            table = registry.menu(self._services.language, operator=True)
            await self._set_menu(scope, "", table)

    async def _set_menu(self, scope: Any, language: str, table: list[tuple[str, str]]) -> None:
        commands = [types.BotCommand(name, description) for name, description in table]
        try:
            await telegram.call(self._client, SetBotCommandsRequest(scope, language, commands))
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("the menu was not set", language=language or "any", reason=reason)

    async def _on_message(self, event: Any) -> None:
        plain = self._plain_request(event)
        forwarded = event.message.fwd_from is not None and not plain.is_private
        if forwarded or not registry.is_for_bot(plain, self._services):
            return
        key = f"answer:{event.chat_id}:{event.message.id}"
        try:
            if await self._is_answered(key):
                return
            request = await self._request(plain, event)
            await self._queue(key, request, await self._answer(request))
        except DatelineError as error:
            log.error(
                "not answered", chat=event.chat_id, message=event.message.id, error=str(error)
            )

    async def _is_answered(self, key: str) -> bool:
        async with self._services.database.reader() as conn:
            return await outbox.find_delivery(conn, f"{key}:0") is not None

    def _plain_request(self, event: Any) -> Request:
        """What the update itself says. In a channel nobody is the sender."""
        is_channel = bool(event.message.post)
        return Request(
            chat_id=event.chat_id,
            sender_id=None if is_channel else event.sender_id,
            text=event.message.message or "",
            now=datetime.now(UTC),
            message_id=event.message.id,
            is_private=bool(event.is_private),
            is_channel=is_channel,
        )

    async def _request(self, plain: Request, event: Any) -> Request:
        """The same with who asked, and whether they may change what the chat gets."""
        sender = None if plain.is_channel else await self._who(event, "sender")
        chat = sender if plain.is_private else await self._who(event, "chat")
        return replace(
            plain,
            name=_name_of(chat),
            username=getattr(chat, "username", None),
            access_hash=getattr(chat, "access_hash", None),
            language=getattr(sender, "lang_code", None),
            may_manage=await self._may_manage(plain),
        )

    async def _may_manage(self, request: Request) -> bool:
        if request.is_private or request.is_channel:
            return True
        if not request.text.startswith("/") or request.sender_id is None:
            return False
        return await self._services.role_of(request.chat_id, request.sender_id) == "manager"

    async def _who(self, event: Any, what: Literal["sender", "chat"]) -> Any:
        """Who wrote, and where: mostly the update says so, else it is asked for."""
        known = getattr(event, what)
        if known is not None:
            return known
        try:
            return await telegram.within(getattr(event, f"get_{what}")())
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("a sender is not known", chat=event.chat_id, reason=reason)
            return None

    async def _answer(self, request: Request) -> Reply:
        allowed, told = self._take(request.chat_id)
        if not allowed:
            return Reply() if told else registry.too_fast(request, self._services)
        return await registry.answer(request, self._services)

    def _take(self, chat_id: int) -> tuple[bool, bool]:
        """Whether a chat may ask for one more answer, and whether it was told before that not."""
        now = asyncio.get_running_loop().time()
        bucket, told = self._buckets.pop(chat_id, (None, False))
        if bucket is None:
            bucket = Bucket(self._allowance / 60.0, float(self._allowance))
            bucket.updated_at = now
        self._forget(now)
        if bucket.ready_at(now) > now:
            self._buckets[chat_id] = (bucket, True)
            return False, told
        bucket.take(now)
        self._buckets[chat_id] = (bucket, False)
        return True, False

    def _forget(self, now: float) -> None:
        if len(self._buckets) >= _KEPT_CHATS:
            full = [chat for chat, (bucket, _) in self._buckets.items() if bucket.is_idle(now)]
            for chat_id in full:
                del self._buckets[chat_id]

    async def _queue(self, key: str, request: Request, reply: Reply) -> None:
        rows = [
            NewDelivery(
                chat_id=request.chat_id,
                kind="answer",
                key=f"{key}:{number}",
                # Those who are not let in are not stored, and yet they are answered.
                payload={**message.to_payload(), "access_hash": request.access_hash},
                priority=PRIORITY_ANSWER,
                due_at=request.now,
                created_at=request.now,
            )
            for number, message in enumerate(reply.messages)
        ]
        if not rows:
            return
        async with self._services.database.transaction() as tx:
            await outbox.add_deliveries(tx, rows)
        self._on_queued()

    async def _on_press(self, event: Any) -> None:
        # Presses do not wait for each other, nor messages for them: they call the network.
        self._tasks.create_task(self._press(event))

    async def _press(self, event: Any) -> None:
        press = Press(
            chat_id=event.chat_id,
            sender_id=event.sender_id,
            data=(event.data or b"").decode("utf-8", "replace"),
            now=datetime.now(UTC),
            message_id=event.message_id,
            is_private=event.chat_id > 0,
            may_manage=event.chat_id > 0 or None,
        )
        try:
            result = await buttons.press(press, self._services)
        except DatelineError as error:
            log.error("a press failed", chat=press.chat_id, error=str(error))
            result = PressResult()
        if result.reply and not self._take(press.chat_id)[0]:
            words = visits.words_for(None, press.language, self._services)
            result = PressResult(toast=words.too_fast)
        self._on_queued()  # What was held back may be due now.
        await self._show(event, press, result)
        await self._reply(f"press:{press.chat_id}:{event.query.query_id}", press, result)

    async def _reply(self, key: str, press: Press, result: PressResult) -> None:
        """Queue the messages that a press leads to, once."""
        if not result.reply:
            return
        rows = [
            NewDelivery(
                chat_id=press.chat_id,
                kind="answer",
                key=f"{key}:{number}",
                payload=message.to_payload(),
                priority=PRIORITY_ANSWER,
                due_at=press.now,
                created_at=press.now,
            )
            for number, message in enumerate(result.reply)
        ]
        async with self._services.database.transaction() as tx:
            await outbox.add_deliveries(tx, rows)
        self._on_queued()

    async def _show(self, event: Any, press: Press, result: PressResult) -> None:
        """Answer the press first, for Telegram waits for that, then edit the message."""
        toast = result.toast[:TOAST] if result.toast else None
        await self._call(
            press.chat_id,
            SetBotCallbackAnswerRequest(
                query_id=event.query.query_id, cache_time=0, message=toast, url=result.url
            ),
        )
        async with self._services.database.reader() as conn:
            subscriber = await subscribers.find_subscriber(conn, press.chat_id)
        to = wire.peer(press.chat_id, subscriber.access_hash if subscriber else None)
        if result.edit is not None:
            request = wire.edit_request(to, press.message_id, result.edit)
        elif result.keyboard is not None:
            request = wire.edit_buttons_request(to, press.message_id, result.keyboard)
        else:
            return
        self._pace.take(press.chat_id, asyncio.get_running_loop().time())
        await self._call(press.chat_id, request)

    async def _call(self, chat_id: int, request: Any) -> None:
        """A call whose failure is of no consequence: buttons are safe to press again."""
        try:
            await telegram.call(self._client, request)
        except (errors.MessageNotModifiedError, errors.QueryIdInvalidError):
            return
        except failures.CALL_ERRORS as error:
            reason = failures.failure_of(error).reason
            log.warning("a press was not shown", chat=chat_id, reason=reason)

    async def _on_stopped(self, update: Any) -> None:
        """Somebody blocked the bot, or let it in again: then ``/start`` follows by itself."""
        if not update.stopped:
            return
        async with self._services.database.transaction() as tx:
            await outbox.mark_gone(tx, update.user_id)
            await subscribers.deactivate(tx, update.user_id)
        self._on_gone(update.user_id)
        log.info("a subscriber left", chat=update.user_id)


def _name_of(chat: Any) -> str | None:
    """A group's or channel's title, a person's names."""
    title = getattr(chat, "title", None)
    names = (title, getattr(chat, "first_name", None), getattr(chat, "last_name", None))
    return " ".join(name for name in names if name) or None
