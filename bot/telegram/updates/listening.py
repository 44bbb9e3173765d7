"""A Telethon client that goes on receiving updates, whatever fails, while its login holds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telethon import TelegramClient, errors, events, utils
from telethon.network import MTProtoSender
from telethon.tl import TLRequest, types

from bot.telegram import sessions
from bot.telegram.care import Freezing
from bot.telegram.failures import CALL_ERRORS, is_logged_out
from bot.telegram.objects import Message
from bot.telegram.updates.hearing import DIFFERENCES, Ask, Hearing, UpdateSource, wake_up
from bot.telegram.updates.message_box import KeepingBox
from bot.telegram.updates.queue import DeafQueue, UpdatesQueue
from bot.telegram.updates.unheard import SENDING, Unheard, called

MIGRATIONS = (errors.UserMigrateError, errors.PhoneMigrateError, errors.NetworkMigrateError)
LOOP_DELAY = 1.0
"""Seconds before an update loop that broke is begun again."""

log = structlog.get_logger("listening")


class ListeningClient(TelegramClient):  # type: ignore[misc]
    """Counts what it has not handled yet, and gets what it has missed by ``hearing``.

    ``on_lost(channel_id)`` is told of a channel of which updates were missed for good.
    """

    account: sessions.Account
    hearing: Hearing
    freezing: Freezing
    _updates_error: BaseException | None
    on_lost: Callable[[int], None]

    def hear(self, account: sessions.Account, ask: Ask, *, is_deaf: bool = False) -> None:
        """Take updates in from now on, before the first connection; ``ask`` makes a call.
        ``is_deaf``: none at all: who only sends leaves them to others."""
        self.account = account
        self._is_deaf = is_deaf
        self.on_lost = lambda _: None
        self.freezing = Freezing()
        self._unhandled = 0
        self._updates_queue = self._sender._updates_queue = (
            DeafQueue() if is_deaf else UpdatesQueue()
        )
        self._message_box = KeepingBox(self._log["messagebox"])
        self._message_box.on_dropped = lambda channel_id: self.on_lost(channel_id)
        self.hearing = Hearing(account, self._message_box, ask, self._ask_difference)

    def is_settled(self) -> bool:
        """Whether every update that was received has been handled."""
        return self._unhandled == 0

    def disconnect(self) -> Awaitable[None]:
        """Disconnect; not where Telethon's update loop gives the connection up with itself."""
        return asyncio.sleep(0) if self._is_loop() else super().disconnect()

    def _is_loop(self) -> bool:
        loop = self._updates_handle
        return loop is not None and asyncio.current_task() is loop

    def _ask_difference(self, source: UpdateSource) -> None:
        self._updates_queue.put_nowait(wake_up(source))

    async def __call__(self, request: TLRequest, *arguments: object, **options: object) -> Any:
        """Make a call, as Telethon does, and tell ``on_lost`` of a channel whose missed updates
        were too many to be told: Telethon drops them, and what else had come, without a word."""
        if not isinstance(request, DIFFERENCES):
            return await super().__call__(request, *arguments, **options)
        if not self._is_loop():
            return await self.hearing.first_difference(request)
        result = await self.hearing.difference(request)
        if isinstance(result, types.updates.ChannelDifferenceTooLong):
            self.on_lost(request.channel.channel_id)
        return result

    async def ask_plainly(self, request: TLRequest) -> Any:
        """Make a call, as Telethon does."""
        return await super().__call__(request)

    async def _call(
        self, sender: MTProtoSender, request: TLRequest, ordered: bool = False, **options: object
    ) -> Any:
        """One call as Telethon makes it, without its sleep of two seconds over a server's error,
        in which a chat's answers would wait behind one message that fails."""
        if isinstance(request, list | tuple):
            return await super()._call(sender, request, ordered=ordered, **options)
        await request.resolve(self, utils)
        sent = Unheard(request) if self._is_deaf else request
        answer = sender.send(sent, ordered=ordered)
        try:
            result = await answer
        except MIGRATIONS:
            # It moves to the other data centre and then raises the same.
            return await super()._call(sender, request, ordered=ordered, **options)
        except asyncio.CancelledError:
            self.drop_cancelled()
            raise
        except Exception as error:
            if _is_told(error, request):
                raise
            raise errors.ServerError(request, "ANSWER_UNREADABLE", 500) from error
        self.session.process_entities(result)
        return result

    def drop_cancelled(self) -> None:
        """Forget calls that nobody waits for: Telethon makes them again after each reconnection,
        and one that has the line cut would do so for ever."""
        pending = self._sender._pending_state
        for number in [number for number, state in pending.items() if state.future.cancelled()]:
            del pending[number]

    def give_back_sending(self, dc_id: int) -> None:
        """Let go of messages that were under way when a connection broke: Telethon would send them
        again by itself, in a session that may not know their random ids. They may be out. A
        connection to another data centre, for a file, says nothing of the one that they went by."""
        if dc_id != self.session.dc_id:
            return
        pending = self._sender._pending_state
        for number, state in list(pending.items()):
            if isinstance(called(state.request), SENDING):
                del pending[number]
                if not state.future.done():
                    state.future.set_exception(ConnectionError("the connection broke"))

    async def _update_loop(self) -> None:
        """Telethon's, begun again where it ends by an error of its own while the login holds."""
        if self._is_deaf:
            await asyncio.Event().wait()
        while True:
            await super()._update_loop()
            task = asyncio.current_task()
            if not self.is_connected() or (task is not None and task.cancelling()):
                return
            error = self._updates_error
            if error is not None and is_logged_out(error):
                await super().disconnect()
                return
            self.hearing.broke(error)
            self._updates_error = None
            await asyncio.sleep(LOOP_DELAY)
            await self.catch_up()

    async def _preprocess_updates(
        self, updates: list[types.TypeUpdate], users: object, chats: object
    ) -> object:
        self._unhandled += len(updates)
        prepared = await super()._preprocess_updates(updates, users, chats)
        self.hearing.taken_in()
        return prepared

    async def _dispatch_update(self, update: types.TypeUpdate) -> None:
        try:
            await super()._dispatch_update(update)
        except Exception as error:
            # Telethon catches what handlers raise, not what it raises itself before them.
            kind = type(update).__name__
            log.error("an update cannot be read", account=self.account, kind=kind, exc_info=error)
        # One whose handling is cancelled stays unhandled: it comes again after the next start.
        self.let_go()

    def hold(self) -> None:
        """An update is handled beside the others from now on: until ``let_go`` is called as often,
        nothing is noted as handled."""
        self._unhandled += 1

    def let_go(self) -> None:
        """What was held has been handled."""
        self._unhandled -= 1

    def read_message(self, update: types.TypeUpdate) -> Message | None:
        """Telethon's message of an update that somebody else wrote; None for an update that brings
        none. It is as it came: Telethon takes more of a message apart than is needed here, and
        raises for what it finds there."""
        event = events.NewMessage.build(update, None, self._self_id)
        return None if event is None or event.message.out else event.message


def _is_told(error: Exception, request: TLRequest) -> bool:
    """Whether an error is one by which a call is known to fail, and not what a decoder stumbles
    over: the call was answered then, and what was sent may be out."""
    if isinstance(request, SENDING) and isinstance(error, errors.TypeNotFoundError | ValueError):
        return False
    return isinstance(error, (*CALL_ERRORS, EOFError))  # the connection's end is no answer
