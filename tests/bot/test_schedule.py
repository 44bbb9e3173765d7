"""Plans by the clock: what is due is told, what was missed once, whatever restarts in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from bot import schedule
from bot.delivering import deliverer
from bot.schedule import Schedule
from handlers.signals.silences import Silences
from handlers.signals.surges import Surges
from storage import database
from storage.connection import Database
from storage.document import Block, Channel, Document, Source
from storage.documents import documents
from storage.errors import DatelineError
from storage.outbox import outbox
from storage.outbox.gate import Outbox
from storage.records import Delivery, Plan, PlanKind
from storage.retention import ahead
from storage.subscribers import plans, subscribers

CHAT = 42
HOUR = timedelta(hours=1)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """With a subscriber, and a post of the last hour."""
    opened = await database.open_database(database_url)
    post = Document(
        kind="post",
        doc_id="tg:7/1",
        source=Source(type="telethon"),
        channel=Channel(id=7, title="Harbour"),
        message_id=1,
        published_at=f"{datetime.now(UTC) - timedelta(minutes=55):%FT%TZ}",
        title="The ferry sails",
        body=(Block(type="para", text="At noon."),),
        content_hash="0123456789abcdef",
    )
    now = datetime.now(UTC)
    async with opened.transaction() as tx:
        await subscribers.add_subscriber(tx, chat_id=CHAT, now=now - 24 * HOUR)
        stored = now - timedelta(minutes=50)
        await documents.store_documents(tx, [post], stored_at=stored, live=True)
    yield opened
    await opened.close()


async def add(
    db: Database, due_in: timedelta, times: str = "every 12h", kind: PlanKind = "digest"
) -> Plan:
    """A plan that is due then."""
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        plan = await plans.add_plan(
            tx,
            chat_id=CHAT,
            kind=kind,
            times=times,
            timezone="UTC",
            due_at=now + due_in,
            now=now,
        )
        return await plans.update_plan(tx, plan.id, told_until=now - 12 * HOUR)


async def queued(db: Database) -> list[Delivery]:
    """What stands in the outbox."""
    now = datetime.now(UTC)
    async with db.transaction() as tx:
        rows = await outbox.claim_due(tx, now=now, limit=100, lease_until=now)
        await outbox.release_all(tx)
    return rows


async def due_at(db: Database, plan: Plan) -> datetime:
    async with db.reader() as conn:
        found = await plans.find_plan(conn, plan.id)
    assert found is not None and found.due_at is not None
    return found.due_at


@pytest.fixture
def gate() -> Outbox:
    return Outbox()


@pytest.fixture
def table(db: Database, gate: Outbox) -> Schedule:
    retry = timedelta(seconds=0.05)
    return Schedule(db, language="en", timezone="UTC", outbox=gate, retry=retry)


async def wait_until(is_so: Callable[[], object]) -> None:
    """Look until it is so; the scheduler tells nobody."""
    async with asyncio.timeout(60):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("again", "error", "seconds"),
    [(True, None, 5), (False, None, 120), (True, DatelineError("odd"), 120)],
)
async def test_signals_are_read_every_two_minutes_and_soon_where_one_is_to_be_seen_again(
    table: Schedule,
    monkeypatch: pytest.MonkeyPatch,
    again: bool,
    error: Exception | None,
    seconds: int,
) -> None:
    async def surges(_: object) -> None:
        if error is not None:
            raise error

    async def silences(_: object) -> bool:
        return again

    monkeypatch.setattr(type(table._surges), "run", surges)
    monkeypatch.setattr(type(table._silences), "run", silences)
    await table._signal()
    job = table._scheduler.get_jobs()[-1]
    wait = job.trigger.run_date - datetime.now(UTC)
    assert wait.total_seconds() == pytest.approx(seconds, abs=2)


async def test_what_is_kept_up_begins_some_minutes_after_a_start(
    db: Database, gate: Outbox, tmp_path: Path
) -> None:
    backups: Any = object()
    table = Schedule(db, language="en", timezone="UTC", outbox=gate, backups=backups)
    table._looking = table._signalling = True  # What is due now is another test's.
    await table.start()
    now, due = datetime.now(UTC), {}
    for job in table._scheduler.get_jobs():
        wait = (job.next_run_time - now).total_seconds()
        interval = getattr(job.trigger, "interval", timedelta()).total_seconds()
        due[job.id] = (round(wait / 60), interval / 60)
    table.stop()
    assert due == {"plans": (0, 0), "signals": (0, 0), "upkeep": (10, 360), "backups": (2, 5)}


@pytest.mark.parametrize(("due_in", "wait"), [(30.0, 30.0), (600.0, 60.0), (None, 60.0)])
async def test_what_is_due_is_looked_for_then_and_in_a_minute_at_the_latest(
    table: Schedule, monkeypatch: pytest.MonkeyPatch, due_in: float | None, wait: float
) -> None:
    async def run(_: object) -> datetime | None:
        return None if due_in is None else datetime.now(UTC) + timedelta(seconds=due_in)

    monkeypatch.setattr(type(table._due), "run", run)
    await table._tell_due()
    job = table._scheduler.get_jobs()[-1]
    left = (job.trigger.run_date - datetime.now(UTC)).total_seconds()
    assert left == pytest.approx(wait, abs=20)


async def test_plans_that_cannot_be_read_are_read_again_after_a_while_and_not_at_once(
    db: Database, gate: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(_: object) -> None:
        raise DatelineError("odd")

    after = timedelta(seconds=40)
    table = Schedule(db, language="en", timezone="UTC", outbox=gate, retry=after)
    monkeypatch.setattr(type(table._due), "run", run)
    await table._tell_due()
    left = table._scheduler.get_jobs()[-1].trigger.run_date - datetime.now(UTC)
    assert left.total_seconds() == pytest.approx(40, abs=15)


def test_what_is_leased_is_no_longer_on_its_way_than_a_lease_lasts() -> None:
    assert schedule.HELD == deliverer.LEASE


async def test_what_was_missed_while_down_is_told_once_at_the_start(
    db: Database, gate: Outbox, table: Schedule
) -> None:
    plan = await add(db, -HOUR)
    await table.start()
    await wait_until(lambda: gate.news.is_set() and not table._looking)
    table.stop()
    (row,) = await queued(db)
    assert (row.kind, row.key.split(":")[0]) == ("digest", "digest")
    assert "The ferry sails" in row.text.text
    assert await due_at(db, plan) > datetime.now(UTC)


async def test_a_review_is_told_once_as_a_digest_is(
    db: Database, gate: Outbox, table: Schedule
) -> None:
    plan = await add(db, -HOUR, times="weekly mon 09:00", kind="review")
    await add(db, 9 * HOUR)
    await table.start()
    await wait_until(lambda: gate.news.is_set() and not table._looking)
    table.stop()
    (row,) = await queued(db)
    assert row.text.text.startswith("🗓 ")
    assert "\n1 post · 1 channel" in row.text.text
    assert await due_at(db, plan) > datetime.now(UTC)
    async with db.reader() as conn:  # The next digest tells what it would have told.
        assert (await subscribers.get_subscriber(conn, CHAT)).last_digest_at is None


async def test_what_is_due_later_comes_by_the_clock(
    db: Database, gate: Outbox, table: Schedule
) -> None:
    await table.start()
    await add(db, timedelta(seconds=0.2))
    table.changed(CHAT)
    await wait_until(lambda: gate.news.is_set() and not table._looking)
    table.stop()
    assert len(await queued(db)) == 1


async def test_plans_that_cannot_be_read_are_told_as_soon_as_they_can(
    db: Database, gate: Outbox, table: Schedule
) -> None:
    await table.start()
    await add(db, -HOUR)
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE plan RENAME TO away")
    with capture_logs() as logs:
        table.changed(CHAT)
        await wait_until(lambda: [line for line in logs if line["event"] == "plans were not read"])
    assert not gate.news.is_set()
    async with db.transaction() as tx:
        await tx.execute("ALTER TABLE away RENAME TO plan")
    await wait_until(lambda: gate.news.is_set() and not table._looking)
    table.stop()
    assert len(await queued(db)) == 1


async def test_nobody_who_has_left_is_told(db: Database, gate: Outbox, table: Schedule) -> None:
    plan = await add(db, -HOUR)
    async with db.transaction() as tx:
        await subscribers.deactivate(tx, CHAT)
    async with db.transaction() as tx:
        now = datetime.now(UTC)
        other = await subscribers.add_subscriber(tx, chat_id=43, now=now)
        due = await plans.add_plan(
            tx, chat_id=other.chat_id, times="every 12h", timezone="UTC", due_at=now, now=now
        )
        # Else it tells what came since noon or midnight, which may have just been.
        await plans.update_plan(tx, due.id, told_until=now - HOUR)
    await table.start()
    await wait_until(lambda: gate.news.is_set() and not table._looking)
    table.stop()
    assert [row.chat_id for row in await queued(db)] == [43]
    assert await due_at(db, plan) > datetime.now(UTC)


async def test_what_a_busy_machine_begins_late_is_not_left_out(
    db: Database, gate: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()

    class Backups:
        async def look(self) -> None:
            looked.set()

    monkeypatch.setattr(schedule, "FIRST_BACKUP_LOOK", timedelta(seconds=0.2))
    backups = cast("Any", Backups())
    table = Schedule(db, language="en", timezone="UTC", outbox=gate, backups=backups)
    await table.start()
    time.sleep(1.5)  # noqa: ASYNC251 Nothing else runs meanwhile.
    await asyncio.wait_for(looked.wait(), 30)
    table.stop()


@pytest.mark.parametrize("by", [HOUR, -HOUR, 24 * HOUR, -24 * HOUR])
async def test_what_is_due_is_looked_for_also_where_the_clock_was_set(
    table: Schedule, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    """The scheduler waits by the clock as it was: for a day where that was put back by one."""
    looked: list[datetime] = []

    async def look(_: Schedule) -> None:
        looked.append(schedule.utc_now())

    monkeypatch.setattr(Schedule, "_look_ahead", look)
    table._look_every = timedelta(seconds=0.05)
    await table.start()
    await wait_until(lambda: len(looked) > 1)
    monkeypatch.setattr(schedule, "utc_now", lambda: datetime.now(UTC) + by)
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", _Set(by))
    with capture_logs() as logs:
        await wait_until(lambda: [one for one in logs if "the clock was set" in one["event"]])
    count = len(looked)
    await wait_until(lambda: len(looked) > count + 2)
    table.stop()
    (said,) = [one["seconds"] for one in logs if "the clock was set" in one["event"]]
    assert said == by.total_seconds()
    assert table._put_back == pytest.approx(max(0.0, -by.total_seconds()), abs=2)
    jobs = {job.id: job.next_run_time for job in table._scheduler.get_jobs()}
    assert jobs["upkeep"] <= datetime.now(UTC) + by + schedule.FIRST_UPKEEP


async def test_what_is_tried_again_is_brought_forward_where_the_clock_was_put_back(
    table: Schedule, gate: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[timedelta] = []

    async def put_back(_tx: object, _now: datetime, by: timedelta) -> int:
        brought.append(by)
        return 1

    monkeypatch.setattr(ahead, "put_back", put_back)
    table._put_back = 3600.0
    await table._look_ahead()
    await table._look_ahead()
    assert brought == [HOUR]
    assert gate.news.is_set()


@pytest.mark.parametrize("how", ["changed", "clock"])
async def test_signals_go_on_though_one_was_asked_for_meanwhile(
    table: Schedule, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The look that is asked for finds the other under way, in the place of the one after that."""
    under_way, may_end = asyncio.Event(), asyncio.Event()

    async def run(_: object) -> bool:
        under_way.set()
        await may_end.wait()
        return False

    monkeypatch.setattr(Surges, "run", run)
    monkeypatch.setattr(Silences, "run", run)
    await table.start()
    await asyncio.wait_for(under_way.wait(), 30)
    if how == "clock":
        table._lead -= 60
        table._watch_clock()
    else:
        table.changed(CHAT)
    await wait_until(lambda: (at := next_signal(table)) is None or at > datetime.now(UTC))
    may_end.set()
    await wait_until(lambda: not table._signalling)
    assert next_signal(table) is not None
    table.stop()


