"""The loop that sends the outbox: claims due rows, sends them at the pace, records the outcome.

The rows of one chat form its *lane*: they are sent one after the other, and lanes side by side.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.delivering.in_flight import InFlight, per_second
from bot.delivering.lanes import Lanes
from bot.delivering.outcomes import Outcome, about, is_edit, log_sent, write
from bot.delivering.portion import Portion
from bot.delivering.rendering import Renderer
from bot.delivering.sender import SEND_TIMEOUT, Sender
from bot.telegram.clients import Client
from bot.telegram.pace import Pace
from handlers.conversation.speaking import Speaking
from handlers.operators.troubles import Troubles, level_of
from handlers.times.alert_timing import is_quiet
from storage.connection import Database
from storage.errors import StorageError, UnavailableError
from storage.outbox import bundles, bursts, handed_on, outbox
from storage.outbox.gate import Outbox
from storage.records import PRIORITY_ANSWER, Delivery, Subscriber
from storage.structs import replace
from storage.subscribers import subscribers

HELD = 300
PER_CHAT = 3
"""The most rows of one chat in memory: one that has much to get leaves room for the others."""
ANSWERS = 30
"""The fewest rows that are claimed at once; where there is no room for more, answers alone."""
IN_FLIGHT = 100
ROUND_TRIP = 0.1
"""Seconds of a fast pace that may be in flight, a quarter of what is held; more delays answers."""
LATE_SHARE = 0.1
"""The most of the pace that may wait for replies that are late."""
LEASE = timedelta(minutes=15)
LONGEST_SLEEP = 60.0
BESIDE_SECONDS = 1.0
"""Seconds until what another process has queued is seen."""
SOON = 1.0
TICK = 0.01
"""Seconds of a fast pace that are sent at once: what is sent together goes in one packet."""
LAST_RECORD = 1.0
"""Seconds for which the last outcomes may take, when the service ends."""
EXPIRY_SECONDS = 30.0
AGAIN = 1.0
"""Seconds until the database is asked again what it refused."""

log = structlog.get_logger("deliver")


class Deliverer:
    """Delivers what is queued through ``gate`` with the bot, to the chats of ``portion``.
    ``on_finished(chat_id, at)`` is called when a message was sent or given up."""

    def __init__(
        self,
        database: Database,
        client: Client,
        pace: Pace,
        renderer: Renderer,
        gate: Outbox,
        *,
        on_finished: Callable[[int, datetime], None] = lambda *_: None,
        speaking: Speaking | None = None,
        troubles: Troubles | None = None,
        burst_after: int = 0,
        timezone: str = "UTC",
        portion: Portion | None = None,
    ) -> None:
        self._portion = portion or Portion()
        self._burst_after = burst_after
        self._timezone = timezone
        self._sender = Sender(database, client, pace, renderer, troubles or Troubles())
        self._on_finished = on_finished
        self._database = database
        self._pace = pace
        self._renderer = renderer
        self._speaking = speaking or Speaking()
        self._lanes = Lanes(self._ready_at)
        self._peers: dict[int, Subscriber] = {}
        self._outcomes: list[Outcome] = []
        self._failed: dict[int, Outcome] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._in_flight = InFlight(
            most=max(IN_FLIGHT, int(pace.overall * ROUND_TRIP)),
            most_late=max(IN_FLIGHT, int(pace.overall * LATE_SHARE * SEND_TIMEOUT)),
            most_a_second=per_second(pace.overall),
        )
        self._most_held = max(HELD, 4 * self._in_flight.most)
        self._gate = gate
        self._news = gate.news
        self._has_more = self._was_low = False
        self._is_unsure = False
        self._is_behind = False
        self._expired_at = float("-inf")
        self._wake = asyncio.Event()
        self._recorded = asyncio.Event()

    def must_wait(self, chat_id: int, *, is_edit: bool) -> bool:
        """Whether the pace, or a wait that Telegram asked for, holds back this chat's messages or
        edits."""
        now = asyncio.get_running_loop().time()
        ready_at = self._pace.ready_at(chat_id, now)
        return max(ready_at, self._sender.no_edits_until if is_edit else 0.0) > now + SOON

    async def run(self) -> None:
        """Deliver for ever; cancel it to stop. Raises ServiceError when the bot is logged out."""
        if self._portion.shares is None:
            async with self._database.transaction() as tx:
                await outbox.release_all(tx)
        self._news.set()
        async with contextlib.aclosing(self._sender), asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fill())
            tasks.create_task(self._record())
            tasks.create_task(self._look_beside())
            while True:
                self._wake.clear()
                self._start(tasks)
                await self._sleep()

    def turn_to(self, shares: frozenset[int]) -> None:
        """Claim from now on only for chats in these shares, at a rate set elsewhere."""
        self._portion.shares = shares
        self._in_flight.most_a_second = per_second(self._pace.overall)
        self._news.set()

    def holds(self, share: int) -> bool:
        """Whether anything for a chat of a share is being sent, waits in memory or is to be
        recorded."""
        return any(outbox.share_of(chat_id) == share for chat_id in self._lanes.held_by_chat())

    async def _sleep(self) -> None:
        """Wait until a row may be sent, or new rows arrive."""
        now = asyncio.get_running_loop().time()
        delay = LONGEST_SLEEP
        earliest = self._lanes.next_ready_at(now)
        if earliest is not None and self._in_flight.has_room(now):
            overall = self._pace.overall_ready_at(now)
            delay = min(delay, max(TICK, max(overall, earliest) - now))
        elif earliest is not None:
            delay = max(TICK, self._in_flight.room_in(now))
        await _wait(self._wake, delay)

    async def _fill(self) -> None:
        """Keep the lanes filled while others are sent: a claim may wait long for the writer."""
        while True:
            due_in = 0.0
            if self._is_behind:  # else what is to be tried again could be overtaken
                await asyncio.sleep(AGAIN)
                continue
            if self._news.is_set() or self._is_low():
                due_in = await self._claim()
                self._wake.set()
            self._was_low = self._is_low()
            await _wait(self._news, due_in if self._was_low else LONGEST_SLEEP)

    async def _look_beside(self) -> None:
        """Look for what other processes (a command, say) have queued: it goes at once as well."""
        while True:
            await asyncio.sleep(BESIDE_SECONDS)
            with contextlib.suppress(StorageError):  # reported by what needs the database
                if await self._database.is_written_beside() and await self._may_have_more():
                    self._news.set()

    async def _may_have_more(self) -> bool:
        """Whether to claim. Several deliverers look first: a claim waits in the writers' line."""
        if self._portion.shares is None:
            return True
        return self._is_low() and not await self._wait_due()

    def _is_low(self) -> bool:
        return self._room() >= self._most_held // 2

    def _room(self) -> int:
        """How many more rows may be held; rows whose replies are late do not count."""
        return self._most_held - len(self._lanes) + self._in_flight.late

    def _ready_at(self, row: Delivery, now: float) -> float:
        ready_at = self._pace.chat_ready_at(row.chat_id, now)
        return max(ready_at, self._sender.no_edits_until) if is_edit(row) else ready_at

    async def _claim(self) -> float:
        """Claim due rows and put them into the lanes; gives the seconds until more are due."""
        room = self._room()
        try:
            rows = await self._lease(room)
            self._has_more = len(rows) >= room
            self._take_in(rows)
            if self._has_more:
                return LONGEST_SLEEP
            wait = await self._wait_due()
            # What is due and was not taken is of chats that must wait, or have enough under way.
            self._has_more = not wait
            return wait or 1.0
        except StorageError as error:
            # A claim whose answer was lost may have been committed: see ``_lease``.
            self._is_unsure = True
            log.log(level_of(error), "the outbox cannot be read", error=str(error))
            await asyncio.sleep(AGAIN)
            self._news.set()
            return 0.0

    async def _wait_due(self) -> float:
        """Seconds until the next row of the whole queue is due; a minute at most, for the clock may
        be set meanwhile."""
        async with self._database.reader() as conn:
            due = await outbox.next_due(conn, self._portion.shares)
        left = LONGEST_SLEEP if due is None else (due - datetime.now(UTC)).total_seconds()
        return min(LONGEST_SLEEP, max(0.0, left))

    async def _lease(self, room: int) -> list[Delivery]:
        """Lease rows that may be sent soon, replacing those that belong together by one message."""
        at = asyncio.get_running_loop().time()
        held = self._lanes.held_by_chat()
        held |= dict.fromkeys(self._pace.closed_chats(at, at + SOON), PER_CHAT)
        async with self._database.transaction() as tx:
            # What is queued from now on has its turn after this one, and is news again.
            self._news.clear()
            now = datetime.now(UTC)
            until = now + LEASE
            if self._is_unsure:
                await outbox.release_others(tx, self._lanes.held, self._portion.shares)
            if at - self._expired_at >= EXPIRY_SECONDS:
                self._expired_at = at
                await handed_on.hand_on_expired(tx, await outbox.expire(tx, now=now), now=now)
            rows = await outbox.claim_due(
                tx,
                now=now,
                limit=max(room, ANSWERS),
                lease_until=until,
                held=held,
                per_chat=PER_CHAT,
                at_least=None if room > 0 else PRIORITY_ANSWER,
                shares=self._portion.shares,
            )
            if any(row.bundle for row in rows):
                rows = await bundles.gather(tx, rows, now=now, lease_until=until)
            # Who they are for is read each time: their language may have changed since the last.
            peers = await subscribers.list_by_chat(tx, sorted({row.chat_id for row in rows}))
            rows = await bursts.gather(
                tx,
                rows,
                peers,
                burst_after=self._burst_after,
                is_quiet=lambda chat_id, at: is_quiet(peers[chat_id], self._timezone, at),
                now=now,
                lease_until=until,
            )
        self._is_unsure = False
        self._peers |= peers
        self._renderer.refresh()
        return rows

    def _start(self, tasks: asyncio.TaskGroup) -> None:
        """Start whatever the rate limits allow now, most urgent first."""
        now = asyncio.get_running_loop().time()
        while (
            self._portion.stands(now)
            and self._in_flight.has_room(now)
            and self._pace.overall_ready_at(now) <= now
            and (row := self._lanes.start(now)) is not None
        ):
            self._in_flight.begin(row.id, now)
            self._pace.take(row.chat_id, now)
            task = tasks.create_task(self._deliver(row.chat_id, row))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _deliver(self, chat_id: int, row: Delivery) -> None:
        self._speaking.begin(chat_id, row.id)
        is_sent = False
        try:
            outcome = await self._sender.send(row, self._peers.get(chat_id))
            is_sent = outcome.verdict.action == "sent"
            if not is_sent:
                outcome = self._hold_back(chat_id, outcome)
            self._outcomes.append(outcome)
            self._recorded.set()
        finally:
            now = asyncio.get_running_loop().time()
            was_full = not self._in_flight.has_room(now)
            self._in_flight.end(row.id, now, is_answered=is_sent)
            has_more = self._lanes.finish(chat_id)
            if was_full or has_more:
                self._wake.set()

    def _hold_back(self, chat_id: int, outcome: Outcome) -> Outcome:
        """Log a failure, and keep the chat's order behind a row that is retried: behind one that
        failed by its own fault only the rows that may not overtake it wait, otherwise the whole
        chat."""
        verdict, row = outcome.verdict, outcome.row
        log.log(
            logging.DEBUG if outcome.is_told else logging.WARNING,
            "not sent",
            chat=chat_id,
            delivery=row.id,
            **about(row),
            reason=outcome.reason,
            then=verdict.action,
        )
        if verdict.action not in ("retry", "gone") or (is_edit(row) and verdict.action == "retry"):
            return outcome
        now = asyncio.get_running_loop().time()
        if verdict.action == "gone":
            return replace(outcome, rest=self._lanes.empty(chat_id))
        if not verdict.blames:
            self._pace.close_chat(chat_id, now + verdict.delay, now)
        outcome = replace(outcome, rest=self._take_behind(outcome))
        if not verdict.blames or row.priority > PRIORITY_ANSWER:
            # Until this is written down, what may not go before it can still be claimed.
            self._failed[chat_id] = outcome
        return outcome

    def _take_behind(self, outcome: Outcome) -> tuple[Delivery, ...]:
        """Remove from its lane what waits behind a row that is retried."""
        if outcome.verdict.blames:
            return self._lanes.take_behind(outcome.row)
        return self._lanes.empty(outcome.row.chat_id)

    def _take_in(self, rows: list[Delivery]) -> None:
        """Put claimed rows into their lanes; rows behind one that has just failed wait with it."""
        self._lanes.put(rows)
        for chat_id in self._failed.keys() & {row.chat_id for row in rows}:
            failed = self._failed[chat_id]
            verdict = replace(failed.verdict, blames=False)
            for row in self._take_behind(failed):
                waiting = replace(failed, row=row, verdict=verdict, rest=(), may_be_out=False)
                self._outcomes.append(waiting)
                self._recorded.set()

    async def _record(self) -> None:
        """Record outcomes in batches; at shutdown also those of messages that were being sent."""
        try:
            while True:
                await self._recorded.wait()
                self._recorded.clear()
                if len(self._in_flight) > 1:
                    await asyncio.sleep(self._portion.record_tick)
                if self._outcomes and not await self._record_some():
                    await asyncio.sleep(AGAIN)
                    self._recorded.set()
        finally:
            await self._record_rest()

    async def _record_some(self) -> bool:
        """Record some outcomes; False where the database refused."""
        batch = self._outcomes[: self._most_held]
        try:
            async with self._database.transaction() as tx:
                await write(tx, self._gate, batch)
        except StorageError as error:
            log.log(
                level_of(error), "outcomes were not recorded", count=len(batch), error=str(error)
            )
            self._is_behind = isinstance(error, UnavailableError)
            return False
        self._is_behind = False
        self._settle(batch)
        return True

    async def _record_rest(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_RECORD):
                while self._outcomes and await self._record_some():
                    continue

    def _settle(self, batch: list[Outcome]) -> None:
        del self._outcomes[: len(batch)]
        log_sent(batch)
        if self._outcomes:
            self._recorded.set()
        for outcome in batch:
            if self._failed.get(outcome.row.chat_id) is outcome:
                del self._failed[outcome.row.chat_id]
            self._speaking.end(outcome.row.chat_id, outcome.row.id)
            self._lanes.forget([outcome.row.id, *(row.id for row in outcome.rest)])
            if outcome.row.chat_id not in self._lanes:
                self._peers.pop(outcome.row.chat_id, None)
            if outcome.verdict.action != "retry":
                self._on_finished(outcome.row.chat_id, outcome.at)
        is_wanted = self._is_low() and (self._has_more or not self._was_low)
        if is_wanted or any(outcome.verdict.action != "sent" for outcome in batch):
            self._news.set()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, at most ``seconds``."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
