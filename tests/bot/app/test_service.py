"""What is set reaches the part that it is meant for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from plain_web import plain_web
from telethon.tl import types

from bot import settings as settings_file
from bot.app import run
from bot.app.kept_queries import KeptQueries
from bot.app.roles import ALL, accounts_of
from bot.app.service import Service
from bot.app.split import Split
from bot.backups import forgotten
from bot.demo import process
from bot.health.figures import Sending
from bot.health.instance import Claim, read_identity_file
from bot.health.keeper import Keeper
from bot.health.monitor import Monitor
from bot.proxies.route import Route
from bot.sandbox.server import Sandbox
from bot.sandbox.world.accounts import Bot
from bot.settings import Recent, Settings
from bot.telegram import clients, sessions
from handlers.operators.troubles import Troubles
from storage import database
from storage.documents.authors import Authors
from storage.location import file_of
from storage.records import Channel

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ME = types.User(id=5, username="harbour_bot", first_name="Harbour")


def settings_in(folder: Path, **wishes: Any) -> Settings:
    """Every number another, so that none can stand in for its neighbour."""
    return Settings(
        api_id=1,
        api_hash="0" * 32,
        bot_token="5:token",
        data_dir=folder,
        admins=frozenset({900}),
        access="private",
        bot_language="ru",
        timezone="Europe/Riga",
        reconcile_interval=71.0,
        scan_requests_per_minute=12,
        recheck_posts=13,
        read_on_watch=Recent(days=3, posts=44),
        send_rate=21.0,
        send_rate_chat=2.0,
        send_rate_group=15.0,
        burst_after=6,
        alerts_per_person=17,
        commands_per_minute=2,
        presses_per_minute=3,
        keep_sent=timedelta(days=31),
        keep_documents=timedelta(days=400),
        **wishes,
    )


@asynccontextmanager
async def made(folder: Path, url: str, **wishes: Any) -> AsyncIterator[Service]:
    """A service of which nothing runs."""
    settings = settings_in(folder, database_url=url, **wishes)
    path = file_of(url, "")
    db = await database.open_database(url)
    claim = Claim(path=path, expected=None, finding="first", is_there=True)
    try:
        async with (
            clients.opened(settings, "user") as user,
            clients.opened(settings, "bot") as bot,
            plain_web() as web,
            asyncio.TaskGroup() as tasks,
        ):
            monitor = Monitor(Troubles(), ("user", "bot"))
            keeper = Keeper(claim, db, folder)
            yield Service(settings, db, user, bot, web, tasks, keeper, monitor, Authors())
    finally:
        await db.close()


@pytest.mark.parametrize("with_backups", [True, False])
async def test_each_part_is_told_what_is_set(
    tmp_path: Path, database_url: str, with_backups: bool
) -> None:
    wishes = {"backup_dir": tmp_path, "backup_keep": 9} if with_backups else {}
    async with made(tmp_path, database_url, **wishes) as service:
        given = service._services(ME)
        assert (given.bot_username, given.admins) == ("harbour_bot", frozenset({900}))
        assert (given.access, given.language, given.timezone) == ("private", "ru", "Europe/Riga")
        assert (given.alerts_per_person, given.burst_after) == (17, 6)
        assert (given.reconcile_interval, given.scan_requests) == (71.0, 12)
        assert given.read_on_watch == (3, 44)
        assert given.backups_kept == (9 if with_backups else None)
        assert given.outbox is service._outbox
        assert (given.account(), given.proxy()) == (None, "")
        assert given.role_of.__self__._client is service._bot  # type: ignore[attr-defined]
        assert given.text_of.__self__._client is service._bot  # type: ignore[attr-defined]
        assert given.render_again == service._renderer.render_again
        assert given.plans_changed == service._schedule.changed
        assert service._services(types.User(id=5)).bot_username == ""
        parts = service._parts()
        assert parts.path == file_of(database_url, "")
        assert parts.interval(0) == 71.0
        assert parts.interval(1000) > 71.0
        assert (parts.alerts(), parts.backed_up_at()) == (0, None)
        assert (service._backups is not None) is with_backups


async def test_the_figures_are_those_of_each_budget_and_of_the_pace(
    tmp_path: Path, database_url: str
) -> None:
    async with made(tmp_path, database_url) as service:
        now = asyncio.get_running_loop().time()
        before = service._parts().figures()
        assert before.sending == Sending(sent=0, allowed=21.0, closed_for=0.0)
        assert set(before.requests) == {
            (place, kind) for place in ("account", "preview") for kind in ("scans", "history")
        }
        budgets = service._watching.budgets()
        budgets["account", "scans"].close(now + 5000)
        budgets["account", "scans"].take(now)
        service._pace.close_all(now + 3000)
        service._pace.take(7, now)
        after = service._parts().figures()
        seen = {asked: (one.used, one.closed_for > 0) for asked, one in after.requests.items()}
        assert {asked for asked, said in seen.items() if said == (1, True)} == {
            ("account", "scans")
        }
        assert 4000 < after.requests["account", "scans"].closed_for <= 5000
        assert after.requests["account", "scans"].allowed == 12
        assert (after.sending.sent, 2000 < after.sending.closed_for <= 3000) == (1, True)


async def test_it_says_that_it_is_ready(
    tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    async with made(tmp_path, database_url) as service:
        service._log_ready(types.User(id=5, first_name="Harbour"))
        for number in (1, 2):
            service._watching.watchlist.put(
                Channel(id=number, channel_id=number, watched=True, added_at=NOW)
            )
            service._log_ready(ME)
    assert capfd.readouterr().err.splitlines() == [
        "dateline: ready as Harbour, watching 0 channels",
        "dateline: ready as @harbour_bot, watching 1 channel",
        "dateline: ready as @harbour_bot, watching 2 channels",
    ]


async def test_who_is_forgotten_is_noted_beside_the_database_and_the_backups(
    tmp_path: Path, database_url: str
) -> None:
    backups = tmp_path / "backups"
    async with made(tmp_path, database_url, backup_dir=backups) as service:
        beside = forgotten.path_beside(file_of(database_url, ""))
        await service._note_forgotten(900, NOW)  # there is no such folder yet
        assert forgotten.read([beside]).when(900) == NOW
        backups.mkdir()
        await service._note_forgotten(901, NOW)
        said = forgotten.read([backups / forgotten.NAME])
        assert (said.when(900), said.when(901), said.when(902)) == (NOW, NOW, None)


async def test_what_was_said_before_somebody_was_forgotten_is_never_handled_again(
    tmp_path: Path, database_url: str
) -> None:
    async with made(tmp_path, database_url) as service:
        session = service._bot.session
        for pts in (5, 8, 9):
            session.set_update_state(0, types.updates.State(pts, 0, NOW, 0, 0))
            if pts == 8:
                await service._note_forgotten(900, NOW)
        session.go_back()
        assert session.get_update_state(0).pts == 9


async def test_what_is_told_to_the_operator_is_queued_once(
    tmp_path: Path, database_url: str
) -> None:
    async with made(tmp_path, database_url) as service:
        for _ in range(2):
            await service._tell_restored(NOW)
        await service._add_notice("deaf:1", "missed", since=NOW)
        async with service._db.reader() as conn:
            rows = await conn.fetch_all("SELECT chat_id, kind FROM delivery")
    assert [(row["chat_id"], row["kind"]) for row in rows] == [(900, "notice")] * 2


PARTS = {
    "writes", "database files", "intake", "deliver", "schedule", "bot connection", "bot account",
    "mark", "anchors", "operator news", "reconcile", "channels", "backfill", "recent",
}  # fmt: skip
PATIENCE = 60.0


@asynccontextmanager
async def served(
    sandbox: Sandbox,
    bot: Bot,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    with_account: bool,
) -> AsyncIterator[Service]:
    """A service that runs in this process, once it is ready; stopped at the end."""
    made: list[Service] = []

    def make(*parts: Any, **more: Any) -> Service:
        made.append(Service(*parts, **more))
        return made[0]

    monkeypatch.setattr(run, "Service", make)
    monitor = Monitor(Troubles(), ("user", "bot") if with_account else ("bot",))
    environment = process.environment_for(sandbox, bot, folder, "@harbour", ADMINS="900")
    if with_account:
        watcher = sandbox.add_user("Watcher", phone="+15550000001")
        sandbox.add_channel("Harbour News", username="harbour", members=[watcher])
        await process.log_in(environment, folder, "+15550000001")
    (folder / "no.env").touch()
    known = settings_file.load(environment, folder / "no.env")
    sessions.make_private(known.data_dir)
    path = file_of(known.database_url, "")
    await (await database.open_database(known.database_url)).close()
    claim = Claim(path=path, expected=None, finding="older", is_there=True)
    accounts = accounts_of(ALL, with_account=with_account)
    kept = KeptQueries(folder)
    work = run._serve_with(known, Route(), claim, monitor, Split(), accounts, kept, deaf_for=60.0)
    running = asyncio.create_task(work)
    try:
        await sandbox.wait_for(lambda: running.done() or bot.commands or None, timeout=PATIENCE)
        yield made[0]
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize("with_account", [True, False])
async def test_every_part_runs_and_stops_when_it_is_told_to(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_account: bool
) -> None:
    before = asyncio.all_tasks()
    bot = sandbox.add_bot("lookout_bot", token="1000:open-sesame")
    async with served(sandbox, bot, tmp_path, monkeypatch, with_account=with_account) as service:
        monitor = service._monitor
        names = {task.get_name() for task in asyncio.all_tasks() - before}
        assert names >= PARTS
        assert (monitor._has_begun, monitor._parts is not None) == (True, True)
        assert service._schedule._scheduler.running
        assert service._intake.restored is not None
        assert len(service._watching.watchlist) == 1
        assert (service._account is not None) is with_account
        ann = sandbox.add_user("Ann", number=900)
        chat = ann.chat_with(bot)
        assert await chat.ask("/start", timeout=PATIENCE)
        if with_account:
            await sandbox.wait_for_call("account.getPassword", timeout=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while True:
                if await monitor.is_ready() and read_identity_file(tmp_path / "data"):
                    break
                await asyncio.sleep(0.01)
        # Who administers is told of the older copy too.
        await sandbox.wait_for(lambda: len(chat.messages) == 2 or None, timeout=PATIENCE)
    left = {task.get_name() for task in asyncio.all_tasks() - before if not task.done()}
    assert not left & PARTS
    assert not service._schedule._scheduler.running
