"""Watching over the service: what it sees of the database, the accounts and the queues."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.health import monitor as monitor_module
from bot.health import readiness
from bot.health.instance import Claim, read_identity_file
from bot.health.keeper import BEAT_SECONDS, Keeper
from bot.health.monitor import Monitor, Parts
from bot.health.writes import DAMAGE
from handlers.operators.troubles import Troubles
from storage import database
from storage.channels import channels
from storage.connection import Database
from storage.outbox.gate import Outbox
from storage.payloads import TextPayload
from storage.subscribers import subscribers

NOW = datetime.now(UTC)


class Hearing:
    def __init__(self) -> None:
        self.failing = {"a": 2, "b": 1}


class Account:
    """An account's connection as the monitor asks it."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.hearing = Hearing()
        self.is_up = True
        self.ended: Exception | None = None

    def answers(self) -> bool:
        return self.is_up

    def stands(self) -> bool:
        return self.is_up

    def fatal_error(self) -> Exception | None:
        return self.ended


class Watch:
    """A monitor over a real database, and what it is told of the other parts."""

    def __init__(self, db: Database, path: Path, keeper: Keeper) -> None:
        self.db = db
        self.path = path
        self.explained = False
        self.intervals: list[int] = []
        self.troubles = Troubles()
        self.monitor = Monitor(self.troubles, [])
        self.parts = Parts(
            database=db,
            path=path,
            keeper=keeper,
            interval=self._interval,
            alerts=lambda: 7,
            explains=lambda _: self.explained,
            failures={"press": 1},
        )

    def _interval(self, count: int) -> float:
        self.intervals.append(count)
        return 0.0

    def open(self) -> None:
        self.monitor.open(self.parts)
        self.monitor.begin()

    async def reasons(self) -> tuple[str, ...]:
        return (await self.monitor.look()).reasons

    def present(self) -> list[str]:
        return [trouble.cause for trouble in self.troubles.list_all()]


@pytest.fixture
async def watch(database_url: str, tmp_path: Path) -> AsyncIterator[Watch]:
    db = await database.open_database(database_url)
    path = tmp_path / "dateline.db"
    claim = Claim(path=path, expected=None, finding="first", is_there=True)
    keeper = Keeper(claim, db, tmp_path)
    await keeper.begin()
    yield Watch(db, path, keeper)
    await db.close()


async def test_before_the_database_is_open_nothing_is_told_of_it(watch: Watch) -> None:
    health = await watch.monitor.look()
    assert (health.is_ready, health.reasons, health.standing) == (False, (), None)
    assert (health.alerts, health.interval, health.failures) == (0, 0.0, {})
    watch.monitor.open(watch.parts)
    assert not await watch.monitor.is_ready()
    watch.monitor.begin()
    assert await watch.monitor.is_ready()


async def test_all_is_well(watch: Watch) -> None:
    watch.open()
    health = await watch.monitor.look()
    assert (health.is_ready, health.reasons, health.alerts) == (True, (), 7)
    assert (health.failures, health.connected, health.deaf) == ({"press": 1}, {}, {})
    assert health.standing is not None
    assert watch.present() == []


async def test_accounts_are_told_of_from_the_beginning_on(watch: Watch) -> None:
    watch.monitor = Monitor(watch.troubles, ["user", "bot"])
    user: Any = Account("user")
    bot: Any = Account("bot")
    watch.monitor.follow(user)
    watch.monitor.follow(bot)
    user.is_up = False
    health = await watch.monitor.look()
    assert health.connected == {"user": False, "bot": True}
    assert health.deaf == {"user": 3, "bot": 3}
    assert health.reasons == ("user",)
    assert watch.present() == []  # It has not begun.
    watch.open()
    assert await watch.reasons() == ("user",)
    assert watch.present() == ["seen:user"]
    user.is_up = True
    assert await watch.reasons() == ()
    assert watch.present() == []
    # One that is away for a moment is no trouble; one whose login has ended is one at once.
    user.is_up = False
    assert await watch.reasons() == ()
    user.ended = ConnectionError("over")
    assert await watch.reasons() == ("user",)


async def test_an_account_that_another_process_had_is_told_of_from_then_on(watch: Watch) -> None:
    watch.monitor = Monitor(watch.troubles, ["user"])
    user: Any = Account("user")
    bot: Any = Account("bot")
    watch.monitor.follow(user)
    watch.open()
    assert await watch.reasons() == ()
    watch.monitor.expect(["bot"])
    assert await watch.reasons() == ("bot",)
    watch.monitor.follow(bot)
    assert await watch.reasons() == ()
    user.ended, user.is_up = ConnectionError("over"), False
    assert await watch.reasons() == ("user",)


async def test_a_database_that_is_not_written_or_read_is_told(watch: Watch) -> None:
    watch.open()
    keeper: Any = watch.parts.keeper
    keeper.wrote_at -= readiness.WRITE_SECONDS + 1
    assert await watch.reasons() == ("write",)
    assert watch.present() == ["seen:write"]
    keeper.wrote_at += readiness.WRITE_SECONDS
    assert await watch.reasons() == ()
    await watch.db.close()
    assert await watch.reasons() == ()
    read_at = watch.monitor._read_at
    assert read_at is not None
    watch.monitor._read_at = read_at - readiness.READ_SECONDS - 1
    assert await watch.reasons() == ("database",)


async def test_a_file_that_is_damaged_is_told_until_a_whole_one_is_sound(watch: Watch) -> None:
    watch.open()
    await watch.monitor._check_file(watch.path)
    assert await watch.reasons() == ()
    watch.troubles.begin(DAMAGE, reason="database", text="damaged")
    broken = watch.path.with_name("broken.db")
    broken.write_bytes(b"no database at all " * 500)
    await watch.monitor._check_file(broken)
    assert await watch.reasons() == ("database",)
    await watch.monitor._check_file(watch.path.with_name("missing.db"))
    assert await watch.reasons() == ("database",)
    assert DAMAGE in watch.present()
    await watch.monitor._check_file(watch.path)
    assert await watch.reasons() == ()
    assert DAMAGE not in watch.present()


