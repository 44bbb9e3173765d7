"""Schedules the scans that make watching complete, whatever was not pushed.

All channels are scanned at the start and after every reconnection, one at once if a push shows a
gap, and all in turn as often as the request budget allows. A failure, or a wait that Telegram asks
for, affects its own channel only, unless several channels meet it.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from bot.intake.posts import StoppedError
from bot.process.gate import Gate
from bot.telegram import failures
from bot.telegram.failures import CALL_ERRORS
from bot.telegram.retry import Failure
from bot.watching.registrar import ACCOUNT_ONLY, Registrar
from bot.watching.scan import Scanned, Scanner
from bot.watching.sources import Source, SourceName, choose_source
from bot.watching.watchlist import Watchlist
from bot.watching.web_preview import PreviewError
from handlers.operators import scans
from handlers.operators.troubles import level_of
from handlers.render.text.names import name_of
from handlers.sources.references import NAME_MOVED
from storage.backoff import backoff
from storage.errors import StorageError
from storage.records import Channel

AT_ONCE = 3
"""The number of concurrent scans: one that waits for an answer does not delay the others."""
RETRY_DELAY = 5.0
SOON = 5.0
"""Seconds. If a failed scan is retried within this time, callers of ``request`` go on waiting: what
was missed should be stored before what follows it."""
ACCOUNT_RETRY = 3600.0
"""Seconds until the account is asked again for a channel that it may not read."""

log = structlog.get_logger("reconcile")


@dataclass(slots=True)
class _Turn:
    """When a channel is scanned next: at ``due_at``, but not before ``closed_until``, until which
    Telegram wants a pause. Times are seconds of the loop's clock. ``had``: it was scanned, or a
    scan was tried, since the start; ``keeps``: callers go on waiting, since it is retried soon."""

    row: int
    due_at: float
    closed_until: float = 0.0
    urgent: bool = False
    busy: bool = False
    had: bool = False
    again: bool = False
    keeps: bool = False
    rate: float | None = None
    scanned_at: float | None = None
    failed: int = 0
    account_closed_until: float = 0.0
    refused: str = ""
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class Reconciler:
    """Scans the watched channels. ``interval`` in seconds, ``requests`` a minute.

    ``account_serves``: whether the user account can be used at all.
    """

    def __init__(
        self,
        watchlist: Watchlist,
        scanner: Scanner,
        sources: Mapping[SourceName, Source],
        registrar: Registrar,
        gate: Gate,
        *,
        interval: float,
        requests: int,
        account_serves: Callable[[], bool],
    ) -> None:
        self._watchlist = watchlist
        self._scanner = scanner
        self._sources = sources
        self._registrar = registrar
        self._gate = gate
        self._interval = interval
        self._requests = requests
        self._account_serves = account_serves
        self._turns: dict[int, _Turn] = {}
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)

    @property
    def interval(self) -> float:
        """Seconds within which every channel is scanned once."""
        return scans.effective_interval(
            self._interval, channels=len(self._watchlist), requests=self._requests
        )

    def spare_requests(self) -> float:
        """Requests a minute that the scans leave for work that is not urgent."""
        return scans.spare_requests(
            self._interval, channels=len(self._watchlist), requests=self._requests
        )

    def wake(self) -> None:
        """Scan everything, the channel not scanned for longest first: the connection was lost."""
        now = _now()
        for turn in self._turns.values():
            turn.due_at = min(turn.due_at, now if turn.scanned_at is None else turn.scanned_at)
            turn.again = turn.busy
        self._changed.set()

    def forgive(self) -> None:
        """Scan everything, and ask the account also for channels that it was refused."""
        for turn in self._turns.values():
            turn.account_closed_until, turn.refused = 0.0, ""
        self.wake()

    def look_again(self) -> None:
        """Apply the changed list of channels."""
        self._changed.set()

    def has_come_round(self) -> bool:
        """Whether a scan of every channel has at least been tried since the start."""
        listed = self._watchlist.list_all()
        turns = [self._turns.get(channel.id) for channel in listed]
        return all(turn is not None and turn.had for turn in turns)

    def request(self, channel: Channel) -> asyncio.Future[None]:
        """Scan this channel now, ahead of others. The future is done when it was read, or cannot be
        read soon."""
        turn = self._turns.setdefault(channel.id, _new_turn(channel))
        turn.urgent = True
        turn.again = turn.busy
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        turn.waiting.append(done)
        self._changed.set()
        return done

    async def begin(self, timeout: float) -> None:  # noqa: ASYNC109
        """Scan first the channels that are new and those known to have unread posts; wait for the
        new ones, at most ``timeout`` seconds."""
        channels = self._watchlist.list_all()
        fresh = [self.request(channel) for channel in channels if channel.last_scan_at is None]
        for channel in channels:
            if self._registrar.is_behind(channel):
                self.request(channel)
        if fresh:
            await asyncio.wait(fresh, timeout=timeout)

    async def run(self) -> None:
        """Scan until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._slots.acquire()
                turn = await self._next()
                turn.busy = True
                tasks.create_task(self._take(turn))

    async def _next(self) -> _Turn:
        """Wait for a channel that can be scanned now: urgent ones first, then the longest due."""
        while True:
            self._changed.clear()
            self._follow_list()
            now = _now()
            free = [(self._ready_at(turn, now), turn) for turn in self._turns.values()]
            free = [(ready_at, turn) for ready_at, turn in free if not turn.busy]
            ready = [turn for ready_at, turn in free if ready_at <= now]
            if ready:
                return min(ready, key=lambda turn: (not turn.urgent, turn.due_at))
            next_at = min((ready_at for ready_at, _ in free), default=None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if next_at is None else next_at - now):
                    await self._changed.wait()

    def _ready_at(self, turn: _Turn, now: float) -> float:
        """When a channel can be scanned, by its own waits and its source's budget."""
        budget = self._sources[self._choose(turn, now)].budget
        due_at = min(turn.due_at, now) if turn.urgent else turn.due_at
        return max(due_at, turn.closed_until, budget.ready_at(now, urgent=turn.urgent))

    def _follow_list(self) -> None:
        listed = {channel.id: channel for channel in self._watchlist.list_all()}
        for row in listed.keys() - self._turns.keys():
            self._turns[row] = _new_turn(listed[row])
        for row in self._turns.keys() - listed.keys():
            if not self._turns[row].busy:
                _answer(self._turns.pop(row))

    def _choose(self, turn: _Turn, now: float) -> SourceName:
        """The account if it can read the channel, else the web preview."""
        channel = self._watchlist.get(turn.row)
        has_preview = channel is not None and bool(channel.username)
        return choose_source(
            channel,
            self._sources,
            account_serves=self._account_serves(),
            is_closed=has_preview and turn.account_closed_until > now,
        )

    async def _take(self, turn: _Turn) -> None:
        """Scan one channel, and plan its next scan, whatever the result."""
        try:
            channel = self._watchlist.get(turn.row)
            if channel is not None:
                urgent = turn.urgent
                turn.urgent = turn.again = turn.keeps = False
                with self._gate.guarded("scan", channel=name_of(channel)) as passage:
                    await self._scan(turn, channel, urgent=urgent)
                if passage.error is not None:
                    self._put_off(turn)
        finally:
            turn.busy, turn.had = False, True
            if turn.again:
                turn.due_at = _now()
            elif not turn.keeps:
                _answer(turn)
            self._slots.release()
            self._changed.set()

    async def _scan(self, turn: _Turn, channel: Channel, *, urgent: bool) -> None:
        started = _now()
        name = self._choose(turn, started)
        if name == "preview" and channel.username is None:
            # That the account is lost is told once for all its channels.
            turn.due_at = _now() + self.interval
            reason, is_news = turn.refused or ACCOUNT_ONLY, self._account_serves()
            await self._registrar.trouble(channel, reason, is_news=is_news)
            return
        try:
            scanned = await self._scanner.scan(
                channel,
                self._sources[name].history,
                urgent=urgent,
                now=started,
                confirm_after=self.interval / 2,
            )
            await self._registrar.learned(channel.id, scanned.page.names)
        except StorageError as error:
            log.log(
                level_of(error), "a scan was not stored", channel=name_of(channel), error=str(error)
            )
            turn.due_at = _now() + min(RETRY_DELAY, self.interval)
        except StoppedError as error:
            log.warning("a scan waits", channel=name_of(channel), error=str(error))
            self._put_off(turn)
        except PreviewError as error:
            await self._failed(turn, channel, name, error.failure)
        except CALL_ERRORS as error:
            await self._failed(turn, channel, name, failures.failure_of(error))
        else:
            self._succeeded(turn, name, scanned, started)

    def _put_off(self, turn: _Turn) -> None:
        """Plan a retry after a failure of ours; requests for this channel do not hasten it."""
        turn.failed += 1
        turn.due_at = turn.closed_until = _now() + min(self.interval, backoff(turn.failed))

    def _succeeded(self, turn: _Turn, name: SourceName, scanned: Scanned, started: float) -> None:
        now = _now()
        self._sources[name].floods.passed(now)
        turn.failed = 0
        if name == "account":
            turn.refused = ""
        if not scanned.is_done:
            turn.again = True
            return
        if turn.scanned_at is not None:
            turn.rate = scans.smoothed_rate(turn.rate, scanned.posts, now - turn.scanned_at)
        turn.scanned_at = now
        wait = scans.turn_interval(
            self._interval,
            channels=len(self._watchlist),
            requests=self._requests,
            rate=turn.rate or 0.0,
        )
        others = (other.due_at for other in self._turns.values() if other is not turn)
        turn.due_at = scans.free_time(
            started + wait,
            others,
            apart=scans.round_length(channels=1, requests=self._requests),
            earliest=started + wait / 2,
        )

    async def _failed(
        self, turn: _Turn, channel: Channel, name: SourceName, failure: Failure
    ) -> None:
        log.warning("a scan failed", channel=name_of(channel), source=name, reason=failure.reason)
        now = _now()
        turn.failed += 1
        if failure.kind == "flood":
            turn.due_at = turn.closed_until = now + max(1.0, failure.seconds)
            source = self._sources[name]
            if source.floods.met(turn.row, turn.closed_until, now):
                # Others must wait too: it is the account that asked too much.
                source.budget.close(turn.closed_until)
        elif failure.kind in ("gone", "refused", "frozen"):
            await self._closed(turn, channel, name, failure.reason)
        else:
            turn.due_at = now + min(self.interval, backoff(turn.failed))
            if turn.refused and name == "preview":
                await self._registrar.trouble(channel, turn.refused)
        turn.keeps = failure.kind not in ("gone", "refused") and turn.due_at - now <= SOON

    async def _closed(self, turn: _Turn, channel: Channel, name: SourceName, reason: str) -> None:
        """The source cannot read this channel: switch to the other one, and tell the operator if
        neither can."""
        now = _now()
        turn.due_at = now + self.interval
        if name == "account":
            turn.account_closed_until = now + max(ACCOUNT_RETRY, self.interval)
            turn.refused = reason
            await self._registrar.shut_out(channel, reason)
            if self._choose(turn, now) == "preview":
                turn.due_at = now
                return
        if reason != NAME_MOVED:
            reason = turn.refused or self._registrar.why_unknown(channel) or reason
        await self._registrar.trouble(channel, reason)


def _new_turn(channel: Channel) -> _Turn:
    """The channel is due by the time of its last scan, so that a service that keeps restarting
    still reaches all channels."""
    now = _now()
    if channel.last_scan_at is None:
        return _Turn(channel.id, due_at=now)
    age = max(0.0, (datetime.now(UTC) - channel.last_scan_at).total_seconds())
    return _Turn(channel.id, due_at=now - age, scanned_at=now - age)


def _answer(turn: _Turn) -> None:
    for done in turn.waiting:
        if not done.done():
            done.set_result(None)
    turn.waiting.clear()


def _now() -> float:
    return asyncio.get_running_loop().time()
