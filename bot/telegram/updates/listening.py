"""A Telethon client that keeps receiving updates while its login is valid, whatever fails."""

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
from bot.telegram.updates.steady import SteadyState
from bot.telegram.updates.unheard import SENDING, Unheard, called

MIGRATIONS = (errors.UserMigrateError, errors.PhoneMigrateError, errors.NetworkMigrateError)
LOOP_DELAY = 1.0
"""Seconds before an update loop that broke is restarted."""

log = structlog.get_logger("listening")


class ListeningClient(TelegramClient):  # type: ignore[misc]
    """Counts the updates that are not handled yet, and requests missed ones through ``hearing``.

    ``on_lost(channel_id)`` is called for a channel whose missed updates cannot be had.
    """

    account: sessions.Account
    hearing: Hearing
    freezing: Freezing
    _updates_error: BaseException | None
    on_lost: Callable[[int], None]

    def hear(self, account: sessions.Account, ask: Ask, *, is_deaf: bool = False) -> None:
        """Set up the receiving of updates, and the time that they have; call it before the first
        connection. ``ask`` makes a call. ``is_deaf``: no updates are received, since other
        processes handle them."""
        self.account = account
        self._is_deaf = is_deaf
        self.on_lost = lambda _: None
        self.freezing = Freezing()
        self._unhandled = 0
        self._sender._state = SteadyState(self._sender.auth_key, loggers=self._log)
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
        """Disconnect; a no-op when Telethon's update loop calls it because of its own error."""
        return asyncio.sleep(0) if self._is_loop() else super().disconnect()

    def _is_loop(self) -> bool:
        loop = self._updates_handle
        return loop is not None and asyncio.current_task() is loop

    def _ask_difference(self, source: UpdateSource) -> None:
        self._updates_queue.put_nowait(wake_up(source))

    async def __call__(self, request: TLRequest, *arguments: object, **options: object) -> Any:
        """Make a call, as Telethon does. Calls ``on_lost`` for a channel that missed too many
        updates: Telethon drops those silently."""
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
        """One call as Telethon makes it, but without its two seconds of sleep after a server error,
        during which a chat's answers would wait behind one failing message."""
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
        """Forget calls that nobody waits for any more: Telethon repeats them after each
        reconnection, and one that makes the server cut the connection would do so for ever."""
        pending = self._sender._pending_state
        for number in [number for number, state in pending.items() if state.future.cancelled()]:
            del pending[number]

    def give_back_sending(self, dc_id: int) -> None:
        """Fail the messages that were in flight when a connection broke: Telethon would send them
        again by itself, in a session that may not know their random ids. They may have arrived. A
        connection to another data centre, for a file, does not concern them."""
        if dc_id != self.session.dc_id:
            return
        pending = self._sender._pending_state
        for number, state in list(pending.items()):
            if isinstance(called(state.request), SENDING):
                del pending[number]
                if not state.future.done():
                    state.future.set_exception(ConnectionError("the connection broke"))

    async def _update_loop(self) -> None:
        """Telethon's update loop, restarted if it ends by an error of its own while the login is
        valid."""
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
        """Note that an update is still being handled: until ``let_go`` is called as often, the
        update state is not written."""
        self._unhandled += 1

    def let_go(self) -> None:
        """Note that a held update has been handled."""
        self._unhandled -= 1

    def handled_until(self) -> tuple[int, int] | None:
        """The numbers (pts, qts) up to which every update was handled; None while some are not."""
        state = self._message_box.account_state
        return (state[0], state[2]) if state is not None and self.is_settled() else None

    def hear_from(self, pts: int, qts: int) -> bool:
        """Request all that came after these numbers; whether that is more than would come by
        itself."""
        is_earlier = self._message_box.lower(pts, qts)
        if is_earlier:
            self._ask_difference(None)
        return is_earlier

    def read_message(self, update: types.TypeUpdate) -> Message | None:
        """Telethon's message of an update, if somebody else wrote it, else None. It is not unpacked
        further: Telethon would read more of it than is needed here, and raise for what it finds."""
        edited = isinstance(update, types.UpdateEditMessage | types.UpdateEditChannelMessage)
        kind = events.MessageEdited if edited else events.NewMessage
        event = kind.build(update, None, self._self_id)
        return None if event is None or event.message.out else event.message


def _is_told(error: Exception, request: TLRequest) -> bool:
    """Whether this is an error by which Telegram or the network reports that a call failed. An
    error of the decoder is not: then the call was answered, and the message may have been sent."""
    if isinstance(request, SENDING) and isinstance(error, errors.TypeNotFoundError | ValueError):
        return False
    return isinstance(error, (*CALL_ERRORS, EOFError))  # the connection's end is no answer