async def test_a_large_file_is_checked_whole_once_a_day_and_sooner_where_it_is_doubtful(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = asyncio.get_running_loop().time()
    assert not watch.monitor._is_whole_due()
    for ago, is_sound, is_due in (
        (86_300, True, False),
        (86_500, True, True),
        (500, False, False),
        (700, False, True),
    ):
        watch.monitor._whole_at, watch.monitor._is_sound = now - ago, is_sound
        assert watch.monitor._is_whole_due() is is_due
    watch.monitor._is_sound = True
    watch.monitor._whole_at = now - 700
    assert not watch.monitor._is_whole_due()
    watch.troubles.begin(DAMAGE, reason="database", text="damaged")
    assert watch.monitor._is_whole_due()
    # Of a large one that is not due only the beginning is read, which ends no doubt.
    watch.monitor._whole_at = now - 5
    watch.monitor._is_sound = False
    monkeypatch.setattr(monitor_module.sqlite_file, "is_small", lambda _: False)
    await watch.monitor._check_file(watch.path)
    assert not watch.monitor._is_sound
    assert DAMAGE in watch.present()
    watch.monitor._whole_at = now - 700
    await watch.monitor._check_file(watch.path)
    assert watch.monitor._is_sound
    assert watch.monitor._whole_at >= now
    assert DAMAGE not in watch.present()


async def test_a_channel_that_is_not_scanned_is_told_while_it_could_be(watch: Watch) -> None:
    async with watch.db.transaction() as tx:
        await channels.add_channel(tx, channel_id=7, title="Harbour", now=NOW - timedelta(days=1))
    watch.open()
    await watch.monitor.look()
    assert await watch.reasons() == ("channels",)
    assert watch.intervals[-1] == 1
    keeper: Any = watch.parts.keeper
    keeper.wrote_at -= readiness.WRITE_SECONDS + 1
    await watch.monitor.look()
    assert await watch.reasons() == ("write",)  # What cannot be stored is not scanned either.


async def test_a_message_that_waits_is_told_unless_something_explains_it(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "DUE", timedelta(0))
    monkeypatch.setattr(readiness, "GRACE", timedelta(0))
    async with watch.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=5, now=NOW)
        await Outbox().queue_notice(tx, 5, "begin", TextPayload(text="Hello"), now=NOW)
    watch.open()
    await watch.monitor.look()
    assert await watch.reasons() == ("outbox",)
    watch.explained = True
    assert await watch.reasons() == ()
    watch.explained = False
    keeper: Any = watch.parts.keeper
    keeper.wrote_at -= readiness.WRITE_SECONDS + 1
    await watch.monitor.look()
    assert await watch.reasons() == ("write",)


async def test_a_start_that_takes_long_is_told_too(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor_module, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(monitor_module, "START_SECONDS", 0.3)
    watch.monitor = Monitor(watch.troubles, ["bot"])
    began = asyncio.get_running_loop().time()
    work = asyncio.create_task(watch.monitor.run())
    async with asyncio.timeout(60):
        while not watch.present():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert asyncio.get_running_loop().time() - began >= 0.3
    assert watch.present() == ["seen:bot"]
    work.cancel()
    await asyncio.wait({work})


async def test_a_server_that_is_waited_for_is_a_reason(watch: Watch) -> None:
    watch.monitor.note_away(True)
    assert await watch.reasons() == ("database",)
    watch.monitor.note_away(False)
    assert await watch.reasons() == ()


@pytest.fixture
async def keeper(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    for name in ("keeper.TICK", "guards.LOOK_SECONDS", "guards.SURE_SECONDS"):
        monkeypatch.setattr(f"bot.health.{name}", 0.02)
    return watch.parts.keeper


async def until(is_so: Any) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_mark_follows_what_is_written(
    watch: Watch, keeper: Keeper, tmp_path: Path
) -> None:
    def counter() -> int:
        identity = read_identity_file(tmp_path)
        return identity.counter if identity else -1

    work = asyncio.create_task(keeper.keep())
    await until(lambda: counter() >= 0)
    first = counter()
    async with watch.db.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=5, now=NOW)
    await until(lambda: counter() > first)
    first = counter()
    wrote_at = keeper.wrote_at
    assert wrote_at is not None
    keeper.wrote_at = wrote_at - BEAT_SECONDS
    await until(lambda: counter() > first)
    work.cancel()
    await asyncio.wait({work})


@pytest.mark.parametrize(("ago", "is_due"), [(9.0, False), (10.0, True), (None, True)])
async def test_the_database_is_written_every_ten_seconds(
    keeper: Keeper, ago: float | None, is_due: bool
) -> None:
    now = asyncio.get_running_loop().time()
    keeper.wrote_at = None if ago is None else now - ago
    assert keeper._is_due() is is_due


@pytest.mark.parametrize(("how", "said"), [("deleted", "deleted"), ("replaced", "replaced")])
async def test_a_database_that_is_taken_away_ends_the_service(
    watch: Watch, keeper: Keeper, how: str, said: str
) -> None:
    assert await keeper._guard._loss() is None  # type: ignore[attr-defined]
    work = asyncio.create_task(keeper.watch())
    there = watch.path.read_bytes()
    watch.path.unlink()
    if how == "replaced":
        watch.path.write_bytes(there)
    with pytest.raises(Exception, match=f"dateline.db: the database was {said} while the service"):
        await asyncio.wait_for(work, 120)
