"""Assembles the parts that watch: the list, the pushes, the scans, the reading of history."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

import httpx2

from bot.intake.intake import Intake
from bot.process.gate import Gate
from bot.settings import Settings
from bot.telegram import failures
from bot.telegram.clients import Client
from bot.watching.backfill import Backfiller
from bot.watching.budget import Budget, Spare
from bot.watching.history import AccountHistory
from bot.watching.pushes import Watch
from bot.watching.recent import RecentReader
from bot.watching.reconcile import Reconciler
from bot.watching.registrar import Registrar
from bot.watching.scan import Scanner
from bot.watching.sharing.sharing import Sharing, State
from bot.watching.sources import Source, SourceName
from bot.watching.watchlist import Watchlist
from bot.watching.web_preview import PreviewHistory
from handlers.operators.notices import Notices
from storage.connection import Database

FIRST_SCANS = 10.0
"""Seconds that the start waits at most for the first scans of new channels."""

Start = Callable[[Awaitable[None], str], None]


class Watching:
    """The watching side of the service. ``user`` is None without an account; ``gone``: why an
    account that was there cannot be used. ``sharing``: divides the channels if several processes
    watch."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        user: Client | None,
        web: httpx2.AsyncClient,
        intake: Intake,
        notices: Notices,
        gate: Gate,
        *,
        gone: str = "",
        sharing: Sharing | None = None,
    ) -> None:
        self.watchlist = Watchlist()
        self._sharing, self._gone = sharing, gone
        self._user = user
        self._intake = intake
        self._gate = gate
        sources = self._sources = make_sources(settings, user, web)
        self.registrar = Registrar(
            user, database, self.watchlist, notices, gate, is_gone=bool(gone), sharing=sharing
        )
        if sharing is not None:
            sharing.follow(self.watchlist, self._account_state, self.registrar.look_again)
        self.reconciler = self._make_reconciler(settings, database)
        self.registrar.on_change = self.reconciler.look_again
        self.watchlist.on_dropped = self._let_go
        # History has requests of its own: it must not hold up what is new.
        history = self._history = make_sources(settings, user, web)
        self.backfiller = Backfiller(
            database,
            self.watchlist,
            intake,
            history,
            notices,
            gate,
            account_serves=self._account_serves,
            kept_for=settings.keep_documents,
        )
        self.recent = RecentReader(
            database,
            self.watchlist,
            intake,
            make_sources(settings, user, web, of=sources, share=self.reconciler.spare_requests),
            gate,
            limits=settings.read_on_watch,
            account_serves=self._account_serves,
            may_read=self.reconciler.has_come_round,
        )

    def _make_reconciler(self, settings: Settings, database: Database) -> Reconciler:
        scanner = Scanner(
            database,
            self.watchlist,
            self._intake,
            recheck=settings.recheck_posts,
            recent=settings.read_on_watch,
        )
        return Reconciler(
            self.watchlist,
            scanner,
            self._sources,
            self.registrar,
            self._gate,
            interval=settings.reconcile_interval,
            requests=settings.scan_requests_per_minute,
            account_serves=self._account_serves,
        )

    def budgets(self) -> dict[tuple[str, str], Budget]:
        """The request budgets, by source and purpose: ``("account", "scans")`` for instance."""
        kinds = {"scans": self._sources, "history": self._history}
        return {
            (name, kind): source.budget
            for kind, sources in kinds.items()
            for name, source in sources.items()
        }

    def come_back(self) -> None:
        """The account is no longer frozen: ask it again for everything that it was refused."""
        self.registrar.come_back()
        self.reconciler.forgive()

    def _let_go(self, row: int) -> None:
        """Forget what stopped a channel, or its history, that is no longer watched."""
        self._intake.drop(row)
        self._intake.drop(row, asked=True)

    def _account_serves(self) -> bool:
        return self._user is not None and self._user.fatal_error() is None

    def _account_state(self) -> State:
        """Whether the account can be used. If it is gone or frozen, other processes take its
        channels; one that Telegram told to wait keeps them."""
        if self._user is None:
            return State(self._gone or "NO_ACCOUNT")
        if (error := self._user.fatal_error()) is not None:
            return State(failures.failure_of(error).reason)
        if self._user.freezing.is_met.is_set():
            return State("FROZEN")
        now = asyncio.get_running_loop().time()
        return State(waits=self._sources["account"].budget.closed_for(now))

    def _scan_lost(self, channel_id: int) -> None:
        channel = self.watchlist.find(channel_id)
        if channel is not None:
            self.reconciler.request(channel)

    def _scan_missed(self, channel_id: int | None) -> None:
        """Scan what pushes do not bring for now: a channel, or all."""
        if channel_id is None:
            self.reconciler.wake()
        else:
            self._scan_lost(channel_id)

    async def open(self, names: Iterable[str]) -> None:
        """Put the channels of the settings on the list and find them."""
        await self.registrar.open(names)

    async def start(self, start: Start) -> None:
        """Begin to watch. ``start(task, name)`` is called with each part that runs for ever."""
        if self._user is not None:
            scan = self.reconciler.request
            history = self._sources["account"].history
            Watch(self._user, self.watchlist, self._intake, self._gate, scan, history).open()
            self._user.on_reconnect = self.reconciler.wake
            self._user.on_lost = self._scan_lost
            self._user.hearing.on_failing = self._scan_missed
            self._user.hearing.on_missed = lambda _, place: self._scan_missed(place)
            self._user.begin()
        if self._sharing is not None:
            start(self._sharing.run(), "sharing")
        start(self.reconciler.run(), "reconcile")
        start(self.registrar.run(), "channels")
        start(self.backfiller.run(), "backfill")
        start(self.recent.run(), "recent")
        await self.reconciler.begin(FIRST_SCANS)


def make_sources(
    settings: Settings,
    user: Client | None,
    web: httpx2.AsyncClient,
    *,
    of: Mapping[SourceName, Source] | None = None,
    share: Callable[[], float] = lambda: 1.0,
) -> dict[SourceName, Source]:
    """The sources of histories, each with a budget of its own; or with what the budgets of ``of``
    leave unused, but at least ``share()`` requests a minute."""

    def budget(name: SourceName) -> Budget:
        requests = settings.scan_requests_per_minute
        return Budget(requests) if of is None else Spare(of[name].budget, requests, share)

    seen = budget("preview")
    preview = PreviewHistory(web, settings.preview_base_url, seen)
    sources: dict[SourceName, Source] = {"preview": Source(history=preview, budget=seen)}
    if user is not None:
        own = budget("account")
        sources["account"] = Source(history=AccountHistory(user, own), budget=own)
    return sources
