"""The outbox loop: what is due is rendered, sent at the pace, and its outcome recorded.

A row is sent with its stored random id, so sending again after a crash, a lost reply or a time-out
is refused by the server and changes nothing. Each chat is a lane: its rows go one after the other,
the lanes go side by side.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot import failures, retry, telegram, wire
from bot.floods import Floods
from bot.pace import Pace
from bot.rendering import Renderer, UnreadableRowError
from bot.telegram import Client
from storage import outbox, subscribers
from storage.database import Connection, Database
from storage.errors import ServiceError, StorageError
from storage.records import Delivery, Subscriber

HELD = 200
IN_FLIGHT = 64
LEASE = timedelta(minutes=15)
SEND_TIMEOUT = 15.0
LONGEST_SLEEP = 60.0

log = structlog.get_logger("deliver")


@dataclass(slots=True)
class _Lane:
    """What waits for one chat, most urgent first; ``busy`` while one of it is under way."""

    rows: list[Delivery] = field(default_factory=list)
    busy: bool = False

    def put(self, row: Delivery) -> None:
        self.rows.append(row)
        self.rows.sort(key=_urgency)


def _urgency(row: Delivery) -> tuple[int, int]:
    return row.priority, row.id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How a row ended, to be recorded; ``rest`` are the rows behind one that must wait."""

    row: Delivery
    verdict: retry.Verdict
    at: datetime
    message_id: int | None = None
    reason: str = ""
    rest: tuple[Delivery, ...] = ()


