"""Monitors the service: begins and ends troubles by what it sees.

The database may be locked or damaged, and ``/readyz`` must not wait for it: reading it is given up
after a few seconds, and then the age of the last success counts.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog
from msgspec import Struct, field

from bot.health import readiness
from bot.health.figures import Figures
from bot.health.keeper import Keeper
from bot.health.measures import Measures
from bot.health.operator_news import NewsFeed, OperatorQueue
from bot.health.readiness import Queue, Scans, Seen
from bot.health.writes import DAMAGE
from bot.process.gate import Kind
from bot.telegram.clients import Client
from bot.telegram.sessions import Account
from handlers.operators.troubles import GONE_CAUSE, Reason, Troubles
from storage.connection import Database
from storage.errors import DamagedError, StorageError
from storage.sqlite import file as sqlite_file
from storage.verifying.health import Standing, Waiting, get_standing

LOOK_SECONDS = 3.0
READ_TIMEOUT = 4.0
CHECK_SECONDS = 15.0
WHOLE_SECONDS = 24 * 3600.0
DOUBTFUL_SECONDS = 600.0
"""The interval of whole checks of a large file after damage was met; otherwise
``WHOLE_SECONDS``."""
START_SECONDS = 60.0
"""A start that takes longer is reported as a trouble."""

_KEEP_FROM_READING: frozenset[Reason] = frozenset({"user", "write", "database"})
_KEEP_FROM_SENDING: frozenset[Reason] = frozenset({"bot", "write", "database"})

log = structlog.get_logger("monitor")


class Parts(Struct, frozen=True, kw_only=True):
    """What is monitored once the database is open. ``interval``: the effective scan interval, in
    seconds, for a number of channels; ``explains``: see ``Queue.observe``; ``failures``: what the
    gate stopped, by kind; ``path``: the database's file, None on a server. ``reads``: whether this
    process reads a channel (row id), ``sends``: whether it sends; what other processes do is theirs
    to monitor."""

    database: Database
    path: Path | None
    keeper: Keeper
    interval: Callable[[int], float]
    alerts: Callable[[], int]
    explains: Callable[[Waiting], bool]
    failures: Mapping[Kind, int]
    figures: Callable[[], Figures] = Figures
    backed_up_at: Callable[[], datetime | None] = lambda: None
    reads: Callable[[int], bool] = lambda _: True
    sends: bool = True


class Health(Struct, frozen=True, kw_only=True):
    """The service's state. ``connected``: whether each account is connected; ``deaf``: how often in
    a row each was refused missed updates; ``alerts``: the number of saved queries; ``interval``:
    the effective scan interval, in seconds; ``standing``: the last that could be read; ``path``:
    the database's file, once it is open; ``backed_up_at``: when the last daily backup was made."""

    is_ready: bool = False
    reasons: tuple[Reason, ...] = ()
    connected: Mapping[str, bool]
    deaf: Mapping[str, int]
    alerts: int = 0
    interval: float = 0.0
    standing: Standing | None = None
    failures: Mapping[Kind, int]
    figures: Figures = field(default_factory=Figures)
    measures: Measures = field(default_factory=Measures)
    path: Path | None = None
    backed_up_at: datetime | None = None


