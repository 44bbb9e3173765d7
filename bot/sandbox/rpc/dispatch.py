"""From a request to its answer: faults, permission, the method."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from telethon.tl import TLObject, TLRequest

from bot.sandbox.rpc import (
    auth,
    callbacks,
    differences,
    freezing,
    history,
    membership,
    sending,
    standing,
    uploads,
    users,
)
from bot.sandbox.rpc.call import Call, Refusal, Result, method_name
from bot.sandbox.rpc.call_log import CallLog
from bot.sandbox.world.faults import Fault, Faults
from bot.sandbox.world.world import World

if TYPE_CHECKING:
    from bot.sandbox.protocol.session import Session

_METHODS = (
    users.METHODS
    | differences.METHODS
    | history.METHODS
    | membership.METHODS
    | sending.METHODS
    | callbacks.METHODS
    | uploads.METHODS
    | standing.METHODS
    | auth.METHODS
)
_PUBLIC = auth.PUBLIC | standing.PUBLIC


class Dispatcher:
    """Answers requests. ``on_served`` learns of each session whose call was processed."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        log: CallLog,
        on_served: "Callable[[Session], None]",
    ) -> None:
        self._world = world
        self._faults = faults
        self._log = log
        self._on_served = on_served
        self._pending: set[asyncio.Future[TLObject]] = set()

    def close(self) -> None:
        """Gives up the calls that still wait for something."""
        for future in self._pending:
            future.cancel()

    def handle(self, session: "Session", message_id: int, request: TLRequest) -> None:
        """Takes one request."""
        method = method_name(request)
        account = self._world.find_owner(session.key_id)
        record = self._log.add(method, account, request)
        call = Call(world=self._world, session=session, request=request, record=record)
        fault = self._faults.take_call(method, account, request)
        try:
            if fault is None:
                self._process(call, message_id)
            else:
                self._strike(fault, call, message_id)
        except Exception as error:
            # A mistake of the sandbox's own: kept, and raised when the sandbox ends.
            self._fail(call, message_id, error)

    def _strike(self, fault: Fault, call: Call, message_id: int) -> None:
        connection = call.session.connection
        match fault.kind:
            case "fail":
                self._answer(call, message_id, Refusal(fault.code, fault.error))
            case "muddle":
                self._answer(call, message_id, fault.result)
            case "drop before":
                call.record.outcome = "connection dropped before"
                connection.abort()
            case "drop after":
                self._perform(call)
                call.record.outcome = "connection dropped after"
                connection.abort()
                self._world.changes.fire()
            case "withhold request":
                fault.held.append(lambda: self._process(call, message_id))
            case "withhold reply":
                result = self._perform(call)
                fault.held.append(lambda: self._answer(call, message_id, result))
            case "delay":
                asyncio.get_running_loop().call_later(
                    fault.seconds, self._process, call, message_id
                )

    def _process(self, call: Call, message_id: int) -> None:
        self._answer(call, message_id, self._perform(call))
        self._world.changes.fire()

    def _fail(self, call: Call, message_id: int, error: Exception) -> None:
        self._log.failures.append(error)
        self._answer(call, message_id, Refusal(500, "SANDBOX_FAILURE"))

    def _perform(self, call: Call) -> Result:
        """Gives the result, a Future of it, or the Refusal."""
        try:
            kind = type(call.request)
            freezing.refuse_frozen(call)
            if kind in _PUBLIC:
                return _PUBLIC[kind](call, call.request)
            if call.account and kind in _METHODS:
                return _METHODS[kind](call, call.request)
            self._log.unknown.append(call.record)
            return Refusal(400, "SANDBOX_METHOD_UNKNOWN")
        except Refusal as refusal:
            return refusal
        finally:
            # Signing in changes who calls.
            signed_in = self._world.find_owner(call.session.key_id)
            call.record.account = signed_in or call.record.account
            self._on_served(call.session)

    def _answer(self, call: Call, message_id: int, result: Result) -> None:
        if isinstance(result, asyncio.Future):
            self._pending.add(result)
            result.add_done_callback(lambda future: self._answer_late(call, message_id, future))
        elif isinstance(result, Refusal):
            call.record.outcome = result.message
            call.session.answer_error(message_id, result.code, result.message)
        else:
            call.record.outcome = "ok"
            call.session.answer(message_id, result)

    def _answer_late(self, call: Call, message_id: int, future: "asyncio.Future[TLObject]") -> None:
        self._pending.discard(future)
        if future.cancelled():
            return
        error = future.exception()
        if isinstance(error, Exception) and not isinstance(error, Refusal):
            self._fail(call, message_id, error)
        else:
            self._answer(call, message_id, error or future.result())
        self._world.changes.fire()