def next_signal(table: Schedule) -> datetime | None:
    job = table._scheduler.get_job("signals")
    return None if job is None else job.next_run_time


async def test_a_clock_that_is_set_again_and_again_puts_nothing_off(table: Schedule) -> None:
    await table.start()
    await wait_until(lambda: not table._looking)
    before = upkeep_at(table)
    for by in (60, -60, 3, -3):
        table._lead -= by
        table._watch_clock()
    assert upkeep_at(table) == before
    table._scheduler.modify_job("upkeep", next_run_time=before + 24 * HOUR)
    table._lead += 24 * 3600
    table._watch_clock()
    assert upkeep_at(table) <= datetime.now(UTC) + schedule.FIRST_UPKEEP
    assert table._put_back == pytest.approx(24 * 3600 + 60, abs=2)
    table._lead -= 24 * 3600
    table._watch_clock()
    assert table._put_back == pytest.approx(60, abs=2)
    table.stop()


def upkeep_at(table: Schedule) -> datetime:
    (at,) = [job.next_run_time for job in table._scheduler.get_jobs() if job.id == "upkeep"]
    assert isinstance(at, datetime)
    return at


class _Set:
    """The class of times, with a clock that was set."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self, zone: tzinfo) -> datetime:
        return datetime.now(zone) + self._by


async def test_rows_of_a_time_to_come_are_looked_for_where_the_clock_was_put_back(
    db: Database, table: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[datetime] = []

    async def look(_conn: object, now: datetime) -> bool:
        looked.append(now)
        return False

    monkeypatch.setattr(ahead, "is_any", look)
    start = datetime.now(UTC)
    for hours, times in ((0, 1), (0, 1), (24, 1), (24, 1), (0, 2), (0, 2), (-1, 3)):
        monkeypatch.setattr(schedule, "utc_now", lambda hours=hours: start + hours * HOUR)
        await table._look_ahead()
        assert len(looked) == times, hours


async def test_what_was_told_while_the_clock_was_ahead_is_due_when_it_is_right(
    db: Database, gate: Outbox, table: Schedule
) -> None:
    plan, year = await add(db, -HOUR), timedelta(days=365)
    async with db.transaction() as tx:
        then = datetime.now(UTC) + year
        await plans.note_told(tx, [(plan, then, then + 12 * HOUR)])
    await table.start()
    await wait_until(lambda: gate.news.is_set() and not table._looking)
    table.stop()
    now = datetime.now(UTC)
    assert now < await due_at(db, plan) <= now + 12 * HOUR
