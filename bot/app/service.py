"""The running parts of ``dateline run`` and the wires between them."""

import asyncio
import math
from datetime import UTC, datetime
from typing import Any

import httpx2
import structlog
from telethon.tl import types

from bot import logs
from bot.anchoring.anchors import Anchors
from bot.app.account_care import AccountWatch, stay_signed_in
from bot.app.account_gone import Absence, stay_watching
from bot.app.catching_up import catch_up
from bot.app.figures import figures_of
from bot.app.kept_queries import KeptQueries
from bot.app.split import Split
from bot.backups import forgotten
from bot.backups.daily import daily_of
from bot.delivering.deliverer import Deliverer
from bot.delivering.rendering import Renderer
from bot.health.keeper import Keeper
from bot.health.monitor import Monitor, Parts
from bot.health.operator_news import NewsSender
from bot.health.writes import Writes
from bot.intake.asides import Asides
from bot.intake.intake import Intake
from bot.intake.own_words import OwnWords
from bot.intake.restoring import find_restored
from bot.intake.too_old import TooOld
from bot.process.gate import Gate
from bot.process.patience import patiently
from bot.process.required import require
from bot.schedule import Schedule
from bot.serving.quoted import Quoted
from bot.serving.receiver import Receiver
from bot.settings import Settings
from bot.telegram import signin
from bot.telegram.clients import Client
from bot.telegram.failures import NotLoggedInError
from bot.telegram.pace import Pace
from bot.telegram.roles import Roles
from bot.watching.watching import Watching
from handlers.chats.arrivals import Departures
from handlers.conversation.account_care import AccountCare
from handlers.conversation.services import Services
from handlers.conversation.speaking import Speaking
from handlers.conversation.translation import Translate
from handlers.operators import scans
from handlers.operators.heads import HeadWriter
from handlers.operators.notices import Notices, Value
from storage.connection import Database
from storage.documents.authors import Authors
from storage.errors import StorageError, UnavailableError
from storage.location import location_of
from storage.outbox.gate import Outbox
from storage.records import OwnBot

log = structlog.get_logger("app")