class Courier:
    """Delivers the outbox through the bot. ``on_gone(chat_id)`` is told who left."""

    def __init__(
        self,
        database: Database,
        client: Client,
        pace: Pace,
        renderer: Renderer,
        *,
        on_gone: Callable[[int], None],
    ) -> None:
        self._database = database
        self._client = client
        self._pace = pace
        self._renderer = renderer
        self._on_gone = on_gone
        self._lanes: dict[int, _Lane] = {}
        self._held: set[int] = set()
        self._peers: dict[int, Subscriber | None] = {}
        self._outcomes: list[_Outcome] = []
        self._floods = Floods()
        self._in_flight = 0
        self._wake = asyncio.Event()
        self._recorded = asyncio.Event()

    def wake(self) -> None:
        """Rows were added: look at the outbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver for ever; cancel it to stop. Raises ServiceError when the bot is logged out."""
        async with self._database.transaction() as tx:
            await outbox.release_all(tx)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._record())
            while True:
                self._wake.clear()
                due_in = await self._claim()
                self._start(tasks)
                await self._sleep(due_in)

    async def _sleep(self, due_in: float) -> None:
        now = asyncio.get_running_loop().time()
        ready = [
            self._pace.ready_at(chat_id, now) - now
            for chat_id, lane in self._lanes.items()
            if lane.rows and not lane.busy
        ]
        if self._in_flight >= IN_FLIGHT:
            ready = []
        delay = max(0.0, min([due_in, LONGEST_SLEEP, *ready]))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._wake.wait()

    async def _claim(self) -> float:
        """Take what is due into the lanes; seconds until more will be."""
        room = HELD - len(self._held)
        if room <= 0:
            return LONGEST_SLEEP
        now = datetime.now(UTC)
        try:
            async with self._database.reader() as conn:
                due = await outbox.next_due(conn)
            if due is None or due > now:
                return LONGEST_SLEEP if due is None else (due - now).total_seconds()
            async with self._database.transaction() as tx:
                rows = await outbox.claim_due(tx, now=now, limit=room, lease_until=now + LEASE)
            await self._meet({row.chat_id for row in rows})
        except StorageError as error:
            log.error("the outbox cannot be read", error=str(error))
            return 1.0
        for row in rows:
            if row.id not in self._held:
                self._held.add(row.id)
                self._lanes.setdefault(row.chat_id, _Lane()).put(row)
        return LONGEST_SLEEP if rows else 1.0

    async def _meet(self, chat_ids: set[int]) -> None:
        """Read who the recipients are: their language may have changed since the last time."""
        async with self._database.reader() as conn:
            for chat_id in chat_ids:
                self._peers[chat_id] = await subscribers.find_subscriber(conn, chat_id)

    def _start(self, tasks: asyncio.TaskGroup) -> None:
        """Start whatever the pace lets go now, most urgent first."""
        now = asyncio.get_running_loop().time()
        waiting = [
            (_urgency(lane.rows[0]), chat_id)
            for chat_id, lane in self._lanes.items()
            if lane.rows and not lane.busy and self._pace.chat_ready_at(chat_id, now) <= now
        ]
        for _, chat_id in sorted(waiting):
            if self._in_flight >= IN_FLIGHT or self._pace.overall_ready_at(now) > now:
                return
            lane = self._lanes[chat_id]
            lane.busy = True
            self._in_flight += 1
            self._pace.take(chat_id, now)
            tasks.create_task(self._deliver(chat_id, lane, lane.rows.pop(0)))

    async def _deliver(self, chat_id: int, lane: _Lane, row: Delivery) -> None:
        try:
            outcome = await self._send(row)
            if outcome.verdict.action != "sent":
                outcome = self._hold_back(chat_id, lane, outcome)
            self._outcomes.append(outcome)
            self._recorded.set()
        finally:
            self._in_flight -= 1
            lane.busy = False
            if not lane.rows:
                self._lanes.pop(chat_id, None)
                self._peers.pop(chat_id, None)
            self._wake.set()

    async def _send(self, row: Delivery) -> _Outcome:
        subscriber = self._peers.get(row.chat_id)
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            message = await self._renderer.render(row, subscriber)
            to = await self._peer(row, subscriber)
            request = wire.send_request(to, message, row.random_id)
            result = await telegram.call(self._client, request, timeout=SEND_TIMEOUT)
        except UnreadableRowError as error:
            return _failed(row, retry.Failure(kind="refused", reason=str(error)))
        except StorageError as error:
            return _failed(row, retry.Failure(kind="server", reason=str(error)))
        except failures.CALL_ERRORS as error:
            failure = failures.failure_of(error)
            if failure.kind == "flood":
                self._obey(row.chat_id, failure.seconds, loop.time())
            if failure.kind == "unauthorized":
                raise ServiceError(
                    f"the bot was logged out ({failure.reason})",
                    where="BOT_TOKEN",
                    hint="check the token at @BotFather and start again",
                ) from error
            return _failed(row, failure)
        self._floods.passed(started)
        log.info("sent", kind=row.kind, chat=row.chat_id, delivery=row.id)
        return _Outcome(
            row=row,
            verdict=retry.Verdict(action="sent"),
            at=datetime.now(UTC),
            message_id=wire.sent_id(result),
        )

    async def _peer(self, row: Delivery, subscriber: Subscriber | None) -> Any:
        """Whom to send to: by the hash in the row or the database, else as Telethon knows them."""
        stored = subscriber.access_hash if subscriber else None
        known = row.payload.get("access_hash") or stored
        if not known and row.chat_id > 0:
            with contextlib.suppress(*failures.CALL_ERRORS):
                return await telegram.within(self._client.get_input_entity(row.chat_id))
        return wire.peer(row.chat_id, known)

    def _obey(self, chat_id: int, seconds: float, now: float) -> None:
        until = now + max(1.0, seconds)
        self._pace.close_chat(chat_id, until, now)
        if self._floods.met(chat_id, until, now):
            log.warning("Telegram asks every message to wait", seconds=seconds)
            self._pace.close_all(until)

    def _hold_back(self, chat_id: int, lane: _Lane, outcome: _Outcome) -> _Outcome:
        """Log a failure, and keep the rows behind one that must wait in their order."""
        verdict = outcome.verdict
        log.warning(
            "not sent",
            kind=outcome.row.kind,
            chat=chat_id,
            delivery=outcome.row.id,
            reason=outcome.reason,
            then=verdict.action,
        )
        if verdict.action not in ("retry", "gone"):
            return outcome
        now = asyncio.get_running_loop().time()
        if verdict.action == "retry":
            self._pace.close_chat(chat_id, now + verdict.delay, now)
        rest, lane.rows = tuple(lane.rows), []
        return _Outcome(
            row=outcome.row, verdict=verdict, at=outcome.at, reason=outcome.reason, rest=rest
        )

    async def _record(self) -> None:
        """Write outcomes down, as many at a time as have come in."""
        while True:
            await self._recorded.wait()
            self._recorded.clear()
            batch = self._outcomes[:HELD]
            if not batch:
                continue
            try:
                async with self._database.transaction() as tx:
                    for outcome in batch:
                        await _write(tx, outcome)
            except StorageError as error:
                log.error("outcomes were not recorded", count=len(batch), error=str(error))
                await asyncio.sleep(1.0)
                self._recorded.set()
                continue
            self._settle(batch)

    def _settle(self, batch: list[_Outcome]) -> None:
        del self._outcomes[: len(batch)]
        if self._outcomes:
            self._recorded.set()
        for outcome in batch:
            self._held.discard(outcome.row.id)
            self._held.difference_update(row.id for row in outcome.rest)
            if outcome.verdict.action == "gone":
                self._on_gone(outcome.row.chat_id)
        self.wake()


def _failed(row: Delivery, failure: retry.Failure) -> _Outcome:
    verdict = retry.decide(failure, row.attempts)
    return _Outcome(row=row, verdict=verdict, at=datetime.now(UTC), reason=failure.reason)


async def _write(tx: Connection, outcome: _Outcome) -> None:
    row, verdict = outcome.row, outcome.verdict
    match verdict.action:
        case "sent":
            await outbox.mark_sent(tx, row.id, outcome.message_id, outcome.at)
        case "retry":
            due_at = outcome.at + timedelta(seconds=verdict.delay)
            await outbox.postpone(tx, row.id, due_at, outcome.reason)
            for later in outcome.rest:
                await outbox.postpone(tx, later.id, due_at, outcome.reason, attempted=False)
        case "gone":
            await outbox.mark_gone(tx, row.chat_id)
            await subscribers.deactivate(tx, row.chat_id)
        case _:
            await outbox.mark_dead(tx, row.id, outcome.reason)