class Monitor:
    """Monitors the ``accounts`` in use, and the other parts once they are there."""

    def __init__(self, troubles: Troubles, accounts: Iterable[Account]) -> None:
        self.troubles = troubles
        self.news_feed = NewsFeed(troubles)
        self.operator_news = OperatorQueue()
        self.news_feed.listen(self.operator_news.tell)
        self.queue = Queue()
        self.measures = Measures()
        self._scans = Scans()
        self._clients: dict[Reason, Client] = {}
        self._answered_at: dict[Reason, float | None] = dict.fromkeys(accounts)
        self._parts: Parts | None = None
        self._standing: Standing | None = None
        self._read_at: float | None = None
        self._reading = asyncio.Lock()
        self._reads_soundly = self._is_sound = True
        self._whole_at = _now() - WHOLE_SECONDS + DOUBTFUL_SECONDS
        self._is_away = False
        self._unscanned: tuple[int, ...] = ()
        self._stuck: tuple[int, ...] = ()
        self._has_begun = False

    def expect(self, accounts: Iterable[Account]) -> None:
        """Monitor these accounts from now on; before, another process used them."""
        self._answered_at |= dict.fromkeys(accounts)

    def follow(self, client: Client) -> None:
        """Monitor the connection of an account."""
        self._clients[client.account] = client

    def note_away(self, is_away: bool) -> None:
        """Note whether the service waits for the server of the database before it begins."""
        self._is_away = is_away

    def open(self, parts: Parts) -> None:
        """Monitor the database and what it holds."""
        self._parts = parts
        parts.database.measure(self.measures.took)
        self._read_at = _now()

    async def shut(self) -> None:
        """Stop reading the database, which is about to be closed."""
        self._has_begun, self._parts = False, None
        async with self._reading:
            self._read_at = None

    def begin(self) -> None:
        """Note that the service has started."""
        self._has_begun = True

    async def run(self) -> None:
        """Monitor until cancelled."""
        started_at = _now()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._check())
            tasks.create_task(self.news_feed.run())
            tasks.create_task(self.measures.run())
            while True:
                await self._look()
                if self._has_begun or _now() - started_at > START_SECONDS:
                    self._show_troubles()
                await asyncio.sleep(LOOK_SECONDS)

    async def is_ready(self) -> bool:
        """Whether the service does all its work now."""
        return (await self.look()).is_ready

    async def look(self) -> Health:
        """The service's state now."""
        await self._look()
        if self._has_begun:
            self._show_troubles()
        present = {trouble.reason for trouble in self.troubles.list_all()}
        reasons = readiness.in_order(present | set(self._verdict()))
        parts = self._parts
        return Health(
            is_ready=self._has_begun and not reasons,
            reasons=reasons,
            connected={name: client.stands() for name, client in self._clients.items()},
            deaf={
                name: sum(client.hearing.failing.values()) for name, client in self._clients.items()
            },
            alerts=parts.alerts() if parts else 0,
            interval=parts.interval(self._count_channels()) if parts else 0.0,
            standing=self._standing,
            failures=parts.failures if parts else {},
            figures=parts.figures() if parts else Figures(),
            measures=self.measures,
            path=parts.path if parts else None,
            backed_up_at=parts.backed_up_at() if parts else None,
        )

    def _verdict(self) -> tuple[Reason, ...]:
        seen = Seen(
            wrote_at=self._parts.keeper.wrote_at if self._parts else None,
            read_at=self._read_at,
            is_sound=self._is_sound and self._reads_soundly,
            is_away=self._is_away,
            answered_at=self._answered_at,
            unscanned=self._unscanned,
            stuck=self._stuck,
        )
        return readiness.verdict(seen, _now())

    def _show_troubles(self) -> None:
        present = self._verdict()
        for reason in readiness.REASONS:
            is_told = reason == "user" and self.troubles.is_present(GONE_CAUSE)
            if reason in present and not is_told:
                self.troubles.begin(f"seen:{reason}", reason=reason, text=readiness.TEXTS[reason])
            else:
                self.troubles.end(f"seen:{reason}")

    async def _look(self) -> None:
        for account, client in self._clients.items():
            if client.answers():
                self._answered_at[account] = _now()
            elif client.fatal_error() is not None:
                self._answered_at[account] = None
        if self._parts is None or self._reading.locked():
            return
        async with self._reading:
            await self._read(self._parts)

    async def _read(self, parts: Parts) -> None:
        now = datetime.now(UTC)
        try:
            async with asyncio.timeout(READ_TIMEOUT), parts.database.reader() as conn:
                standing = await get_standing(conn, now)
        except TimeoutError:
            log.debug("the database was not read in time")
            return
        except StorageError as error:
            if isinstance(error, DamagedError):
                self._reads_soundly = False
            log.debug("the database was not read", error=str(error))
            return
        self._standing, self._read_at, self._reads_soundly = standing, _now(), True
        # What is out is told itself; what waited for it has its time anew when it is back.
        out = set(self._verdict())
        ours = [channel for channel in standing.channels if parts.reads(channel.id)]
        self._unscanned = self._scans.observe(
            ours,
            interval=parts.interval(len(ours)),
            is_out=bool(out & _KEEP_FROM_READING),
            now=now,
        )
        is_out = bool(out & _KEEP_FROM_SENDING)
        waiting = standing.waiting if parts.sends else ()
        self._stuck = self.queue.observe(
            waiting, explains=lambda row: is_out or parts.explains(row), now=now
        )

    def _count_channels(self) -> int:
        return len(self._standing.channels) if self._standing else 0

    async def _check(self) -> None:
        """Check the file itself, whatever this process has cached of it."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if self._parts is not None and self._parts.path is not None:
                await self._check_file(self._parts.path)

    async def _check_file(self, path: Path) -> None:
        try:
            whole = self._is_whole_due() or await asyncio.to_thread(sqlite_file.is_small, path)
            if whole:
                self._whole_at = _now()
            await asyncio.to_thread(sqlite_file.check, path, whole=whole)
        except DamagedError as error:
            if self._is_sound:
                log.error("the database is damaged", error=str(error))
            self._is_sound = False
        except (StorageError, OSError) as error:
            log.debug("the database was not checked", error=str(error))
        else:
            self._is_sound = self._is_sound or whole
            if whole:
                self.troubles.end(DAMAGE)

    def _is_whole_due(self) -> bool:
        is_doubtful = not self._is_sound or self.troubles.is_present(DAMAGE)
        return _now() - self._whole_at >= (DOUBTFUL_SECONDS if is_doubtful else WHOLE_SECONDS)


def _now() -> float:
    return asyncio.get_running_loop().time()