class Service:
    """The running parts and the wires between them."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        user: Client | None,
        bot: Client,
        web: httpx2.AsyncClient,
        tasks: asyncio.TaskGroup,
        keeper: Keeper,
        monitor: Monitor,
        authors: Authors,
        split: Split | None = None,
        kept: KeptQueries | None = None,
        *,
        lost: NotLoggedInError | None = None,
    ) -> None:
        self._split = split or Split()
        self._keeper, self._monitor = keeper, monitor
        self._settings, self._db, self._tasks = settings, db, tasks
        self._user, self._bot = user, bot
        self._gate, self._troubles = Gate(), monitor.troubles
        self._writes = Writes(db, self._troubles)
        self._kept = kept or KeptQueries(settings.data_dir)
        self._pace = Pace(
            overall=settings.send_rate,
            per_chat=settings.send_rate_chat,
            per_group=settings.send_rate_group,
        )
        self._renderer = Renderer(db, language=settings.bot_language, timezone=settings.timezone)
        speaking = Speaking()
        self._own_words = OwnWords(db, speaking, is_apart=self._split.is_shared)
        self._outbox = Outbox(on_lost=_departures(settings).tell)
        self._courier = self._make_deliverer(speaking)
        self._notices = Notices(
            settings.admins,
            language=settings.bot_language,
            timezone=settings.timezone,
            outbox=self._outbox,
        )
        self._sharing = self._split.watchers(db)
        self._intake = self._make_intake(authors)
        self._backups = daily_of(settings, self._troubles)
        self._schedule = Schedule(
            db,
            language=settings.bot_language,
            timezone=settings.timezone,
            outbox=self._outbox,
            keeping=settings.keeping,
            backups=self._backups,
            notices=self._notices,
            **self._split.looking(),
        )
        self._absence = Absence(settings, db, self._notices, self._troubles, lost, self._sharing)
        self._watching = self._make_watching(web, gone=lost.reason if lost is not None else "")
        self._account: AccountWatch | None = None
        self._report_deafness()

    def _report_deafness(self) -> None:
        for client in filter(None, (self._user, self._bot)):
            client.hearing.report_to(self._troubles)
        self._bot.hearing.on_missed = lambda since, place: self._say(
            f"deaf:{place}:{since.isoformat()}",
            "missed",
            since=since,
        )

    def _make_deliverer(self, speaking: Speaking) -> Deliverer:
        settings = self._settings
        return Deliverer(
            self._db,
            self._bot,
            self._pace,
            self._renderer,
            self._outbox,
            on_finished=self._monitor.queue.finished,
            speaking=speaking,
            troubles=self._troubles,
            burst_after=settings.burst_after,
            timezone=settings.timezone,
            portion=self._split.portion(),
        )

    def _make_intake(self, authors: Authors) -> Intake:
        return Intake(
            self._db,
            self._kept.saved,
            outbox=self._outbox,
            timezone=self._settings.timezone,
            asides=Asides(notices=self._notices, troubles=self._troubles, authors=authors),
            authors=authors,
            own=self._own_words,
            too_old=TooOld(self._settings.keeping),
            others=self._sharing.list_others if self._sharing else None,
        )

    def _make_watching(self, web: httpx2.AsyncClient, *, gone: str) -> Watching:
        parts = (self._settings, self._db, self._user, web, self._intake, self._notices, self._gate)
        return Watching(*parts, gone=gone, sharing=self._sharing)

    async def start(self) -> None:
        """Start every part, in the order in which one needs the other, and say so."""
        for client in filter(None, (self._bot, self._user)):
            self._writes.follow(client)
        self._required(self._writes.run(), "writes")
        restored_at = await self._keeper.begin()
        self._monitor.open(self._parts())
        self._required(self._keeper.watch(), "database files")
        if restored_at is not None:
            await self._tell_restored(restored_at)
        me = await signin.get_me(self._bot)
        await self._own_words.open(OwnBot(id=me.id, username=me.username or ""))
        if "watch" in self._split.roles:
            await self._watch()
        self._deliver()
        receiver = await self._serve(me)
        if "schedule" in self._split.roles:
            await self._schedule.start()
            self._required(self._anchors().run(), "anchors")
        self._required(self._take_no_more_at_the_end(), "schedule")
        self._required(self._bot.keep_alive(), "bot connection")
        self._required(stay_signed_in(self._bot), "bot account")
        if self._user is not None:
            self._look_after(self._user)
        elif self._absence.gone is not None:
            self._tasks.create_task(self._absence.wait_back())
        self._required(self._keeper.keep(), "mark")
        teller = NewsSender(self._db, self._notices, self._bot)
        self._required(self._monitor.operator_news.run(teller), "operator news")
        self._monitor.begin()
        self._log_ready(me)
        self._catch_up()
        if receiver is not None:
            await receiver.set_menu()

    async def _watch(self) -> None:
        """Read channels, and take in what they post."""
        await self._open_watching()
        self._intake.restored = await find_restored(
            self._db,
            channels=len(self._watching.watchlist),
            requests=self._settings.scan_requests_per_minute,
        )
        self._required(self._take_in(), "intake")
        await self._watching.start(self._required)

    def _deliver(self) -> None:
        """Send what of the outbox is this process's."""
        if "deliver" in self._split.roles:
            self._required(self._courier.run(), "deliver")
        for name, work in self._split.sharing(self._db, self._outbox, self._pace, self._courier):
            self._required(work, name)

    async def _serve(self, me: types.User) -> Receiver | None:
        """Answer people, if this process does."""
        if "serve" not in self._split.roles:
            return None
        services = self._services(me)
        if self._settings.feeds_address is not None:
            from bot.feeds import serving  # most instances do without it

            services, work = await serving.begin(self._settings, services)
            self._required(work, "feeds")
        await services.questions.load(self._db, now=datetime.now(UTC))
        receiver = self._make_receiver(services)
        receiver.open()
        for name, work in await self._split.hearing(self._db, self._bot, me.id):
            self._required(work, name)
        self._bot.begin()
        return receiver

    async def _open_watching(self) -> None:
        is_back = await self._absence.begin(has_account=self._user is not None)
        await self._watching.open(self._settings.channels)
        if is_back:
            self._watching.registrar.read_meanwhile()

    async def _take_in(self) -> None:
        """Store and match what comes, once all saved queries are there: until then it waits."""
        await self._kept.load(self._db)
        await self._intake.run()

    def _catch_up(self) -> None:
        """What is done beside the service, once, until it is done."""
        if "watch" in self._split.roles:
            self._tasks.create_task(catch_up(self._db, self._intake, self._split.holder))

    def _parts(self) -> Parts:
        """What the monitor looks after."""
        settings = self._settings
        return Parts(
            database=self._db,
            path=location_of(settings.database_url).file,
            keeper=self._keeper,
            interval=lambda count: scans.effective_interval(
                settings.reconcile_interval,
                channels=count,
                requests=settings.scan_requests_per_minute,
            ),
            alerts=lambda: len(self._kept.saved),
            explains=lambda row: self._courier.must_wait(row.chat_id, is_edit=row.is_edit),
            failures=self._gate.failures,
            figures=lambda: figures_of(self._watching, self._pace),
            backed_up_at=lambda: self._backups.made_at if self._backups else None,
            reads=self._sharing.has if self._sharing else lambda _: "watch" in self._split.roles,
            sends="deliver" in self._split.roles,
        )

    def _anchors(self) -> Anchors:
        settings = self._settings
        return Anchors(
            self._db,
            self._bot,
            self._outbox,
            self._notices,
            HeadWriter(settings.bot_language),
            channel=settings.evidence_channel,
            authority_url=settings.timestamp_url,
        )

    def _services(self, me: types.User) -> Services:
        settings, recent = self._settings, self._settings.read_on_watch
        quoted = Quoted(self._bot, self._db)
        return Services(
            database=self._db,
            outbox=self._outbox,
            bot_username=me.username or "",
            admins=settings.admins,
            access=settings.access,
            language=settings.bot_language,
            timezone=settings.timezone,
            alerts_per_person=settings.alerts_per_person,
            burst_after=settings.burst_after,
            authors=settings.authors,
            reconcile_interval=settings.reconcile_interval,
            scan_requests=settings.scan_requests_per_minute,
            read_on_watch=(recent.days, recent.posts) if recent else None,
            plans_changed=self._schedule.changed,
            note_forgotten=self._note_forgotten,
            backups_kept=settings.backup_keep if settings.backup_dir else None,
            role_of=Roles(self._bot, self._db).role_of,
            text_of=quoted.text_of,
            file_of=quoted.file_of,
            render_again=self._renderer.render_again,
            proxy=lambda: str(self._bot.route),
            account=self._care,
            translate=self._translate(),
        )

    def _translate(self) -> Translate | None:
        if self._settings.translate_url is None:
            return None
        from bot.serving.translator import Translator  # most instances do without it

        return Translator(self._settings.translate_url, self._settings.translate_key).translate

    def _make_receiver(self, services: Services) -> Receiver:
        settings = self._settings
        return Receiver(
            self._bot,
            services,
            self._pace,
            self._gate,
            commands_per_minute=settings.commands_per_minute,
            presses_per_minute=settings.presses_per_minute,
            tasks=self._tasks,
        )

    async def _note_forgotten(self, chat_id: int, now: datetime) -> None:
        self._bot.session.stay()
        path = forgotten.path_of(self._settings)
        await asyncio.to_thread(forgotten.note, path, chat_id, now=now)
        if self._settings.backup_dir is not None:
            beside = self._settings.backup_dir / forgotten.NAME
            try:
                await asyncio.to_thread(forgotten.add_all, path, beside)
            except UnavailableError as error:
                log.warning("the backups were not told who was forgotten", error=str(error))

    def _look_after(self, user: Client) -> None:
        self._account = AccountWatch(
            user,
            self._troubles,
            channels=self._watching.registrar.count_joined,
            say=self._say,
            thawed=self._watching.come_back,
            others=self._absence.name_beside_others,
        )
        for work in (user.keep_alive(), stay_watching(user), self._account.run()):
            self._tasks.create_task(work)

    def _required(self, work: Any, name: str) -> None:
        require(self._tasks, work, name)

    async def _take_no_more_at_the_end(self) -> None:
        """What comes in while the rest ends is not handled any more: it comes again."""
        try:
            await asyncio.Event().wait()
        finally:
            self._schedule.stop()
            for client in filter(None, (self._bot, self._user)):
                client.cease()

    def _care(self) -> AccountCare | None:
        if self._absence.gone is not None:
            return AccountCare(gone=self._absence.gone)
        return self._account.last if self._account is not None else None

    async def _tell_restored(self, at: datetime) -> None:
        async with self._db.transaction() as tx:
            await self._notices.add(tx, f"restored:{at.isoformat()}", "restored")

    def _say(self, key: str, name: str, **values: Value) -> None:
        """Queue a notice to the operator in the background."""
        self._tasks.create_task(self._add_notice(key, name, **values))

    async def _add_notice(self, key: str, name: str, **values: Value) -> None:
        """Queue a notice to the operator, however long it takes until that can be written."""

        async def add() -> None:
            async with self._db.transaction() as tx:
                await self._notices.add(tx, key, name, **values)

        try:
            await patiently(add, math.inf)
        except StorageError as error:
            log.error("a notice was not queued", notice=name, error=str(error))

    def _log_ready(self, me: types.User) -> None:
        name = f"@{me.username}" if me.username else me.first_name
        logs.say(f"dateline: ready as {name}{self._split.said(len(self._watching.watchlist))}")


def _departures(settings: Settings) -> Departures:
    return Departures(language=settings.bot_language, timezone=settings.timezone)
