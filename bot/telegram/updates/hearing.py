"""Keeps an account receiving updates while Telegram refuses to return what it has missed.

Updates are numbered. If numbers are missing, the *difference* is requested: what came between. If
that fails, Telethon (1.45, ``client/updates.py``) gives the difference up, logs it at INFO and goes
on; then each later update shows the gap again, and the account receives nothing more, after a
restart too. Here failures are counted, for the account and for each of its channels, and the
difference is requested again beside the update loop, so that one failure holds nothing else up.
After ``limit`` seconds the server's present state is accepted, with the updates withheld since;
then the account receives updates again, while the requests go on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog
from telethon import errors
from telethon._updates.messagebox import ENTRY_ACCOUNT
from telethon.tl import types
from telethon.tl.functions.updates import (
    GetChannelDifferenceRequest,
    GetDifferenceRequest,
    GetStateRequest,
)

from bot.telegram import failures, retry
from bot.telegram.updates.message_box import KeepingBox
from handlers.operators.troubles import Troubles
from storage.backoff import backoff

LIMIT = 180.0
"""Seconds for which what was missed is requested before the account goes on without it."""
ANSWER_TIMEOUT = 10.0
"""Seconds for one request; the update loop waits for the first one."""
LONGEST_DELAY = 30.0
DIFFERENCES = (GetDifferenceRequest, GetChannelDifferenceRequest)

UpdateSource: TypeAlias = int | None
"""Whose difference it is: a channel's (its id) or the account's own (None)."""
Request: TypeAlias = GetDifferenceRequest | GetChannelDifferenceRequest
Ask: TypeAlias = Callable[[Request | GetStateRequest], Awaitable[Any]]
_Numbers: TypeAlias = tuple[int, int | None]

log = structlog.get_logger("hearing")


class DifferenceRefusedError(errors.ServerError):  # type: ignore[misc]
    """Raised to the update loop for a difference that cannot be had now."""


class CutError(TimeoutError):
    """No answer, because the connection was cut meanwhile; the request itself may be the cause."""


@dataclass(slots=True)
class Outage:
    """A difference that keeps failing. ``since`` and ``retry_at`` are times of the event loop,
    ``began`` is aware. ``open_at``: Telegram wants no request before; ``is_bridged``: the present
    state was accepted; ``has_reconnected``: the connection is newer than the last request;
    ``was_cut``: the last request ended with the connection, perhaps because of it."""

    request: Request
    since: float
    began: datetime
    count: int = 0
    retry_at: float = 0.0
    open_at: float = 0.0
    is_bridged: bool = False
    has_reconnected: bool = False
    was_cut: bool = False

    def plan(self, now: float, limit: float, asked: float) -> None:
        """Plan the next request after one that failed now and asked to wait ``asked`` seconds;
        there is one at the limit in any case."""
        self.open_at = now + asked
        self.retry_at = now + delay_after(self.count, asked)
        if now < self.since + limit:
            self.retry_at = min(self.retry_at, self.since + limit)


def delay_after(count: int, asked: float) -> float:
    """Seconds until the next request after ``count`` failures, the last of which asked to wait
    ``asked`` seconds."""
    return max(asked, min(LONGEST_DELAY, backoff(count)))


class Hearing:
    """The differences of one account. ``ask`` makes a call that ends in any case; ``wake`` makes
    the update loop request the difference of a source.

    ``on_failing(source)`` is called at each first failure, ``on_missed(since, source)`` when the
    account goes on without what it missed since then.
    """

    def __init__(
        self, account: str, box: KeepingBox, ask: Ask, wake: Callable[[UpdateSource], None]
    ):
        self.limit = LIMIT
        self.patience = ANSWER_TIMEOUT
        self.on_failing: Callable[[UpdateSource], None] = lambda _: None
        self.on_missed: Callable[[datetime, UpdateSource], None] = lambda *_: None
        self._account = account
        self._box = box
        self._ask = ask
        self._wake = wake
        self._troubles: Troubles | None = None
        self._outages: dict[UpdateSource, Outage] = {}
        self._found: dict[UpdateSource, tuple[_Numbers, object]] = {}
        self._answered: set[UpdateSource] = set()
        self._asked: dict[UpdateSource, Request] = {}
        self._changed = asyncio.Event()

    @property
    def failing(self) -> Mapping[UpdateSource, int]:
        """The number of failures in a row, by failing source."""
        return {source: outage.count for source, outage in self._outages.items()}

    def report_to(self, troubles: Troubles) -> None:
        """Report present and future failures to these troubles."""
        self._troubles = troubles
        for source in self._outages:
            self._begin(source)

    async def difference(self, request: Request) -> object:
        """The difference that the update loop requests. Raises DifferenceRefusedError if it cannot
        be had now, and the errors that end a login, a channel or a connection."""
        source = source_of(request)
        self._asked[source] = request
        outage = self._outages.get(source)
        numbers, found = self._found.pop(source, (None, None))
        if outage is None or numbers is not None:
            fits = numbers == _numbers(request)
            answer = found if fits else await self._try(source, request)
            self._answered.add(source)
            return answer
        if not outage.is_bridged:
            raise DifferenceRefusedError(request, "DIFFERENCE_FAILING")
        return await self._try_once(outage, source, request) or await self._bridge(source)

    async def first_difference(self, request: Request) -> object:
        """The difference that Telethon requests when it connects without an earlier state. It
        matters only if the state just received is old, so a failure is answered with an empty
        difference."""
        try:
            return await self._try(None, request)
        except DifferenceRefusedError:
            return types.updates.DifferenceEmpty(date=request.date, seq=0)

    async def _try_once(self, outage: Outage, source: UpdateSource, request: Request) -> object:
        """The difference if it can be had since the last reconnection, else None."""
        if not outage.has_reconnected or _now() < outage.open_at:
            return None
        try:
            answer = await self._try(source, request)
        except DifferenceRefusedError:
            return None
        finally:
            outage.has_reconnected = False
        self._answered.add(source)
        return answer

    def reconnected(self) -> None:
        """Note a new connection: what was refused before may be granted now."""
        for outage in self._outages.values():
            if outage.was_cut:
                continue
            outage.has_reconnected = True
            if _now() >= outage.open_at:
                outage.retry_at = _now()
        self._changed.set()

    def taken_in(self) -> None:
        """Note that the update loop has processed the answers that it was given."""
        while self._answered:
            self._recovered(self._answered.pop())

    async def run(self) -> None:
        """Request again what failed, until cancelled."""
        while True:
            self._changed.clear()
            due = {outage.retry_at: source for source, outage in self._outages.items()}
            delay = min(due) - _now() if due else None
            if delay is None or delay > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._changed.wait()
            else:
                await self._again(due[min(due)])

    def broke(self, error: BaseException | None) -> None:
        """Note that the update loop ended by an error: the differences that it was requesting count
        as failed."""
        log.error("the update loop broke", account=self._account, exc_info=error)
        self._answered.clear()
        for entry in self._box.abandon():
            source = entry if isinstance(entry, int) else None
            self._found.pop(source, None)
            reason = error or RuntimeError("the update loop ended")
            self._failed(source, self._asked.get(source), reason)
            self._give_up(source, self._outages[source])

    async def _again(self, source: UpdateSource) -> None:
        outage = self._outages[source]
        if _now() < outage.open_at:
            self._give_up(source, outage)
            return
        request = self._request_for(source, outage)
        if request is None:
            self._recovered(source)
            return
        try:
            diff = await self._try(source, request)
        except ConnectionError:
            outage.retry_at = _now() + retry.NETWORK_DELAY
        except DifferenceRefusedError:
            self._give_up(source, outage)
        except (errors.RPCError, errors.AuthKeyNotFound):
            # Neither the account nor the channel can be heard any more: the loop ends it.
            self._recovered(source)
            self._wake(source)
        else:
            outage.retry_at = _now() + delay_after(outage.count, 0.0)
            self._found[source] = (_numbers(request), diff)
            self._wake(source)

    async def _try(self, source: UpdateSource, request: Request) -> object:
        try:
            return await self._ask(request)
        except (ConnectionError, errors.ChannelPrivateError, errors.ChannelInvalidError):
            raise
        except Exception as error:
            if failures.is_logged_out(error):
                raise
            self._failed(source, request, error)
            raise DifferenceRefusedError(request, "DIFFERENCE_FAILED") from error

    async def _bridge(self, source: UpdateSource) -> object:
        if source is not None:
            return self._box.bridge_channel(source)
        return self._box.bridge_account(await self._present_state())

    async def _present_state(self) -> types.updates.State | None:
        try:
            return await self._ask(GetStateRequest())
        except failures.CALL_ERRORS as error:
            log.warning("the state is not told", account=self._account, error=repr(error))
            return None

    def _request_for(self, source: UpdateSource, outage: Outage) -> Request | None:
        """The request for a source's difference from its present state; None if that is not known
        any more."""
        if source is None:
            if (state := self._box.account_state) is None:
                return None
            pts, date, qts = state
            return GetDifferenceRequest(pts=pts, date=date, qts=qts)
        former = outage.request
        if former is None or source not in self._box.map:
            return None
        return GetChannelDifferenceRequest(
            channel=former.channel,
            filter=former.filter,
            pts=self._box.map[source].pts,
            limit=former.limit,
            force=False,
        )

    def _failed(self, source: UpdateSource, request: Request, error: BaseException) -> None:
        outage = self._outages.get(source)
        is_first = outage is None
        if outage is None:
            outage = Outage(request=request, since=_now(), began=datetime.now(UTC))
            self._outages[source] = outage
        failure = failures.failure_of(error)
        outage.count += 1
        outage.was_cut = isinstance(error, CutError)
        outage.plan(_now(), self.limit, failure.seconds)
        (log.error if is_first else log.info)(
            "what was missed cannot be had",
            account=self._account,
            channel=source,
            reason=failure.reason,
            count=outage.count,
        )
        if is_first:
            if failure.kind != "frozen":  # that is told itself
                self._begin(source)
            self.on_failing(source)
        self._changed.set()

    def _recovered(self, source: UpdateSource) -> None:
        self._box.settle(ENTRY_ACCOUNT if source is None else source)
        outage = self._outages.pop(source, None)
        if outage is None:
            return
        seconds = round(_now() - outage.since, 1)
        log.warning(
            "what was missed can be had again",
            account=self._account,
            channel=source,
            failures=outage.count,
            seconds=seconds,
        )
        is_over = source is None or not any(isinstance(other, int) for other in self._outages)
        if self._troubles is not None and is_over:
            self._troubles.end(self._cause(source))

    def _give_up(self, source: UpdateSource, outage: Outage) -> None:
        """Go on without what was missed, once that was refused for ``limit`` seconds."""
        if outage.is_bridged or _now() < outage.since + self.limit:
            return
        outage.is_bridged = True
        outage.retry_at = max(outage.retry_at, outage.open_at)
        log.error(
            "going on without what was missed",
            account=self._account,
            channel=source,
            since=outage.began.isoformat(),
            failures=outage.count,
        )
        self.on_missed(outage.began, source)
        self._wake(source)

    def _begin(self, source: UpdateSource) -> None:
        if self._troubles is None:
            return
        what = "messages" if source is None else f"updates of channel {source}"
        self._troubles.begin(
            self._cause(source),
            reason="bot" if self._account == "bot" else "user",
            text=f"Telegram does not give the {self._account} account the {what} that it missed",
        )

    def _cause(self, source: UpdateSource) -> str:
        return f"deaf:{self._account}" + ("" if source is None else ":channels")


def source_of(request: Request) -> UpdateSource:
    """The source whose difference a request asks for."""
    channel = getattr(request, "channel", None)
    return None if channel is None else int(channel.channel_id)


def wake_up(source: UpdateSource) -> object:
    """An update that makes the update loop request a source's difference, as if Telegram had sent
    it."""
    if source is None:
        return types.UpdatesTooLong()
    return types.UpdateShort(types.UpdateChannelTooLong(source), datetime.now(UTC))


def _numbers(request: Request) -> _Numbers:
    return request.pts, getattr(request, "qts", None)


def _now() -> float:
    return asyncio.get_running_loop().time()
